package dev.sampo.internal.protocol;

/** Marks what may cross the network. The cluster configuration binds it to the Jackson CBOR serializer. */
public interface WireMessage {}
