using SelfPlayArena.Core;
using SelfPlayArena.Matching;

namespace SelfPlayArena.Policies.Tests;

public sealed class MatchingTests
{
    [Fact]
    public void ThePerfectPlayerEarnsTheOptimumAndRandomDoesNot()
    {
        double perfect = MeanReward(perfect: true, reverse: false), random = MeanReward(perfect: false, reverse: false);
        Assert.Equal(MatchingEnvironment.OptimalReturn, perfect, 1e-6);
        Assert.InRange(random, 0.1, 0.4);
        Assert.Equal(-perfect, MeanReward(perfect: true, reverse: true), 1e-6);
    }

    [Fact]
    public void SnapshotsAreValues()
    {
        var env = new MatchingEnvironment(1);
        EnvironmentSpec spec = env.Spec;
        env.Reset(0, 99);
        var snapshot = new byte[env.SnapshotBytes];
        env.Snapshot(0, snapshot);
        ulong start = env.StateHash(0), end = Play();
        env.Restore(0, snapshot);
        Assert.Equal(start, env.StateHash(0));
        Assert.Equal(end, Play());
        env.Reset(0, 100);
        Assert.NotEqual(start, env.StateHash(0));

        ulong Play()
        {
            var rng = new Rng(1);
            var (observations, masks, actions) = (new byte[spec.Agents * spec.ObservationBytes], new byte[spec.Agents * spec.MaskBytes], new short[spec.Agents * 3]);
            MatchStatus status = MatchStatus.Running;
            while (status == MatchStatus.Running)
            {
                env.Observe(0, observations, masks, default);
                for (int a = 0; a < spec.Agents; a++)
                    RandomPlayer.Act(spec, masks.AsSpan(a * spec.MaskBytes, spec.MaskBytes), actions.AsSpan(a * 3, 3), ref rng);
                status = env.StepOnly(0, actions);
            }
            Assert.InRange(env.Outcome(0).Decisions, 8, 12);
            return env.StateHash(0);
        }
    }

    [Fact]
    public void DeterminizeKeepsWhatTheTeamSees()
    {
        var env = new MatchingEnvironment(1);
        EnvironmentSpec spec = env.Spec;
        var rng = new Rng(5);
        bool changed = false;
        for (int i = 0; i < 20; i++)
        {
            env.Reset(0, (ulong)i);
            byte[] before = Observe(), after;
            ulong hash = env.StateHash(0);
            env.Determinize(0, 1, ref rng);
            after = Observe();
            int half = before.Length / 2;
            Assert.Equal(before[half..], after[half..]);
            changed |= !before.AsSpan(0, half).SequenceEqual(after.AsSpan(0, half)) && hash != env.StateHash(0);
        }
        Assert.True(changed);

        byte[] Observe()
        {
            var observations = new byte[spec.Agents * spec.ObservationBytes];
            env.Observe(0, observations, new byte[spec.Agents * spec.MaskBytes], default);
            return observations;
        }
    }

    [Fact]
    public void TheCueIsShownOnlyOnceAndPickNeedsACard()
    {
        var env = new MatchingEnvironment(1);
        EnvironmentSpec spec = env.Spec;
        BlockSpec cue = spec.Observation[1], cards = spec.Observation[2];
        var (observations, masks) = (new byte[spec.Agents * spec.ObservationBytes], new byte[spec.Agents * spec.MaskBytes]);
        int empty = 0, shown = 0, decisions = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            env.Reset(0, seed);
            bool first = true;
            do
            {
                env.Observe(0, observations, masks, default);
                for (int a = 0; a < spec.Agents; a++)
                {
                    Assert.Equal(first ? 1 : 0, observations[a * spec.ObservationBytes + cue.Offset]);
                    int present = observations.AsSpan(a * spec.ObservationBytes + cards.Offset, cards.Slots).Count((byte)1);
                    Assert.Equal(present > 0 ? 1 : 0, masks[a * spec.MaskBytes + 1]);
                    (empty, shown, decisions) = (empty + (present == 0 ? 1 : 0), shown + (first ? 1 : 0), decisions + 1);
                }
                first = false;
            }
            while (env.StepOnly(0, new short[spec.Agents * 3]) == MatchStatus.Running);
        }
        Assert.InRange(empty, decisions / 10, decisions / 2);
        Assert.Equal(80, shown);
    }

    private static double MeanReward(bool perfect, bool reverse)
    {
        const int Matches = 100;
        var env = new MatchingEnvironment(Matches, reverse);
        EnvironmentSpec spec = env.Spec;
        int agents = spec.Agents;
        var (observations, masks) = (new byte[agents * spec.ObservationBytes], new byte[agents * spec.MaskBytes]);
        var (actions, rewards, status) = (new short[Matches * agents * 3], new float[Matches * agents * 2], new MatchStatus[Matches]);
        var rng = new Rng(3);
        double total = 0, steps = 0;
        while (status.Contains(MatchStatus.Running))
        {
            steps += agents * status.Count(s => s == MatchStatus.Running);
            for (int m = 0; m < Matches; m++)
            {
                env.Observe(m, observations, masks, default);
                for (int a = 0; a < agents; a++)
                {
                    Span<short> action = actions.AsSpan((m * agents + a) * 3, 3);
                    if (perfect)
                        env.ActScripted(m, a, 0, action, ref rng);
                    else
                        RandomPlayer.Act(spec, masks.AsSpan(a * spec.MaskBytes, spec.MaskBytes), action, ref rng);
                }
            }
            env.Step(actions, rewards, status);
            total += rewards.Sum();
        }
        return total / steps;
    }
}
