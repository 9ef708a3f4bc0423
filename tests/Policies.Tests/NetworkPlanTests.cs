using SelfPlayArena.Core;

namespace SelfPlayArena.Policies.Tests;

public sealed class NetworkPlanTests
{
    private static readonly NetworkDescription Tiny = NetworkSize.Tiny.Describe(Matching.Spec);

    [Fact]
    public void ResolvesShapesParametersAndRecurrentLayout()
    {
        var plan = new NetworkPlan(Tiny, Matching.Spec);
        Assert.Equal(96, plan.RecurrentSize);
        Assert.Equal(0, plan["core"].RecurrentOffset);
        Assert.True(plan["see.card"].IsSet);
        Assert.Equal(4, plan["see.card"].Slots);
        Assert.Equal(64, plan["pool.card"].Width);
        Assert.Equal(64, plan["attend"].Width);
        Assert.Equal(LayerScope.Team, plan["full"].Scope);
        Assert.True(plan["full"].IsCritic);
        Assert.False(plan["trunk"].IsCritic);
        ParameterSpec encoder = plan.Parameters.Single(p => p.Name == "see.card.weight");
        Assert.Equal([32, 10], encoder.Shape);
        Assert.Equal([new Segment("colour", 4), new Segment("place", 1), new Segment("weight", 1), new Segment("marks", 4)], encoder.Columns);
        Assert.Equal(["one.self", "one.cue", "pool.card", "attend"], plan.Parameters.Single(p => p.Name == "trunk.weight").Columns.Select(c => c.Name));
        Assert.Equal([3, 32], plan.Parameters.Single(p => p.Name == "target.given.verb").Shape);
        Assert.Equal([32, 32], plan.Parameters.Single(p => p.Name == "target.out.weight").Shape);
        Assert.Equal(plan.Parameters.Sum(p => p.Length), plan.ParameterCount);
    }

    [Fact]
    public void CountsMultiplyAddsByHand()
    {
        EnvironmentSpec spec = Matching.Spec;
        var plan = new NetworkPlan(new NetworkDescription("hand",
        [
            new Layer("see", LayerKind.Encode, ["card"], 8),
            new Layer("pool", LayerKind.Pool, ["see"]),
            new Layer("core", LayerKind.Gru, ["pool"], 5),
            new Layer("verb", LayerKind.Choice, ["core"], 6),
            new Layer("target", LayerKind.Pointer, ["core", "see"], 6),
            new Layer("answer", LayerKind.Choice, ["core"], 6),
            new Layer("values", LayerKind.Values, ["core"], 7),
        ]), spec);
        Assert.Equal(4 * 8 * 10 + 3 * 5 * (16 + 5) + 6 * (5 + 3) + (6 * (5 + 8) + 8 * 4) + 6 * (5 + 3), plan.MultiplyAdds);
        Assert.Equal(7 * (5 + 2), plan.CriticMultiplyAdds);
        Assert.Equal(0, plan.TeamMultiplyAdds);
    }

