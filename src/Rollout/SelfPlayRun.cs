using System.Diagnostics;
using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Learning;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Rollout;

/// <summary>When a session of a run ends by itself; null means never.</summary>
/// <param name="Minutes">Wall-clock minutes of this session.</param>
/// <param name="Steps">Trained agent-steps of the whole run.</param>
public sealed record RunLimits(double? Minutes = null, long? Steps = null);

/// <summary>
/// A self-play run: a league, a learner and match hosts around one trajectory transport, in a folder from which it can be resumed.
/// In asynchronous mode hosts play on their own threads while the calling thread learns; in lockstep mode the calling thread does both in turn,
/// through the same code, and resuming is exact.
/// </summary>
public sealed class SelfPlayRun : IDisposable
{
    private static readonly MemberId Main = new("main");
    private readonly RunFolder _folder;
    private readonly RunSettings _settings;
    private readonly IEnvironmentFactory _factory;
    private readonly EnvironmentSpec _spec;
    private readonly TimeProvider _time;
    private readonly FileEventLog _log;
    private readonly SelfPlayLeague _league;
    private readonly PpoLearner _learner;
    private readonly NetworkPlan _plan;
    private readonly ModelPool _pool;
    private readonly ITrajectoryTransport _transport;
    private readonly MatchHost[] _hosts;
    private readonly LeagueDirector _director;
    private readonly ProgressMeter _meter;
    private double _secondsBefore;
    private Exception? _failure;

    private SelfPlayRun(
        RunFolder folder, RunSettings settings, IEnvironmentFactory factory, Func<int, ITrajectoryTransport> transport, TimeProvider time,
        bool resume, string preset)
    {
        (_folder, _settings, _factory, _time, _spec) = (folder, settings, factory, time, factory.Spec);
        NetworkDescription description = NetworkSize.Named(settings.Network).Describe(_spec);
        _plan = new NetworkPlan(description, _spec);
        Directory.CreateDirectory(folder.Path);
        _log = FileEventLog.Open(folder.Events);
        try
        {
            if (!resume)
                folder.WriteSettings(settings);
            Directory.CreateDirectory(folder.Policies);
            _pool = new ModelPool(folder.Policies, _spec);
            _learner = new PpoLearner(_plan, WeightInitializer.Create(_plan, Seeds.Derive(settings.Seed, "weights")), LearnerOptions(settings, _spec), Seeds.Derive(settings.Seed, "learner"), settings.Device);
            string? checkpoint = resume ? LoadCheckpoint() : null;
            _league = resume
                ? SelfPlayLeague.Resume(_log, LeagueOptions(settings), time, _nextMatchup)
                : SelfPlayLeague.Create(_log, Created(preset), settings.Anchors.Select(a => new MemberId(MemberId.ScriptedPrefix + a)), LeagueOptions(settings), time);
            if (_league.Created.ContentHash != _spec.ContentHash)
                throw new InvalidDataException($"{folder.Path}: the run was made with content {_league.Created.ContentHash}, this program has {_spec.ContentHash}; start a new run");
            _league.Start(_learner.TrainedSteps, Environment.ProcessId);
            Publish();

            var layout = new TrajectoryLayout(_spec, settings.ChunkSteps, _plan.RecurrentSize);
            int actors = settings.Lockstep ? 1 : settings.Actors;
            int chunkSteps = settings.ChunkSteps * _spec.AgentsPerTeam;
            _transport = transport(settings.Lockstep ? int.MaxValue : Math.Max(4, (int)(settings.QueueBatches * settings.BatchSteps / chunkSteps)));
            _director = new LeagueDirector(_league, actors);
            var options = new HostOptions
            {
                TeamSpirit = (float)settings.TeamSpirit,
                ZeroSum = settings.ZeroSum,
                RandomStarts = settings.RandomStarts,
                RandomStartDecisions = settings.RandomStartDecisions,
            };
            ulong hostSeed = Seeds.Derive(settings.Seed, "session", settings.Lockstep ? 0 : (ulong)_league.Session);
            _hosts = [.. Enumerable.Range(0, actors).Select(h => new MatchHost(
                h, factory.Create(settings.MatchesPerActor), _director, _pool, _transport, layout, options, hostSeed))];
            if (settings.Lockstep && checkpoint is not null)
                LoadHosts(RunFolder.HostState(checkpoint));
            _meter = new ProgressMeter(time);
        }
        catch
        {
            _learner?.Dispose();
            _log.Dispose();
            throw;
        }
    }

