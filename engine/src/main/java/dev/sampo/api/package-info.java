/**
 * What a job author touches. A job reads one or several inputs, maps every record to keys and values, and shuffles and
 * reduces them one or more times:
 *
 * <pre>{@code
 * JobSpec<String, Long> wordCount = JobSpec.named("word-count")
 *         .read(TextInput.from("books").asStrings())
 *         .map(String.class, Long.class, (line, out) -> {
 *             for (String word : line.split(" ")) {
 *                 out.emit(word, 1L);
 *             }
 *         })
 *         .combine(Combiners.sumLong())
 *         .reduce(String.class, Long.class, Reducers.sumLong())
 *         .writeTo(TextOutput.to("counts"));
 * }</pre>
 *
 * <p>All functions of a job are {@link java.io.Serializable}, lambdas and classes alike. Every attempt of every task
 * works on its own deserialized copy, also when all tasks run in one JVM: a field of a function is never shared, and a
 * value a lambda captures is copied when the job is submitted.
 *
 * <p>User code runs on the engine's own threads. Whatever it throws fails that attempt only; the one thing an embedded
 * engine cannot stop is {@link java.lang.System#exit}.
 */
@NullMarked
package dev.sampo.api;

import org.jspecify.annotations.NullMarked;
