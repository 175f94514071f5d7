package dev.sampo.internal.shuffle;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.TaskId;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests of one connection. Used by the connection's event loop. */
final class SegmentRequestHandler extends SimpleChannelInboundHandler<ByteBuf> {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentRequestHandler.class);

    private final Function<AttemptId, @Nullable MapOutput> outputs;

    SegmentRequestHandler(Function<AttemptId, @Nullable MapOutput> outputs) {
        this.outputs = outputs;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf request) throws IOException {
        int magic = request.readInt();
        if (magic != FetchFormat.MAGIC) {
            refuse(
                    context,
                    "request begins with " + Integer.toHexString(magic) + "; expected "
                            + Integer.toHexString(FetchFormat.MAGIC));
            return;
        }
        String job = request.readCharSequence(request.readUnsignedShort(), StandardCharsets.UTF_8)
                .toString();
        AttemptId attempt =
                new AttemptId(new TaskId(new JobId(job), request.readInt(), request.readInt()), request.readInt());
        int partition = request.readInt();
        MapOutput output = outputs.apply(attempt);
        if (output == null) {
            refuse(context, "this node does not hold the output of " + attempt);
        } else if (partition < 0 || partition >= output.partitions()) {
            refuse(
                    context,
                    "output of " + attempt + " has " + output.partitions() + " partitions; asked for " + partition);
        } else {
            send(context, output, partition);
        }
    }

    private static void send(ChannelHandlerContext context, MapOutput output, int partition) throws IOException {
        SegmentIndex index = output.index();
        long offset = index.offset(partition);
        long length = index.length(partition);
        byte[] memory = output.memory();
        // opened before the header is written: a file that is gone is a refusal, not half an answer
        Object body;
        if (memory != null) {
            body = Unpooled.wrappedBuffer(memory, (int) offset, (int) length);
        } else if (length == 0) {
            body = Unpooled.EMPTY_BUFFER;
        } else {
            body = new DefaultFileRegion(output.openChannel(ErrorCode.FETCH_FAILED), offset, length);
        }
        ByteBuf header = context.alloc().buffer(1 + FetchFormat.HEADER_BYTES);
        header.writeByte(FetchFormat.HELD)
                .writeLong(length)
                .writeLong(index.rawBytes(partition))
                .writeLong(index.records(partition))
                .writeInt(index.largestRecord(partition))
                .writeInt(index.crc(partition))
                .writeInt(output.blockBytes());
        var unused = context.write(header, context.voidPromise());
        context.writeAndFlush(body).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    private static void refuse(ChannelHandlerContext context, String why) {
        byte[] text = why.getBytes(StandardCharsets.UTF_8);
        ByteBuf answer = context.alloc().buffer(3 + text.length);
        answer.writeByte(FetchFormat.REFUSED).writeShort(text.length).writeBytes(text);
        context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof SampoException gone) {
            refuse(context, String.valueOf(gone.getMessage()));
            return;
        }
        if (cause instanceof IOException) {
            LOG.debug("Connection to {} broke", context.channel().remoteAddress(), cause);
        } else {
            LOG.warn("Request from {} is malformed", context.channel().remoteAddress(), cause);
        }
        var unused = context.close();
    }
}
