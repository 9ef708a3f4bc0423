using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests;

public sealed class ContractTests
{
    [Theory]
    [InlineData("1v1")]
    [InlineData("5v5")]
    public void WritersFillExactlyWhatTheSpecDescribes(string mode)
    {
        EnvironmentSpec spec = MobaEnvironment.SpecFor(new MobaOptions { Mode = mode });
        Assert.Equal(Sizes.ObservationBytes, spec.ObservationBytes);
        Assert.Equal(Sizes.FullStateBytes, spec.FullStateBytes);
        Assert.Equal(Sizes.MaskBytes, spec.MaskBytes);
        Assert.True(spec.ObservationBytes <= 1200, $"{spec.ObservationBytes} bytes");
        Assert.Equal(Rewards.Count, spec.Rewards.Count);
        (string Block, int At)[] places =
        [
            ("own", Sizes.OwnAt), ("self", Sizes.SelfAt), ("ally", Sizes.AllyAt), ("enemy", Sizes.EnemyAt), ("creep", Sizes.CreepAt),
            ("structure", Sizes.StructureAt), ("monster", Sizes.MonsterAt), ("ward", Sizes.WardAt), ("effect", Sizes.EffectAt), ("global", Sizes.GlobalAt),
            ("terrain", Sizes.TerrainAt), ("macro", Sizes.MacroAt),
        ];
        foreach ((string block, int at) in places)
            Assert.Equal(at, spec.Observation.Single(b => b.Name == block).Offset);
        Assert.True(spec.Observation.Sum(b => b.Slots) <= 64);
        (string Block, int Row)[] rows =
        [
            ("own", Sizes.OwnRow), ("self", Sizes.HeroRow), ("creep", Sizes.CreepRow), ("structure", Sizes.StructureRow), ("monster", Sizes.MonsterRow),
            ("ward", Sizes.EnemyWardRow), ("effect", Sizes.EffectRow), ("global", Sizes.GlobalRow), ("terrain", Sizes.TerrainRow), ("macro", Sizes.MacroRow),
        ];
        foreach ((string block, int row) in rows)
            Assert.Equal(row, spec.Observation.Single(b => b.Name == block).SlotBytes);
        Assert.Equal([Sizes.FullHeroAt, Sizes.FullStructureAt, Sizes.FullLaneAt, Sizes.FullGlobalAt, Sizes.FullWardAt], spec.FullState.Select(b => b.Offset));
        int[] masks = [0, Sizes.DirectionMask, Sizes.DistanceMask, Sizes.TargetMask, Sizes.ChoiceMask, Sizes.MacroMask];
        Assert.Equal(masks, Enumerable.Range(0, spec.Heads.Count).Select(h => spec.MaskOffset(h, 0)));
        Assert.Equal(ActionDecoding.Heads, spec.Heads.Count);
    }

    [Fact]
    public unsafe void FeaturesLieWhereTheirNamesSay()
    {
        var arena = new Arena();
        arena.Play(400, true, true);
        arena.Observe(0);
        ref WorldState s = ref arena.Env.State(0);
        for (int a = 0; a < arena.Agents; a++)
        {
            int hero = arena.HeroOf(a);
            if (s.Alive[hero] == 0)
                continue;
            Assert.Equal(s.Hp[hero] / s.MaxHp[hero], Read(arena, a, "own", 0, "hp"), 0.01f);
            Assert.Equal(s.Hp[hero] / s.MaxHp[hero], Read(arena, a, "self", 0, "hp_ratio"), 0.01f);
            Assert.Equal(s.Level[hero], Read(arena, a, "self", 0, "level"), 0.1f);
            Assert.Equal(1f, Read(arena, a, "self", 0, "visible"));
            Assert.Equal(1f, Read(arena, a, "self", 0, "alive"));
            Assert.Equal(a < 5 ? s.X[hero] : -s.Y[hero], Read(arena, a, "own", 0, "x"), 0.3f);
            Assert.Equal(a < 5 ? s.Y[hero] : -s.X[hero], Read(arena, a, "own", 0, "y"), 0.3f);
            Assert.Equal(s.Tick / (float)arena.Env.World.Rules.TimeLimit, Read(arena, a, "global", 0, "time"), 0.01f);
            Assert.Equal(s.AttackRange[hero], Read(arena, a, "self", 0, "attack_range"), 0.06f);
        }
    }

