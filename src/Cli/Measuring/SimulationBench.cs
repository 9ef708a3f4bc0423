using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>
/// Times the simulator as a match host uses it: observe all matches with masks, choose, step all. Numbers of matches take turns, so that a
/// disturbance of the machine meets all of them.
/// </summary>
internal static class SimulationBench
{
    /// <param name="Players">What is printed: random, or the scripted player's name.</param>
    /// <param name="Player">Index of the scripted player, or <see cref="PlayedMatches.Random"/>.</param>
    /// <param name="Threads">1, or more to measure as many threads as well, each with a batch of its own.</param>
    /// <param name="RollOuts">Also time steps without observations, with <paramref name="RollOutPlayer"/> choosing.</param>
    internal sealed record Settings(
        string Rules, IReadOnlyList<int> Matches, string Players, int Player, int Threads, double Seconds, int Repeats, ulong Seed, bool FullState,
        bool RollOuts, int RollOutPlayer, bool Profile);

    /// <summary>Medians over the repeats. Rates leave the time of choosing actions out, except where the name says so.</summary>
    /// <param name="RateOfFirst">Rate as a share of that with the first number of matches.</param>
    /// <param name="HeroStepsPerSecondCalm">Rate of the batch steps that other processes did not disturb; tells more than the median on a busy machine.</param>
    /// <param name="HeroStepsPerSecondWithChoice">With the time that the players' choosing took.</param>
    /// <param name="ShareObserve">Share of the whole time, choosing included.</param>
    /// <param name="Spread">Fastest minus slowest repeat, by the median.</param>
    /// <param name="BytesAllocatedPerStep">Managed memory that a batch decision allocated, starting matches anew left out.</param>
    /// <param name="ThreadRatio">Rate of all threads together by that of one; null where only one was measured.</param>
    /// <param name="ObservationBytes">Bytes a hero.</param>
    /// <param name="MaskBytes">Bytes a hero.</param>
    /// <param name="StateBytes">Bytes a match.</param>
    /// <param name="Alive">Average number alive in a match, by kind.</param>
    /// <param name="ThinkingTicks">Ticks between two thoughts, by who thinks.</param>
    /// <param name="Profile">Nanoseconds a match and decision, by part; null unless asked for.</param>
    internal sealed record Result(
        string Environment, string Rules, string Players, int Matches, double HeroStepsPerSecond, double HeroTicksPerSecond, double NanosecondsPerHeroStep,
        double RateOfFirst, double HeroStepsPerSecondCalm, double HeroStepsPerSecondWithChoice, double MicrosecondsObserve, double MicrosecondsChoose, double MicrosecondsStep,
        double ShareObserve, double ShareChoose, double ShareStep, double Spread, double BytesAllocatedPerStep, int Threads, double? ThreadRatio,
        RollOutBench.Result? RollOut, SnapshotBench.Result Snapshot, int ObservationBytes, int MaskBytes, int StateBytes, int TicksPerDecision,
        IReadOnlyDictionary<string, double> Alive, IReadOnlyDictionary<string, int> ThinkingTicks, IReadOnlyDictionary<string, double>? Profile,
        long MatchesFinished, bool FullState, int Repeats, double Seconds, ulong Seed);

    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<Result> Run(IEnvironmentFactory factory, Settings settings, CancellationToken cancellation)
    {
        SnapshotBench.Result snapshot = SnapshotBench.Run(factory, settings.Seed);
        Candidate[] candidates = [.. settings.Matches.Select(n => new Candidate(factory, n, settings))];
        foreach (Candidate c in candidates)
            c.WarmUp(Math.Min(1, settings.Seconds));
        for (int r = 0; r < settings.Repeats; r++)
        {
            foreach (Candidate c in candidates)
            {
                cancellation.ThrowIfCancellationRequested();
                c.Measure(settings.Seconds);
            }
        }
        double first = candidates[0].Rate;
        return [.. candidates.Select(c => c.Finish(settings, snapshot, first))];
    }