    private long _nextMatchup;

    /// <summary>Things a person should know about how the run was opened, for example that a damaged checkpoint was passed over.</summary>
    public IReadOnlyList<string> Notices => _notices;

    private readonly List<string> _notices = [];

    /// <summary>Starts a new run in a folder that has none yet.</summary>
    /// <param name="transport">Makes the transport between hosts and learner for a number of chunks.</param>
    /// <exception cref="RunInUseException">A live process uses the folder.</exception>
    /// <exception cref="InvalidOperationException">The folder holds a run already.</exception>
    public static SelfPlayRun Create(
        RunFolder folder, RunSettings settings, string preset, IEnvironmentFactory factory, Func<int, ITrajectoryTransport> transport, TimeProvider time)
    {
        if (File.Exists(folder.Settings))
            throw new InvalidOperationException($"{folder.Path} holds a run already; resume it or choose another name");
        return new SelfPlayRun(folder, settings, factory, transport, time, resume: false, preset);
    }

    /// <summary>Goes on with a run where its newest readable checkpoint left it.</summary>
    /// <exception cref="InvalidDataException">The folder is no run, or nothing in it can be read; says which file.</exception>
    public static SelfPlayRun Resume(
        RunFolder folder, RunSettings settings, IEnvironmentFactory factory, Func<int, ITrajectoryTransport> transport, TimeProvider time)
        => new(folder, settings, factory, transport, time, resume: true, "");

    /// <summary>Agent-steps trained so far.</summary>
    public long TrainedSteps => _learner.TrainedSteps;