    public static TheoryData<string, Layer, string[]> Wrong() => new()
    {
        { "see.card", new Layer("see.card", LayerKind.Encode, ["cards"], 32), ["'see.card'", "unknown block 'cards'", "self, cue, card"] },
        { "see.card", new Layer("see.card", LayerKind.Encode, ["card"]), ["'see.card'", "width 0"] },
        { "see.card", new Layer("see.card", LayerKind.Encode, ["card"], 32, Shares: "see.self"), ["same kind and shapes", "'see.self'"] },
        { "pool.card", new Layer("pool.card", LayerKind.Pool, ["one.self"]), ["'pool.card'", "one.self", "sets"] },
        { "trunk", new Layer("trunk", LayerKind.Linear, ["one.self", "see.card"], 128), ["'trunk'", "see.card", "exactly one set"] },
        { "trunk", new Layer("trunk", LayerKind.Linear, ["core"], 128), ["'trunk'", "'core'", "no earlier layer"] },
        { "trunk", new Layer("ask", LayerKind.Linear, ["one.self"], 128), ["'ask'", "name of an earlier layer"] },
        { "attend", new Layer("attend", LayerKind.Attend, ["ask", "see.card"]), ["'attend'", "0 queries"] },
        { "core", new Layer("core", LayerKind.Gru, ["see.card"], 9), ["'core'", "vectors only"] },
        { "verb", new Layer("verb", LayerKind.Choice, ["core"], 9, Given: ["answer"]), ["'verb'", "conditioned on 'answer'"] },
        { "verb", new Layer("verbs", LayerKind.Choice, ["core"], 9), ["'verbs'", "no head", "verb, target, answer"] },
        { "target", new Layer("target", LayerKind.Choice, ["core"], 9), ["'target'", "points at slots"] },
        { "target", new Layer("target", LayerKind.Pointer, ["core", "see.self"], 9), ["'target'", "points at self", "card"] },
        { "values", new Layer("critic", LayerKind.Values, ["core"], 9), ["'critic'", "named 'values'"] },
        { "answer", new Layer("more", LayerKind.Linear, ["core"], 9), ["head 'answer'"] },
        { "full", new Layer("full", LayerKind.Attend, ["core", "see.full_agent"], Queries: 1), ["'full'", "one scope"] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void RefusesAWrongLayerAndSaysWhatIsAllowed(string replaced, Layer by, string[] said)
    {
        var e = Assert.Throws<InvalidNetworkException>(() => new NetworkPlan(Tiny with { Layers = [.. Tiny.Layers.Select(l => l.Name == replaced ? by : l)] }, Matching.Spec));
        Assert.All(said, s => Assert.Contains(s, e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void OnlyTheCriticMaySeeTheFullState()
    {
        List<Layer> layers = [.. Tiny.Layers];
        layers.Insert(0, new Layer("peek", LayerKind.Encode, ["full_match"], 4));
        layers.Insert(1, new Layer("peeked", LayerKind.Single, ["peek"]));
        layers[layers.FindIndex(l => l.Name == "trunk")] = new Layer("trunk", LayerKind.Linear, ["one.self", "peeked"], 128);
        var e = Assert.Throws<InvalidNetworkException>(() => new NetworkPlan(new NetworkDescription("peeking", layers), Matching.Spec));
        Assert.Contains("only the critic", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StartingWeightsAreOrthogonalAndTheSameForOneSeed()
    {
        var plan = new NetworkPlan(Tiny, Matching.Spec);
        Weights a = WeightInitializer.Create(plan, 7), b = WeightInitializer.Create(plan, 7), c = WeightInitializer.Create(plan, 8);
        foreach (ParameterSpec p in plan.Parameters)
            Assert.Equal(a[p.Name], b[p.Name]);
        Assert.NotEqual(a["trunk.weight"], c["trunk.weight"]);
        IsOrthogonal(a["trunk.weight"], 128, plan["trunk"].InputWidth, 2);
        IsOrthogonal(a["core.weight_hh"].AsSpan(96 * 96, 96 * 96), 96, 96, 1);
        IsOrthogonal(a["see.card.weight"], 32, 10, 2);
        IsOrthogonal(a["verb.out.weight"], 3, 32, 1e-4);
        Assert.All(plan.Parameters.Where(p => p.Columns.Count == 0), p => Assert.All(a[p.Name], x => Assert.Equal(0f, x)));

        static void IsOrthogonal(ReadOnlySpan<float> w, int rows, int columns, double square)
        {
            bool wide = rows <= columns;
            int count = wide ? rows : columns;
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    double dot = 0;
                    for (int k = 0; k < (wide ? columns : rows); k++)
                        dot += (double)w[wide ? i * columns + k : k * columns + i] * w[wide ? j * columns + k : k * columns + j];
                    Assert.Equal(i == j ? square : 0, dot, 1e-5);
                }
            }
        }
    }

    [Fact]
    public void DescriptionsSurviveJson()
    {
        NetworkDescription read = NetworkDescription.FromJson(Tiny.ToJson());
        Assert.Equal(Tiny.ToJson(), read.ToJson());
        _ = new NetworkPlan(read, Matching.Spec);
        Assert.Contains("format 2", Assert.Throws<InvalidNetworkException>(() => new NetworkPlan(Tiny with { Format = 2 }, Matching.Spec)).Message, StringComparison.Ordinal);
    }
}
