using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Learning;

namespace SelfPlayArena.Rollout;

/// <summary>Turns counters into rates over a sliding window and gathers what a person wants to see of a run.</summary>
internal sealed class ProgressMeter(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LeagueEvery = TimeSpan.FromSeconds(2);
    private readonly Queue<Sample> _samples = new();
    private long _leagueAt = long.MinValue;
    private long? _phasesAt;
    private TimeSpan _waited;
    private IReadOnlyDictionary<string, double> _hostTimes = new Dictionary<string, double>();
    private IReadOnlyList<PlayerRating> _ratings = [];
    private IReadOnlyList<AnchorRecord> _anchors = [];
    private IReadOnlyList<double> _curve = [];

    private sealed record Sample(long At, long Trained, long Simulated, TimeSpan HostWait, TimeSpan LearnerWait);

    public RunProgress Measure(
        double seconds, PpoLearner learner, UpdateReport report, double publishing, double saving, IReadOnlyDictionary<string, double> rewards, ILeague league, HostRoster hosts, RunPort? port, ITrajectoryTransport transport)
    {
        long now = time.GetTimestamp();
        HostCounters played = port is null ? hosts.Played : hosts.Played + port.Played;
        int playing = Math.Max(1, hosts.Count + (port?.Hosts ?? 0));
        TransportCounters carried = transport.Counters;
        var sample = new Sample(now, learner.TrainedSteps, played.AgentSteps, played.SinkWait, carried.ReaderWait);
        _samples.Enqueue(sample);
        while (_samples.Count > 2 && time.GetElapsedTime(_samples.Peek().At, now) > Window)
            _samples.Dequeue();
        Sample first = _samples.Peek();
        double span = Math.Max(time.GetElapsedTime(first.At, now).TotalSeconds, 1e-9);
        if (_leagueAt == long.MinValue || time.GetElapsedTime(_leagueAt, now) >= LeagueEvery)
        {
            _leagueAt = now;
            ReadLeague(league);
        }
        IReadOnlyDictionary<string, double> times = hosts.Times.Seconds;
        var hostPhases = times.ToDictionary(t => t.Key, t => t.Value - _hostTimes.GetValueOrDefault(t.Key));
        _hostTimes = times;
        Dictionary<string, double> phases = Phases(report, publishing, saving, now, carried.ReaderWait);
        return new RunProgress
        {
            Seconds = seconds,
            TrainedSteps = learner.TrainedSteps,
            Updates = learner.Version,
            HeroStepsPerSecond = _samples.Count > 1 ? (sample.Trained - first.Trained) / span : 0,
            SimulatedPerSecond = _samples.Count > 1 ? (sample.Simulated - first.Simulated) / span : 0,
            MatchesFinished = league.Counts.Matches,
            QueueFill = transport.Capacity == int.MaxValue ? 0 : (double)carried.Waiting / transport.Capacity,
            ActorWaiting = (sample.HostWait - first.HostWait).TotalSeconds / span / playing,
            LearnerWaiting = (sample.LearnerWait - first.LearnerWait).TotalSeconds / span,
            DroppedSteps = learner.DroppedSteps,
            StalenessMean = report.MeanStaleness,
            StalenessMax = report.MaxStaleness,
            PolicyLoss = report.PolicyLoss,
            ValueLoss = report.ValueLosses.Sum(v => v.Value),
            Entropy = report.Entropies.Sum(e => e.Value),
            Kl = report.Divergence,
            ClipFraction = report.ClipFraction,
            GradientNorm = report.GradientNorm,
            EntropyByHead = ByName(report.Entropies),
            ExplainedVariance = ByName(report.ExplainedVariance),
            ValueLossByHead = ByName(report.ValueLosses),
            MeanReturn = ByName(report.MeanReturns),
            LearningRate = report.LearningRate,
            EntropyWeight = report.EntropyWeight,
            ReferenceKl = report.ReferenceDivergence,
            KlWeight = report.KlWeight,
            NoveltyBonus = report.NoveltyBonus,
            StepsWithoutSignal = report.StepsWithoutSignal,
            UpdateSteps = report.StepsUsed,
            OptimiserSteps = report.OptimiserSteps,
            StepsByStaleness = report.StepsByStaleness,
            SecondsByPhase = phases,
            HostSecondsByPhase = hostPhases,
            Precision = report.Precision?.Precision.ToString().ToLowerInvariant() ?? "",
            PrecisionMeasured = report.Precision is { Float32: > 0 } p ? new Dictionary<string, double> { ["float32"] = p.Float32, ["bfloat16"] = p.BFloat16 } : new Dictionary<string, double>(),
            MicrosecondsByLayer = report.LayerTimes.ToDictionary(l => l.Layer, l => l.Forward + l.Backward),
            RewardByTerm = rewards,
            Fault = report.Fault,
            Ratings = _ratings,
            Anchors = _anchors,
            EloCurve = _curve,
            WorkingSetBytes = Environment.WorkingSet,
        };
    }

    /// <summary>Where the time since the last line went; what is left over is named too, so that the parts add up.</summary>
    private Dictionary<string, double> Phases(UpdateReport report, double publishing, double saving, long now, TimeSpan waited)
    {
        double all = _phasesAt is { } at ? time.GetElapsedTime(at, now).TotalSeconds : report.Seconds.Total;
        double wait = _phasesAt is null ? 0 : (waited - _waited).TotalSeconds;
        (_phasesAt, _waited) = (now, waited);
        UpdateTimes s = report.Seconds;
        return new Dictionary<string, double>
        {
            ["wait"] = wait,
            ["prepare"] = s.Prepare,
            ["decode"] = s.Decode,
            ["forward"] = s.Forward,
            ["backward"] = s.Backward,
            ["lanes"] = s.Lanes,
            ["optimiser"] = s.Optimiser,
            ["publish"] = publishing,
            ["save"] = saving,
            ["other"] = Math.Max(all - wait - s.Total - publishing - saving, 0),
        };
    }

    private static Dictionary<string, double> ByName(IReadOnlyList<Named> values) => values.ToDictionary(v => v.Name, v => (double)v.Value);

    private void ReadLeague(ILeague league)
    {
        LeagueStanding standing = league.Standing();
        _ratings = [.. standing.Ratings.Select(r => new PlayerRating(r.Player, r.Elo, r.Error95, (long)Math.Round(r.Matches)))];
        _anchors = [.. standing.Anchors.Select(a => new AnchorRecord(a.Anchor.ScriptedName, a.Record.WinRate, a.Record.Low, a.Record.High, (long)Math.Round(a.Record.Matches)))];
        _curve = [.. standing.Curve.Select(p => p.Elo)];
    }
}
