using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.League;
using SelfPlayArena.Learning;
using SelfPlayArena.Learning.Acting;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout.Telemetry;

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
public sealed partial class SelfPlayRun : IDisposable
{
    private static readonly MemberId Main = new("main");
    private readonly RunFolder _folder;
    private readonly RunSettings _settings;
    private readonly EnvironmentSpec _spec;
    private readonly EnvironmentRecipe _played;
    private readonly TimeProvider _time;
    private readonly ILeagueAccess _access;
    private readonly ILeague _league;
    private readonly PpoLearner _learner;
    private readonly ActorInference? _inference;
    private readonly NetworkPlan _plan;
    private readonly ModelPool _pool;
    private readonly ITrajectoryTransport _transport;
    private readonly MatchHost[] _hosts;
    private readonly HostRoster _roster = new();
    private readonly LeagueDirector _director;
    private readonly ReplayFolder? _replays;
    private readonly RemoteHosts? _remote;
    private readonly RunPort? _port;
    private readonly ProgressMeter _meter;
    private readonly RunWatch _watch;
    private readonly TrajectoryLayout _layout;
    private readonly MatchGroups? _matchGroups;
    private volatile PublishedWeights? _published;
    private readonly List<string> _notices = [];
    private double _secondsBefore;
    private long _nextMatchup;
    private Exception? _failure;
    private CancellationTokenSource? _stop;
    private readonly TrainingPace _pace;
    private int _asked;

    private SelfPlayRun(
        RunFolder folder, RunSettings settings, IEnvironmentFactory factory, Func<int, ITrajectoryTransport> transport, TimeProvider time,
        bool resume, string preset, RemoteHosts? remote, ILeagueAccess? league)
    {
        if (remote is not null && settings.Lockstep)
            throw new ArgumentException("a run in lockstep mode plays on its own thread only and cannot take remote hosts", nameof(remote));
        bool grouped = ReturnRules.IsGrouped(settings.Estimator);
        _matchGroups = grouped ? new MatchGroups(settings.GroupSize) : null;
        _remote = remote;
        _pace = new TrainingPace(time);
        (_folder, _settings, _time, _spec, _played) = (folder, settings, time, factory.Spec, factory.Recipe);
        NetworkDescription description = settings.NetworkSize().Describe(_spec);
        _plan = new NetworkPlan(description, _spec);
        Directory.CreateDirectory(folder.Path);
        _access = league ?? new LeagueOnFiles(folder.Events, time);
        bool written = false;
        try
        {
            _access.Claim();
            if (!resume)
            {
                written = !File.Exists(folder.Settings);
                folder.WriteSettings(settings);
                folder.Keep(folder.Settings);
            }
            Directory.CreateDirectory(folder.Policies);
            _pool = new ModelPool(folder.Policies, _spec);
            _learner = new PpoLearner(_plan, WarmStart.Weights(folder, settings, factory, _plan), LearnerOptions(settings, _spec), Seeds.Derive(settings.Seed, "learner"), settings.Device, Reference());
            if (ActorInference.DeviceFor(settings.ActorDevice, _learner.DeviceName) is { } device)
                _inference = new ActorInference(_plan, device);
            string? checkpoint = resume ? LoadCheckpoint() : null;
            _league = _access.Open(new LeagueOpening(
                resume ? null : Created(preset), [.. settings.Anchors.Select(a => new MemberId(MemberId.ScriptedPrefix + a))], LeagueOptions(settings), _nextMatchup));
            if (_league.Created.ContentHash != _spec.ContentHash)
                throw new InvalidDataException($"{folder.Path}: the run was made with content {_league.Created.ContentHash}, this program has {_spec.ContentHash}; start a new run");
            _league.Start(_learner.TrainedSteps, Environment.ProcessId);
            Publish();

            _layout = new TrajectoryLayout(_spec, settings.ChunkSteps, _plan.RecurrentSize);
            int actors = remote is { Only: true } ? 0 : settings.Lockstep ? 1 : settings.Actors;
            int chunkSteps = settings.ChunkSteps * _spec.AgentsPerTeam;
            _transport = transport(settings.Lockstep ? int.MaxValue : Math.Max(4, (int)(settings.QueueBatches * settings.BatchSteps / chunkSteps)));
            if (!settings.Lockstep)
                _layout.Reserve(_transport.Capacity + settings.BatchSteps / chunkSteps + 1 + (actors + (remote?.Expected ?? 0)) * settings.MatchesPerActor * _spec.Teams);
            _director = new LeagueDirector(_league, actors, alike: grouped);
            var options = new HostOptions
            {
                TeamSpirit = (float)settings.TeamSpirit,
                ZeroSum = settings.ZeroSum,
                // Matches that are compared begin alike, and a scripted opening at random would undo that.
                RandomStarts = grouped ? 0 : settings.RandomStarts,
                RandomStartDecisions = grouped ? 0 : settings.RandomStartDecisions,
                Alike = grouped,
                GreedyFirst = ReturnRules.NeedsGreedyMatch(settings.Estimator),
                DrawUnused = !settings.MaskedLoss,
            };
            if (settings.Record > 0)
                _replays = new ReplayFolder(folder.Replays, factory.Recipe, _spec, settings.Record / 100, settings.RecordKeep);
            ulong hostSeed = Seeds.Derive(settings.Seed, "session", settings.Lockstep ? 0 : (ulong)_league.Session);
            _hosts = [.. Enumerable.Range(0, actors).Select(h => new MatchHost(
                h, factory.Create(settings.MatchesPerActor), _director, _pool, _transport, _layout, options, hostSeed, _replays, CreateActor()) { Pace = settings.Lockstep ? null : _pace })];
            foreach (MatchHost host in _hosts)
                _roster.Add(host);
            if (remote is not null)
                _port = new RunPort(factory, _plan, _layout, options, settings.MatchesPerActor, hostSeed, _transport, Math.Max(2, _transport.Capacity / 4), _director, _league, _pool, () => _published!, _replays, _pace, CreateActor, Enlist, HostFailed);
            if (settings.Lockstep && checkpoint is not null)
                LoadHosts(RunFolder.HostState(checkpoint));
            _meter = new ProgressMeter(time);
            _watch = new RunWatch(_league.Created.Name, actors + (remote?.Expected ?? 0), TimeSpan.FromSeconds(settings.HealthSeconds), time);
        }
        catch
        {
            _replays?.Dispose();
            _inference?.Dispose();
            _learner?.Dispose();
            // Without a league there is no run: who mends what was wrong may begin it again.
            if (written && _league is null)
                File.Delete(folder.Settings);
            _access.Dispose();
            throw;
        }
    }

