package dev.sampo.cli;

import dev.sampo.api.JobProgram;
import dev.sampo.api.JobSpec;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * A user's jar, in a class loader of its own above that of the engine. The loader is the context class loader of the
 * thread that opened the jar until it is closed.
 */
final class JobJar implements AutoCloseable {
    private final Path jar;
    private final URLClassLoader loader;
    private final ClassLoader before;

    private JobJar(Path jar, URLClassLoader loader) {
        this.jar = jar;
        this.loader = loader;
        this.before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
    }

    /**
     * Opens a jar.
     *
     * @throws SampoException when it is missing or not a jar
     */
    static JobJar open(Path jar) throws IOException {
        if (!Files.isRegularFile(jar)) {
            throw wrong("jar " + jar + (Files.exists(jar) ? " is not a file" : " does not exist")
                    + "; expected a jar file");
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            file.size();
        } catch (ZipException e) {
            throw new SampoException(
                    ErrorCode.JOB_CLASS, "jar " + jar + ": " + e.getMessage() + "; expected a jar file", e);
        } catch (IOException e) {
            throw new SampoException(
                    ErrorCode.JOB_CLASS,
                    "jar " + jar + " cannot be read: " + e.getMessage() + "; expected a jar file",
                    e);
        }
        URL[] urls = {jar.toUri().toURL()};
        return new JobJar(jar, new URLClassLoader("sampo-job", urls, JobJar.class.getClassLoader()));
    }

    /**
     * Asks a class for its job.
     *
     * @throws SampoException when the class cannot be loaded or used, or fails
     * @throws ParameterException when it does not accept the arguments
     */
    JobSpec<?, ?> job(String className, List<String> arguments, CommandLine commandLine) {
        JobProgram program = program(className);
        try {
            JobSpec<?, ?> job = program.create(arguments);
            if (job == null) {
                throw new SampoException(
                        ErrorCode.JOB_INVALID, "class " + className + " returned null; expected a JobSpec");
            }
            return job;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    commandLine,
                    "class " + className + " refuses " + arguments + ": " + e.getMessage()
                            + "; expected arguments after -- that it accepts",
                    e);
        } catch (SampoException e) {
            throw e;
        } catch (Exception | LinkageError e) {
            throw new SampoException(
                    ErrorCode.USER_CODE_FAILED,
                    "class " + className + " failed to describe its job: " + e + "; expected a JobSpec",
                    e);
        }
    }

    private JobProgram program(String className) {
        Class<?> type;
        try {
            type = Class.forName(className, true, loader);
        } catch (ClassNotFoundException e) {
            throw new SampoException(
                    ErrorCode.JOB_CLASS,
                    "class " + className + " is not in " + jar + "; expected the full name of a class in the jar",
                    e);
        } catch (LinkageError e) {
            throw new SampoException(
                    ErrorCode.JOB_CLASS,
                    "class " + className + " cannot be loaded: " + e + "; expected all it needs in " + jar,
                    e);
        }
        if (!JobProgram.class.isAssignableFrom(type)) {
            throw wrong(
                    "class " + className + " is not a job; expected one that implements " + JobProgram.class.getName());
        }
        try {
            return (JobProgram) type.getConstructor().newInstance();
        } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
            throw new SampoException(
                    ErrorCode.JOB_CLASS,
                    "class " + className + " cannot be created; expected a public class, not abstract, with a public"
                            + " constructor without parameters",
                    e);
        } catch (InvocationTargetException e) {
            throw new SampoException(
                    ErrorCode.JOB_CLASS,
                    "the constructor of class " + className + " failed: " + e.getCause() + "; expected it to return",
                    e.getCause());
        }
    }

    private static SampoException wrong(String message) {
        return new SampoException(ErrorCode.JOB_CLASS, message);
    }

    @Override
    public void close() throws IOException {
        Thread.currentThread().setContextClassLoader(before);
        loader.close();
    }
}
