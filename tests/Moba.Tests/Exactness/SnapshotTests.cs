using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests.Exactness;

/// <summary>A match is a value: copied, it goes on alike wherever it is put.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public void FromASnapshotEverythingGoesOnBitForBit() => Property.Holds(MatchCase.Any(1500, 40), 60, c =>
    {
        var trial = new Trial(c);
        var elsewhere = Trial.Shared(c, 3);
        byte[] snapshot = new byte[trial.Env.SnapshotBytes];
        byte[] observations = new byte[trial.Observations.Length];
        byte[] masks = new byte[trial.Masks.Length];
        byte[] full = new byte[trial.Full.Length];
        var rng = new Rng((ulong)c.Seed);
        for (int i = 0; i < c.Decisions && !trial.Over; i++)
        {
            trial.Env.Snapshot(0, snapshot);
            WorldState before = trial.State;
            trial.Choose();
            Same(in before, in trial.State, "observing and choosing");

            elsewhere.Restore(2, snapshot);
            bool looks = rng.Next(2) == 0;
            if (looks)
            {
                elsewhere.Observe(2, observations, masks, full);
                Assert.True(observations.AsSpan().SequenceEqual(trial.Observations), $"tick {before.Tick}: observations differ after a restore");
                Assert.True(masks.AsSpan().SequenceEqual(trial.Masks), $"tick {before.Tick}: masks differ after a restore");
                Assert.True(full.AsSpan().SequenceEqual(trial.Full), $"tick {before.Tick}: the full state's view differs after a restore");
            }
            ScriptedChooseAlike(trial, elsewhere, rng);
            trial.Step();
            float[] rewards = [.. trial.Rewards];
            elsewhere.StepOnly(2, trial.Actions);
            Same(in trial.State, in elsewhere.State(2), "a step elsewhere");

            WorldState after = trial.State;
            trial.Env.Restore(0, snapshot);
            Same(in before, in trial.State, "restoring");
            trial.Step();
            Same(in after, in trial.State, "a second step");
            Assert.True(rewards.AsSpan().SequenceEqual(trial.Rewards), $"tick {after.Tick}: the second step's rewards differ");
        }
    });

    [Fact]
    public void AMatchDoesNotDependOnItsNeighboursOrThread() => Property.Holds(MatchCase.Any(0, 500), 24, c =>
    {
        ulong alone = 0;
        var thread = new Thread(() => alone = Digest(c, 1));
        thread.Start();
        ulong together = Digest(c, 4);
        thread.Join();
        Assert.Equal(alone, together);
    });

    private static ulong Digest(MatchCase c, int matches)
    {
        var trial = new Trial(c, matches);
        var rng = new Rng((ulong)matches);
        for (int m = 1; m < matches; m++)
            trial.Env.Reset(m, rng.NextUInt64());
        ulong hash = StableHash.Start;
        for (int i = 0; i < c.Decisions && !trial.Over; i++)
        {
            trial.Choose();
            int own = trial.Agents * trial.Spec.Heads.Count;
            for (int k = own; k < trial.Actions.Length; k++)
                trial.Actions[k] = (short)rng.Next(16);
            trial.Step();
            hash = StableHash.Append(hash, trial.Observations);
            hash = StableHash.Append(hash, trial.Masks);
            hash = StableHash.Append(hash, trial.Full);
            hash = StableHash.Append(hash, System.Runtime.InteropServices.MemoryMarshal.AsBytes(trial.Rewards.AsSpan(0, trial.Agents * trial.Spec.Rewards.Count)));
            hash ^= trial.Env.StateHash(0);
        }
        return hash;
    }

    /// <summary>Scripted players remember nothing but what the state holds.</summary>
    private static void ScriptedChooseAlike(Trial trial, MobaEnvironment elsewhere, Rng rng)
    {
        Span<short> here = stackalloc short[trial.Spec.Heads.Count];
        Span<short> there = stackalloc short[trial.Spec.Heads.Count];
        for (int player = 0; player < trial.Spec.ScriptedPlayers.Count; player++)
        {
            int agent = rng.Next(trial.Agents);
            Rng a = rng;
            Rng b = rng;
            trial.Env.ActScripted(0, agent, player, here, ref a);
            elsewhere.ActScripted(2, agent, player, there, ref b);
            Assert.True(here.SequenceEqual(there), $"tick {trial.State.Tick}: {trial.Spec.ScriptedPlayers[player]} chooses differently after a restore, agent {agent}");
        }
    }

    private static void Same(in WorldState a, in WorldState b, string what)
    {
        if (!StateFields.Same(in a, in b))
            Assert.Fail($"tick {a.Tick}: {what} changes {StateFields.Difference(in a, in b)}");
    }
}
