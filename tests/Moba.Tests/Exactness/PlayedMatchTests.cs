using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests.Exactness;

/// <summary>Whole matches, from the start: states, rewards and outcome.</summary>
public sealed class PlayedMatchTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int LookEvery = 3;

    /// <summary>No term of a reward is larger in one decision: an ace, or a level's worth of xp, is far below.</summary>
    private const float Largest = 40f;

    [Fact]
    public void EveryStateIsSoundAndRewardsAddUpToWhatHappened()
    {
        long heroSteps = 0;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Property.Holds(MatchCase.Any(0, 2800), 200, c => heroSteps += Play(c));
        output.WriteLine($"{heroSteps} hero-steps in {clock.Elapsed.TotalSeconds:F1} s");
        Assert.True(heroSteps >= 1_000_000, $"{heroSteps} hero-steps; give it more matches");
    }

    private static long Play(MatchCase c)
    {
        var trial = new Trial(c);
        EnvironmentSpec spec = trial.Spec;
        int terms = spec.Rewards.Count;
        double[] sums = new double[trial.Agents * terms];
        int decisions = 0;
        while (decisions < c.Decisions && !trial.Over)
        {
            trial.Choose();
            trial.Step();
            decisions++;
            for (int i = 0; i < sums.Length; i++)
            {
                float r = trial.Rewards[i];
                if (!(MathF.Abs(r) <= Largest))
                    Assert.Fail($"tick {trial.State.Tick}: agent {i / terms} gets {r} for {spec.Rewards[i % terms].Name}");
                sums[i] += r;
            }
            if (decisions % LookEvery == 0 || trial.Over)
                StateChecks.All(trial.Env.World, ref trial.State);
        }
        RewardsAddUp(trial, sums);
        return (long)decisions * trial.Agents;
    }

    private static unsafe void RewardsAddUp(Trial trial, double[] sums)
    {
        ref WorldState s = ref trial.State;
        WorldState start = trial.Start;
        for (int a = 0; a < trial.Agents; a++)
        {
            int h = trial.HeroOf(a);
            int team = a / trial.PerTeam;
            ReadOnlySpan<double> row = sums.AsSpan(a * Rewards.Count, Rewards.Count);
            Assert.Equal((s.GoldEarned[h] - start.GoldEarned[h]) / 100.0, row[Rewards.Gold], 2);
            Assert.Equal((s.XpEarned[h] - start.XpEarned[h]) / 100.0, row[Rewards.Xp], 2);
            Assert.Equal(s.LastHits[h], row[Rewards.LastHit]);
            Assert.Equal(s.Kills[h], row[Rewards.Kill]);
            Assert.Equal(s.Deaths[h], row[Rewards.Death]);
            Assert.Equal(s.Assists[h], row[Rewards.Assist]);
            Assert.Equal(s.MonsterKills[h], row[Rewards.Monster]);
            Assert.Equal(s.Finished == 0 || s.Winner < 0 ? 0 : s.Winner == team ? 1 : -1, row[Rewards.Win]);
        }
        if (!trial.Over)
            return;
        MatchOutcome outcome = trial.Env.Outcome(0);
        Assert.Equal(s.Winner, outcome.Winner);
        Assert.Equal(outcome.Reason == "ancient", s.Alive[UnitIndex.Ancient(0)] == 0 || s.Alive[UnitIndex.Ancient(1)] == 0);
    }
}
