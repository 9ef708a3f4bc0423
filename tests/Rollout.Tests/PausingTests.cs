using System.Collections.Concurrent;
using System.Diagnostics;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Streaming;
using SelfPlayArena.Testing;

namespace SelfPlayArena.Rollout.Tests;

public sealed class PausingTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string _root = Directory.CreateTempSubdirectory("arena-pause-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_paused_run_stands_still_takes_the_snapshot_that_is_asked_for_and_goes_on(bool lockstep)
    {
        var folder = new RunFolder(Path.Combine(_root, "run"));
        RunSettings settings = SmallLeague.Settings with { Lockstep = lockstep, SnapshotSteps = 1_000_000_000 };
        using SelfPlayRun run = SelfPlayRun.Create(folder, settings, "test", new MatchingFactory(), n => new TrajectoryQueue(n), TimeProvider.System);
        using var stop = new CancellationTokenSource();
        using var updates = new BlockingCollection<long>();
        var thread = new Thread(() => run.Run(new RunLimits(), p => updates.Add(p.Updates), stop.Token));
        thread.Start();
        Assert.True(updates.TryTake(out _, Patience));

        run.Pause();
        Assert.True(run.IsPaused);
        Assert.Equal(("paused", true), (run.Health.State, run.Health.Healthy));
        // The first may be taken by the update that is under way, before it is told of; the second then comes from where the run stands.
        for (int version = 1; version <= 2; version++)
        {
            string snapshot = Path.Combine(folder.Policies, ModelPool.FileName(new PlayerId(new MemberId("main"), version)));
            run.AskForSnapshot();
            Assert.True(SpinWait.SpinUntil(() => File.Exists(snapshot) && PolicyBundle.Load(snapshot).Card.Version == version, Patience), $"snapshot {version}");
        }
        while (updates.TryTake(out _))
        {
        }
        long steps = run.TrainedSteps;
        Assert.False(updates.TryTake(out _, TimeSpan.FromMilliseconds(300)));
        Assert.Equal(steps, run.TrainedSteps);

        run.Resume();
        Assert.True(updates.TryTake(out _, Patience));
        Assert.True(run.TrainedSteps > steps);
        run.Pause();
        stop.Cancel();
        Assert.True(thread.Join(Patience));
        Assert.Equal("ended", run.Health.State);
    }

    [Fact]
    public void Threads_that_cannot_lower_their_priority_rest_as_long_as_they_worked_while_people_play_and_not_otherwise()
    {
        var pressure = new PlayPressure();
        var work = new SetTime();
        var pace = new TrainingPace(work, byPriority: false) { Pressure = pressure };
        TimeSpan before = Resting(pace, work), during;
        using (pressure.Raise())
            during = Resting(pace, work);
        // Five pieces of work have four rests between them.
        Assert.True(during > TimeSpan.FromMilliseconds(350), during.ToString());
        Assert.True(before < during && Resting(pace, work) < during, before.ToString());
    }

    [Fact]
    public void Threads_have_the_lowest_priority_while_people_play_and_get_their_own_back()
    {
        if (!ThreadNiceness.CanBeTakenBack)
            return;
        var pressure = new PlayPressure();
        var pace = new TrainingPace(TimeProvider.System, byPriority: true) { Pressure = pressure };
        var seen = new List<int>();
        var thread = new Thread(() =>
        {
            seen.Add(Breathe());
            IDisposable first = pressure.Raise(), second = pressure.Raise();
            seen.Add(Breathe());
            first.Dispose();
            first.Dispose();
            seen.Add(Breathe());
            second.Dispose();
            seen.Add(Breathe());
        });
        thread.Start();
        thread.Join();
        Assert.Equal([seen[0], ThreadNiceness.Lowest, ThreadNiceness.Lowest, seen[0]], seen);

        int Breathe()
        {
            pace.Breathe(default);
            return ThreadNiceness.Get();
        }
    }

    /// <summary>How long a thread rests that does five pieces of work of 100 ms.</summary>
    private static TimeSpan Resting(TrainingPace pace, SetTime work)
    {
        TimeSpan rested = TimeSpan.Zero;
        for (int i = 0; i < 5; i++)
        {
            work.Ticks += TimeSpan.FromMilliseconds(100).Ticks;
            long rest = Stopwatch.GetTimestamp();
            pace.Breathe(default);
            rested += Stopwatch.GetElapsedTime(rest);
        }
        return rested;
    }

    private sealed class SetTime : TimeProvider
    {
        public long Ticks { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ticks;
    }
}
