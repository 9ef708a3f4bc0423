using System.Runtime.Intrinsics;
using SelfPlayArena.Core;

namespace SelfPlayArena.Learning;

/// <summary>
/// A bonus for stepping beyond the boundary of what is known (BeBold, Zhang et al. 2020): max(1/N(s′) - 1/N(s), 0) for the first visit of s′ in a match,
/// with N the visits ever. Observations are counted by a hash that keeps neighbours together, the signs of sixteen random projections of what the
/// network is shown (SimHash; counts by hashing, Tang et al. 2017), in place of the paper's random network.
/// </summary>
internal sealed class NoveltyBonus
{
    private const int Bits = 16;
    private const ulong Seed = 0x6e6f76656c747921;
    private readonly EnvironmentSpec _spec;
    private readonly (BlockDecoder Decoder, float[] Planes)[] _blocks;
    private readonly float[] _offsets = new float[Bits];
    private readonly float[] _inputs;
    private readonly float[] _presence;
    private readonly Dictionary<(string Match, int Team), HashSet<int>[]> _seen = [];

    public NoveltyBonus(EnvironmentSpec spec)
    {
        _spec = spec;
        var rng = new Rng(Seed);
        _blocks = [.. spec.Observation.Select(b => (new BlockDecoder(b), new float[b.Slots * (b.Width + 1) * Bits]))];
        foreach ((_, float[] planes) in _blocks)
        {
            foreach (ref float w in planes.AsSpan())
                w = 2 * rng.NextSingle() - 1;
        }
        foreach (ref float w in _offsets.AsSpan())
            w = rng.NextSingle() - 0.5f;
        _inputs = new float[_blocks.Max(b => b.Decoder.Block.Slots * b.Decoder.Width)];
        _presence = new float[_blocks.Max(b => b.Decoder.Block.Slots)];
    }

    /// <summary>Visits by cell, [65536].</summary>
    public float[] Counts { get; } = new float[1 << Bits];

    /// <summary>
    /// Counts a chunk's observations, which must come match by match in order of time, and writes each step's bonus: that of where it led to.
    /// </summary>
    /// <param name="next">The same match's next chunk where it is at hand; null leaves the last step without a bonus.</param>
    /// <param name="bonus">[T, A].</param>
    public void Measure(TrajectoryChunk chunk, TrajectoryChunk? next, Span<float> bonus)
    {
        int agents = _spec.AgentsPerTeam;
        if (!_seen.TryGetValue((chunk.MatchId, chunk.Team), out HashSet<int>[]? seen))
            _seen.Add((chunk.MatchId, chunk.Team), seen = [.. Enumerable.Range(0, agents).Select(_ => new HashSet<int>())]);
        for (int a = 0; a < agents; a++)
        {
            int here = Cell(chunk, 0, a);
            // Only a match's first observation was not counted as the end of a step before it.
            if (seen[a].Count == 0)
                Visit(here, seen[a]);
            for (int t = 0; t < chunk.Length; t++)
            {
                bool inside = t + 1 < chunk.Length;
                if (!inside && next is null)
                    break;
                int there = inside ? Cell(chunk, t + 1, a) : Cell(next!, 0, a);
                bonus[t * agents + a] = Arrive(here, there, seen[a]);
                here = there;
            }
        }
        if (chunk.Terminated || chunk.Truncated)
            _seen.Remove((chunk.MatchId, chunk.Team));
    }

    /// <summary>The bonus of a step from one cell to another, which is counted.</summary>
    public float Arrive(int from, int to, HashSet<int> seen)
    {
        bool first = Visit(to, seen);
        return first ? Math.Max(1f / Counts[to] - 1f / Math.Max(Counts[from], 1f), 0f) : 0f;
    }

    /// <summary>Counts a visit; whether it is the match's first.</summary>
    public bool Visit(int cell, HashSet<int> seen)
    {
        Counts[cell]++;
        return seen.Add(cell);
    }

    private int Cell(TrajectoryChunk chunk, int step, int agent)
    {
        int bytes = _spec.ObservationBytes;
        ReadOnlySpan<byte> observation = chunk.Observations.Slice((step * _spec.AgentsPerTeam + agent) * bytes, bytes);
        Vector256<float> low = Vector256.Create<float>(_offsets), high = Vector256.Create<float>(_offsets.AsSpan(8));
        foreach ((BlockDecoder decoder, float[] planes) in _blocks)
        {
            int count = decoder.Block.Slots * decoder.Width;
            decoder.Decode(observation, _inputs, _presence, 0, 1);
            for (int i = 0; i < count; i++)
            {
                if (_inputs[i] == 0f)
                    continue;
                Vector256<float> x = Vector256.Create(_inputs[i]);
                low += x * Vector256.Create<float>(planes.AsSpan(i * Bits));
                high += x * Vector256.Create<float>(planes.AsSpan(i * Bits + 8));
            }
        }
        return (int)(low.ExtractMostSignificantBits() | high.ExtractMostSignificantBits() << 8);
    }
}
