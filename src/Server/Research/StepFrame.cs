using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using MessagePack;
using SelfPlayArena.Core;

namespace SelfPlayArena.Server.Research;

/// <summary>
/// The frames that carry arrays, laid out once: shards write their matches' parts in place, and only what ended is written anew for each step.
/// Arrays are MessagePack <c>bin 32</c>, little endian, rows in order.
/// </summary>
internal sealed class StepFrame
{
    private const string StateName = "state", SteppedName = "stepped";
    private const int BinHeader = 5;
    private readonly int _driven, _observationBytes, _maskBytes, _fullStateBytes, _terms;
    private readonly int _observations, _masks, _fullState, _rewards, _status, _illegal, _end;
    private readonly float[] _rewardRows;
    private readonly ArrayBufferWriter<byte> _tail = new(256);
    private byte[] _bytes;

    /// <param name="matches">Of the batch.</param>
    /// <param name="driven">Agents of each match that the client drives.</param>
    public StepFrame(EnvironmentSpec spec, int matches, int driven, bool fullState)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("arrays are sent as they lie in memory, which must be little endian");
        _driven = driven;
        _observationBytes = spec.ObservationBytes;
        _maskBytes = spec.MaskBytes;
        _terms = spec.Rewards.Count;
        _fullStateBytes = fullState ? spec.Teams * spec.FullStateBytes : 0;
        // Both frames share the arrays: the name in front is written right before them, so that the longer one decides where they begin.
        int rows = matches * driven;
        _observations = Prefix(SteppedName) + BinHeader;
        _masks = _observations + rows * _observationBytes + BinHeader;
        _fullState = _masks + rows * _maskBytes + BinHeader;
        _rewards = _fullState + matches * _fullStateBytes + BinHeader;
        _status = _rewards + rows * _terms * sizeof(float) + BinHeader;
        _illegal = _status + matches + BinHeader;
        _end = _illegal + rows;
        _bytes = new byte[_end + 256];
        _rewardRows = new float[rows * _terms];
        Header(_observations, rows * _observationBytes);
        Header(_masks, rows * _maskBytes);
        Header(_fullState, matches * _fullStateBytes);
        Header(_rewards, rows * _terms * sizeof(float));
        Header(_status, matches);
        Header(_illegal, rows);
        Matches = matches;
    }

    public int Matches { get; }

    /// <summary>Bytes of a frame without what ended.</summary>
    public int Bytes => _end;

    /// <summary>[matches]: 1 for those that are over.</summary>
    public Span<byte> Status => _bytes.AsSpan(_status, Matches);

    /// <summary>[matches, driven agents]: 1 where an action was illegal.</summary>
    public Span<byte> Illegal => _bytes.AsSpan(_illegal, Matches * _driven);

    public Span<byte> Observation(int match, int driven) => _bytes.AsSpan(_observations + (match * _driven + driven) * _observationBytes, _observationBytes);

    public Span<byte> Mask(int match, int driven) => _bytes.AsSpan(_masks + (match * _driven + driven) * _maskBytes, _maskBytes);

    public Span<byte> FullState(int match) => _bytes.AsSpan(_fullState + match * _fullStateBytes, _fullStateBytes);

    /// <summary>[reward terms] of one agent.</summary>
    public Span<float> Rewards(int match, int driven) => _rewardRows.AsSpan((match * _driven + driven) * _terms, _terms);

    /// <summary><c>["state", observations, masks, fullState]</c>; good until the next frame.</summary>
    public ReadOnlyMemory<byte> State()
    {
        int start = Begin(StateName, 4);
        return _bytes.AsMemory(start, _rewards - BinHeader - start);
    }

    /// <summary><c>["stepped", observations, masks, fullState, rewards, status, illegal, ended, seconds]</c>; good until the next frame.</summary>
    /// <param name="seconds">What the step took here.</param>
    public ReadOnlyMemory<byte> Stepped(IEnumerable<Shard> shards, double seconds)
    {
        MemoryMarshal.AsBytes(_rewardRows.AsSpan()).CopyTo(_bytes.AsSpan(_rewards));
        _tail.ResetWrittenCount();
        var writer = new MessagePackWriter(_tail);
        writer.WriteArrayHeader(shards.Sum(s => s.Ended.Count));
        foreach (Shard shard in shards)
        {
            foreach (EndedMatch ended in shard.Ended)
                Write(ref writer, in ended);
        }
        writer.Write(seconds);
        writer.Flush();
        if (_bytes.Length < _end + _tail.WrittenCount)
            Array.Resize(ref _bytes, _end + 2 * _tail.WrittenCount);
        _tail.WrittenSpan.CopyTo(_bytes.AsSpan(_end));
        int start = Begin(SteppedName, 9);
        return _bytes.AsMemory(start, _end + _tail.WrittenCount - start);
    }

    /// <summary><c>[match, seed, winner, decisions, reason, scores]</c>.</summary>
    private static void Write(ref MessagePackWriter writer, in EndedMatch ended)
    {
        writer.WriteArrayHeader(6);
        writer.Write(ended.Match);
        writer.Write(ended.Seed);
        writer.Write(ended.Outcome.Winner);
        writer.Write(ended.Outcome.Decisions);
        writer.Write(ended.Outcome.Reason);
        writer.WriteArrayHeader(ended.Outcome.Scores.Count);
        foreach (float score in ended.Outcome.Scores)
            writer.Write(score);
    }

    /// <summary>Bytes before the first array: the header of the frame's array and its name.</summary>
    private static int Prefix(string name) => 2 + name.Length;

    private int Begin(string name, int elements)
    {
        int start = _observations - BinHeader - Prefix(name);
        _bytes[start] = (byte)(MessagePackCode.MinFixArray | elements);
        _bytes[start + 1] = (byte)(MessagePackCode.MinFixStr | name.Length);
        Encoding.ASCII.GetBytes(name, _bytes.AsSpan(start + 2));
        return start;
    }

    private void Header(int array, int length)
    {
        _bytes[array - BinHeader] = MessagePackCode.Bin32;
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(array - BinHeader + 1), (uint)length);
    }
}
