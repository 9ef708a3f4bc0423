using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests;

/// <summary>Reaction delay and the cap on changed orders.</summary>
public sealed unsafe class ReflexTests
{
    private static readonly short[] Stay = [(short)Verb.Stay, -1, -1, -1, -1, -1];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void AnActionIsCarriedOutSoManyDecisionsLater(int delay)
    {
        var arena = new Arena(new MobaOptions { Mode = "1v1", ReactionDelay = [delay, 0] }, 1, 7);
        float x = arena.Env.State(0).X[0];
        for (int i = 0; i <= delay; i++)
        {
            Assert.Equal(x, arena.Env.State(0).X[0]);
            Assert.Equal((byte)Verb.Stay, arena.Env.State(0).OrderVerb[0]);
            Give(arena, 0, i == 0 ? [(short)Verb.Move, 0, -1, -1, -1, -1] : Stay);
            Give(arena, 1, Stay);
            arena.Step();
        }
        Assert.Equal((byte)Verb.Move, arena.Env.State(0).OrderVerb[0]);
        Assert.NotEqual(x, arena.Env.State(0).X[0]);
        Give(arena, 0, Stay);
        arena.Step();
        Assert.Equal((byte)Verb.Stay, arena.Env.State(0).OrderVerb[0]);
    }

    [Fact]
    public void WhatIsNoLongerLegalWhenItsTimeComesIsNotDone()
    {
        var arena = new Arena(new MobaOptions { Mode = "1v1", ReactionDelay = [2] }, 1, 7);
        Give(arena, 0, [(short)Verb.Move, 0, -1, -1, -1, -1]);
        Give(arena, 1, Stay);
        arena.Step();
        arena.Env.State(0).StunUntil[0] = 1000;
        float x = arena.Env.State(0).X[0];
        for (int i = 0; i < 4; i++)
        {
            Give(arena, 0, Stay);
            arena.Step();
            Assert.Equal((byte)Verb.Stay, arena.Env.State(0).OrderVerb[0]);
        }
        Assert.Equal(x, arena.Env.State(0).X[0]);
    }

    [Theory]
    [InlineData("quick", 1)]
    [InlineData("quick", 3)]
    [InlineData("full", 2)]
    [InlineData("full", 6)]
    public void NoSecondHasMoreChangedOrdersThanTheCap(string rules, int cap)
    {
        var options = new MobaOptions { Rules = rules, ActionRate = [cap, 0] };
        var world = new MobaWorld(options.Mode, options.Rules);
        var reflexes = new Reflexes(options, world.Rules);
        var states = GC.AllocateArray<WorldState>(1, pinned: true);
        var s = (WorldState*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref states[0]);
        world.Reset(ref *s, 8);
        var rng = new Rng(1);
        var changes = new List<int>();
        int free = 0;
        for (int i = 0; i < 300; i++)
        {
            for (int hero = 0; hero < UnitIndex.Heroes; hero += UnitIndex.HeroesPerTeam)
            {
                int d = rng.Next(Directions.Count);
                (byte, short, float, float) before = Order(s, hero);
                reflexes.Give(world, s, hero, rng.Next(3) == 0 ? new Order(Verb.Stay) : new Order(Verb.Move, -1, Directions.X(d), Directions.Y(d)));
                if (Order(s, hero) == before)
                    continue;
                if (hero == 0)
                    changes.Add(s->Tick);
                else
                    free++;
            }
            for (int k = 0; k < world.Rules.DecisionTicks; k++)
                world.Tick(ref *s);
        }
        foreach (int tick in changes)
            Assert.True(changes.Count(t => t >= tick && t < tick + RulesDefinition.TicksPerSecond) <= cap, $"from tick {tick}");
        double seconds = s->Tick / (double)RulesDefinition.TicksPerSecond;
        Assert.True(changes.Count > 0.6 * Math.Min(cap, 0.5 * free / seconds) * seconds, $"{changes.Count} changes in {seconds} s, {free} without a cap");
        Assert.True(free > changes.Count);
    }

    [Fact]
    public void SnapshotsCarryWhatIsUnderWay()
    {
        var arena = new Arena(new MobaOptions { Mode = "5v5", ReactionDelay = [0, 3], ActionRate = [3] }, 2, 9);
        byte[] snapshot = new byte[arena.Env.SnapshotBytes];
        for (int i = 0; i < 200; i++)
        {
            arena.Choose(homeEasy: true);
            arena.Env.Snapshot(0, snapshot);
            arena.Env.Restore(1, snapshot);
            arena.ActionsOf(0).CopyTo(arena.ActionsOf(1));
            arena.Step();
            Assert.Equal(arena.Env.StateHash(0), arena.Env.StateHash(1));
        }
    }

    [Fact]
    public void NoDelayAndAHighCapChangeNothing()
    {
        var plain = new Arena(new MobaOptions { Mode = "5v5" }, 1, 10);
        var capped = new Arena(new MobaOptions { Mode = "5v5", ReactionDelay = [0, 0], ActionRate = [MobaOptions.MaxActionRate, 0] }, 1, 10);
        for (int i = 0; i < 300; i++)
        {
            plain.Play(1, homeEasy: true);
            capped.Play(1, homeEasy: true);
            for (int h = 0; h < UnitIndex.Heroes; h++)
                Assert.Equal((plain.Env.State(0).X[h], plain.Env.State(0).Hp[h]), (capped.Env.State(0).X[h], capped.Env.State(0).Hp[h]));
        }
    }

    private static (byte, short, float, float) Order(WorldState* s, int hero) => (s->OrderVerb[hero], s->OrderTarget[hero], s->OrderX[hero], s->OrderY[hero]);

    private static void Give(Arena arena, int agent, short[] action) => action.CopyTo(arena.ActionOf(0, agent));
}
