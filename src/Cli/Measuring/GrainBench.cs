using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Grains;
using SelfPlayArena.League;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>Many matches in one process, hosted by match host grains for a league grain: what a match weighs, how fast they go, and how fast grains answer meanwhile.</summary>
internal static class GrainBench
{
    /// <summary>Decisions that every match plays before anything is measured: more than a chunk, so that all buffers are there.</summary>
    private const int WarmUpDecisions = 20;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(2);

    /// <summary>How long calls of one kind took.</summary>
    internal sealed record Latency(string Call, int Calls, double MedianMilliseconds, double P99Milliseconds, double WorstMilliseconds);

    /// <param name="BytesAMatch">Growth of the working set over that of the process with its empty silo, by matches.</param>
    /// <param name="ManagedBytesAMatch">The same of the managed heap in use, after a collection.</param>
    /// <param name="HeroStepsPerSecond">Simulated and acted, wall clock.</param>
    /// <param name="Cores">Processor time of the process, by wall clock, while that was measured.</param>
    internal sealed record Result(
        string Environment, string Network, int Matches, int Hosts, bool Trajectories, double BytesAMatch, double ManagedBytesAMatch, long EmptyBytes, double HeroStepsPerSecond, double Cores,
        long MatchesFinished, double Seconds, IReadOnlyList<Latency> Latencies);

    public static Result Run(IEnvironmentFactory factory, RunSettings settings, int matches, int hosts, bool trajectories, double seconds, Action<string> progress, CancellationToken cancellation)
    {
        const string name = "bench";
        string root = Directory.CreateTempSubdirectory("arena-bench-grains-").FullName;
        try
        {
            // Everybody is the learner: all ten heroes of every match go through the network, and all of them leave experience.
            settings = settings with { SelfPlayShare = 1, AnchorShare = 0 };
            var home = new BenchHome(root, factory);
            using IHost silo = ArenaSilo.Alone(home, home.Folder(name).Grains, new GrainMeter());
            silo.Start();
            IGrainFactory grains = silo.Services.GetRequiredService<IGrainFactory>();
            ILeagueGrain league = grains.GetGrain<ILeagueGrain>(name);
            Wait(league.Open(new LeagueTerms(name, "bench", factory.Spec.Name, factory.Spec.ContentHash, settings.Seed, JsonSerializer.Serialize(settings, RunFolder.Json), 0.99, 0.5, []), 0));
            Wait(league.Start(0, System.Environment.ProcessId));
            Collect();
            long empty = System.Environment.WorkingSet, emptyHeap = GC.GetTotalMemory(forceFullCollection: false);

            var port = new PlayingPort(factory, settings, trajectories);
            using LocalRun run = silo.Services.GetRequiredService<SiloRuns>().Open(name, port);
            HostOrder[] orders = [.. Enumerable.Range(0, hosts).Select(h => new HostOrder(name, h, matches / hosts + (h < matches % hosts ? 1 : 0)))];
            IMatchHostGrain[] all = [.. orders.Select(o => grains.GetGrain<IMatchHostGrain>(o.Key))];
            Wait(Task.WhenAll(all.Zip(orders, (grain, order) => grain.Start(order))));
            HostStatus[] now;
            do
            {
                cancellation.WaitHandle.WaitOne(500);
                cancellation.ThrowIfCancellationRequested();
                now = Look(all);
                progress($"{now.Sum(s => s.Matches)} matches, {now.Sum(s => s.HeroSteps) / ((double)matches * factory.Spec.Agents):0.0} of {WarmUpDecisions} decisions before measuring");
            }
            while (!now.Zip(orders).All(s => s.First.Matches == s.Second.Matches && s.First.HeroSteps >= (long)WarmUpDecisions * s.Second.Matches * factory.Spec.Agents));

            long before = now.Sum(s => s.HeroSteps), finishedBefore = now.Sum(s => s.Finished);
            var timings = new Dictionary<string, List<double>>();
            TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
            long start = Stopwatch.GetTimestamp();
            Measure(league, all, timings, seconds, cancellation).GetAwaiter().GetResult();
            now = Look(all);
            double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
            double cores = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds / elapsed;
            Collect();
            long full = System.Environment.WorkingSet, fullHeap = GC.GetTotalMemory(forceFullCollection: false);
            if (now.FirstOrDefault(s => s.Fault is not null) is { } broken)
                throw new InvalidOperationException($"a match host stopped: {broken.Fault}");
            Wait(Task.WhenAll(all.Select(g => g.Stop())));
            run.Dispose();
            silo.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
            return new Result(
                factory.Spec.Name, settings.Network, matches, hosts, trajectories, (full - empty) / (double)matches, (fullHeap - emptyHeap) / (double)matches, empty,
                (now.Sum(s => s.HeroSteps) - before) / elapsed, cores, now.Sum(s => s.Finished) - finishedBefore, elapsed,
                [.. timings.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => Of(t.Key, t.Value)), Of("all", [.. timings.Values.SelectMany(v => v)])]);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static Latency Of(string call, List<double> ms) => new(call, ms.Count, Statistics.Median(ms), Statistics.Quantile(ms, 0.99), ms.Max());

    private static void Collect()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
    }

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static HostStatus[] Look(IMatchHostGrain[] hosts) => Wait(Task.WhenAll(hosts.Select(h => h.Status())));