    /// <summary>Things a person should know about how the run was opened, for example that a damaged checkpoint was passed over.</summary>
    public IReadOnlyList<string> Notices => _notices;

    /// <summary>Starts a new run in a folder that has none yet.</summary>
    /// <param name="transport">Makes the transport between hosts and learner for a number of chunks.</param>
    /// <param name="remote">Lets others' hosts play for the run; null for none.</param>
    /// <param name="league">Where the league is kept; null for a log in the folder. The run's from now on.</param>
    /// <exception cref="RunInUseException">A live process uses the folder.</exception>
    /// <exception cref="InvalidOperationException">The folder holds a run already.</exception>
    public static SelfPlayRun Create(
        RunFolder folder, RunSettings settings, string preset, IEnvironmentFactory factory, Func<int, ITrajectoryTransport> transport, TimeProvider time,
        RemoteHosts? remote = null, ILeagueAccess? league = null)
    {
        if (File.Exists(folder.Settings) && !Curricula.Curriculum.Precedes(folder))
            throw new InvalidOperationException($"{folder.Path} holds a run already; resume it or choose another name");
        return new SelfPlayRun(folder, settings, factory, transport, time, resume: false, preset, remote, league);
    }

    /// <summary>Goes on with a run where its newest readable checkpoint left it.</summary>
    /// <exception cref="InvalidDataException">The folder is no run, or nothing in it can be read; says which file.</exception>
    public static SelfPlayRun Resume(
        RunFolder folder, RunSettings settings, IEnvironmentFactory factory, Func<int, ITrajectoryTransport> transport, TimeProvider time,
        RemoteHosts? remote = null, ILeagueAccess? league = null)
        => new(folder, settings, factory, transport, time, resume: true, "", remote, league);

    /// <summary>Agent-steps trained so far.</summary>
    public long TrainedSteps => _learner.TrainedSteps;

    /// <summary>
    /// Plays and learns until a limit is reached or it is cancelled, then saves. Progress is reported after every update, on the calling thread.
    /// </summary>
    public void Run(RunLimits limits, Action<RunProgress> progress, CancellationToken cancellation)
    {
        _watch.Begin();
        if (_settings.Lockstep)
            _watch.HostBegan();
        try
        {
            Loop(limits, progress, cancellation);
        }
        catch (Exception e)
        {
            _watch.Failed(e);
            throw;
        }
        finally
        {
            if (_settings.Lockstep)
                _watch.HostEnded();
            _watch.End();
        }
    }

