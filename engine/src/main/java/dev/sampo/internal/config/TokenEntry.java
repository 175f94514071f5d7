package dev.sampo.internal.config;

/**
 * One token of the API as its file has it: never the token itself.
 *
 * @param name whose it is, for the audit log
 * @param role what its holder may do
 * @param sha256 the SHA-256 of the token's ASCII characters: 64 hexadecimal digits
 */
public record TokenEntry(String name, ApiRole role, String sha256) {}
