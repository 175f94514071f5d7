package dev.sampo.internal.transfer;

/** Answers the notices of one kind. Called by several threads of the server at once; may block for a short time. */
@FunctionalInterface
public interface NoticeHandler {
    /**
     * Answers a notice.
     *
     * @param payload what was sent, from outside and so anything; at most {@link TransferLimits#LARGEST_NOTICE} bytes
     * @return at most {@link TransferLimits#LARGEST_NOTICE} bytes
     * @throws dev.sampo.spi.SampoException its code and message are told to the sender
     * @throws Exception is told to the sender as an error of this node
     */
    byte[] answer(byte[] payload) throws Exception;
}
