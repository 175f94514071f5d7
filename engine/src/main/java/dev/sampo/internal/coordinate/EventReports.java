package dev.sampo.internal.coordinate;

import dev.sampo.internal.model.EventReport;
import dev.sampo.internal.observe.JobEvent;
import dev.sampo.internal.observe.JobEventLog;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings events of any type into the form that travels, by the components of their records. */
final class EventReports {
    /** An error message may hold a piece of somebody's data; a reader of events needs its beginning. */
    private static final int MOST_TEXT = 2_000;

    private EventReports() {}

    static EventReport of(JobEventLog.Entry entry) {
        JobEvent event = entry.event();
        Map<String, String> texts = new HashMap<>();
        Map<String, Long> numbers = new HashMap<>();
        Map<String, Boolean> flags = new HashMap<>();
        for (RecordComponent component : event.getClass().getRecordComponents()) {
            String name = component.getName();
            Object value = valueOf(component, event);
            if (value instanceof Boolean flag) {
                flags.put(name, flag);
            } else if (value instanceof Integer || value instanceof Long) {
                numbers.put(name, ((Number) value).longValue());
            } else if (value != null) {
                texts.put(name, shortened(value.toString()));
            }
        }
        if (event instanceof JobEvent.OfJob ofJob) {
            texts.put("job", ofJob.job().value());
        }
        return new EventReport(
                entry.sequence(),
                entry.at(),
                event.getClass().getSimpleName(),
                event.isWarning(),
                shortened(event.describe()),
                texts,
                numbers,
                flags);
    }

    private static String shortened(String text) {
        return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT) + "…";
    }

    private static @Nullable Object valueOf(RecordComponent component, JobEvent event) {
        try {
            return component.getAccessor().invoke(event);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("event " + event + "; expected a record that can be read", e);
        }
    }
}
