using SelfPlayArena.Core;

namespace SelfPlayArena.Policies.Tests;

public sealed class AdaptationTests
{
    private static readonly PolicyCard Card = new() { Member = "main" };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AdditionsLeaveOldOutputsOnOldInputsAsTheyWere(int seed)
    {
        var rng = new Rng((ulong)seed);
        EnvironmentSpec old = Matching.Spec, now = Extended(old);
        var plan = new NetworkPlan(NetworkSize.Tiny.Describe(old), old);
        var bundle = new PolicyBundle(plan, Some.Weights(plan, ref rng), Card);
        PolicyBundle adapted = bundle.AdaptTo(now);
        Assert.Same(now, adapted.Spec);

        int rows = 20, teams = rows / old.AgentsPerTeam;
        byte[] oldRows = Some.Rows(old.Observation, rows, ref rng), oldFull = Some.Rows(old.FullState, teams, ref rng);
        // New blocks and features hold anything at all; the old ones what they held.
        byte[] newRows = Some.Rows(now.Observation, rows, ref rng), newFull = Some.Rows(now.FullState, teams, ref rng);
        Copy(old.Observation, now.Observation, oldRows, newRows, rows);
        Copy(old.FullState, now.FullState, oldFull, newFull, teams);
        var (oldState, newState) = (new float[rows * plan.RecurrentSize], new float[rows * plan.RecurrentSize]);
        foreach (ref float h in oldState.AsSpan())
            h = rng.NextSingle();
        oldState.CopyTo(newState, 0);
        var (before, after) = (new PolicyRunner(bundle.ToNetwork()), new PolicyRunner(adapted.ToNetwork()));
        before.Forward(rows, oldRows, oldState);
        after.Forward(rows, newRows, newState);
        Close(oldState, newState);
        foreach (string head in old.Heads.Select(h => h.Name))
        {
            (int a, int b) = (Index(old, head), Index(now, head));
            var oldChoices = new short[rows * old.Heads.Count];
            var newChoices = new short[rows * now.Heads.Count];
            for (int r = 0; r < rows; r++)
                oldChoices[r * old.Heads.Count] = newChoices[r * now.Heads.Count] = (short)rng.Next(3);
            float[] oldLogits = new float[rows * old.Heads[a].Size], newLogits = new float[rows * now.Heads[b].Size];
            before.HeadLogits(a, oldChoices, oldLogits);
            after.HeadLogits(b, newChoices, newLogits);
            for (int r = 0; r < rows; r++)
                Close(oldLogits.AsSpan(r * old.Heads[a].Size, old.Heads[a].Size), newLogits.AsSpan(r * now.Heads[b].Size, old.Heads[a].Size));
        }
        var newcomer = new float[rows * now.Heads[Index(now, "shout")].Size];
        after.HeadLogits(Index(now, "shout"), default, newcomer);
        Assert.All(newcomer, x => Assert.Equal(0f, x));
        var (oldValues, newValues) = (new float[rows * old.ValueHeads.Count], new float[rows * now.ValueHeads.Count]);
        before.Values(teams, oldFull, oldValues);
        after.Values(teams, newFull, newValues);
        for (int r = 0; r < rows; r++)
        {
            ReadOnlySpan<float> row = newValues.AsSpan(r * now.ValueHeads.Count, now.ValueHeads.Count);
            Assert.Equal(0f, row[now.ValueHeads.ToList().IndexOf("style")]);
            foreach (string name in old.ValueHeads)
                Assert.Equal(oldValues[r * old.ValueHeads.Count + old.ValueHeads.ToList().IndexOf(name)], row[now.ValueHeads.ToList().IndexOf(name)], 1e-5f);
        }
    }

    [Fact]
    public void AnAdaptedPolicySavesAndAdaptsAgain()
    {
        EnvironmentSpec old = Matching.Spec, now = Extended(old);
        var plan = new NetworkPlan(NetworkSize.Tiny.Describe(old), old);
        var bundle = new PolicyBundle(plan, WeightInitializer.Create(plan, 2), Card);
        PolicyBundle adapted = bundle.AdaptTo(now), again = bundle.AdaptTo(now);
        foreach ((string name, WeightTensor t) in adapted.Weights.Tensors)
            Assert.Equal(t.Values, again.Weights[name]);
        var stream = new MemoryStream();
        adapted.Write(stream);
        PolicyBundle read = PolicyBundle.Read(stream.ToArray(), "x").AdaptTo(now);
        Assert.Equal(adapted.Description.ToJson(), read.Description.ToJson());
        Assert.Same(adapted, adapted.AdaptTo(now));
    }

