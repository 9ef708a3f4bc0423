using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests.Exactness;

public sealed class AllocationTests
{
    public static TheoryData<string, string> Matches()
    {
        var all = new TheoryData<string, string>();
        foreach (string mode in MobaOptions.Modes)
        {
            foreach (string rules in MobaOptions.RuleSets)
                all.Add(mode, rules);
        }
        return all;
    }

    [Theory]
    [MemberData(nameof(Matches))]
    public void PlayingAllocatesNothing(string mode, string rules)
    {
        int last = MatchCase.Players(mode) - 1;
        var trial = new Trial(new MatchCase(mode, rules, 3, 5, 6, 4, last, last, 200, 0));
        byte[] snapshot = new byte[trial.Env.SnapshotBytes];
        var rng = new Rng(1);
        Play(trial, snapshot, ref rng, 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int played = Play(trial, snapshot, ref rng, 1200);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(played > 600, $"the match ended after {played} decisions");
    }

    private static int Play(Trial trial, byte[] snapshot, ref Rng rng, int decisions)
    {
        for (int i = 0; i < decisions; i++)
        {
            if (trial.Over)
                return i;
            trial.Env.Snapshot(0, snapshot);
            trial.Choose();
            trial.Env.StepOnly(0, trial.Actions);
            trial.Env.Restore(0, snapshot);
            trial.Env.Determinize(0, i & 1, ref rng);
            trial.Env.StateHash(0);
            trial.Env.Restore(0, snapshot);
            trial.Step();
        }
        return decisions;
    }
}
