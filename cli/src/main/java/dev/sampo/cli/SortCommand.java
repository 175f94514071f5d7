package dev.sampo.cli;

import dev.sampo.api.JobSpec;
import dev.sampo.examples.sort.RecordSort;
import dev.sampo.examples.sort.TextSort;
import dev.sampo.io.RecordInput;
import dev.sampo.io.RecordOutput;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

@Command(name = "sort", description = "Sorts lines, or records of 100 bytes by their first ten.")
final class SortCommand extends PartsCommand {
    @Mixin
    private final InputOptions input = new InputOptions();

    @Option(
            names = "--format",
            paramLabel = "text|records",
            converter = FormatName.class,
            description = "What is sorted: lines in the order of their bytes (the default), or records")
    private Format format = Format.TEXT;

    @Override
    JobSpec<?, ?> job() {
        return switch (format) {
            case TEXT -> TextSort.job(reading(input.lines()), textOutput().keysOnly(), parts().partitions());
            case RECORDS ->
                RecordSort.job(
                        records(),
                        RecordOutput.to(parts().output()).overwrite(parts().isOverwrite()),
                        parts().partitions());
        };
    }

    private RecordInput records() {
        if (shipsInput()) {
            throw new ParameterException(
                    spec().commandLine(),
                    "--ship-input with --format records; expected --format text, whose lines can travel with the job, or"
                            + " records where the workers read them");
        }
        return input.records(RecordSort.RECORD_BYTES);
    }

    private enum Format {
        TEXT,
        RECORDS
    }

    /** Reads the name of a format. */
    private static final class FormatName implements ITypeConverter<Format> {
        @Override
        public Format convert(String value) {
            return switch (value) {
                case "text" -> Format.TEXT;
                case "records" -> Format.RECORDS;
                default -> throw new TypeConversionException("'" + value + "'; expected one of text, records");
            };
        }
    }
}
