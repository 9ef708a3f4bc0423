using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using SelfPlayArena.League;
using SelfPlayArena.Streaming;
using SelfPlayArena.Streaming.Faults;

namespace SelfPlayArena.Cli.Chaos;

/// <summary>
/// A real league with real workers, and everything that can go wrong. Workers reach the learner through a relay that keeps a book of what was promised;
/// intruders go to its port directly.
/// </summary>
internal sealed class ChaosRun : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100), Patience = TimeSpan.FromMinutes(2), StartPatience = TimeSpan.FromMinutes(4);
    private readonly ChaosPlan _plan;
    private readonly string _folder;
    private readonly Action<string> _say;
    private readonly Random _random;
    private readonly ResultLedger _ledger = new();
    private readonly FaultyRelay _relay;
    private readonly IntruderCrowd _intruders;
    private readonly TroubledLeague _league;
    private readonly List<string> _violations = [];
    private readonly SortedDictionary<string, long> _compared = new(StringComparer.Ordinal);
    private long _start;
    private int _checks, _cutsDue;

    /// <param name="folder">Where the run is kept; exists, and is empty.</param>
    public ChaosRun(ChaosPlan plan, string folder, Action<string> say)
    {
        (_plan, _folder, _say, _random) = (plan, folder, say, new Random(plan.Seed));
        string config = plan.Config ?? Path.Combine(folder, "chaos.yaml");
        if (plan is { Config: null, Preset: null })
            File.WriteAllText(config, ChaosSettings.Yaml);
        string[] settings =
        [
            .. plan.Preset is null ? [] : new[] { "--preset", plan.Preset }, .. plan.Preset is null || plan.Config is not null ? new[] { "--config", config } : [],
            "--seed", plan.Seed.ToString(CultureInfo.InvariantCulture),
        ];
        string secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        IPEndPoint stream = Free(), metrics = Free();
        _relay = new FaultyRelay(_ledger, plan.Seed) { Learner = stream };
        _league = new TroubledLeague(folder, settings, plan.Workers, secret, stream, _relay.EndPoint, metrics, _random, () => Now, Violated);
        _intruders = new IntruderCrowd(plan.Seed, stream, SharedSecret.Of(secret), () => (long)(plan.Frames * Math.Min(1, Now / (plan.Seconds * (ChaosPlan.Troubled - 0.03)))));
    }

    /// <summary>Seconds since the league was up.</summary>
    private double Now => _start == 0 ? 0 : Stopwatch.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Seconds allowed for what is still owed, on a machine that does other things.</summary>
    private double MostLate => Math.Max(180, _plan.Seconds / 2);

    /// <summary>Seconds past the time for trouble.</summary>
    private double Late => Now - _plan.Seconds * ChaosPlan.Troubled;

    public ChaosReport Run(CancellationToken cancellation)
    {
        Begin(cancellation);
        var moments = new Queue<(double At, Trouble Kind)>(_plan.Draw());
        double sampled = 0, told = 0;
        while (Now < _plan.Seconds * ChaosPlan.Troubled || moments.Count > 0 || (Late < MostLate && (_relay.Cuts < _cutsDue || _intruders.Counters.Frames < _plan.Frames)))
        {
            cancellation.ThrowIfCancellationRequested();
            while (moments.TryPeek(out (double At, Trouble Kind) next) && next.At <= Now && Happen(next.Kind, cancellation))
                moments.Dequeue();
            _league.BringBack();
            // A connection that was to be cut may have been killed before anything came.
            if (_relay.Cuts + _relay.Doomed < _cutsDue)
                _ = _relay.Cut();
            if (Now - sampled >= 0.5)
            {
                sampled = Now;
                _league.Sample();
            }
            if (Now - told >= 10)
            {
                told = Now;
                _say($"{Numbers.Duration(Now)}  {_league.WorkerKills} workers and {_league.LearnerKills} learners killed, {_relay.Cuts} cuts, {Numbers.Short(_intruders.Counters.Frames)} frames thrown, "
                    + $"{Numbers.Text(_ledger.Acknowledged)} results acknowledged, learner {(_league.LearnerMemory is { } bytes ? $"{Numbers.Text(bytes / 1048576.0, "0")} MiB" : "dead")}");
            }
            Thread.Sleep(Beat);
        }
        double quiet = Quiet(cancellation), lasted = Now;
        LedgerVerdict verdict = End();
        return Report(verdict, lasted, quiet);
    }

    public void Dispose()
    {
        // Processes first: whatever else fails, none is left behind.
        _league.Dispose();
        _intruders.Dispose();
        _relay.Dispose();
    }

    /// <summary>Starts the league and its workers, and waits until it learns.</summary>
    private void Begin(CancellationToken cancellation)
    {
        _league.Start();
        Until(() => _league.LearnerLives && _league.Updates() > 0, StartPatience, () => $"the league learnt nothing: {_league.LearnerSaid}", cancellation);
        _start = Stopwatch.GetTimestamp();
        _intruders.Held = false;
    }

    /// <summary>False if it cannot happen just now.</summary>
    private bool Happen(Trouble trouble, CancellationToken cancellation)
    {
        switch (trouble)
        {
            case Trouble.KillWorker:
                return _league.KillWorker();
            case Trouble.KillLearner:
                // One that is still starting has nothing to lose yet.
                if (!_league.LearnerLives || _league.Updates() == 0)
                    return false;
                Compare(cancellation);
                Thread.Sleep(TimeSpan.FromSeconds(_random.NextDouble()));
                _league.Sample();
                _league.KillLearner();
                return true;
            case Trouble.Cut:
                _cutsDue++;
                return true;
            default:
                _intruders.Flood();
                return true;
        }
    }

    /// <summary>Holds the intruders back for a moment, and the metrics of refusals against the lines of the log, which must then be the same.</summary>
    private void Compare(CancellationToken cancellation)
    {
        bool held = _intruders.Held;
        _intruders.Held = true;
        (SortedDictionary<string, long> counted, SortedDictionary<string, long> lines) = ([], []);
        LearnerLife life = _league.Life;
        long start = Stopwatch.GetTimestamp();
        bool same = false;
        // An intruder that a slow learner leaves waiting may stay for ten seconds, and a page may take some more.
        while (!same && Stopwatch.GetElapsedTime(start) < Patience && _league.LearnerLives)
        {
            cancellation.ThrowIfCancellationRequested();
            Thread.Sleep(Beat);
            if (_intruders.Inside > 0 || _league.Scrape() is not { } page)
                continue;
            (counted, lines) = (page.By("arena_stream_refusals_total"), _league.Refusals.Count(life.LogOffset));
            same = counted.SequenceEqual(lines);
        }
        _checks++;
        if (!same)
            Violated($"life {life.Number}: the metrics count the refusals {Listed(counted)}, the log has {Listed(lines)}");
        foreach ((string reason, long count) in counted)
            _compared[reason] = _compared.GetValueOrDefault(reason) + count;
        _intruders.Held = held;
    }

    /// <summary>Nothing is thrown any more. Returns trained hero-steps a second meanwhile.</summary>
    private double Quiet(CancellationToken cancellation)
    {
        _intruders.Held = true;
        Until(
            () =>
            {
                _league.BringBack();
                _league.Sample();
                return _league.IsWhole && _league.Life.Page.Value("arena_stream_workers") == _plan.Workers;
            },
            Patience, () => $"after the last trouble {Numbers.Text(_league.Life.Page.Value("arena_stream_workers"))} of {_plan.Workers} workers are connected", cancellation, fatal: false);
        Compare(cancellation);
        (double updates, double steps, double at) = (_league.Updates(), _league.Life.Page.Value("arena_trained_hero_steps_total"), Now);
        double until = Math.Max(_plan.Seconds, Now + 5);
        while (Now < until)
        {
            cancellation.ThrowIfCancellationRequested();
            _league.Sample();
            Thread.Sleep(2 * Beat);
        }
        Until(() => _league.Updates() > updates, Patience, () => "after the last trouble no update came any more", cancellation, fatal: false);
        double rate = (_league.Life.Page.Value("arena_trained_hero_steps_total") - steps) / (Now - at);
        if (_league.Life.Page.Value("arena_run_healthy") < 1)
            Violated("after the last trouble /health says that the league is not well");
        return rate;
    }

    private LedgerVerdict End()
    {
        _league.End();
        return _ledger.Judge(FileEventLog.Read(_league.Events), _intruders.Sessions);
    }

    private ChaosReport Report(LedgerVerdict verdict, double lasted, double quiet)
    {
        IntrusionCounters thrown = _intruders.Counters;
        foreach (string failure in _league.Refusals.Failures().Take(5))
            Violated($"a connection failed in a way that nobody foresaw: {failure}");
        foreach (string breach in thrown.Breaches)
            Violated(breach);
        Judge(verdict.Lost, "acknowledged and not in the log");
        Judge(verdict.Twice, "in the log more than once");
        Judge(verdict.Changed, "not in the log as they were sent");
        Judge(verdict.Unknown, "in the log although no worker sent them");
        if (verdict.Acknowledged == 0)
            Violated("no result was acknowledged");
        Short("workers killed", _league.WorkerKills, _plan.WorkerKills);
        Short("learners killed", _league.LearnerKills, _plan.LearnerKills);
        Short("connections cut within a frame", _relay.Cuts, _plan.Cuts);
        Short("frames read", thrown.Frames, _plan.Frames);
        foreach (LearnerLife life in _league.Lives.Where(l => l.Seconds > 30 && l.Page.Value("arena_updates_total") == 0))
            Violated($"life {life.Number} of the learner had no update in {Numbers.Text(life.Seconds, "0")} s");
        MemoryVerdict memory = MemoryVerdict.Of(_league.Lives);
        _violations.AddRange(memory.Violations());
        return new ChaosReport(
            _plan.Seed, lasted / 60, _plan.Workers, _league.WorkerKills, _league.LearnerKills, _league.Resumes, _relay.Cuts, _plan.Floods,
            Enum.GetValues<Intrusion>().ToDictionary(w => w.ToString(), thrown.Visits), Enum.GetValues<Intrusion>().ToDictionary(w => w.ToString(), thrown.FramesOf), thrown.Frames,
            _relay.Frames, _relay.Bytes, _compared, _league.Refusals.Count(0), _checks, verdict.Sessions, verdict.Reported, verdict.Acknowledged, verdict.InLog, verdict.Lost.Count,
            verdict.Twice.Count, verdict.Changed.Count, _league.Lives.Sum(l => (long)l.Page.Value("arena_stream_repeated_results_total")),
            _league.Lives.Sum(l => l.Page.Value("arena_trained_hero_steps_total")) / lasted, quiet, _league.MemoryByMinute,
            [.. _league.Lives.Select(l => new ChaosReport.Life(
                l.Number, l.BornAt, l.Seconds, (long)l.Page.Value("arena_updates_total"), (long)l.Page.Value("arena_trained_hero_steps_total"), l.Settled, l.Page.By("arena_stream_refusals_total").Values.Sum()))],
            memory, [.. _violations], _folder);

        void Judge(IReadOnlyList<string> ids, string what)
        {
            if (ids.Count > 0)
                Violated($"{ids.Count} results are {what}: {string.Join(", ", ids.Take(5))}");
        }

        void Short(string what, long done, long planned)
        {
            if (done < planned)
                Violated($"{what}: {done} of the planned {planned}");
        }
    }

    private void Violated(string what)
    {
        _violations.Add(what);
        _say($"VIOLATION: {what}");
    }

    /// <exception cref="UserError">In vain, and nothing makes sense without it.</exception>
    private void Until(Func<bool> holds, TimeSpan patience, Func<string> failure, CancellationToken cancellation, bool fatal = true)
    {
        long start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            cancellation.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(start) > patience)
            {
                if (fatal)
                    throw new UserError(failure());
                Violated(failure());
                return;
            }
            Thread.Sleep(2 * Beat);
        }
    }

    private static string Listed(SortedDictionary<string, long> counts) => counts.Count == 0 ? "(none)" : string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}"));

    /// <summary>A port of this machine that nobody uses now. The league takes it in a moment, and again after each kill.</summary>
    private static IPEndPoint Free()
    {
        using Socket socket = LearnerListener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
