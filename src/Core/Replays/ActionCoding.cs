namespace SelfPlayArena.Core.Replays;

/// <summary>
/// Actions of a match, decision after decision, as differences from the decision before (from all -1 for the first). A decision is a bit set of
/// agents whose action changed, then for each of them a bit set of heads that changed, then for each of those the new number plus one as a
/// variable-length integer (seven bits a byte, low ones first). An unchanged action costs one bit.
/// </summary>
internal sealed class ActionEncoder(int agents, int heads)
{
    private readonly short[] _last = new short[agents * heads];
    private byte[] _bytes = new byte[1024];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public void Clear()
    {
        _length = 0;
        _last.AsSpan().Fill(-1);
    }

    public void Add(ReadOnlySpan<short> actions)
    {
        const int longestNumber = 3;
        int most = BitBytes(agents) + agents * (BitBytes(heads) + heads * longestNumber);
        if (_bytes.Length - _length < most)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + most));
        int changed = _length;
        _length += BitBytes(agents);
        _bytes.AsSpan(changed, BitBytes(agents)).Clear();
        for (int a = 0; a < agents; a++)
        {
            ReadOnlySpan<short> now = actions.Slice(a * heads, heads);
            Span<short> last = _last.AsSpan(a * heads, heads);
            if (now.SequenceEqual(last))
                continue;
            _bytes[changed + (a >> 3)] |= (byte)(1 << (a & 7));
            int set = _length;
            _length += BitBytes(heads);
            _bytes.AsSpan(set, BitBytes(heads)).Clear();
            for (int h = 0; h < heads; h++)
            {
                if (now[h] == last[h])
                    continue;
                _bytes[set + (h >> 3)] |= (byte)(1 << (h & 7));
                Number((ushort)(now[h] + 1));
            }
            now.CopyTo(last);
        }
    }

    private void Number(int value)
    {
        for (; value >= 128; value >>= 7)
            _bytes[_length++] = (byte)(value | 128);
        _bytes[_length++] = (byte)value;
    }

    public static int BitBytes(int bits) => (bits + 7) / 8;
}

/// <summary>Reads what <see cref="ActionEncoder"/> wrote.</summary>
internal static class ActionDecoder
{
    /// <summary>[decisions, agents, heads].</summary>
    /// <exception cref="InvalidDataException">The bytes are not that many decisions; says at which one.</exception>
    public static short[] Decode(ReadOnlySpan<byte> bytes, int decisions, int agents, int heads)
    {
        int width = agents * heads;
        short[] actions = new short[(long)decisions * width <= Array.MaxLength ? decisions * width : throw new InvalidDataException($"{decisions} decisions are more than fit into memory")];
        int at = 0;
        for (int d = 0; d < decisions; d++)
        {
            Span<short> now = actions.AsSpan(d * width, width);
            if (d == 0)
                now.Fill(-1);
            else
                actions.AsSpan((d - 1) * width, width).CopyTo(now);
            Next(bytes, ref at, d, agents, heads, now);
        }
        if (at != bytes.Length)
            throw new InvalidDataException($"{bytes.Length - at} bytes follow the last decision");
        return actions;
    }

    /// <summary>Reads one decision: <paramref name="now"/> holds the one before (all -1 before the first) and is made into this one.</summary>
    /// <exception cref="InvalidDataException">The bytes end within it.</exception>
    public static void Next(ReadOnlySpan<byte> bytes, ref int at, int decision, int agents, int heads, Span<short> now)
    {
        ReadOnlySpan<byte> changed = Take(bytes, ref at, ActionEncoder.BitBytes(agents), decision);
        for (int a = 0; a < agents; a++)
        {
            if ((changed[a >> 3] >> (a & 7) & 1) == 0)
                continue;
            ReadOnlySpan<byte> set = Take(bytes, ref at, ActionEncoder.BitBytes(heads), decision);
            for (int h = 0; h < heads; h++)
            {
                if ((set[h >> 3] >> (h & 7) & 1) != 0)
                    now[a * heads + h] = (short)(Number(bytes, ref at, decision) - 1);
            }
        }
    }

    private static int Number(ReadOnlySpan<byte> bytes, ref int at, int decision)
    {
        int value = 0;
        for (int shift = 0; shift < 21; shift += 7)
        {
            int b = Take(bytes, ref at, 1, decision)[0];
            value |= (b & 127) << shift;
            if (b < 128)
                return value;
        }
        throw new InvalidDataException($"decision {decision}: a number does not end");
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> bytes, ref int at, int count, int decision)
    {
        if (bytes.Length - at < count)
            throw new InvalidDataException($"the actions end within decision {decision}");
        at += count;
        return bytes.Slice(at - count, count);
    }
}
