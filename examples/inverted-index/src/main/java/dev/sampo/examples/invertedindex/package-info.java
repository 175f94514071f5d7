/** Lists for each word the files that hold it. */
@NullMarked
package dev.sampo.examples.invertedindex;

import org.jspecify.annotations.NullMarked;