    [Fact]
    public void BadOptionsSayWhatIsAllowed()
    {
        Assert.Contains("5v5, 3v3, 1v1", Assert.Throws<ArgumentException>(() => new MobaEnvironment(new MobaOptions { Mode = "7v7" }, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("quick, full", Assert.Throws<ArgumentException>(() => new MobaEnvironment(new MobaOptions { Rules = "slow" }, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("1 or more", Assert.Throws<ArgumentException>(() => new MobaEnvironment(new MobaOptions(), 0)).Message, StringComparison.Ordinal);
        (MobaOptions Wrong, string Said)[] wrong =
        [
            (new() { Shopping = "never" }, "shopping 'never' is unknown; allowed: auto, policy"),
            (new() { Macro = "auto" }, "macro 'auto' is unknown; allowed: none, policy"),
            (new() { ReactionDelay = [5] }, "reaction_delay has the entry 5; allowed: 0 to 4"),
            (new() { ActionRate = [1, 2, 3] }, "action_rate has 3 entries; allowed: 1 for all, 2 for the teams, or 10"),
            (new() { Bans = 2 }, "without a draft"),
            (new() { Mode = "1v1", Draft = "1-1", Bans = 6 }, "bans are 6; allowed: 0 to 5"),
            (new() { Draft = "1-2" }, "1-2-2-2-2-1"),
            (new() { Mode = "1v1", Draft = "1-1", Home = ["ember"], Away = ["ember"] }, "allowed: one of the two"),
        ];
        foreach ((MobaOptions options, string said) in wrong)
            Assert.Contains(said, Assert.Throws<ArgumentException>(() => new MobaEnvironment(options, 1)).Message, StringComparison.Ordinal);
        var lineup = new MobaOptions { Mode = "1v1", Home = ["nobody"], Away = ["nobody"] };
        Assert.Contains(MobaContent.Default.Heroes[0].Name, Assert.Throws<ArgumentException>(() => new MobaEnvironment(lineup, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingIsAllocatedOnceMatchesRun()
    {
        var arena = new Arena(matches: 2);
        byte[] snapshot = new byte[arena.Env.SnapshotBytes];
        arena.Play(300, true);
        arena.Env.Snapshot(0, snapshot);
        arena.Env.Restore(0, snapshot);
        arena.Env.StepOnly(0, arena.ActionsOf(0));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 200; i++)
        {
            for (int m = 0; m < 2; m++)
            {
                arena.Observe(m);
                for (int a = 0; a < arena.Agents; a++)
                    arena.Env.ActScripted(m, a, 0, arena.ActionOf(m, a), ref arena.Rngs[m]);
            }
            arena.Step();
            arena.Env.Snapshot(0, snapshot);
            arena.Env.Restore(0, snapshot);
            arena.Env.StepOnly(0, arena.ActionsOf(0));
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("1v1")]
    [InlineData("5v5")]
    public void BatchOfMatchesEqualsSingleMatches(string mode)
    {
        const int Matches = 3;
        var batch = new Arena(mode, Matches, 50);
        batch.Play(500, homeEasy: true);
        for (int m = 0; m < Matches; m++)
        {
            var single = new Arena(mode, 1, 50 + (ulong)m);
            single.Rngs[0] = new Rng(Seeds.Derive(50, "test", (ulong)m));
            single.Play(500, homeEasy: true);
            Assert.Equal(batch.Env.StateHash(m), single.Env.StateHash(0));
            Assert.True(batch.Observations.AsSpan(m * single.Observations.Length, single.Observations.Length).SequenceEqual(single.Observations));
            Assert.True(batch.Rewards.AsSpan(m * single.Rewards.Length, single.Rewards.Length).SequenceEqual(single.Rewards));
        }
    }

    [Theory]
    [InlineData("1v1")]
    [InlineData("5v5")]
    public void StepFromARestoredSnapshotEqualsStep(string mode)
    {
        var arena = new Arena(mode, 2, 9);
        byte[] snapshot = new byte[arena.Env.SnapshotBytes];
        for (int i = 0; i < 300; i++)
        {
            arena.Play(1, homeEasy: true);
            if (i % 10 != 0)
                continue;
            arena.Choose(awayEasy: true);
            arena.Env.Snapshot(0, snapshot);
            arena.Env.Restore(1, snapshot);
            arena.ActionsOf(0).CopyTo(arena.ActionsOf(1));
            Assert.Equal(arena.Env.StateHash(0), arena.Env.StateHash(1));
            arena.Step();
            ulong stepped = arena.Env.StateHash(0);
            Assert.Equal(stepped, arena.Env.StateHash(1));
            Assert.Equal(arena.Rewards.AsSpan(0, arena.Rewards.Length / 2).ToArray(), arena.Rewards.AsSpan(arena.Rewards.Length / 2).ToArray());
            arena.Env.Restore(0, snapshot);
            arena.Env.StepOnly(0, arena.ActionsOf(0));
            Assert.Equal(stepped, arena.Env.StateHash(0));
        }
    }

    [Fact]
    public void FinishedMatchesStayAsTheyAreUntilReset()
    {
        var arena = new Arena("1v1", 1, 3);
        for (int i = 0; i < 3000 && arena.Status[0] == MatchStatus.Running; i++)
            arena.Play(1, homeEasy: true);
        Assert.Equal(MatchStatus.Terminated, arena.Status[0]);
        MatchOutcome outcome = arena.Env.Outcome(0);
        Assert.Contains(outcome.Reason, new[] { "ancient", "time limit" });
        ulong hash = arena.Env.StateHash(0);
        arena.Step();
        Assert.Equal(hash, arena.Env.StateHash(0));
        Assert.All(arena.Rewards, r => Assert.Equal(0f, r));
        Assert.Equal(MatchStatus.Terminated, arena.Status[0]);
        arena.Env.Reset(0, 4);
        arena.Play(1);
        Assert.Equal(MatchStatus.Running, arena.Status[0]);
        Assert.Throws<InvalidOperationException>(() => arena.Env.Outcome(0));
    }

    [Fact]
    public void EqualSeedsStartEqualMatchesAndOthersDiffer()
    {
        var arena = new Arena(matches: 3);
        arena.Env.Reset(0, 77);
        arena.Env.Reset(1, 77);
        arena.Env.Reset(2, 78);
        Assert.Equal(arena.Env.StateHash(0), arena.Env.StateHash(1));
        Assert.NotEqual(arena.Env.StateHash(0), arena.Env.StateHash(2));
    }

    internal static float Read(Arena arena, int agent, string block, int slot, string feature)
    {
        BlockSpec b = arena.Spec.Observation.Single(x => x.Name == block);
        FeatureSpec f = b.Features.Single(x => x.Name == feature);
        byte value = arena.ObservationOf(0, agent)[b.RowsOffset + slot * b.SlotBytes + b.FeatureOffset(feature)];
        return f.Kind == FeatureKind.Categorical ? value : (sbyte)value / 127f * f.Scale;
    }
}
