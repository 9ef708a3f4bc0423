using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using MessagePack;

namespace SelfPlayArena.Streaming;

/// <summary>Writes one header.</summary>
internal delegate void HeaderWriter(ref MessagePackWriter writer);

/// <summary>
/// Writes frames to a stream. A payload goes to the stream as it lies in memory: the pipe holds prefix and header only. One writer at a time.
/// </summary>
internal sealed class FrameWriter(Stream stream)
{
    private readonly PipeWriter _pipe = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    private long _lastSent = Stopwatch.GetTimestamp();
    private long _sent, _frames;

    /// <summary>Time of the last frame, in <see cref="Stopwatch"/>'s ticks.</summary>
    public long LastSent => Volatile.Read(ref _lastSent);

    public long Sent => Volatile.Read(ref _sent);

    public long Frames => Volatile.Read(ref _frames);

    public static byte[] Encode(HeaderWriter write)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        var writer = new MessagePackWriter(buffer);
        write(ref writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <param name="payload">Must not change before the task is done.</param>
    public async ValueTask WriteAsync(FrameKind kind, ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        Begin(kind, header.Span, payload.Span, payload.Length == 0 ? 0 : Crc32C.Of(payload.Span));
        if (payload.Length == 0)
            await _pipe.FlushAsync(cancellation).ConfigureAwait(false);
        else
            await _pipe.WriteAsync(payload, cancellation).ConfigureAwait(false);
        Volatile.Write(ref _sent, _sent + FramePrefix.Bytes + header.Length + payload.Length);
        Volatile.Write(ref _frames, _frames + 1);
        Volatile.Write(ref _lastSent, Stopwatch.GetTimestamp());
    }

    public ValueTask WriteAsync(FrameKind kind, HeaderWriter header, CancellationToken cancellation) => WriteAsync(kind, Encode(header), default, cancellation);

    private void Begin(FrameKind kind, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, uint payloadCrc)
    {
        int bytes = FramePrefix.Bytes + header.Length;
        Span<byte> span = _pipe.GetSpan(bytes);
        new FramePrefix(kind, header.Length, payload.Length, Crc32C.Of(header), payloadCrc).Write(span);
        header.CopyTo(span[FramePrefix.Bytes..]);
        _pipe.Advance(bytes);
    }
}
