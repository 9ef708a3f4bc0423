using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using MessagePack;

namespace SelfPlayArena.Streaming;

/// <summary>Reads one header.</summary>
internal delegate T HeaderReader<out T>(ref MessagePackReader reader);

/// <summary>
/// Reads frames off a stream. Prefixes and headers go through a pipe; of a payload, only what the pipe read along with its header is copied,
/// the rest is received where it belongs. One reader at a time.
/// </summary>
internal sealed class FrameReader(Stream stream, FrameLimits limits)
{
    private readonly PipeReader _pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));
    private byte[] _header = new byte[512];
    private FramePrefix _prefix;
    private bool _payloadWaits;
    private long _lastReceived = Stopwatch.GetTimestamp();
    private long _received, _frames;

    public FrameLimits Limits { get; set; } = limits;

    public FrameKind Kind => _prefix.Kind;

    public int PayloadBytes => _prefix.PayloadBytes;

    /// <summary>Time of the last byte, in <see cref="Stopwatch"/>'s ticks.</summary>
    public long LastReceived => Volatile.Read(ref _lastReceived);

    public long Received => Volatile.Read(ref _received);

    /// <summary>Frames whose prefix was received, sound or not.</summary>
    public long Frames => Volatile.Read(ref _frames);

    /// <summary>Reads the next frame up to its payload, which must be read before the next frame. False at the end of the stream.</summary>
    /// <exception cref="RefusedException">Damaged, too large, or of another version.</exception>
    /// <exception cref="EndOfStreamException">The stream ends within the frame.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        if (_payloadWaits)
            throw new InvalidOperationException($"the payload of the {Kind} frame was not read");
        ReadResult read = await _pipe.ReadAtLeastAsync(FramePrefix.Bytes, cancellation).ConfigureAwait(false);
        if (read.Buffer.IsEmpty)
            return false;
        Enough(read, FramePrefix.Bytes);
        Volatile.Write(ref _frames, _frames + 1);
        _prefix = ReadPrefix(read.Buffer);
        _pipe.AdvanceTo(read.Buffer.GetPosition(FramePrefix.Bytes));
        if (_header.Length < _prefix.HeaderBytes)
            _header = new byte[_prefix.HeaderBytes];
        if (_prefix.HeaderBytes > 0)
        {
            read = await _pipe.ReadAtLeastAsync(_prefix.HeaderBytes, cancellation).ConfigureAwait(false);
            Enough(read, _prefix.HeaderBytes);
            read.Buffer.Slice(0, _prefix.HeaderBytes).CopyTo(_header);
            _pipe.AdvanceTo(read.Buffer.GetPosition(_prefix.HeaderBytes));
        }
        if (Crc32C.Of(_header.AsSpan(0, _prefix.HeaderBytes)) != _prefix.HeaderCrc)
            throw new RefusedException(Refusal.BadFrame, $"the header of a {Kind} frame is damaged");
        _payloadWaits = _prefix.PayloadBytes > 0;
        if (!_payloadWaits && _prefix.PayloadCrc != 0)
            throw new RefusedException(Refusal.BadFrame, $"a {Kind} frame without payload has the checksum of one");
        Heard(FramePrefix.Bytes + _prefix.HeaderBytes);
        return true;
    }

    /// <summary>Decodes the header of the frame at hand.</summary>
    /// <exception cref="RefusedException">It is not what a frame of its kind says.</exception>
    public T Header<T>(HeaderReader<T> read)
    {
        try
        {
            var reader = new MessagePackReader(_header.AsMemory(0, _prefix.HeaderBytes));
            return read(ref reader);
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException or ArgumentException or FormatException)
        {
            throw new RefusedException(Refusal.BadFrame, $"the header of a {Kind} frame says nothing that this program understands: {e.Message}", e);
        }
    }

    /// <summary>Reads the payload into a place of exactly its size.</summary>
    /// <exception cref="RefusedException">Damaged; the place then holds rubbish.</exception>
    /// <exception cref="EndOfStreamException">The stream ends within the frame.</exception>
    public async ValueTask ReadPayloadAsync(Memory<byte> place, CancellationToken cancellation)
    {
        if (place.Length != _prefix.PayloadBytes)
            throw new ArgumentException($"the payload has {_prefix.PayloadBytes} bytes, the place {place.Length}", nameof(place));
        _payloadWaits = false;
        int at = 0;
        uint crc = 0;
        if (place.Length > 0 && _pipe.TryRead(out ReadResult buffered))
        {
            at = (int)Math.Min(buffered.Buffer.Length, place.Length);
            buffered.Buffer.Slice(0, at).CopyTo(place.Span);
            _pipe.AdvanceTo(buffered.Buffer.GetPosition(at));
            crc = Crc32C.Append(crc, place.Span[..at]);
        }
        while (at < place.Length)
        {
            int n = await stream.ReadAsync(place[at..], cancellation).ConfigureAwait(false);
            if (n == 0)
                throw new EndOfStreamException($"the connection ended {at} bytes into the {place.Length} of a {Kind} frame's payload");
            crc = Crc32C.Append(crc, place.Span.Slice(at, n));
            at += n;
            Volatile.Write(ref _lastReceived, Stopwatch.GetTimestamp());
        }
        if (crc != _prefix.PayloadCrc)
            throw new RefusedException(Refusal.BadFrame, $"the payload of a {Kind} frame is damaged");
        Heard(place.Length);
    }

    private FramePrefix ReadPrefix(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> prefix = stackalloc byte[FramePrefix.Bytes];
        buffer.Slice(0, FramePrefix.Bytes).CopyTo(prefix);
        return FramePrefix.Read(prefix, Limits);
    }

    private static void Enough(in ReadResult read, int bytes)
    {
        if (read.Buffer.Length < bytes)
            throw new EndOfStreamException("the connection ended in the middle of a frame");
    }

    private void Heard(int bytes)
    {
        Volatile.Write(ref _received, _received + bytes);
        Volatile.Write(ref _lastReceived, Stopwatch.GetTimestamp());
    }
}
