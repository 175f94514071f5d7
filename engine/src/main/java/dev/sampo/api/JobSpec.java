package dev.sampo.api;

import dev.sampo.spi.Codec;
import dev.sampo.spi.InputSource;
import dev.sampo.spi.KeyCodec;
import dev.sampo.spi.OutputSink;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A complete description of a job: inputs with their mappers, one or more shuffles with their reducers, and where the
 * results go. Immutable. The only way to one leads through the steps below, so it cannot be left half filled:
 *
 * <pre>{@code
 * named → read → map → [alsoRead]* → [combine] → [partitions, partitioner, sortValuesBy] → reduce
 *       → [map → … → reduce]* → writeTo | collect
 * }</pre>
 *
 * @param <K> the type of the result keys
 * @param <V> the type of the result values
 */
public final class JobSpec<K, V> implements Serializable {
    private static final long serialVersionUID = 1;

    private final String name;
    private final ArrayList<Input<?, ?, ?>> inputs;
    private final ArrayList<Stage<?, ?, ?, ?>> stages;
    private final @Nullable OutputSink<? super K, ? super V> sink;
    private final JobOptions options;
    private final JobClasses classes;

    private JobSpec(
            String name,
            List<Input<?, ?, ?>> inputs,
            List<Stage<?, ?, ?, ?>> stages,
            @Nullable OutputSink<? super K, ? super V> sink,
            JobOptions options,
            JobClasses classes) {
        this.name = name;
        this.inputs = new ArrayList<>(inputs);
        this.stages = new ArrayList<>(stages);
        this.sink = sink;
        this.options = options;
        this.classes = classes;
    }

