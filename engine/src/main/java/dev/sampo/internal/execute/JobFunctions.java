package dev.sampo.internal.execute;

import dev.sampo.api.JobSpec;
import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.model.BroadcastRef;
import dev.sampo.internal.model.FileRef;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.security.DeserializationFilter;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.OutputSink;
import dev.sampo.spi.SampoException;
import dev.sampo.spi.ShippedFile;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The functions of a job, deserialized anew at every call: each attempt works on its own copy. Only the job's own
 * classes and a short list of others are let in ({@link DeserializationFilter}).
 */
final class JobFunctions {
    private final JobId job;
    private final JobDefinition definition;
    private final JobClassLoaders loaders;
    private final BlobStore blobs;
    private final JobBroadcasts broadcasts = new JobBroadcasts(this::broadcast);

    /**
     * Takes the functions of a job.
     *
     * @param definition all of it; what of it travelled as a blob has been put in its place
     * @param blobs has the blobs of the job
     */
    JobFunctions(JobId job, JobDefinition definition, JobClassLoaders loaders, BlobStore blobs) {
        this.job = job;
        this.definition = definition;
        this.loaders = loaders;
        this.blobs = blobs;
    }

    int inputs() {
        return definition.inputs().size();
    }

    long splitBytes() {
        return definition.splitBytes();
    }

    JobSpec.Input<?, ?, ?> input(int number) {
        return read(definition.inputs().get(number), JobSpec.Input.class);
    }

    JobSpec.Stage<?, ?, ?, ?> stage(int shuffle) {
        return read(definition.stages().get(shuffle), JobSpec.Stage.class);
    }

    OutputSink<?, ?> sink() {
        return read(definition.sink(), OutputSink.class);
    }

    private Object broadcast(String digest) {
        Path file = file(digest, "a broadcast value");
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return read(in, Files.size(file), Object.class);
        } catch (IOException e) {
            throw lost("a broadcast value", digest, e);
        }
    }

    private Path file(String digest, String what) {
        return blobs.find(digest).orElseThrow(() -> lost(what, digest, null));
    }

    private SampoException lost(String what, String digest, @Nullable IOException cause) {
        return new SampoException(
                ErrorCode.SPILL_FAILED,
                "job " + job + ": " + what + " with SHA-256 " + digest
                        + " is not among the blobs of the job on this node",
                cause);
    }

    private <T> T read(byte[] bytes, Class<T> expected) {
        return read(new ByteArrayInputStream(bytes), bytes.length, expected);
    }

    private <T> T read(InputStream bytes, long length, Class<T> expected) {
        try (ObjectInputStream in = new FunctionStream(bytes)) {
            in.setObjectInputFilter(new DeserializationFilter(type -> loaders.isJobClass(job, type), length));
            return expected.cast(in.readObject());
        } catch (InvalidClassException e) {
            throw DeserializationFilter.explain(e);
        } catch (SampoException known) {
            throw known;
        } catch (ClassNotFoundException | LinkageError e) {
            throw missing(String.valueOf(e.getMessage()), e);
        } catch (IOException | RuntimeException e) {
            throw new SampoException(
                    ErrorCode.JOB_NOT_SERIALIZABLE,
                    "job " + job + ": its functions cannot be deserialized: " + e.getMessage(),
                    e);
        }
    }

    private SampoException missing(String name, Throwable cause) {
        return new SampoException(
                ErrorCode.JOB_CLASS,
                "job " + job + ": class " + name + " was not found; expected it in the job's jars (withJars, or"
                        + " sampo.ship.classpath of the submitter) or on the node's class path",
                cause);
    }

    /**
     * A shipped file on this node.
     *
     * @param location its absolute path
     */
    private record FileOnNode(String location) implements ShippedFile {
        @Override
        public Path path() {
            return Path.of(location);
        }
    }

    /** Finds classes where the job does. */
    private final class FunctionStream extends ObjectInputStream {
        FunctionStream(InputStream bytes) throws IOException {
            super(bytes);
            enableResolveObject(true);
        }

        /** Puts what the node has in the place of what stood for it on the way. */
        @Override
        protected @Nullable Object resolveObject(@Nullable Object object) {
            if (object instanceof BroadcastRef<?> ref) {
                return broadcasts.of(ref.digest());
            } else if (object instanceof FileRef ref) {
                return new FileOnNode(file(ref.digest(), "file " + ref.name()).toString());
            }
            return object;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            try {
                return loaders.load(job, description.getName());
            } catch (ClassNotFoundException e) {
                return ofNoLoader(description);
            }
        }

        /** Primitive types have no loader. What is missing is said at once: the JDK would first try to do without it. */
        private Class<?> ofNoLoader(ObjectStreamClass description) throws IOException {
            try {
                return super.resolveClass(description);
            } catch (ClassNotFoundException e) {
                throw missing(String.valueOf(e.getMessage()), e);
            }
        }

        @Override
        protected Class<?> resolveProxyClass(String[] interfaces) throws IOException {
            throw new InvalidClassException(
                    Proxy.class.getName(),
                    "a dynamic proxy cannot be a function of a job; expected a class or a lambda");
        }
    }
}
