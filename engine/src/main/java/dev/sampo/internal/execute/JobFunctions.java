package dev.sampo.internal.execute;

import dev.sampo.api.JobSpec;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.security.DeserializationFilter;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.OutputSink;
import dev.sampo.spi.SampoException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Proxy;

/**
 * The functions of a job, deserialized anew at every call: each attempt works on its own copy. Only the job's own
 * classes and a short list of others are let in ({@link DeserializationFilter}).
 */
final class JobFunctions {
    private final JobId job;
    private final JobDefinition definition;
    private final JobClassLoaders loaders;

    JobFunctions(JobId job, JobDefinition definition, JobClassLoaders loaders) {
        this.job = job;
        this.definition = definition;
        this.loaders = loaders;
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

    private <T> T read(byte[] bytes, Class<T> expected) {
        try (ObjectInputStream in = new FunctionStream(bytes)) {
            in.setObjectInputFilter(new DeserializationFilter(type -> loaders.isJobClass(job, type)));
            return expected.cast(in.readObject());
        } catch (InvalidClassException e) {
            throw DeserializationFilter.explain(e);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new SampoException(
                    ErrorCode.JOB_CLASS,
                    "job " + job + ": class " + e.getMessage()
                            + " was not found; expected it in the job's jars or on the" + " node's class path",
                    e);
        } catch (IOException | RuntimeException e) {
            throw new SampoException(
                    ErrorCode.JOB_NOT_SERIALIZABLE,
                    "job " + job + ": its functions cannot be deserialized: " + e.getMessage(),
                    e);
        }
    }

    /** Finds classes where the job does. */
    private final class FunctionStream extends ObjectInputStream {
        FunctionStream(byte[] bytes) throws IOException {
            super(new ByteArrayInputStream(bytes));
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            try {
                return loaders.load(job, description.getName());
            } catch (ClassNotFoundException e) {
                return super.resolveClass(description); // primitive types have no loader
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