    /**
     * Starts the description of a job.
     *
     * @param name what people call it; shown in logs and the manifest, need not be unique
     */
    public static NamedStep named(String name) {
        return new NamedStep(Objects.requireNonNull(name, "name"));
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns the inputs with their mappers, at least one, in the order they were named. */
    public List<Input<?, ?, ?>> inputs() {
        return List.copyOf(inputs);
    }

    /** Returns the shuffles with their reducers, at least one, in the order they run. */
    public List<Stage<?, ?, ?, ?>> stages() {
        return List.copyOf(stages);
    }

    /** Returns where the results are written, or null when they are collected for the caller. */
    public @Nullable OutputSink<? super K, ? super V> sink() {
        return sink;
    }

    /** Returns the choices that override the engine's settings. */
    public JobOptions options() {
        return options;
    }

    /** Returns this job with another limit on the failures of one task. */
    public JobSpec<K, V> withMaxAttempts(int maxAttempts) {
        return with(options.withMaxAttempts(maxAttempts));
    }

    /** Returns this job with a limit on the time of one attempt. */
    public JobSpec<K, V> withAttemptTimeLimit(Duration limit) {
        return with(options.withAttemptTimeLimit(limit));
    }

    /** Returns this job with another split size to aim for. */
    public JobSpec<K, V> withSplitBytes(long bytes) {
        return with(options.withSplitBytes(bytes));
    }

    /** Returns this job for another queue; the cluster refuses one that it does not have when the job is submitted. */
    public JobSpec<K, V> withQueue(String queue) {
        return with(options.withQueue(Objects.requireNonNull(queue, "queue")));
    }

    /** Returns this job with another priority in its queue: jobs of a lower one get the slots that it leaves. */
    public JobSpec<K, V> withPriority(int priority) {
        return with(options.withPriority(priority));
    }

    /**
     * Keeps every task to one attempt at a time. Otherwise one that is much slower than the others of its stage may get a
     * second attempt on another node: of both, one counts. Of use to functions that do something outside of the job.
     */
    public JobSpec<K, V> withoutSpeculation() {
        return with(options.withoutSpeculation());
    }

    /**
     * Returns this job with its results handed to the submitter, who commits them to the output directory where it runs;
     * for clusters without a file system that all workers share. Changes nothing in an embedded engine.
     */
    public JobSpec<K, V> withOutputAtSubmitter() {
        return with(options.withOutputAtSubmitter());
    }

    private JobSpec<K, V> with(JobOptions other) {
        return new JobSpec<>(name, inputs, stages, sink, other, classes);
    }

    /** Returns which classes travel with the job. */
    public JobClasses classes() {
        return classes;
    }

    /** Returns this job with jars, and directories of classes, that travel with it to the nodes of a cluster. */
    public JobSpec<K, V> withJars(List<Path> jars) {
        return new JobSpec<>(name, inputs, stages, sink, options, JobClasses.named(jars));
    }

    /** Returns this job without classes that travel: every node of the cluster has them. */
    public JobSpec<K, V> withoutShipping() {
        return new JobSpec<>(name, inputs, stages, sink, options, JobClasses.NONE);
    }

    /**
     * One input and the mapper of its records.
     *
     * @param source where the records come from
     * @param mapper what is done to each
     */
    public record Input<I, K, V>(InputSource<I> source, Mapper<? super I, K, V> mapper) implements Serializable {
        /** Refuses null. */
        public Input {
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(mapper, "mapper");
        }
    }

    /** How keys find their partition. */
    public enum Partitioning {
        /** {@code floorMod(hash(key bytes), R)}. */
        HASH,
        /** Ranges of about equal size, from a sample of the keys; the parts in name order are sorted as a whole. */
        RANGE,
        /** A {@link Partitioner} of the job. */
        CUSTOM
    }

    /**
     * The secondary sort of the values of one key.
     *
     * @param type the type of the sort key
     * @param extractor how to get it from a value
     */
    public record ValueOrder<V, S>(DataType<S> type, SortKey<V, S> extractor) implements Serializable {}

    /**
     * One shuffle and the reduce behind it.
     *
     * @param keyType the type of the keys that are shuffled
     * @param valueType the type of the values that are shuffled
     * @param combiner the combiner, or null
     * @param partitions the number of partitions, or 0 to choose it from the size of the input
     * @param partitioning how keys find their partition
     * @param partitioner the partitioner where {@code partitioning} is {@link Partitioning#CUSTOM}, else null
     * @param valueOrder the secondary sort, or null
     * @param reducer the reduce function
     * @param resultKeyType the type of the keys it emits
     * @param resultValueType the type of the values it emits
     * @param next the mapper to the next shuffle, or null in the last stage
     */
    public record Stage<K, V, K2, V2>(
            DataType<K> keyType,
            DataType<V> valueType,
            @Nullable Combiner<V> combiner,
            int partitions,
            Partitioning partitioning,
            @Nullable Partitioner<? super K> partitioner,
            @Nullable ValueOrder<V, ?> valueOrder,
            Reducer<? super K, V, K2, V2> reducer,
            DataType<K2> resultKeyType,
            DataType<V2> resultValueType,
            @Nullable PairMapper<? super K2, ? super V2, ?, ?> next)
            implements Serializable {
        private Stage<K, V, K2, V2> followedBy(PairMapper<? super K2, ? super V2, ?, ?> mapper) {
            return new Stage<>(
                    keyType,
                    valueType,
                    combiner,
                    partitions,
                    partitioning,
                    partitioner,
                    valueOrder,
                    reducer,
                    resultKeyType,
                    resultValueType,
                    mapper);
        }
    }

    /** A job with a name. */
    public static final class NamedStep {
        private final String name;

        private NamedStep(String name) {
            this.name = name;
        }

        /** Reads an input. */
        public <I> MapStep<I> read(InputSource<I> source) {
            return new MapStep<>(name, Objects.requireNonNull(source, "source"));
        }
    }

    /**
     * A job whose first input waits for its mapper.
     *
     * @param <I> the type of the input records
     */
    public static final class MapStep<I> {
        private final String name;
        private final InputSource<I> source;

        private MapStep(String name, InputSource<I> source) {
            this.name = name;
            this.source = source;
        }

        /** Maps every record; the codecs are found by the classes of keys and values. */
        public <K, V> ShuffleStep<K, V> map(Class<K> keys, Class<V> values, Mapper<? super I, K, V> mapper) {
            return map(DataType.of(keys), DataType.of(values), mapper);
        }

        /** Maps every record, with codecs for keys and values. */
        public <K, V> ShuffleStep<K, V> map(KeyCodec<K> keys, Codec<V> values, Mapper<? super I, K, V> mapper) {
            return map(DataType.of(keys), DataType.of(values), mapper);
        }

        private <K, V> ShuffleStep<K, V> map(DataType<K> keys, DataType<V> values, Mapper<? super I, K, V> mapper) {
            return new ShuffleStep<>(name, List.of(new Input<>(source, mapper)), List.of(), keys, values);
        }
    }

    /**
     * A job whose records are keys and values that wait for their shuffle. The calls up to {@link #reduce} change and
     * return this step.
     *
     * @param <K> the type of the keys
     * @param <V> the type of the values
     */
    public static final class ShuffleStep<K, V> {
        private final String name;
        private final List<Input<?, ?, ?>> inputs;
        private final List<Stage<?, ?, ?, ?>> before;
        private final DataType<K> keys;
        private final DataType<V> values;
        private @Nullable Combiner<V> combiner;
        private int partitions;
        private Partitioning partitioning = Partitioning.HASH;
        private @Nullable Partitioner<? super K> partitioner;
        private @Nullable ValueOrder<V, ?> valueOrder;

        private ShuffleStep(
                String name,
                List<Input<?, ?, ?>> inputs,
                List<Stage<?, ?, ?, ?>> before,
                DataType<K> keys,
                DataType<V> values) {
            this.name = name;
            this.inputs = new ArrayList<>(inputs);
            this.before = before;
            this.keys = keys;
            this.values = values;
        }

        /**
         * Reads one more input, with its own mapper to the same keys and values.
         *
         * @throws IllegalStateException behind the first reduce
         */
        public <I> ShuffleStep<K, V> alsoRead(InputSource<I> source, Mapper<? super I, K, V> mapper) {
            if (!before.isEmpty()) {
                throw new IllegalStateException("job " + name + ": inputs are read before the first reduce");
            }
            inputs.add(new Input<>(source, mapper));
            return this;
        }

        /**
         * Folds values of one key before they are shuffled.
         *
         * @throws IllegalStateException together with {@link #sortValuesBy}: folding takes away what is to be sorted
         */
        public ShuffleStep<K, V> combine(Combiner<V> combiner) {
            this.combiner = Objects.requireNonNull(combiner, "combiner");
            refuseCombineWithOrder();
            return this;
        }

        /**
         * Sets the number of partitions, and so of reduce tasks and of parts. Unless set, it is chosen from the size of
         * the input.
         *
         * @param partitions at least 1
         */
        public ShuffleStep<K, V> partitions(int partitions) {
            if (partitions < 1) {
                throw new IllegalArgumentException("partitions: " + partitions + "; expected at least 1");
            }
            this.partitions = partitions;
            return this;
        }

        /** Chooses partitions by a function of the job. */
        public ShuffleStep<K, V> partitionBy(Partitioner<? super K> partitioner) {
            this.partitioner = Objects.requireNonNull(partitioner, "partitioner");
            this.partitioning = Partitioning.CUSTOM;
            return this;
        }

        /**
         * Chooses partitions by ranges of keys, so that the parts in name order are sorted as a whole. The ranges come
         * from a sample of the keys that the mappers emit, taken before the job's first map task.
         *
         * @throws IllegalStateException behind the first reduce, where there is nothing yet to sample
         */
        public ShuffleStep<K, V> partitionByRange() {
            if (!before.isEmpty()) {
                throw new IllegalStateException("job " + name
                        + ": ranges are sampled from the input; behind a reduce use partitionBy or one partition");
            }
            this.partitioner = null;
            this.partitioning = Partitioning.RANGE;
            return this;
        }

        /** Sorts the values of each key; equal ones stay in the order (map task, emission). */
        public <S> ShuffleStep<K, V> sortValuesBy(Class<S> type, SortKey<V, S> extractor) {
            return sortValuesBy(DataType.of(type), extractor);
        }

        /** Sorts the values of each key; equal ones stay in the order (map task, emission). */
        public <S> ShuffleStep<K, V> sortValuesBy(KeyCodec<S> codec, SortKey<V, S> extractor) {
            return sortValuesBy(DataType.of(codec), extractor);
        }

        private <S> ShuffleStep<K, V> sortValuesBy(DataType<S> type, SortKey<V, S> extractor) {
            this.valueOrder = new ValueOrder<>(type, Objects.requireNonNull(extractor, "extractor"));
            refuseCombineWithOrder();
            return this;
        }

        private void refuseCombineWithOrder() {
            if (combiner != null && valueOrder != null) {
                throw new IllegalStateException(
                        "job " + name + ": combine and sortValuesBy exclude each other; expected one of them");
            }
        }

        /** Shuffles and reduces; the codecs are found by the classes of the result. */
        public <K2, V2> OutputStep<K2, V2> reduce(
                Class<K2> keys, Class<V2> values, Reducer<? super K, V, K2, V2> reducer) {
            return reduce(DataType.of(keys), DataType.of(values), reducer);
        }

        /** Shuffles and reduces, with codecs for the result. */
        public <K2, V2> OutputStep<K2, V2> reduce(
                Codec<K2> keys, Codec<V2> values, Reducer<? super K, V, K2, V2> reducer) {
            return reduce(DataType.of(keys), DataType.of(values), reducer);
        }

        private <K2, V2> OutputStep<K2, V2> reduce(
                DataType<K2> resultKeys, DataType<V2> resultValues, Reducer<? super K, V, K2, V2> reducer) {
            Objects.requireNonNull(reducer, "reducer");
            return new OutputStep<>(
                    name,
                    inputs,
                    before,
                    new Stage<>(
                            keys,
                            values,
                            combiner,
                            partitions,
                            partitioning,
                            partitioner,
                            valueOrder,
                            reducer,
                            resultKeys,
                            resultValues,
                            null));
        }
    }

    /**
     * A job whose results wait for their place, or for the next shuffle.
     *
     * @param <K> the type of the result keys
     * @param <V> the type of the result values
     */
    public static final class OutputStep<K, V> {
        private final String name;
        private final List<Input<?, ?, ?>> inputs;
        private final List<Stage<?, ?, ?, ?>> before;
        private final Stage<?, ?, K, V> last;

        private OutputStep(
                String name, List<Input<?, ?, ?>> inputs, List<Stage<?, ?, ?, ?>> before, Stage<?, ?, K, V> last) {
            this.name = name;
            this.inputs = List.copyOf(inputs);
            this.before = before;
            this.last = last;
        }

        /** Goes on to another shuffle; the codecs are found by the classes of its keys and values. */
        public <K2, V2> ShuffleStep<K2, V2> map(
                Class<K2> keys, Class<V2> values, PairMapper<? super K, ? super V, K2, V2> mapper) {
            return map(DataType.of(keys), DataType.of(values), mapper);
        }

        /** Goes on to another shuffle, with codecs for its keys and values. */
        public <K2, V2> ShuffleStep<K2, V2> map(
                KeyCodec<K2> keys, Codec<V2> values, PairMapper<? super K, ? super V, K2, V2> mapper) {
            return map(DataType.of(keys), DataType.of(values), mapper);
        }

        private <K2, V2> ShuffleStep<K2, V2> map(
                DataType<K2> keys, DataType<V2> values, PairMapper<? super K, ? super V, K2, V2> mapper) {
            return new ShuffleStep<>(
                    name, inputs, with(last.followedBy(Objects.requireNonNull(mapper, "mapper"))), keys, values);
        }

        /** Writes the results to a directory. */
        public JobSpec<K, V> writeTo(OutputSink<? super K, ? super V> sink) {
            return new JobSpec<>(
                    name,
                    inputs,
                    with(last),
                    Objects.requireNonNull(sink, "sink"),
                    JobOptions.DEFAULTS,
                    JobClasses.BY_SETTING);
        }

        /** Hands the results to the caller as a stream of records. */
        public JobSpec<K, V> collect() {
            return new JobSpec<>(name, inputs, with(last), null, JobOptions.DEFAULTS, JobClasses.BY_SETTING);
        }

        private List<Stage<?, ?, ?, ?>> with(Stage<?, ?, ?, ?> stage) {
            List<Stage<?, ?, ?, ?>> all = new ArrayList<>(before);
            all.add(stage);
            return all;
        }
    }
}
