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
        var met = new Coverage();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Property.Holds(MatchCase.Any(0, 2800), 200, c => heroSteps += Play(c, met));
        output.WriteLine($"{heroSteps} hero-steps in {clock.Elapsed.TotalSeconds:F1} s");
        met.AssertAll();
        Assert.True(heroSteps >= 1_000_000, $"{heroSteps} hero-steps; give it more matches");
    }

    private static long Play(MatchCase c, Coverage met)
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
            met.Note(trial);
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

/// <summary>What came about in the matches so far: a check that never met what it checks proves little.</summary>
internal sealed unsafe class Coverage
{
    private readonly HashSet<string> _met = new(StringComparer.Ordinal);

    public void Note(Trial trial)
    {
        ref WorldState s = ref trial.State;
        MobaContent content = trial.Env.World.Content;
        _met.Add(trial.Spec.Name);
        for (int a = 0; a < trial.Agents; a++)
        {
            int h = trial.HeroOf(a);
            _met.Add(((Verb)trial.ActionOf(a)[0]).ToString());
            if (s.Tick % 64 > trial.Env.World.Rules.DecisionTicks)
                continue;
            _met.Add(content.Heroes[s.Kind[h]].Name);
            _met.Add(((MacroCommand)s.Macro[h]).ToString());
            for (int k = 0; k < WorldState.Spells; k++)
                _met.Add(content.Spells[s.Spell[h * WorldState.Spells + k]].Name);
            for (int k = 0; k < WorldState.ItemSlots; k++)
            {
                if (s.Items[h * WorldState.ItemSlots + k] != 0)
                    _met.Add(content.Items[s.Items[h * WorldState.ItemSlots + k] - 1].Name);
            }
        }
        for (int u = UnitIndex.FirstSummon; u < UnitIndex.FirstWard; u++)
        {
            if (s.Alive[u] != 0)
                _met.Add(content.Summons[s.Kind[u]].Name);
        }
        if (s.EpicsSlain[0] + s.EpicsSlain[1] > 0)
            _met.Add("an epic monster slain");
        if (s.WardsPlaced[0] + s.WardsPlaced[5] > 0)
            _met.Add("a ward placed");
        if (s.Reason != EndReason.None)
            _met.Add(s.Reason.ToString());
    }

    public void AssertAll()
    {
        MobaContent content = MobaContent.Default;
        string[] wanted =
        [
            .. MobaOptions.Modes.Select(m => "moba/" + m), .. content.Heroes.Select(h => h.Name), .. content.Items.Select(i => i.Name),
            .. content.Spells.Select(i => i.Name), .. content.Summons.Select(u => u.Name),
            .. Enum.GetValues<Verb>().Select(v => v.ToString()), .. Enum.GetValues<MacroCommand>().Select(m => m.ToString()),
            "an epic monster slain", "a ward placed", .. Enum.GetValues<EndReason>().Except([EndReason.None]).Select(e => e.ToString()),
        ];
        Assert.Equal("", string.Join(", ", wanted.Except(_met)));
    }
}
