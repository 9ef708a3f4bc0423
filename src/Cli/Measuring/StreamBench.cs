using System.Diagnostics;
using System.Net;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>Times the stream between a worker and a learner. Both ends run here, so that rates are what two threads of one machine manage.</summary>
internal static class StreamBench
{
    /// <summary>Seconds before each measurement that do not count.</summary>
    private const double WarmUp = 2;

    /// <param name="PayloadBytesPerSecond">Chunks' buffers carried, as fast as they go.</param>
    /// <param name="CpuSecondsPerGigabyte">Time of all cores, both ends, for 1e9 of these bytes; unlike the rate, it hardly depends on what else the machine does.</param>
    /// <param name="HeroStepsPerSecond">The same with chunks that were played, copied before they are sent, and counted in hero-steps.</param>
    /// <param name="LoopbackCpu">Time of all cores, both ends, at <paramref name="Rate"/>, by elapsed time, less <paramref name="PacingCpu"/>. The median, as all that is repeated.</param>
    /// <param name="InProcessCpu">The same through the queue within one process.</param>
    /// <param name="PacingCpu">What the loop takes that copies chunks and sleeps, carrying nothing.</param>
    /// <param name="LoopbackCpus">Each repetition.</param>
    /// <param name="HeldBytes">Chunks that both ends held once the learner read no more and the worker was stopped by that.</param>
    /// <param name="MostHeldBytes">What they may hold at most.</param>
    /// <param name="StoppedGrowthBytes">Growth of the process from before until then.</param>
    internal sealed record Result(
        string Environment, double PayloadBytesPerSecond, double CpuSecondsPerGigabyte, double HeroStepsPerSecond, double Rate, double LoopbackCpu, double InProcessCpu, double PacingCpu,
        IReadOnlyList<double> LoopbackCpus, IReadOnlyList<double> InProcessCpus, int HeldChunks, long HeldBytes,
        long MostHeldBytes, long StoppedGrowthBytes, int ChunkBytes, int ChunkHeroSteps, double BytesPerHeroStep, double Seconds);

    public static Result Run(IEnvironmentFactory factory, RunSettings settings, double seconds, double rate, int repeats, CancellationToken cancellation)
    {
        var plan = new NetworkPlan(settings.NetworkSize().Describe(factory.Spec), factory.Spec);
        Weights weights = WeightInitializer.Create(plan, Seeds.Derive(settings.Seed, "weights"));
        List<TrajectoryChunk> played = new SelfPlayRecording(factory, new PolicyNetwork(plan, weights), settings).Record(2048, cancellation, out _);
        foreach (TrajectoryChunk cutShort in played.Where(c => c.Length < c.Layout.Steps).ToArray())
        {
            played.Remove(cutShort);
            cutShort.Dispose();
        }
        try
        {
            TrajectoryLayout layout = played[0].Layout;
            Fill(layout, Copied(played));
            List<double> bytes = [], costs = [], steps = [], pacing = [], inProcess = [], loopback = [];
            // In turns, so that what else the machine does meets all of them.
            for (int i = 0; i < repeats; i++)
            {
                (long rawBytes, _, double rawCpu) = Carry(factory, plan, weights, layout, _ => { }, seconds, null, cancellation);
                bytes.Add(rawBytes / seconds);
                costs.Add(rawCpu / Math.Max(rawBytes / 1e9, 1e-9));
                steps.Add(Carry(factory, plan, weights, layout, Copied(played), seconds, null, cancellation).HeroSteps / seconds);
                pacing.Add(Paced(layout, Copied(played), seconds, rate, null, cancellation));
                using (var queue = new TrajectoryQueue(64))
                    inProcess.Add(Paced(layout, Copied(played), seconds, rate, queue, cancellation));
                (_, long carried, double cpu) = Carry(factory, plan, weights, layout, Copied(played), seconds, rate, cancellation);
                loopback.Add(cpu / Math.Max(carried, 1) * rate);
            }
            double pace = Statistics.Median(pacing);
            double[] inProcessCpus = [.. inProcess.Select(c => Math.Max(0, c - pace))], loopbackCpus = [.. loopback.Select(c => Math.Max(0, c - pace))];
            (int held, long most, long growth) = Stopped(factory, plan, weights, layout, Copied(played), cancellation);
            int full = layout.Steps * layout.Agents;
            return new Result(
                factory.Spec.Name, Statistics.Median(bytes), Statistics.Median(costs), Statistics.Median(steps), rate, Statistics.Median(loopbackCpus), Statistics.Median(inProcessCpus), pace,
                loopbackCpus, inProcessCpus, held, (long)held * layout.Bytes, most, growth, layout.Bytes, full, (double)layout.Bytes / full, seconds);
        }
        finally
        {
            foreach (TrajectoryChunk chunk in played)
                chunk.Dispose();
        }
    }

