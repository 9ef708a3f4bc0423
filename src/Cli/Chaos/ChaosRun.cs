using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using SelfPlayArena.League;
using SelfPlayArena.Streaming;
using SelfPlayArena.Streaming.Faults;

namespace SelfPlayArena.Cli.Chaos;

/// <summary>
/// A real league with real workers, and everything that can go wrong. The learner and each worker are processes of their own; workers reach the
/// learner through a relay that keeps a book of what was promised; intruders go to its port directly.
/// </summary>
internal sealed class ChaosRun : IDisposable
{
    private const string Name = "chaos";

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100), Patience = TimeSpan.FromSeconds(60), StartPatience = TimeSpan.FromSeconds(120);
    private readonly ChaosPlan _plan;
    private readonly string _folder;
    private readonly string[] _settings;
    private readonly Action<string> _say;
    private readonly Random _random;
    private readonly Dictionary<string, string> _environment;
    private readonly IPEndPoint _stream = Free(), _metrics = Free();
    private readonly HttpClient _client;
    private readonly ResultLedger _ledger = new();
    private readonly FaultyRelay _relay;
    private readonly IntruderCrowd _intruders;
    private readonly RefusalLog _log;
    private readonly List<LearnerLife> _lives = [];
    private readonly ArenaProcess?[] _workers;
    private readonly double[] _workerBack;
    private readonly List<string> _violations = [];
    private readonly List<long> _memoryByMinute = [];
    private readonly SortedDictionary<string, long> _compared = new(StringComparer.Ordinal);
    private ArenaProcess? _learner;
    private double _learnerBack;
    private long _start;
    private int _workerKills, _learnerKills, _resumes, _checks, _cutsDue;

    /// <param name="folder">Where the run is kept; exists, and is empty.</param>
    public ChaosRun(ChaosPlan plan, string folder, Action<string> say)
    {
        (_plan, _folder, _say, _random) = (plan, folder, say, new Random(plan.Seed));
        string config = plan.Config ?? Path.Combine(folder, "chaos.yaml");
        if (plan is { Config: null, Preset: null })
            File.WriteAllText(config, ChaosSettings.Yaml);
        _settings = [.. plan.Preset is null ? [] : new[] { "--preset", plan.Preset }, .. plan.Preset is null || plan.Config is not null ? new[] { "--config", config } : []];
        string secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        _environment = new Dictionary<string, string> { ["ARENA_RUNS"] = folder, [StreamOptions.SecretVariable] = secret };
        _client = new HttpClient { BaseAddress = new Uri($"http://{_metrics}"), Timeout = TimeSpan.FromSeconds(5) };
        _relay = new FaultyRelay(_ledger, plan.Seed) { Learner = _stream };
        _log = new RefusalLog(Path.Combine(folder, Name, "workers.log"));
        _intruders = new IntruderCrowd(plan.Seed, _stream, SharedSecret.Of(secret), () => (long)(plan.Frames * Math.Min(1, Now / (plan.Seconds * (ChaosPlan.Troubled - 0.03)))));
        _workers = new ArenaProcess?[plan.Workers];
        _workerBack = new double[plan.Workers];
    }

    /// <summary>Seconds since the league was up.</summary>
    private double Now => _start == 0 ? 0 : Stopwatch.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Seconds allowed for what is still owed, on a machine that does other things.</summary>
    private double MostLate => Math.Max(90, _plan.Seconds / 2);

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
            BringBack();
            // A connection that was to be cut may have been killed before anything came.
            if (_relay.Cuts + _relay.Doomed < _cutsDue)
                _ = _relay.Cut();
            if (Now - sampled >= 0.5)
            {
                sampled = Now;
                Sample();
            }
            if (Now - told >= 10)
            {
                told = Now;
                _say($"{Numbers.Duration(Now)}  {_workerKills} workers and {_learnerKills} learners killed, {_relay.Cuts} cuts, {Numbers.Short(_intruders.Counters.Frames)} frames thrown, "
                    + $"{Numbers.Text(_ledger.Acknowledged)} results acknowledged, learner {(_learner is null ? "dead" : $"{Numbers.Text(_learner.WorkingSet / 1048576.0, "0")} MiB")}");
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
        foreach (ArenaProcess? process in _workers.Append(_learner))
            process?.Dispose();
        _intruders.Dispose();
        _relay.Dispose();
        _client.Dispose();
    }

    /// <summary>Starts the league and its workers, and waits until it learns.</summary>
    private void Begin(CancellationToken cancellation)
    {
        StartLearner();
        for (int i = 0; i < _workers.Length; i++)
            StartWorker(i);
        Until(() => _learner!.Alive && Updates() > 0, StartPatience, () => $"the league learnt nothing: {_learner!.Said}", cancellation);
        _start = Stopwatch.GetTimestamp();
        _intruders.Held = false;
    }

    private void StartLearner()
    {
        bool again = _lives.Count > 0;
        _lives.Add(new LearnerLife(_lives.Count + 1, Now, _log.Length));
        IReadOnlyList<string> which = again ? ["--resume"] : [.. _settings, "--seed", _plan.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)];
        _learner = new ArenaProcess(_environment, ["league", .. which, "--name", Name, "--listen", _stream.ToString(), "--workers-only", "--no-serve", "--metrics", _metrics.ToString(), "--json"]);
        _resumes += again ? 1 : 0;
    }

    private void StartWorker(int i) => _workers[i] = new ArenaProcess(_environment, "worker", "--connect", _relay.EndPoint.ToString());

    /// <summary>False if it cannot happen just now.</summary>
    private bool Happen(Trouble trouble, CancellationToken cancellation)
    {
        switch (trouble)
        {
            case Trouble.KillWorker:
                int[] alive = [.. Enumerable.Range(0, _workers.Length).Where(i => _workers[i] is { Alive: true })];
                if (alive.Length == 0)
                    return false;
                int doomed = alive[_random.Next(alive.Length)];
                _workers[doomed]!.Kill();
                _workers[doomed]!.Dispose();
                (_workers[doomed], _workerBack[doomed]) = (null, Now + 2 * _random.NextDouble());
                _workerKills++;
                return true;
            case Trouble.KillLearner:
                // One that is still starting has nothing to lose yet.
                if (_learner is not { Alive: true } || Updates() == 0)
                    return false;
                Compare(cancellation);
                Thread.Sleep(TimeSpan.FromSeconds(_random.NextDouble()));
                Sample();
                _learner.Kill();
                _learner.Dispose();
                (_learner, _learnerBack) = (null, Now + 3 * _random.NextDouble());
                _learnerKills++;
                return true;
            case Trouble.Cut:
                _cutsDue++;
                return true;
            default:
                _intruders.Flood();
                return true;
        }
    }

    /// <summary>Starts again what was killed; what ended by itself is a violation, and is started again as well.</summary>
    private void BringBack()
    {
        if (_learner is { Alive: false })
        {
            Violated($"the learner ended by itself with {_learner.ExitCode}: {_learner.Said}");
            _learner.Dispose();
            (_learner, _learnerBack) = (null, Now);
        }
        if (_learner is null && Now >= _learnerBack)
            StartLearner();
        for (int i = 0; i < _workers.Length; i++)
        {
            if (_workers[i] is { Alive: false } ended)
            {
                Violated($"a worker ended by itself with {ended.ExitCode}: {ended.Said}");
                ended.Dispose();
                _workers[i] = null;
            }
            if (_workers[i] is null && Now >= _workerBack[i])
                StartWorker(i);
        }
    }

    private void Sample()
    {
        if (_learner is not { } learner)
            return;
        long bytes = learner.WorkingSet;
        _lives[^1].Sample(learner.Age, bytes);
        int minute = (int)(Now / 60);
        while (_memoryByMinute.Count <= minute)
            _memoryByMinute.Add(0);
        _memoryByMinute[minute] = Math.Max(_memoryByMinute[minute], bytes);
        Scrape();
    }

    private MetricsPage? Scrape()
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/metrics", UriKind.Relative));
            using HttpResponseMessage answer = _client.Send(request);
            using var reader = new StreamReader(answer.EnsureSuccessStatusCode().Content.ReadAsStream());
            return _lives[^1].Page = MetricsPage.Parse(reader.ReadToEnd());
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // It is starting.
            return null;
        }
    }

    private double Updates() => Scrape()?.Value("arena_updates_total") ?? 0;

    /// <summary>Holds the intruders back for a moment, and the metrics of refusals against the lines of the log, which must then be the same.</summary>
    private void Compare(CancellationToken cancellation)
    {
        bool held = _intruders.Held;
        _intruders.Held = true;
        (SortedDictionary<string, long> counted, SortedDictionary<string, long> lines) = ([], []);
        LearnerLife life = _lives[^1];
        long start = Stopwatch.GetTimestamp();
        bool same = false;
        while (!same && Stopwatch.GetElapsedTime(start) < Patience / 4 && _learner is { Alive: true })
        {
            cancellation.ThrowIfCancellationRequested();
            Thread.Sleep(Beat);
            if (_intruders.Inside > 0 || Scrape() is not { } page)
                continue;
            (counted, lines) = (page.By("arena_stream_refusals_total"), _log.Count(life.LogOffset));
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
                BringBack();
                Sample();
                return _workers.All(w => w is { Alive: true }) && _learner is { Alive: true } && _lives[^1].Page.Value("arena_stream_workers") == _workers.Length;
            },
            Patience, () => $"after the last trouble {Numbers.Text(_lives[^1].Page.Value("arena_stream_workers"))} of {_workers.Length} workers are connected", cancellation, fatal: false);
        Compare(cancellation);
        (double updates, double steps, double at) = (Updates(), _lives[^1].Page.Value("arena_trained_hero_steps_total"), Now);
        double until = Math.Max(_plan.Seconds, Now + 5);
        while (Now < until)
        {
            cancellation.ThrowIfCancellationRequested();
            Sample();
            Thread.Sleep(2 * Beat);
        }
        Until(() => Updates() > updates, Patience, () => "after the last trouble no update came any more", cancellation, fatal: false);
        double rate = (_lives[^1].Page.Value("arena_trained_hero_steps_total") - steps) / (Now - at);
        if (_lives[^1].Page.Value("arena_run_healthy") < 1)
            Violated("after the last trouble /health says that the league is not well");
        return rate;
    }

    private LedgerVerdict End()
    {
        if (_learner is not { } learner || !learner.Leave(Patience))
            Violated("the learner did not end when it was asked to");
        else if (learner.ExitCode != 0)
            Violated($"the learner ended with {learner.ExitCode}: {learner.Said}");
        foreach (ArenaProcess worker in _workers.OfType<ArenaProcess>())
        {
            if (!worker.Ended(Patience))
                Violated($"a worker did not end with its league: {worker.Said}");
            else if (worker.ExitCode != 0)
                Violated($"a worker ended with {worker.ExitCode}: {worker.Said}");
        }
        return _ledger.Judge(FileEventLog.Read(Path.Combine(_folder, Name, "events.jsonl")), _intruders.Sessions);
    }

    private ChaosReport Report(LedgerVerdict verdict, double lasted, double quiet)
    {
        IntrusionCounters thrown = _intruders.Counters;
        foreach (string failure in _log.Failures().Take(5))
            Violated($"a connection failed in a way that nobody foresaw: {failure}");
        foreach (string breach in thrown.Breaches)
            Violated(breach);
        Judge(verdict.Lost, "acknowledged and not in the log");
        Judge(verdict.Twice, "in the log more than once");
        Judge(verdict.Changed, "not in the log as they were sent");
        Judge(verdict.Unknown, "in the log although no worker sent them");
        if (verdict.Acknowledged == 0)
            Violated("no result was acknowledged");
        Short("workers killed", _workerKills, _plan.WorkerKills);
        Short("learners killed", _learnerKills, _plan.LearnerKills);
        Short("connections cut within a frame", _relay.Cuts, _plan.Cuts);
        Short("frames read", thrown.Frames, _plan.Frames);
        foreach (LearnerLife life in _lives.Where(l => l.Seconds > 30 && l.Page.Value("arena_updates_total") == 0))
            Violated($"life {life.Number} of the learner had no update in {Numbers.Text(life.Seconds, "0")} s");
        MemoryVerdict memory = MemoryVerdict.Of(_lives);
        _violations.AddRange(memory.Violations());
        return new ChaosReport(
            _plan.Seed, lasted / 60, _plan.Workers, _workerKills, _learnerKills, _resumes, _relay.Cuts, _plan.Floods,
            Enum.GetValues<Intrusion>().ToDictionary(w => w.ToString(), thrown.Visits), Enum.GetValues<Intrusion>().ToDictionary(w => w.ToString(), thrown.FramesOf), thrown.Frames,
            _relay.Frames, _relay.Bytes, _compared, _log.Count(0), _checks, verdict.Sessions, verdict.Reported, verdict.Acknowledged, verdict.InLog, verdict.Lost.Count,
            verdict.Twice.Count, verdict.Changed.Count, _lives.Sum(l => (long)l.Page.Value("arena_stream_repeated_results_total")),
            _lives.Sum(l => l.Page.Value("arena_trained_hero_steps_total")) / lasted, quiet, _memoryByMinute,
            [.. _lives.Select(l => new ChaosReport.Life(
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