    /// <summary>One number of matches, on one thread and on all.</summary>
    private sealed class Candidate
    {
        private readonly PlayedMatches[] _batches;
        private readonly List<SimulationTiming> _alone = [];
        private readonly List<double> _ratios = [];
        private readonly EnvironmentSpec _spec;
        private readonly int _heroes;
        private IReadOnlyDictionary<string, double> _alive = new Dictionary<string, double>();
        private long _bytes;
        private long _finishedBefore;

        public Candidate(IEnvironmentFactory factory, int matches, Settings settings)
        {
            _spec = factory.Spec;
            _heroes = matches * _spec.Agents;
            _batches = [.. Enumerable.Range(0, settings.Threads).Select(t => new PlayedMatches(factory.Create(matches), settings.Player, settings.Seed + (ulong)t, settings.FullState))];
        }

        public double Rate => Statistics.Median(_alone.Select(s => s.Steps * _heroes / s.Environment));

        public void WarmUp(double seconds)
        {
            _alive = SimulationDetails.Census(_batches[0], seconds);
            Parallel.ForEach(_batches, batch => SimulationTiming.Measure(batch, seconds / 2));
            _finishedBefore = _batches[0].MatchesFinished;
        }

        public void Measure(double seconds)
        {
            long bytes = GC.GetAllocatedBytesForCurrentThread() - _batches[0].BytesOfNewMatches;
            SimulationTiming alone = SimulationTiming.Measure(_batches[0], seconds);
            _bytes += GC.GetAllocatedBytesForCurrentThread() - _batches[0].BytesOfNewMatches - bytes;
            _alone.Add(alone);
            if (_batches.Length > 1)
                _ratios.Add(Together(seconds) * alone.Environment / alone.Steps);
        }

        public Result Finish(Settings settings, SnapshotBench.Result snapshot, double first)
        {
            PlayedMatches batch = _batches[0];
            long finished = batch.MatchesFinished - _finishedBefore;
            double observe = PerHero(s => s.Observe), choose = PerHero(s => s.Choose), step = PerHero(s => s.Step);
            double whole = observe + choose + step;
            double median = Rate;
            double[] rates = [.. _alone.Select(s => s.Steps * _heroes / s.Environment)];
            RollOutBench.Result? rollOut = settings.RollOuts ? RollOutBench.Run(batch.Environment, settings) : null;
            return new Result(
                _spec.Name, settings.Rules, settings.Players, batch.Environment.Matches, median, median * _spec.TicksPerDecision, 1e9 / median, median / first,
                Statistics.Median(_alone.Select(s => _heroes / s.Calm)),
                Statistics.Median(_alone.Select(s => s.Steps * _heroes / (s.Environment + s.Choose))), observe, choose, step,
                observe / whole, choose / whole, step / whole, (rates.Max() - rates.Min()) / median, (double)_bytes / _alone.Sum(s => s.Steps),
                _batches.Length, _ratios.Count == 0 ? null : Statistics.Median(_ratios), rollOut, snapshot, _spec.ObservationBytes, _spec.MaskBytes,
                batch.Environment.SnapshotBytes, _spec.TicksPerDecision, _alive, SimulationDetails.ThinkingTicks(batch.Environment),
                settings.Profile ? SimulationDetails.Profile(batch, settings.Seconds) : null,
                finished, settings.FullState, settings.Repeats, settings.Seconds, settings.Seed);

            double PerHero(Func<SimulationTiming, double> part) => Statistics.Median(_alone.Select(s => part(s) * 1e6 / (s.Steps * _heroes)));
        }

        /// <summary>Batch steps a second of all threads at once.</summary>
        private double Together(double seconds)
        {
            var timings = new SimulationTiming[_batches.Length];
            using var ready = new Barrier(_batches.Length);
            Thread[] threads = [.. _batches.Select((batch, i) => new Thread(() =>
            {
                ready.SignalAndWait();
                timings[i] = SimulationTiming.Measure(batch, seconds);
            }))];
            foreach (Thread thread in threads)
                thread.Start();
            foreach (Thread thread in threads)
                thread.Join();
            return timings.Sum(t => t.Steps / t.Environment);
        }
    }
}
