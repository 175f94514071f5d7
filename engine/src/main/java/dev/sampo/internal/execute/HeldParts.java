package dev.sampo.internal.execute;

import dev.sampo.api.OutputPart;
import dev.sampo.internal.model.PartFile;
import dev.sampo.internal.output.AttemptOutput;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The parts of a result that the seed holds: written on the node, then copied by the seed. */
final class HeldParts {
    private HeldParts() {}

    /** Opens the file of an attempt's part on this node. */
    static AttemptOutput open(AttemptScope scope, String extension) {
        return AttemptOutput.local(file(scope), scope.taskIndex(), extension);
    }

    private static Path file(AttemptScope scope) {
        return scope.node()
                .temp()
                .resolve("part-" + scope.attempt().task().job() + "-"
                        + scope.attempt().localName());
    }

    /** Returns the parts as their reader sees them, by partition. */
    static List<OutputPart> visible(List<PartFile> parts) {
        return parts.stream()
                .sorted(Comparator.comparingInt(PartFile::partition))
                .map(part -> new OutputPart(
                        String.format(Locale.ROOT, "part-%05d%s", part.partition(), part.extension()),
                        part.records(),
                        part.bytes(),
                        part.digest()))
                .toList();
    }
}
