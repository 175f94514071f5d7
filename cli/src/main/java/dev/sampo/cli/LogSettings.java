package dev.sampo.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;

/**
 * Sends errors of the engine to stderr, without stack traces: what a user can do something about is in the command's own
 * message, and Pekko's supervisors log every failure they pass on. Logback finds this as a service; in code, because
 * reading XML would take longer than a small job. The system property {@code logback.configurationFile} brings a file of
 * one's own back.
 */
public final class LogSettings extends ContextAwareBase implements Configurator {
    private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{20} %msg%n";
    private static final String PEKKO = "org.apache.pekko";

    /** Called by Logback. */
    public LogSettings() {}

    /** Logs more from now on, with stack traces. */
    static void verbose() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers) {
            log(loggers, PATTERN, Level.DEBUG, Level.INFO);
        }
    }

    @Override
    public ExecutionStatus configure(LoggerContext loggers) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        log(loggers, PATTERN + "%nopex", Level.ERROR, Level.OFF);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static void log(LoggerContext loggers, String pattern, Level level, Level pekkoLevel) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(loggers);
        encoder.setPattern(pattern);
        encoder.start();
        ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
        stderr.setContext(loggers);
        stderr.setTarget("System.err");
        stderr.setEncoder(encoder);
        stderr.start();
        Logger root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.setLevel(level);
        root.addAppender(stderr);
        loggers.getLogger(PEKKO).setLevel(pekkoLevel);
    }
}