    /// <summary>Calls grains of each kind in turn, as hosts and people do, and notes how long each answer took.</summary>
    private static async Task Measure(ILeagueGrain league, IMatchHostGrain[] hosts, Dictionary<string, List<double>> timings, double seconds, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            await Time("host status", hosts[i % hosts.Length].Status());
            await Time("league next", league.Next(new MatchupRequest([], 4)));
            await Time("league facts", league.Facts());
            await Task.Delay(Between, cancellation);
        }

        async Task Time<T>(string call, Task<T> answer)
        {
            long asked = Stopwatch.GetTimestamp();
            await answer.ConfigureAwait(false);
            if (!timings.TryGetValue(call, out List<double>? list))
                timings.Add(call, list = []);
            list.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }
    }

    /// <summary>A run that nobody learns from: hosts play for it with a fixed policy.</summary>
    private sealed class PlayingPort : ILocalRunPort
    {
        public PlayingPort(IEnvironmentFactory factory, RunSettings settings, bool trajectories)
        {
            Factory = factory;
            Plan = new NetworkPlan(NetworkSize.Named(settings.Network).Describe(factory.Spec), factory.Spec);
            Latest = new PublishedWeights(0, WeightInitializer.Create(Plan, Seeds.Derive(settings.Seed, "weights")));
            Policies = new OnePolicy(new PolicyVersion(new PolicyNetwork(Plan, Latest.Weights), 0));
            Layout = new TrajectoryLayout(factory.Spec, settings.ChunkSteps, Plan.RecurrentSize);
            Sink = new Bin();
            Experience = trajectories ? Sink : null;
            MatchesPerHost = settings.MatchesPerActor;
            Seed = settings.Seed;
        }

        public IEnvironmentFactory Factory { get; }
        public IPolicySource Policies { get; }
        public ITrajectorySink? Experience { get; }
        public IMatchRecorder? Recorder => null;
        public EnvironmentSpec Spec => Factory.Spec;
        public EnvironmentRecipe Recipe => Factory.Recipe;
        public NetworkPlan Plan { get; }
        public TrajectoryLayout Layout { get; }
        public Rollout.HostOptions Options { get; } = new();
        public int MatchesPerHost { get; }
        public ulong Seed { get; }
        public ITrajectorySink Sink { get; }
        public int MostWaiting => int.MaxValue;
        public PublishedWeights Latest { get; }
        public long Position => 0;
        public long DurablePosition => 0;

        public IDisposable Enlist(MatchHost host) => new Bin();

        public void HostFailed(Exception reason)
        {
            // The host's status says so.
        }

        public byte[] Bundle(PlayerId player) => throw new FileNotFoundException($"'{player}' is no frozen version");

        public int Join() => throw new NotSupportedException("hosts here have matchups from the league's grain");

        public void Leave(int host) => throw new NotSupportedException("hosts here have matchups from the league's grain");

        public Assignment Next(int host) => throw new NotSupportedException("hosts here have matchups from the league's grain");

        public void Ended(int host, Assignment assignment) => throw new NotSupportedException("hosts here have matchups from the league's grain");

        public bool Report(MatchResult result) => throw new NotSupportedException("hosts here report to the league's grain");

        public void Flush(bool all)
        {
        }

        public void Count(HostCounters done)
        {
        }
    }

    private sealed class OnePolicy(PolicyVersion policy) : IPolicySource
    {
        public PolicyVersion Get(PlayerId player) => player.IsLatest ? policy : throw new ArgumentException($"'{player}' does not play here", nameof(player));
    }

    /// <summary>Takes chunks at once, as a learner does that is never behind.</summary>
    private sealed class Bin : ITrajectorySink, IDisposable
    {
        public bool Write(TrajectoryChunk chunk, CancellationToken cancellation)
        {
            chunk.Dispose();
            return true;
        }

        public void Dispose()
        {
        }
    }

    private sealed class BenchHome(string root, IEnvironmentFactory factory) : IRunHome
    {
        public IEventLog OpenLog(string run) => FileEventLog.Open(Folder(run).Events);

        public RunFolder Folder(string run)
        {
            string path = Path.Combine(root, run);
            Directory.CreateDirectory(path);
            return new RunFolder(path);
        }

        public IEnvironmentFactory Environment(RunSettings settings) => factory;

        public IEnvironmentFactory Environment(EnvironmentRecipe recipe) => factory;

        public ITrajectoryTransport Transport(int capacity) => new TrajectoryQueue(capacity);

        public RunDoor? OpenDoor(string run, ILocalRunPort port) => null;

        public WorkerTarget Target(string endpoint) => throw new InvalidOperationException("nobody learns elsewhere");
    }
}