    private static Action<TrajectoryChunk> Copied(List<TrajectoryChunk> played)
    {
        int next = 0;
        return chunk =>
        {
            TrajectoryChunk from = played[next++ % played.Count];
            (chunk.Length, chunk.Team, chunk.Player, chunk.Terminated, chunk.Truncated) = (from.Length, from.Team, from.Player, from.Terminated, from.Truncated);
            (chunk.MatchupId, chunk.MatchId, chunk.FirstDecision) = (from.MatchupId, from.MatchId, from.FirstDecision);
            from.Buffer.CopyTo(chunk.Buffer);
        };
    }

    /// <summary>Sends chunks over loopback, as fast as they go or at a rate, and counts what the learner took.</summary>
    /// <param name="rate">Hero-steps a second; null for as many as possible.</param>
    private static (long Bytes, long HeroSteps, double Cpu) Carry(
        IEnvironmentFactory factory, NetworkPlan plan, Weights weights, TrajectoryLayout layout, Action<TrajectoryChunk> fill, double seconds, double? rate, CancellationToken cancellation)
    {
        var sink = new CountingSink();
        using var pair = new Pair(factory, plan, weights, layout, sink);
        var pace = new Pace(rate);
        using Process process = Process.GetCurrentProcess();
        long start = Stopwatch.GetTimestamp();
        TimeSpan cpu = process.TotalProcessorTime;
        (long chunks, long heroSteps) = (0, 0);
        bool warm = false;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < (warm ? seconds : WarmUp))
        {
            TrajectoryChunk chunk = Empty(layout);
            fill(chunk);
            int steps = chunk.AgentSteps;
            pair.Link.Write(chunk, cancellation);
            cancellation.ThrowIfCancellationRequested();
            pace.Wait(steps);
            if (warm || Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUp)
                continue;
            // What was compiled meanwhile is no part of carrying.
            warm = true;
            process.Refresh();
            (start, cpu, chunks, heroSteps) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime, sink.Chunks, sink.HeroSteps);
        }
        process.Refresh();
        return ((sink.Chunks - chunks) * layout.Bytes, sink.HeroSteps - heroSteps, (process.TotalProcessorTime - cpu).TotalSeconds);
    }

    /// <summary>Processor time a second of copying chunks at a rate into a queue that somebody reads; without a queue, of copying them at that rate.</summary>
    private static double Paced(TrajectoryLayout layout, Action<TrajectoryChunk> fill, double seconds, double rate, TrajectoryQueue? queue, CancellationToken cancellation)
    {
        var reader = new Thread(() =>
        {
            while (queue?.Read(cancellation) is { } chunk)
                chunk.Dispose();
        });
        reader.Start();
        var pace = new Pace(rate);
        using Process process = Process.GetCurrentProcess();
        long start = Stopwatch.GetTimestamp();
        TimeSpan cpu = process.TotalProcessorTime;
        long carried = 0;
        bool warm = false;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < (warm ? seconds : WarmUp) && !cancellation.IsCancellationRequested)
        {
            TrajectoryChunk chunk = Empty(layout);
            fill(chunk);
            int steps = chunk.AgentSteps;
            carried += steps;
            if (queue is null)
                chunk.Dispose();
            else
                queue.Write(chunk, cancellation);
            pace.Wait(steps);
            if (warm || Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUp)
                continue;
            warm = true;
            process.Refresh();
            (start, cpu, carried) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime, 0);
        }
        process.Refresh();
        double used = (process.TotalProcessorTime - cpu).TotalSeconds;
        queue?.Close();
        reader.Join();
        cancellation.ThrowIfCancellationRequested();
        // By what was carried: on a machine that does much else, fewer chunks than asked for come through.
        return used / Math.Max(carried, 1) * rate;
    }

    /// <summary>Lets a worker write until it is stopped by a learner that takes nothing.</summary>
    private static (int Held, long Most, long Growth) Stopped(
        IEnvironmentFactory factory, NetworkPlan plan, Weights weights, TrajectoryLayout layout, Action<TrajectoryChunk> fill, CancellationToken cancellation)
    {
        using var sink = new ClosedSink();
        using var pair = new Pair(factory, plan, weights, layout, sink);
        long before = Environment.WorkingSet;
        using var tired = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        tired.CancelAfter(TimeSpan.FromSeconds(3));
        while (!tired.IsCancellationRequested)
        {
            TrajectoryChunk chunk = Empty(layout);
            fill(chunk);
            pair.Link.Write(chunk, tired.Token);
        }
        cancellation.ThrowIfCancellationRequested();
        int held = pair.Link.Counters.Waiting + (int)pair.Listener.Counters.Chunks;
        long growth = Environment.WorkingSet - before;
        sink.Open();
        return (held, 2L * pair.Listener.WindowBytes, growth);
    }

    /// <summary>Puts played chunks' bytes into the layout's free buffers, so that chunks that nobody fills are sound all the same.</summary>
    private static void Fill(TrajectoryLayout layout, Action<TrajectoryChunk> fill)
    {
        TrajectoryChunk[] chunks = [.. Enumerable.Range(0, 2 + new StreamLimits().WindowBytes / layout.Bytes).Select(_ => Empty(layout))];
        foreach (TrajectoryChunk chunk in chunks)
            fill(chunk);
        foreach (TrajectoryChunk chunk in chunks)
            chunk.Dispose();
    }

    private static TrajectoryChunk Empty(TrajectoryLayout layout)
        => new(layout, zeroed: false) { Length = layout.Steps, Player = new PlayerId(new MemberId("main"), PlayerId.Latest) };

    /// <summary>A learner that only takes, and a worker connected to it.</summary>
    private sealed class Pair : IDisposable
    {
        public Pair(IEnvironmentFactory factory, NetworkPlan plan, Weights weights, TrajectoryLayout layout, ITrajectorySink sink)
        {
            Listener = new LearnerListener(
                LearnerListener.Bind(new IPEndPoint(IPAddress.Loopback, 0)), new TakingPort(factory, plan, weights, layout, sink), SharedSecret.None, new StreamLimits(), _ => { }, TimeProvider.System);
            Link = new WorkerLink(
                new WorkerTarget("127.0.0.1", Listener.EndPoint.Port, SharedSecret.None, TimeSpan.FromSeconds(10)), 1, 1, _ => factory, _ => { }, TimeProvider.System);
            _ = Link.Terms(default);
        }

        public LearnerListener Listener { get; }

        public WorkerLink Link { get; }

        public void Dispose()
        {
            Link.Drain(TimeSpan.FromSeconds(5));
            Link.Dispose();
            Listener.Dispose();
        }
    }

    private sealed class CountingSink : ITrajectorySink
    {
        private long _chunks, _steps;

        public long Chunks => Interlocked.Read(ref _chunks);

        public long HeroSteps => Interlocked.Read(ref _steps);

        public bool Write(TrajectoryChunk chunk, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _chunks);
            Interlocked.Add(ref _steps, chunk.AgentSteps);
            chunk.Dispose();
            return true;
        }

        public bool TryWrite(TrajectoryChunk chunk) => Write(chunk, default);
    }

    private sealed class ClosedSink : ITrajectorySink, IDisposable
    {
        private readonly ManualResetEventSlim _open = new();

        public void Open() => _open.Set();

        public bool Write(TrajectoryChunk chunk, CancellationToken cancellation)
        {
            _open.Wait(cancellation);
            chunk.Dispose();
            return true;
        }

        public void Dispose() => _open.Dispose();
    }

    /// <summary>Holds a producer back to a rate.</summary>
    private sealed class Pace(double? rate)
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private double _steps;

        public void Wait(int steps)
        {
            if (rate is not { } perSecond)
                return;
            _steps += steps;
            double early = _steps / perSecond - Stopwatch.GetElapsedTime(_start).TotalSeconds;
            if (early > 0.001)
                Thread.Sleep(TimeSpan.FromSeconds(early));
        }
    }

    private sealed class TakingPort(IEnvironmentFactory factory, NetworkPlan plan, Weights weights, TrajectoryLayout layout, ITrajectorySink sink) : IRunPort
    {
        public EnvironmentSpec Spec => factory.Spec;
        public EnvironmentRecipe Recipe => factory.Recipe;
        public NetworkPlan Plan => plan;
        public TrajectoryLayout Layout { get; } = new(factory.Spec, layout.Steps, layout.RecurrentSize);
        public HostOptions Options { get; } = new();
        public int MatchesPerHost => 1;
        public ulong Seed => 1;
        public ITrajectorySink Sink => sink;
        public int MostWaiting => int.MaxValue;
        public PublishedWeights Latest { get; } = new(0, weights);
        public long Position => 0;
        public long DurablePosition => 0;

        public byte[] Bundle(PlayerId player) => throw new FileNotFoundException();

        public int Join() => 0;

        public void Leave(int host)
        {
        }

        public Assignment Next(int host)
        {
            var player = new PlayerId(new MemberId("main"), PlayerId.Latest);
            return new Assignment(new Matchup(0, player, player, 1, 1), "0", 0, 1);
        }

        public void Ended(int host, Assignment assignment)
        {
        }

        public bool Report(MatchResult result) => true;

        public void Flush(bool all)
        {
        }

        public void Count(HostCounters done)
        {
        }
    }
}
