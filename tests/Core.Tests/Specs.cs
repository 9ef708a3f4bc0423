using SelfPlayArena.Core;

namespace SelfPlayArena.Core.Tests;

/// <summary>A small spec that uses every feature kind, both head kinds and conditional masks.</summary>
internal static class Specs
{
    public static EnvironmentSpec Small(Func<IReadOnlyList<BlockSpec>, IReadOnlyList<BlockSpec>>? change = null)
    {
        IReadOnlyList<BlockSpec> blocks = new BlockLayout()
            .Add("self", "unit", 1, Unit())
            .Add("enemy", "unit", 3, Unit())
            .Add("terrain", "terrain", 1, new FeatureSpec("walkable", FeatureKind.BitSet, 10))
            .Build();
        return new EnvironmentSpec
        {
            Name = "test/small",
            ContentHash = "c0ffee",
            Teams = 2,
            AgentsPerTeam = 2,
            SecondsPerDecision = 0.5f,
            TicksPerDecision = 2,
            Observation = change is null ? blocks : change(blocks),
            FullState = new BlockLayout().Add("all", "unit", 4, Unit()).Build(),
            Heads =
            [
                new ActionHeadSpec("verb", ["stay", "move", "attack", "cast"], null, [0]),
                new ActionHeadSpec("direction", ["e", "n", "w", "s"], null, [-1, 0, -1, 1]),
                new ActionHeadSpec("target", ["self[0]", "enemy[0]", "enemy[1]", "enemy[2]"], ["self", "enemy"], [-1, -1, 0, -1]),
            ],
            ValueHeads = ["farming", "win"],
            Rewards = [new RewardTermSpec("gold", "farming", 0.1f), new RewardTermSpec("xp", "farming", 0.2f), new RewardTermSpec("win", "win", 5f)],
            ScriptedPlayers = ["easy@1"],
        };
    }

    private static FeatureSpec[] Unit() =>
    [
        new FeatureSpec("kind", FeatureKind.Categorical, 5),
        new FeatureSpec("dx", FeatureKind.Scalar8, 1, 16, "cells"),
        new FeatureSpec("hp", FeatureKind.Half, 1, 1000, "hp"),
    ];
}