    [Fact]
    public void APolicyWithoutAFullStateTakesOneUp()
    {
        EnvironmentSpec old = With(Matching.Spec, full: []), now = Matching.Spec;
        var plan = new NetworkPlan(NetworkSize.Tiny.Describe(old), old);
        PolicyBundle adapted = new PolicyBundle(plan, WeightInitializer.Create(plan, 2), Card).AdaptTo(now);
        Assert.Contains("pool.full_agent", adapted.Plan["values"].Layer.Inputs);
    }

    public static TheoryData<string, Func<EnvironmentSpec, EnvironmentSpec>, string> Refused() => new()
    {
        { "block removed", s => With(s, observation: Layout([.. s.Observation.Where(b => b.Name != "cue")])), "observation block 'cue' was removed" },
        { "block moved", s => With(s, observation: Layout([s.Observation[1], s.Observation[0], s.Observation[2]])), "observation block 'cue' was moved" },
        { "slots", s => With(s, observation: Layout([s.Observation[0], s.Observation[1], s.Observation[2] with { Slots = 3 }]), heads: [s.Heads[0], s.Heads[1] with { Options = ["a", "b", "c"] }, s.Heads[2]]), "'card' had 4 slots, has 3" },
        { "feature resized", s => With(s, observation: Layout([s.Observation[0], new BlockSpec("cue", "cue", 1, [new FeatureSpec("colour", FeatureKind.Categorical, 2)], 0), s.Observation[2]])), "feature 'colour' of observation block 'cue' changed" },
        { "feature moved", s => With(s, observation: Layout([new BlockSpec("self", "self", 1, [.. s.Observation[0].Features.Reverse()], 0), s.Observation[1], s.Observation[2]])), "was moved" },
        { "full state", s => With(s, full: []), "full-state block 'full_match' was removed" },
        { "head", s => With(s, heads: [s.Heads[0], s.Heads[1]]), "action head 'answer' was removed" },
        { "head moved", s => With(s, heads: [s.Heads[0], s.Heads[2], s.Heads[1]]), "action head 'answer' was moved" },
        { "options", s => With(s, heads: [s.Heads[0], s.Heads[1], s.Heads[2] with { Options = ["middle", "left", "right"] }]), "'answer' removed or moved options" },
        { "values", s => With(s, values: ["answers", "cards"]), "value head 'answers' was moved" },
        { "rewards", s => With(s, rewards: [s.Rewards[0]]), "reward term 'answer'" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void RemovedAndMovedThingsAreRefusedShowingBothLayouts(string what, Func<EnvironmentSpec, EnvironmentSpec> change, string said)
    {
        EnvironmentSpec old = Matching.Spec;
        var plan = new NetworkPlan(NetworkSize.Tiny.Describe(old), old);
        var bundle = new PolicyBundle(plan, WeightInitializer.Create(plan, 2), Card);
        var e = Assert.Throws<BundleException>(() => bundle.AdaptTo(change(old)));
        Assert.True(e.Message.Contains(said, StringComparison.Ordinal), $"{what}: {e.Message}");
        Assert.Contains("made for matching", e.Message, StringComparison.Ordinal);
        Assert.Contains("now matching", e.Message, StringComparison.Ordinal);
        Assert.Equal(2, e.Message.Split("observation self[1]").Length - 1);
    }

    /// <summary>Everything that may be added, most of it in the middle: features, categories, blocks (one of a known type, one pointed at), slots, heads, options, values.</summary>
    private static EnvironmentSpec Extended(EnvironmentSpec s)
    {
        BlockSpec self = s.Observation[0], cue = s.Observation[1], card = s.Observation[2];
        FeatureSpec[] cards = [new FeatureSpec("shape", FeatureKind.Categorical, 3), .. card.Features, new FeatureSpec("shine", FeatureKind.Half)];
        IReadOnlyList<BlockSpec> observation = Layout(
        [
            new BlockSpec("weather", "weather", 1, [new FeatureSpec("rain", FeatureKind.Scalar8)], 0),
            self,
            cue with { Features = [.. cue.Features.Select(f => f.Kind == FeatureKind.Categorical ? f with { Size = f.Size + 3 } : f)] },
            new BlockSpec("card", "card", 6, cards, 0),
            new BlockSpec("spare", "card", 3, cards, 0),
        ]);
        ActionHeadSpec verb = s.Heads[0] with { Options = [.. s.Heads[0].Options, "shout"] };
        return With(s, observation,
            Layout([.. s.FullState, new BlockSpec("full_weather", "weather", 2, [new FeatureSpec("wind", FeatureKind.Half)], 0)]),
            [
                verb,
                new ActionHeadSpec("shout", ["hey", "ho"], null, [-1, -1, -1, 0]),
                new ActionHeadSpec("target", [.. Enumerable.Range(0, 6).Select(i => $"card[{i}]"), .. Enumerable.Range(0, 3).Select(i => $"spare[{i}]")], ["card", "spare"], [-1, 0, -1, -1]),
                new ActionHeadSpec("answer", [.. s.Heads[2].Options, "none"], null, [-1, -1, 0, -1]),
                new ActionHeadSpec("beside", [.. Enumerable.Range(0, 3).Select(i => $"spare[{i}]")], ["spare"], [-1, -1, -1, 0]),
            ],
            ["style", .. s.ValueHeads],
            [.. s.Rewards, new RewardTermSpec("style", "style", 1)]);
    }

    private static EnvironmentSpec With(
        EnvironmentSpec s, IReadOnlyList<BlockSpec>? observation = null, IReadOnlyList<BlockSpec>? full = null, IReadOnlyList<ActionHeadSpec>? heads = null,
        IReadOnlyList<string>? values = null, IReadOnlyList<RewardTermSpec>? rewards = null) => new EnvironmentSpec
        {
            Name = s.Name,
            ContentHash = "2",
            Teams = s.Teams,
            AgentsPerTeam = s.AgentsPerTeam,
            SecondsPerDecision = s.SecondsPerDecision,
            TicksPerDecision = s.TicksPerDecision,
            Observation = observation ?? s.Observation,
            FullState = full ?? s.FullState,
            Heads = heads ?? s.Heads,
            ValueHeads = values ?? s.ValueHeads,
            Rewards = rewards ?? s.Rewards,
            ScriptedPlayers = s.ScriptedPlayers,
        };

    private static IReadOnlyList<BlockSpec> Layout(IReadOnlyList<BlockSpec> blocks)
    {
        var layout = new BlockLayout();
        foreach (BlockSpec b in blocks)
            layout.Add(b.Name, b.EntityType, b.Slots, b.Features);
        return layout.Build();
    }

    private static void Copy(IReadOnlyList<BlockSpec> old, IReadOnlyList<BlockSpec> now, byte[] from, byte[] to, int rows)
    {
        int oldBytes = from.Length / rows, newBytes = to.Length / rows;
        for (int r = 0; r < rows; r++)
        {
            foreach (BlockSpec b in old)
            {
                BlockSpec n = now.Single(x => x.Name == b.Name);
                to.AsSpan(r * newBytes + n.Offset, n.Slots).Clear();
                for (int s = 0; s < b.Slots; s++)
                {
                    to[r * newBytes + n.Offset + s] = from[r * oldBytes + b.Offset + s];
                    foreach (FeatureSpec f in b.Features)
                    {
                        from.AsSpan(r * oldBytes + b.RowsOffset + s * b.SlotBytes + b.FeatureOffset(f.Name), f.Bytes)
                            .CopyTo(to.AsSpan(r * newBytes + n.RowsOffset + s * n.SlotBytes + n.FeatureOffset(f.Name)));
                    }
                }
            }
        }
    }

    private static int Index(EnvironmentSpec spec, string head) => spec.Heads.ToList().FindIndex(h => h.Name == head);

    private static void Close(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5f);
    }
}
