namespace SelfPlayArena.Streaming.Faults;

/// <summary>Follows the frames in a stream of bytes that goes to somebody else. Payloads are counted and passed over.</summary>
/// <param name="seen">Gets each frame's kind and header once the header has gone by.</param>
internal sealed class FrameTrace(FrameTrace.Seen seen)
{
    private static readonly FrameLimits Limits = new(1 << 20, int.MaxValue - (1 << 20));
    private readonly byte[] _prefixBytes = new byte[FramePrefix.Bytes];
    private byte[] _header = new byte[512];
    private FramePrefix _prefix;
    private int _inPrefix, _inHeader;
    private long _payloadLeft;

    public delegate void Seen(FrameKind kind, ReadOnlyMemory<byte> header);

    /// <summary>Frames that have gone by as a whole.</summary>
    public long Frames { get; private set; }

    /// <summary>Whether the next byte belongs to a frame that has begun.</summary>
    public bool InFrame => _inPrefix > 0;

    /// <exception cref="RefusedException">What goes by are no frames.</exception>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_inPrefix < FramePrefix.Bytes)
            {
                bytes = Take(bytes, _prefixBytes.AsSpan(_inPrefix), ref _inPrefix);
                if (_inPrefix < FramePrefix.Bytes)
                    return;
                _prefix = FramePrefix.Read(_prefixBytes, Limits);
                _payloadLeft = _prefix.PayloadBytes;
                if (_header.Length < _prefix.HeaderBytes)
                    _header = new byte[_prefix.HeaderBytes];
                if (_prefix.HeaderBytes == 0)
                    HeaderPassed();
            }
            else if (_inHeader < _prefix.HeaderBytes)
            {
                bytes = Take(bytes, _header.AsSpan(_inHeader, _prefix.HeaderBytes - _inHeader), ref _inHeader);
                if (_inHeader == _prefix.HeaderBytes)
                    HeaderPassed();
            }
            else
            {
                int n = (int)Math.Min(_payloadLeft, bytes.Length);
                _payloadLeft -= n;
                bytes = bytes[n..];
                if (_payloadLeft == 0)
                    Ended();
            }
        }
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> from, Span<byte> to, ref int at)
    {
        int n = Math.Min(from.Length, to.Length);
        from[..n].CopyTo(to);
        at += n;
        return from[n..];
    }

    private void HeaderPassed()
    {
        seen(_prefix.Kind, _header.AsMemory(0, _prefix.HeaderBytes));
        if (_payloadLeft == 0)
            Ended();
    }

    private void Ended()
    {
        (_inPrefix, _inHeader) = (0, 0);
        Frames++;
    }
}
