using System.Net;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Cli.Chaos;

/// <summary>
/// A league whose learner and workers are processes of their own: starts them, kills them, brings back what was killed, and reads what the learner's metrics
/// say. What ends by itself is a violation.
/// </summary>
internal sealed class TroubledLeague : IDisposable
{
    private const string Name = "chaos";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string _folder;
    private readonly string[] _first;
    private readonly Dictionary<string, string> _environment;
    private readonly IPEndPoint _stream, _door, _metrics;
    private readonly HttpClient _client;
    private readonly Random _random;
    private readonly Func<double> _now;
    private readonly Action<string> _violated;
    private readonly List<LearnerLife> _lives = [];
    private readonly List<long> _memoryByMinute = [];
    private readonly ArenaProcess?[] _workers;
    private readonly double[] _workerBack;
    private ArenaProcess? _learner;
    private double _learnerBack;

    /// <param name="folder">Where runs are kept.</param>
    /// <param name="settings">Command-line words that say what league the first learner makes.</param>
    /// <param name="stream">Where learners listen for workers.</param>
    /// <param name="door">Where workers believe that the learner is.</param>
    /// <param name="metrics">Where learners serve their metrics.</param>
    /// <param name="now">Seconds since the league was up, 0 before.</param>
    public TroubledLeague(
        string folder, IReadOnlyList<string> settings, int workers, string secret, IPEndPoint stream, IPEndPoint door, IPEndPoint metrics, Random random, Func<double> now,
        Action<string> violated)
    {
        (_folder, _stream, _door, _metrics, _random, _now, _violated) = (folder, stream, door, metrics, random, now, violated);
        _first = [.. settings];
        _environment = new Dictionary<string, string> { ["ARENA_RUNS"] = folder, [StreamOptions.SecretVariable] = secret };
        _client = new HttpClient { BaseAddress = new Uri($"http://{metrics}"), Timeout = TimeSpan.FromSeconds(10) };
        Refusals = new RefusalLog(Path.Combine(folder, Name, "workers.log"));
        _workers = new ArenaProcess?[workers];
        _workerBack = new double[workers];
    }

    /// <summary>What the learners wrote down of those whom they refused.</summary>
    public RefusalLog Refusals { get; }

    /// <summary>The league's event log.</summary>
    public string Events => Path.Combine(_folder, Name, "events.jsonl");

    public IReadOnlyList<LearnerLife> Lives => _lives;

    /// <summary>The learner's present life, or its last.</summary>
    public LearnerLife Life => _lives[^1];

    public IReadOnlyList<long> MemoryByMinute => _memoryByMinute;

    public int WorkerKills { get; private set; }

    public int LearnerKills { get; private set; }

    public int Resumes { get; private set; }

    public bool LearnerLives => _learner is { Alive: true };

    /// <summary>Physical memory of the learner in bytes, null while it is dead.</summary>
    public long? LearnerMemory => _learner?.WorkingSet;

    /// <summary>The last lines that the learner wrote.</summary>
    public string LearnerSaid => _learner?.Said ?? "";

    public bool IsWhole => _workers.All(w => w is { Alive: true }) && LearnerLives;

    /// <summary>Starts the learner and all workers.</summary>
    public void Start()
    {
        StartLearner();
        for (int i = 0; i < _workers.Length; i++)
            StartWorker(i);
    }

    /// <summary>Starts again what was killed, in its time; what ended by itself is started again as well.</summary>
    public void BringBack()
    {
        if (_learner is { Alive: false })
        {
            _violated($"the learner ended by itself with {_learner.ExitCode}: {_learner.Said}");
            _learner.Dispose();
            (_learner, _learnerBack) = (null, _now());
        }
        if (_learner is null && _now() >= _learnerBack)
            StartLearner();
        for (int i = 0; i < _workers.Length; i++)
        {
            if (_workers[i] is { Alive: false } ended)
            {
                _violated($"a worker ended by itself with {ended.ExitCode}: {ended.Said}");
                ended.Dispose();
                _workers[i] = null;
            }
            if (_workers[i] is null && _now() >= _workerBack[i])
                StartWorker(i);
        }
    }

    /// <summary>False if none lives.</summary>
    public bool KillWorker()
    {
        int[] alive = [.. Enumerable.Range(0, _workers.Length).Where(i => _workers[i] is { Alive: true })];
        if (alive.Length == 0)
            return false;
        int doomed = alive[_random.Next(alive.Length)];
        _workers[doomed]!.Kill();
        _workers[doomed]!.Dispose();
        (_workers[doomed], _workerBack[doomed]) = (null, _now() + 2 * _random.NextDouble());
        WorkerKills++;
        return true;
    }

    public void KillLearner()
    {
        if (_learner is not { } learner)
            throw new InvalidOperationException("there is no learner to kill");
        learner.Kill();
        learner.Dispose();
        (_learner, _learnerBack) = (null, _now() + 3 * _random.NextDouble());
        LearnerKills++;
    }

    /// <summary>Notes how the learner is.</summary>
    public void Sample()
    {
        if (_learner is not { } learner)
            return;
        long bytes = learner.WorkingSet;
        Life.Sample(learner.Age, learner.Worked, bytes);
        int minute = (int)(_now() / 60);
        while (_memoryByMinute.Count <= minute)
            _memoryByMinute.Add(0);
        _memoryByMinute[minute] = Math.Max(_memoryByMinute[minute], bytes);
        Scrape();
    }

    /// <summary>Reads the learner's metrics; null while it does not serve any.</summary>
    public MetricsPage? Scrape()
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/metrics", UriKind.Relative));
            using HttpResponseMessage answer = _client.Send(request);
            using var reader = new StreamReader(answer.EnsureSuccessStatusCode().Content.ReadAsStream());
            return Life.Page = MetricsPage.Parse(reader.ReadToEnd());
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // It is starting.
            return null;
        }
    }

    /// <summary>Updates of the learner's present life.</summary>
    public double Updates() => Scrape()?.Value("arena_updates_total") ?? 0;

    /// <summary>Asks the learner to end, and waits until all workers have ended with it.</summary>
    public void End()
    {
        if (_learner is not { } learner || !learner.Leave(Patience))
            _violated("the learner did not end when it was asked to");
        else if (learner.ExitCode != 0)
            _violated($"the learner ended with {learner.ExitCode}: {learner.Said}");
        foreach (ArenaProcess worker in _workers.OfType<ArenaProcess>())
        {
            if (!worker.Ended(Patience))
                _violated($"a worker did not end with its league: {worker.Said}");
            else if (worker.ExitCode != 0)
                _violated($"a worker ended with {worker.ExitCode}: {worker.Said}");
        }
    }

    public void Dispose()
    {
        foreach (ArenaProcess? process in _workers.Append(_learner))
            process?.Dispose();
        _client.Dispose();
    }

    private void StartLearner()
    {
        bool again = _lives.Count > 0;
        _lives.Add(new LearnerLife(_lives.Count + 1, _now(), Refusals.Length));
        IReadOnlyList<string> which = again ? ["--resume"] : _first;
        _learner = new ArenaProcess(_environment, ["league", .. which, "--name", Name, "--listen", _stream.ToString(), "--workers-only", "--no-serve", "--metrics", _metrics.ToString(), "--json"]);
        Resumes += again ? 1 : 0;
    }

    private void StartWorker(int i) => _workers[i] = new ArenaProcess(_environment, "worker", "--connect", _door.ToString());
}
