package dev.sampo.internal.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.internal.blob.BlobLimits;
import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.BlobRef.BlobKind;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.internal.model.JobId;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** Which classes and resources a job gets from its jars, and which from the node. */
class JobClassLoaderTest {
    private static final JobId JOB = new JobId("job-1");

    @TempDir
    Path folder = Path.of("");

    private static byte[] classFile(Class<?> type) throws IOException {
        String name = type.getName().replace('.', '/') + ".class";
        try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
            assertThat(in).isNotNull();
            return in.readAllBytes();
        }
    }

    /** A jar with some classes of the test's class path, as if the job brought its own versions of them. */
    private Path jar(Class<?>... types) throws IOException {
        Path jar = folder.resolve("job.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Class<?> type : types) {
                zip.putNextEntry(new ZipEntry(type.getName().replace('.', '/') + ".class"));
                zip.write(classFile(type));
                zip.closeEntry();
            }
            zip.putNextEntry(new ZipEntry("logback-test.xml"));
            zip.write("the job's".getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        return jar;
    }

    private static String text(InputStream stream) throws IOException {
        try (InputStream in = stream) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aLibraryOfTheJobWinsOverThatOfTheNode() throws Exception {
        ClassLoader node = getClass().getClassLoader();
        try (JobClassLoader loader =
                new JobClassLoader(JOB, List.of(jar(Assertions.class, Logger.class, SampoException.class)), node)) {
            assertThat(loader.loadClass(Assertions.class.getName()).getClassLoader())
                    .isSameAs(loader);
            assertThat(loader.loadClass(Logger.class.getName()))
                    .as("the log is the node's")
                    .isSameAs(Logger.class);
            assertThat(loader.loadClass(SampoException.class.getName()))
                    .as("the API is the node's")
                    .isSameAs(SampoException.class);
            assertThat(loader.loadClass("java.util.ArrayList")).isSameAs(java.util.ArrayList.class);
            assertThat(loader.loadClass(Test.class.getName()))
                    .as("what the job does not bring is the node's")
                    .isSameAs(Test.class);
            assertThatThrownBy(() -> loader.loadClass("own.Missing")).isInstanceOf(ClassNotFoundException.class);
            assertThat(text(loader.getResourceAsStream("logback-test.xml"))).isEqualTo("the job's");
            assertThat(Collections.list(
                            loader.getResources(Assertions.class.getName().replace('.', '/') + ".class")))
                    .hasSize(2)
                    .first()
                    .asString()
                    .contains("job.jar");
        }
    }

    private static byte[] serialized(Object object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    @Test
    void aClassOfTheNodeThatIsNotInTheJobsJarsIsRefusedByName() throws Exception {
        BlobStore store = new BlobStore(folder.resolve("blobs"), new BlobLimits(1 << 20, 1 << 20));
        byte[] gadget = serialized(new org.opentest4j.AssertionFailedError("a class of the node's class path"));
        JobDefinition definition = new JobDefinition(List.of(), List.of(), gadget, 1, List.of());

        JobClassLoaders bringing = new JobClassLoaders();
        bringing.open(JOB, List.of(jar(Assertions.class)));
        assertThatThrownBy(() -> new JobFunctions(JOB, definition, bringing, store).sink())
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_NOT_SERIALIZABLE))
                .hasMessageContaining("org.opentest4j.AssertionFailedError");
        assertThat(bringing.forget(JOB)).isTrue();

        // where a job brings nothing, the class path of the node is the job's
        JobClassLoaders bare = new JobClassLoaders();
        assertThatThrownBy(() -> new JobFunctions(JOB, definition, bare, store).sink())
                .isInstanceOf(SampoException.class)
                .hasMessageContaining("Cannot cast");
        assertThat(bare.forget(JOB)).isFalse();
    }

    private List<Path> checked(byte[] bytes, long mostExpanded) {
        BlobStore store = new BlobStore(folder.resolve("blobs"), new BlobLimits(1 << 20, 1 << 20));
        BlobRef blob = new BlobRef(
                HexFormat.of().formatHex(BlobStore.sha256().digest(bytes)), bytes.length, BlobKind.JAR, "their.jar");
        store.put(JOB, blob, new ByteArrayInputStream(bytes));
        return new JobJars(mostExpanded).of(List.of(blob), store);
    }

    private static byte[] bomb(int entries, int bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int entry = 0; entry < entries; entry++) {
                zip.putNextEntry(new ZipEntry("" + entry));
                zip.write(new byte[bytes]);
                zip.closeEntry();
            }
        }
        return out.toByteArray();
    }

    @Test
    void jarsThatWouldExpandBeyondTheLimitsAreRefused() throws Exception {
        assertThat(checked(bomb(10, 1 << 20), 11L << 20)).hasSize(1);
        assertThatThrownBy(() -> checked(bomb(12, 1 << 20), 11L << 20))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_CLASS))
                .hasMessageContaining("their.jar")
                .hasMessageContaining("sampo.ship.max-expanded-size");
    }

    @Test
    void whatIsNoJarIsRefused() {
        for (String wrong : List.of("", "no jar", "PK\3\4 and no more")) {
            assertThatThrownBy(() -> checked(wrong.getBytes(StandardCharsets.UTF_8), 1 << 20))
                    .isInstanceOfSatisfying(
                            SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_CLASS))
                    .hasMessageContaining("jar their.jar of the job cannot be read as a jar");
        }
    }
}
