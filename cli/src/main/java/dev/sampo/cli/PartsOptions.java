package dev.sampo.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of a job that writes parts to a directory. Filled in by picocli. */
final class PartsOptions {
    @SuppressWarnings("NullAway.Init")
    @Option(names = "--output", required = true, paramLabel = "DIR", description = "The directory for the parts")
    private String output;

    @Option(names = "--overwrite", description = "Replace what is in the directory when the job succeeds")
    private boolean overwrite;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            converter = AtLeastOne.class,
            description = "How many parts; chosen by the size of the input unless given")
    private int partitions;

    String output() {
        return output;
    }

    boolean isOverwrite() {
        return overwrite;
    }

    /** Returns the number of parts, or 0 to choose it by the size of the input. */
    int partitions() {
        return partitions;
    }

    /** Reads a whole number from 1. */
    static final class AtLeastOne implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            try {
                int number = Integer.parseInt(value);
                if (number >= 1) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // the message below says it for both
            }
            throw new TypeConversionException("'" + value + "'; expected a whole number of at least 1");
        }
    }
}