    /// <summary>
    /// Plays and learns until a limit is reached or it is cancelled, then saves. Progress is reported after every update, on the calling thread.
    /// </summary>
    public void Run(RunLimits limits, Action<RunProgress> progress, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        long start = _time.GetTimestamp();
        long savedAt = start;
        double before = _secondsBefore;
        Thread[] threads = _settings.Lockstep ? [] : [.. _hosts.Select((h, i) => StartHost(h, i, stop))];
        using var lines = new StreamWriter(_folder.Progress, append: true);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                List<TrajectoryChunk> batch = Collect(stop.Token);
                if (stop.IsCancellationRequested)
                {
                    Release(batch);
                    break;
                }
                UpdateReport report = _learner.Update(batch);
                Dictionary<string, double> rewards = MeanRewards(batch);
                Release(batch);
                Publish();
                _secondsBefore = before + _time.GetElapsedTime(start).TotalSeconds;
                _league.FlushIfDue();
                if (_league.ShouldSnapshot(_learner.TrainedSteps))
                {
                    TakeSnapshot();
                    savedAt = _time.GetTimestamp();
                }
                else if (_time.GetElapsedTime(savedAt).TotalSeconds >= _settings.CheckpointSeconds)
                {
                    SaveCheckpoint();
                    savedAt = _time.GetTimestamp();
                }
                RunProgress now = _meter.Measure(_secondsBefore, _learner, report, rewards, _league, _hosts, _transport);
                lines.WriteLine(JsonSerializer.Serialize(now, RunFolder.Json));
                lines.Flush();
                progress(now);
                if (limits.Steps is { } steps && _learner.TrainedSteps >= steps)
                    break;
                if (limits.Minutes is { } minutes && _time.GetElapsedTime(start).TotalMinutes >= minutes)
                    break;
            }
        }
        finally
        {
            stop.Cancel();
            foreach (Thread t in threads)
                t.Join();
        }
        if (_failure is not null)
        {
            SaveCheckpoint();
            throw new InvalidOperationException($"a match host stopped: {_failure.Message}", _failure);
        }
        SaveCheckpoint();
        _league.Stop(_learner.TrainedSteps, cancellation.IsCancellationRequested ? "interrupted" : "limit reached");
    }

    public void Dispose()
    {
        foreach (MatchHost host in _hosts)
            host.Dispose();
        _transport.Dispose();
        _learner.Dispose();
        _log.Dispose();
    }

    private Thread StartHost(MatchHost host, int number, CancellationTokenSource stop)
    {
        var thread = new Thread(() =>
        {
            try
            {
                while (!stop.IsCancellationRequested && host.Step(stop.Token))
                {
                }
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failure, e, null);
                stop.Cancel();
            }
        })
        { IsBackground = true, Name = $"match host {number}" };
        thread.Start();
        return thread;
    }

    /// <summary>Takes chunks until they make up a batch; in lockstep mode plays them first.</summary>
    private List<TrajectoryChunk> Collect(CancellationToken cancellation)
    {
        var batch = new List<TrajectoryChunk>();
        int steps = 0;
        while (steps < _settings.BatchSteps && !cancellation.IsCancellationRequested)
        {
            if (_settings.Lockstep)
            {
                _hosts[0].Step(cancellation);
                while (_transport.TryRead() is { } played)
                    Add(played);
            }
            else if (_transport.Read(cancellation) is { } chunk)
            {
                Add(chunk);
            }
        }
        return batch;

        void Add(TrajectoryChunk chunk)
        {
            batch.Add(chunk);
            steps += chunk.AgentSteps;
        }
    }

    /// <summary>Mean size of an agent-step's reward, term by term, before weights. Its size, because zero-sum rewards average to nothing.</summary>
    private Dictionary<string, double> MeanRewards(List<TrajectoryChunk> batch)
    {
        int terms = _spec.Rewards.Count;
        var sums = new double[terms];
        foreach (TrajectoryChunk chunk in batch)
        {
            ReadOnlySpan<float> rewards = chunk.Rewards[..(chunk.AgentSteps * terms)];
            for (int i = 0; i < rewards.Length; i++)
                sums[i % terms] += Math.Abs(rewards[i]);
        }
        int steps = batch.Sum(c => c.AgentSteps);
        return _spec.Rewards.Select((term, r) => (term.Name, Mean: sums[r] / steps)).ToDictionary(x => x.Name, x => x.Mean);
    }

    private static void Release(List<TrajectoryChunk> batch)
    {
        foreach (TrajectoryChunk chunk in batch)
            chunk.Dispose();
    }

    private void Publish() => _pool.Publish(new PolicyVersion(new PolicyNetwork(_plan, _learner.Export()), _learner.Version));

    /// <summary>Checkpoint first, then the bundle, then the event: whatever happens in between, the log names nothing that is not on disk.</summary>
    private void TakeSnapshot()
    {
        SaveCheckpoint();
        int version = _league.NextVersion;
        var player = new PlayerId(Main, version);
        Bundle(player).Save(Path.Combine(_folder.Policies, ModelPool.FileName(player)));
        _league.RecordSnapshot(version, _learner.TrainedSteps, Path.Combine("policies", ModelPool.FileName(player)));
    }

    private void SaveCheckpoint()
    {
        _league.Flush();
        string path = _folder.Checkpoint(_learner.Version);
        if (_settings.Lockstep)
        {
            AtomicFile.Write(RunFolder.HostState(path), stream =>
            {
                using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
                _director.Save(writer);
                foreach (MatchHost host in _hosts)
                    host.Save(writer);
            });
        }
        _learner.Save(path, new Dictionary<string, string>
        {
            ["league_position"] = _league.DurablePosition.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["next_matchup"] = _league.NextMatchupId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["seconds"] = _secondsBefore.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        });
        _folder.PruneCheckpoints();
        Bundle(new PlayerId(Main, PlayerId.Latest)).Save(_folder.Latest);
    }

    private PolicyBundle Bundle(PlayerId player)
    {
        Rating? rating = _league.Ratings()[new PlayerId(Main, PlayerId.Latest)];
        return new PolicyBundle(_plan, _learner.Export(), new PolicyCard
        {
            Member = player.Member.Value,
            Version = player.IsLatest ? 0 : player.Version,
            TrainedSteps = _learner.TrainedSteps,
            TrainedOn = $"{_spec.Name}, league {_league.Created.Name}",
            Created = _time.GetUtcNow(),
            Ratings = rating is null ? new Dictionary<string, double>() : new Dictionary<string, double> { ["elo"] = rating.Elo, ["elo_error95"] = rating.Error95 },
        });
    }

    /// <summary>Loads the newest checkpoint that can be read; what could not be is named in <see cref="Notices"/>.</summary>
    private string? LoadCheckpoint()
    {
        foreach (string path in _folder.Checkpoints())
        {
            try
            {
                IReadOnlyDictionary<string, string> metadata = _learner.Load(path);
                _secondsBefore = double.Parse(metadata["seconds"], System.Globalization.CultureInfo.InvariantCulture);
                _nextMatchup = long.Parse(metadata["next_matchup"], System.Globalization.CultureInfo.InvariantCulture);
                if (_notices.Count > 0)
                    _notices.Add($"going on from {path}");
                return path;
            }
            catch (Exception e) when (e is BundleException or IOException or KeyNotFoundException or FormatException)
            {
                _notices.Add($"checkpoint passed over: {e.Message}");
            }
        }
        if (_notices.Count > 0)
            throw new InvalidDataException($"{_folder.Path}: no checkpoint can be read. {string.Join("; ", _notices)}");
        return null;
    }

    private void LoadHosts(string path)
    {
        using FileStream stream = File.OpenRead(path);
        using var reader = new BinaryReader(stream);
        try
        {
            _director.Load(reader);
            foreach (MatchHost host in _hosts)
                host.Load(reader);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"{path}: truncated", e);
        }
    }

    private LeagueCreated Created(string preset) => new(
        Path.GetFileName(Path.TrimEndingDirectorySeparator(_folder.Path)), preset, _spec.Name, _spec.ContentHash, _settings.Seed,
        JsonSerializer.Serialize(_settings, RunFolder.Json), new FoldRules());

    /// <summary>What the learner is told for these settings.</summary>
    /// <exception cref="ArgumentException">A setting names something that the environment lacks, or is out of range.</exception>
    public static PpoOptions LearnerOptions(RunSettings settings, EnvironmentSpec spec) => new PpoOptions
    {
        DefaultValueHead = new ValueHeadOptions((float)settings.DefaultGamma, (float)settings.Lambda),
        ValueHeads = settings.Gamma.ToDictionary(g => g.Key, g => new ValueHeadOptions((float)g.Value, (float)settings.Lambda)),
        RewardWeights = settings.RewardWeights.ToDictionary(w => w.Key, w => (float)w.Value),
        Entropy = (float)settings.Entropy,
        FinalEntropy = (float)settings.EntropyEnd,
        LearningRate = (float)settings.LearningRate,
        FinalLearningRate = (float)settings.LearningRateEnd,
        ScheduleSteps = settings.ScheduleSteps,
        ValueWeight = (float)settings.ValueWeight,
        GradientNorm = (float)settings.GradientNorm,
        Epochs = settings.Epochs,
        Minibatches = settings.Minibatches,
        MicroBatchSteps = settings.MicroBatch,
        MaxStaleness = settings.MaxStaleness,
        Threads = settings.LearnerThreads,
    }.Validated(spec);

    private static LeagueOptions LeagueOptions(RunSettings settings) => new()
    {
        Learner = Main,
        Matchmaking = new MatchmakingOptions
        {
            SelfPlayShare = settings.SelfPlayShare,
            ScriptedShare = settings.AnchorShare,
            Weighting = Enum.Parse<PfspWeighting>(settings.Pfsp, ignoreCase: true),
        },
        Snapshots = new SnapshotRule { EverySteps = settings.SnapshotSteps, MinSteps = settings.SnapshotSteps / 4 },
    };
}
