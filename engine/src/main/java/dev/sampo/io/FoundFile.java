package dev.sampo.io;

/**
 * A file to read, found under one of the inputs.
 *
 * @param file which it is
 * @param identity its absolute name
 * @param size its size in bytes, as it lies there
 */
record FoundFile(FilePiece file, String identity, long size) {}
