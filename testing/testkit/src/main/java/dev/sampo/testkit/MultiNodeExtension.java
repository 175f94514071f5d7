package dev.sampo.testkit;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Runs the methods of a {@link MultiNodeTest} class in forked JVMs. In the build's JVM it skips test, before and after
 * methods and runs the nodes instead; in a node it lets them all run, and gives them their {@link MultiNode}.
 */
public final class MultiNodeExtension implements InvocationInterceptor, ParameterResolver {
    private static final String ENGINE = "[engine:junit-jupiter]";

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        if (NodeOptions.present()) {
            invocation.proceed();
        } else {
            invocation.skip();
            new MultiNodeRun(planOf(context)).run();
        }
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        interceptTestMethod(invocation, method, context);
    }

    @Override
    public <T> T interceptTestFactoryMethod(
            Invocation<T> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        throw new ExtensionConfigurationException(method.getExecutable()
                + " is a @TestFactory; expected @Test or a test template in a @MultiNodeTest class");
    }

    @Override
    public void interceptDynamicTest(
            Invocation<Void> invocation, DynamicTestInvocationContext dynamic, ExtensionContext context) {
        throw new ExtensionConfigurationException(context.getDisplayName()
                + " is a dynamic test; expected @Test or a test template in a @MultiNodeTest class");
    }

    @Override
    public void interceptBeforeAllMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        onNodesOnly(invocation);
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        onNodesOnly(invocation);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        onNodesOnly(invocation);
    }

    @Override
    public void interceptAfterAllMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        onNodesOnly(invocation);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == MultiNode.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (!NodeOptions.present()) {
            return absentNode();
        }
        MultiNode node = context.getStore(StoreScope.LAUNCHER_SESSION, Namespace.create("dev.sampo.testkit"))
                .get(MultiNode.class, MultiNode.class);
        return Objects.requireNonNull(node, "this JVM looks like a node, but was not started as one");
    }

    private static void onNodesOnly(Invocation<Void> invocation) throws Throwable {
        if (NodeOptions.present()) {
            invocation.proceed();
        } else {
            invocation.skip();
        }
    }

    /** What a constructor gets in the build's JVM, where methods are skipped but the test's object is made. */
    private static MultiNode absentNode() {
        return (MultiNode) Proxy.newProxyInstance(
                MultiNode.class.getClassLoader(), new Class<?>[] {MultiNode.class}, (proxy, method, arguments) -> {
                    throw new IllegalStateException("MultiNode." + method.getName()
                            + " in the build's JVM; expected to be used by test, before and after methods only");
                });
    }

    private static RunPlan planOf(ExtensionContext context) throws IOException {
        Class<?> testClass = context.getRequiredTestClass();
        String method = context.getRequiredTestMethod().getName();
        MultiNodeTest test = AnnotationSupport.findAnnotation(testClass, MultiNodeTest.class)
                .orElseThrow(() -> new IllegalStateException(
                        testClass.getName() + " has no @MultiNodeTest; MultiNodeExtension needs it"));
        String id = context.getUniqueId();
        Path directory = baseDirectory()
                .resolve(testClass.getName())
                .resolve(method + (id.contains("invocation:") ? "-" + invocationNumber(id) : ""));
        deleteTree(directory);
        return new RunPlan(
                testClass.getSimpleName() + "." + method,
                // the part for a suite, if there is one, is of no use in a node
                id.substring(Math.max(0, id.indexOf(ENGINE))),
                List.of(test.roles()),
                Duration.ofSeconds(test.timeoutSeconds()),
                List.of(test.jvmArguments()),
                test.config(),
                directory);
    }

    private static String invocationNumber(String id) {
        return id.substring(id.lastIndexOf('#') + 1).replace("]", "");
    }

    static Path baseDirectory() {
        String chosen = System.getProperty("sampo.testkit.directory");
        if (chosen != null) {
            return Path.of(chosen).toAbsolutePath();
        }
        return Path.of(System.getProperty("basedir", System.getProperty("user.dir")), "target", "multi-node");
    }

    private static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
