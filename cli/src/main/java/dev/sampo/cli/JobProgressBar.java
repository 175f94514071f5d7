package dev.sampo.cli;

import dev.sampo.api.JobHandle;
import dev.sampo.api.JobProgress;
import java.io.PrintStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on a terminal that follows a job, on a thread of its own. */
final class JobProgressBar implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 100;
    private static final int STEPS = 100;

    private final ProgressBar bar;
    private final ScheduledExecutorService timer;

    private JobProgressBar(ProgressBar bar) {
        this.bar = bar;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "sampo-progress");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Shows a bar that is wiped away when it is closed. */
    static JobProgressBar on(PrintStream terminal, String name) {
        return new JobProgressBar(ProgressBar.builder()
                .setTaskName(name)
                .setInitialMax(STEPS)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis((int) INTERVAL_MILLIS)
                .setConsumer(new ConsoleProgressBarConsumer(terminal))
                .clearDisplayOnFinish()
                .build());
    }

    /** Shows how far a job is, until the bar is closed. */
    void follow(JobHandle<?, ?> handle) {
        // the timer is not asked what became of an update: one that fails ends the updates, and nothing else
        var unused = timer.scheduleWithFixedDelay(
                () -> show(handle.progress()), INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void show(JobProgress progress) {
        bar.stepTo(Math.round(progress.fraction() * STEPS));
        bar.setExtraMessage(progress.stages().stream()
                .map(stage -> stage.name() + " " + stage.done() + "/" + stage.total())
                .collect(Collectors.joining(", ", " ", "")));
    }

    @Override
    public void close() {
        timer.shutdownNow();
        bar.close();
    }
}