    private void Loop(RunLimits limits, Action<RunProgress> progress, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _stop = stop;
        _learner.BetweenMicroBatches = () => _pace.GiveWay(stop.Token);
        long start = _time.GetTimestamp();
        long savedAt = start;
        double before = _secondsBefore;
        Thread[] threads = _settings.Lockstep ? [] : [.. _hosts.Select((h, i) => StartHost(h, i, stop))];
        using var lines = new StreamWriter(_folder.Progress, append: true);
        IDisposable? door = null;
        try
        {
            door = _remote?.Open(_port!);
            // Without hosts of its own a run may wait for its first chunk for ever.
            if (_hosts.Length == 0 && limits.Minutes is { } longest)
                stop.CancelAfter(TimeSpan.FromMinutes(longest));
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
                long publish = _time.GetTimestamp();
                Publish();
                long published = _time.GetTimestamp();
                _secondsBefore = before + _time.GetElapsedTime(start).TotalSeconds;
                _league.FlushIfDue();
                if (Interlocked.Exchange(ref _asked, 0) != 0 || _league.ShouldSnapshot(_learner.TrainedSteps))
                {
                    TakeSnapshot();
                    savedAt = _time.GetTimestamp();
                }
                else if (_time.GetElapsedTime(savedAt).TotalSeconds >= _settings.CheckpointSeconds)
                {
                    SaveCheckpoint();
                    savedAt = _time.GetTimestamp();
                }
                double publishing = _time.GetElapsedTime(publish, published).TotalSeconds, saving = _time.GetElapsedTime(published).TotalSeconds;
                RunProgress now = _meter.Measure(_secondsBefore, _learner, report, publishing, saving, rewards, _league, _roster, _port, _transport) with
                {
                    RecordingFault = _replays?.Fault,
                    GroupChunksWaiting = _matchGroups?.Waiting ?? 0,
                    GroupChunksDropped = _matchGroups?.Late ?? 0,
                };
                _watch.Updated(now);
                _metrics?.Updated(report, now);
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
            door?.Dispose();
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
        _replays?.Dispose();
        _matchGroups?.Dispose();
        _transport.Dispose();
        _inference?.Dispose();
        _learner.Dispose();
        _access.Dispose();
    }

    private void HostFailed(Exception reason)
    {
        Interlocked.CompareExchange(ref _failure, reason, null);
        _stop!.Cancel();
    }

    private Thread StartHost(MatchHost host, int number, CancellationTokenSource stop)
    {
        var thread = new Thread(() =>
        {
            _watch.HostBegan();
            try
            {
                while (!stop.IsCancellationRequested && host.Step(stop.Token))
                {
                }
            }
            catch (Exception e)
            {
                HostFailed(e);
            }
            finally
            {
                _watch.HostEnded();
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
            StandStill(cancellation);
            if (_settings.Lockstep)
            {
                // A run that can be repeated exactly must not be saved in the middle of a batch, and so is not paused there.
                while (steps < _settings.BatchSteps && !cancellation.IsCancellationRequested)
                {
                    _hosts[0].Step(cancellation);
                    _pace.GiveWay(cancellation);
                    while (_transport.TryRead() is { } played)
                        Add(played);
                }
                break;
            }
            using var awake = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _pace.Interrupted);
            while (steps < _settings.BatchSteps && !awake.IsCancellationRequested)
            {
                if (_transport.Read(awake.Token) is { } chunk)
                    Add(chunk);
            }
        }
        return batch;

        void Add(TrajectoryChunk chunk)
        {
            int before = batch.Count;
            if (_matchGroups is null)
                batch.Add(chunk);
            else
                _matchGroups.Add(chunk, batch);
            for (int i = before; i < batch.Count; i++)
                steps += batch[i].AgentSteps;
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

    private void Publish()
    {
        Weights weights = _learner.Export();
        _published = new PublishedWeights(_learner.Version, weights);
        var network = new PolicyNetwork(_plan, weights);
        _inference?.Publish(network, weights);
        _pool.Publish(new PolicyVersion(network, _learner.Version));
    }

    private IPolicyActor CreateActor() => _inference?.CreateActor() ?? new InterpreterActor();
}
