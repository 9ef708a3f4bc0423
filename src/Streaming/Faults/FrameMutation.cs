using System.Buffers.Binary;
using SelfPlayArena.Core;

namespace SelfPlayArena.Streaming.Faults;

/// <summary>Frames as somebody might send them who knows the protocol and means no good, or whose memory is failing.</summary>
internal sealed class FrameMutation(Random random)
{
    private static readonly string[] Players = ["main", "scripted:easy@1", "random", "nobody", "main@7", "scripted:"];
    private byte[] _sound = [];
    private static readonly FrameKind[] Requests = [FrameKind.Ping, FrameKind.Counters, FrameKind.MatchEnded, FrameKind.WantMatches, FrameKind.WantPolicy, FrameKind.Result];

    /// <summary>A frame that a worker might send at this point: right in form, with values drawn from all that are allowed.</summary>
    /// <param name="result">Number of the next result, one more afterwards if one was sent.</param>
    public byte[] Allowed(ref long result)
    {
        // Policies are large and dear; results are a line in the log each.
        FrameKind kind = random.Next(100) switch { < 1 => FrameKind.WantPolicy, < 5 => FrameKind.Result, < 30 => FrameKind.Counters, < 60 => FrameKind.MatchEnded, < 70 => FrameKind.WantMatches, _ => FrameKind.Ping };
        byte[] frame = Fields.Frame(kind, Header(kind, result));
        if (kind == FrameKind.Result)
            result++;
        return frame;
    }

    /// <summary>A frame of any kind with something in it that is wrong.</summary>
    public byte[] Wild(long result, long chunk, TrajectoryLayout layout)
    {
        FrameKind kind = random.Next(4) == 0 ? FrameKind.Chunk : random.Next(8) == 0 ? (FrameKind)random.Next(256) : Requests[random.Next(Requests.Length)];
        object?[] header = [.. kind == FrameKind.Chunk ? ChunkHeader(chunk, layout) : Header(kind, result)];
        switch (random.Next(7))
        {
            case 0 or 1 or 2 when header.Length > 0:
                int field = random.Next(header.Length);
                if (header[field] is object?[] { Length: > 0 } inner && random.Next(2) == 0)
                    inner[random.Next(inner.Length)] = Fields.Nasty(random);
                else
                    header[field] = Fields.Nasty(random);
                return Fields.Frame(kind, Fields.Encode(header), kind == FrameKind.Chunk ? SoundPayload(layout) : default);
            case 3 when header.Length > 0:
                return Fields.Frame(kind, Fields.Encode(header[..random.Next(header.Length)]), kind == FrameKind.Chunk ? SoundPayload(layout) : default);
            case 4:
                byte[] bytes = Fields.Encode(header);
                for (int n = random.Next(1, 6); n > 0; n--)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return Fields.Frame(kind, bytes, kind == FrameKind.Chunk ? SoundPayload(layout) : random.Next(3) == 0 ? new byte[random.Next(1, 64)] : default);
            case 5:
                return Prefix(Fields.Frame(kind, Fields.Encode(header), kind == FrameKind.Chunk ? SoundPayload(layout) : default));
            default:
                return Fields.Frame(FrameKind.Chunk, Fields.Encode(ChunkHeader(chunk, layout)), WrongPayload(layout));
        }
    }

    /// <summary>A frame whose prefix says something else than what follows; half of the time its checksum fits.</summary>
    public byte[] Prefix(byte[] frame)
    {
        Span<byte> prefix = frame.AsSpan(0, FramePrefix.Bytes);
        switch (random.Next(7))
        {
            case 0:
                BinaryPrimitives.WriteUInt32LittleEndian(prefix, (uint)random.NextInt64(uint.MaxValue));
                break;
            case 1:
                prefix[4] = (byte)random.Next(256);
                break;
            case 2:
                prefix[5] = (byte)random.Next(256);
                break;
            case 3:
                BinaryPrimitives.WriteUInt16LittleEndian(prefix[6..], (ushort)random.Next(1, 65_536));
                break;
            case 4:
                BinaryPrimitives.WriteUInt32LittleEndian(prefix[8..], (uint)random.NextInt64(uint.MaxValue));
                break;
            case 5:
                random.NextBytes(prefix[12..20]);
                break;
            default:
                prefix[random.Next(FramePrefix.Bytes)] ^= (byte)(1 << random.Next(8));
                return frame;
        }
        if (random.Next(2) == 0)
            Fields.Vouch(prefix);
        return frame;
    }

