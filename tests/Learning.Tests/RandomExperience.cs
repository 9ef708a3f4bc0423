using System.Buffers.Binary;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Learning.Tests;

/// <summary>Chunks with valid random contents, empty sets, unused heads and short chunks included, and a spec shaped like a MOBA's.</summary>
internal static class RandomExperience
{
    public static EnvironmentSpec MobaLike { get; } = BuildMobaLike();

    public static TrajectoryChunk Chunk(EnvironmentSpec spec, int recurrent, int steps, int length, ulong seed)
    {
        var rng = new Rng(seed);
        var chunk = new TrajectoryChunk(new TrajectoryLayout(spec, steps, recurrent)) { Length = length, MatchId = "m" + seed, Terminated = rng.Next(2) == 0 };
        int agents = spec.AgentsPerTeam;
        int heads = spec.Heads.Count;
        for (int t = 0; t < length; t++)
        {
            if (spec.FullStateBytes > 0)
                Fill(spec.FullState, chunk.FullState.Slice(t * spec.FullStateBytes, spec.FullStateBytes), ref rng);
            for (int a = 0; a < agents; a++)
            {
                int row = t * agents + a;
                Fill(spec.Observation, chunk.Observations.Slice(row * spec.ObservationBytes, spec.ObservationBytes), ref rng);
                Act(spec, chunk.Masks.Slice(row * spec.OptionCount, spec.OptionCount), chunk.Actions.Slice(row * heads, heads), chunk.LogProbabilities.Slice(row * heads, heads), ref rng);
            }
        }
        Noise(chunk.Rewards[..(length * agents * spec.Rewards.Count)], 0.3f, ref rng);
        Noise(chunk.Values[..(length * agents * spec.ValueHeads.Count)], 0.5f, ref rng);
        if (!chunk.Terminated)
            Noise(chunk.Bootstrap, 0.5f, ref rng);
        Noise(chunk.InitialState, 0.5f, ref rng);
        return chunk;
    }

    public static Weights Weights(NetworkPlan plan, ulong seed)
    {
        Weights weights = WeightInitializer.Create(plan, seed);
        var rng = new Rng(seed + 1);
        // Biases and outputs that are not nearly zero, so that a mistake in them shows.
        foreach ((string name, WeightTensor t) in weights.Tensors)
        {
            foreach (ref float w in t.Values.AsSpan())
                w += name.Contains("bias") || name.Contains("out.weight") ? 0.2f * (rng.NextSingle() - 0.5f) : 0f;
        }
        return weights;
    }

    private static void Noise(Span<float> to, float scale, ref Rng rng)
    {
        foreach (ref float x in to)
            x = scale * (2 * rng.NextSingle() - 1);
    }

    private static void Fill(IReadOnlyList<BlockSpec> blocks, Span<byte> to, ref Rng rng)
    {
        foreach (BlockSpec b in blocks)
        {
            bool empty = rng.Next(4) == 0;
            for (int s = 0; s < b.Slots; s++)
            {
                if (empty || rng.Next(3) == 0)
                    continue;
                to[b.Offset + s] = 1;
                Span<byte> slot = to.Slice(b.RowsOffset + s * b.SlotBytes, b.SlotBytes);
                foreach (FeatureSpec f in b.Features)
                {
                    switch (f.Kind)
                    {
                        case FeatureKind.Scalar8:
                            slot[0] = Quantize.Scalar8(2 * rng.NextSingle() - 1);
                            break;
                        case FeatureKind.Half:
                            BinaryPrimitives.WriteHalfLittleEndian(slot, (Half)(2 * rng.NextSingle() - 1));
                            break;
                        case FeatureKind.Categorical:
                            slot[0] = (byte)rng.Next(f.Size);
                            break;
                        default:
                            for (int i = 0; i < f.Size; i++)
                                slot[i / 8] |= (byte)(rng.Next(2) << (i % 8));
                            break;
                    }
                    slot = slot[f.Bytes..];
                }
            }
        }
    }

    private static void Act(EnvironmentSpec spec, Span<byte> masks, Span<short> actions, Span<float> logProbabilities, ref Rng rng)
    {
        int offset = 0;
        for (int h = 0; h < spec.Heads.Count; h++)
        {
            int size = spec.Heads[h].Size;
            bool used = h == 0 || spec.Heads[h].MaskRows[actions[0]] >= 0;
            actions[h] = -1;
            if (used)
            {
                int count = 0;
                for (int i = 0; i < size; i++)
                    count += masks[offset + i] = (byte)rng.Next(2);
                if (count == 0)
                    masks[offset + rng.Next(size)] = 1;
                do
                    actions[h] = (short)rng.Next(size);
                while (masks[offset + actions[h]] == 0);
                logProbabilities[h] = -0.5f - rng.NextSingle();
            }
            offset += size;
        }
    }

    private static EnvironmentSpec BuildMobaLike()
    {
        static FeatureSpec[] Scalars(int count, params FeatureSpec[] more)
            => [.. Enumerable.Range(0, count).Select(i => new FeatureSpec("x" + i, FeatureKind.Scalar8)), .. more];
        FeatureSpec[] hero = Scalars(22, new FeatureSpec("hero", FeatureKind.Categorical, 24));
        FeatureSpec[] fullHero = Scalars(15, new FeatureSpec("gold", FeatureKind.Half), new FeatureSpec("hero", FeatureKind.Categorical, 24));
        IReadOnlyList<BlockSpec> observation = new BlockLayout()
            .Add("own", "own", 1, Scalars(22, new FeatureSpec("gold", FeatureKind.Half), new FeatureSpec("time", FeatureKind.Half)))
            .Add("self", "hero", 1, hero)
            .Add("ally", "hero", 4, hero)
            .Add("enemy", "hero", 5, hero)
            .Add("creep", "creep", 10, Scalars(10))
            .Add("structure", "structure", 8, Scalars(10))
            .Add("monster", "monster", 3, Scalars(8))
            .Add("effect", "effect", 4, Scalars(8))
            .Add("global", "global", 1, Scalars(24))
            .Add("terrain", "terrain", 1, new FeatureSpec("walls", FeatureKind.BitSet, 49))
            .Build();
        IReadOnlyList<BlockSpec> full = new BlockLayout()
            .Add("full_hero", "full_hero", 10, fullHero)
            .Add("full_structure", "full_structure", 20, Scalars(6))
            .Add("full_lane", "full_lane", 3, Scalars(8))
            .Add("full_global", "full_global", 1, Scalars(12))
            .Build();
        string[] pointed = ["self", "ally", "enemy", "creep", "structure", "monster"];
        string[] values = ["fight", "farm", "push", "survive", "win"];
        return new EnvironmentSpec
        {
            Name = "moba-like",
            ContentHash = "0",
            Teams = 2,
            AgentsPerTeam = 5,
            SecondsPerDecision = 0.2f,
            TicksPerDecision = 2,
            Observation = observation,
            FullState = full,
            Heads =
            [
                new ActionHeadSpec("verb", Options("v", 8), null, [0]),
                new ActionHeadSpec("direction", Options("d", 16), null, [-1, 0, 0, 0, 0, -1, -1, -1]),
                new ActionHeadSpec("distance", Options("r", 4), null, [-1, -1, 0, 0, 0, -1, -1, -1]),
                new ActionHeadSpec("target", [.. pointed.SelectMany(p => Options(p, observation.Single(b => b.Name == p).Slots))], pointed, [-1, -1, -1, -1, 0, 1, 0, 0]),
            ],
            ValueHeads = values,
            Rewards = [.. values.Select(v => new RewardTermSpec("r." + v, v, 1f))],
            ScriptedPlayers = [],
        }.Validated();

        static string[] Options(string name, int count) => [.. Enumerable.Range(0, count).Select(i => $"{name}[{i}]")];
    }
}