    /// <summary>A chunk that can have been played, though nobody played it.</summary>
    public byte[] SoundChunk(long number, TrajectoryLayout layout) => Fields.Frame(FrameKind.Chunk, Fields.Encode(ChunkHeader(number, layout)), SoundPayload(layout));

    private object?[] Header(FrameKind kind, long result)
    {
        string home = Players[random.Next(2)], away = Players[random.Next(Players.Length)];
        return kind switch
        {
            FrameKind.Counters => [(long)random.Next(1000), (long)random.Next(10_000), (long)random.Next(10), random.NextInt64(10_000_000)],
            FrameKind.MatchEnded => [0, .. Fields.Matchup(random, home, away)],
            FrameKind.WantMatches => [0, random.Next(1, 3)],
            FrameKind.WantPolicy => [home, random.Next(1, 30)],
            FrameKind.Result => [
                result, .. Fields.Matchup(random, home, away), random.Next(2), random.Next(1000), (ulong)random.NextInt64(), random.Next(-1, 2), random.Next(5000), "thrown", new object?[] { 0.5f, 1f }],
            FrameKind.Ping => [],
            _ => [random.Next(100), "text", new byte[32]],
        };
    }

    private object?[] ChunkHeader(long number, TrajectoryLayout layout)
        => [number, random.NextInt64(1_000_000), "thrown", "main", PlayerId.Latest, random.Next(layout.Spec.Teams), random.Next(10_000), layout.Steps, random.Next(2) == 0, false];

    private byte[] SoundPayload(TrajectoryLayout layout)
    {
        if (_sound.Length != layout.Bytes)
        {
            using var chunk = new TrajectoryChunk(layout);
            Fill(chunk);
            _sound = chunk.Buffer.ToArray();
        }
        return _sound;
    }

    /// <summary>A chunk's buffer with rubbish in one of its sections, or of another size.</summary>
    private byte[] WrongPayload(TrajectoryLayout layout)
    {
        if (random.Next(10) == 0)
            return new byte[random.Next(1, 2 * layout.Bytes)];
        using var chunk = new TrajectoryChunk(layout);
        Fill(chunk);
        switch (random.Next(9))
        {
            case 0:
                random.NextBytes(chunk.Buffer);
                break;
            case 1:
                random.NextBytes(chunk.Observations);
                break;
            case 2:
                random.NextBytes(chunk.FullState);
                break;
            case 3:
                Extreme(chunk.LogProbabilities);
                break;
            case 4:
                Extreme(chunk.Rewards);
                break;
            case 5:
                Extreme(chunk.Values);
                break;
            case 6:
                Extreme(chunk.InitialState);
                break;
            case 7:
                chunk.Actions[random.Next(chunk.Actions.Length)] = (short)random.Next(short.MinValue, short.MaxValue);
                break;
            default:
                chunk.Versions[random.Next(chunk.Versions.Length)] = random.Next(int.MinValue, int.MaxValue);
                break;
        }
        return chunk.Buffer.ToArray();
    }

    /// <summary>The first option of the first head everywhere, no other head used.</summary>
    private static void Fill(TrajectoryChunk chunk)
    {
        int heads = chunk.Layout.Spec.Heads.Count, options = chunk.Layout.Spec.OptionCount;
        for (int row = 0; row < chunk.Actions.Length / heads; row++)
        {
            Span<short> actions = chunk.Actions.Slice(row * heads, heads);
            actions.Fill(-1);
            actions[0] = 0;
            chunk.Masks[row * options] = chunk.Masks[row * options + 1] = 1;
            chunk.LogProbabilities[row * heads] = -0.7f;
        }
    }

    private void Extreme(Span<float> values)
    {
        float[] extremes = [float.NaN, float.PositiveInfinity, float.MaxValue, -float.MaxValue, 1e30f, -1e30f, float.Epsilon, 1e10f];
        float extreme = extremes[random.Next(extremes.Length)];
        for (int n = random.Next(1, 20); n > 0 && values.Length > 0; n--)
            values[random.Next(values.Length)] = extreme;
    }
}
