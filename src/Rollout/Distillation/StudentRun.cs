using System.Globalization;
using SelfPlayArena.Core;
using SelfPlayArena.Learning.Distillation;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Rollout.Distillation;

/// <summary>
/// A student plays against itself in each of its teachers' games and learns from them, until it is done. It lies on disk as a bundle and, beside
/// it, as the state from which it goes on.
/// </summary>
public sealed class StudentRun : IDisposable
{
    private const string TeachersKey = "teachers";
    private const string SecondsKey = "seconds";
    private const int ProgressEvery = 8;
    private const int ScoresEvery = 64;
    private readonly string _bundle;
    private readonly NetworkPlan _plan;
    private readonly IReadOnlyList<Lesson> _lessons;
    private readonly StudentOptions _options;
    private readonly IReadOnlyDictionary<string, string> _about;
    private readonly Func<int, ITrajectoryTransport> _transport;
    private readonly TimeProvider _time;
    private readonly PolicyDistiller _distiller;
    private double _secondsBefore;
    private Exception? _failure;

    private StudentRun(
        string bundle, NetworkPlan plan, Weights weights, IReadOnlyList<Lesson> lessons, StudentOptions options, IReadOnlyDictionary<string, string> about,
        Func<int, ITrajectoryTransport> transport, TimeProvider time, string device)
    {
        if (options.Steps is null && options.Minutes is null)
            throw new ArgumentException("distillation needs an end: a number of steps or of minutes", nameof(options));
        (_bundle, _plan, _lessons, _options, _about, _transport, _time) = (bundle, plan, lessons, options, about, transport, time);
        _distiller = new PolicyDistiller(plan, weights, [.. lessons.Select(l => l.Teacher)], options.Learning, device);
    }

    /// <summary>Agent-steps learnt from so far.</summary>
    public long TrainedSteps => _distiller.TrainedSteps;

    /// <summary>The state that belongs to a bundle.</summary>
    public static string StateOf(string bundle) => bundle + ".state";

    /// <param name="bundle">The file to write.</param>
    /// <param name="plan">The student's network.</param>
    /// <param name="about">What the caller wants to find again in the state, see <see cref="About"/>.</param>
    /// <param name="transport">Makes the transport between players and learner for a number of chunks.</param>
    /// <exception cref="ArgumentException">A teacher reads or does other things than the student, or an option is out of range.</exception>
    public static StudentRun Create(
        string bundle, NetworkPlan plan, Weights weights, IReadOnlyList<Lesson> lessons, StudentOptions options, IReadOnlyDictionary<string, string> about,
        Func<int, ITrajectoryTransport> transport, TimeProvider time, string device = "auto")
        => new(bundle, plan, weights, lessons, options, about, transport, time, device);

    /// <summary>What the caller of <see cref="Create"/> left in a bundle's state.</summary>
    /// <exception cref="BundleException">Not a sound state.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> About(string bundle) => PolicyDistiller.Read(StateOf(bundle)).Companions;

    /// <summary>Goes on where the state beside a bundle left off, with the same teachers.</summary>
    /// <exception cref="InvalidDataException">A teacher is not the one that the student began with, or the state is not sound.</exception>
    /// <exception cref="IOException">The state cannot be read.</exception>
    public static StudentRun Resume(
        string bundle, IReadOnlyList<Lesson> lessons, StudentOptions options, Func<int, ITrajectoryTransport> transport, TimeProvider time, string device = "auto")
    {
        (NetworkDescription network, IReadOnlyDictionary<string, string> kept) = PolicyDistiller.Read(StateOf(bundle));
        string[] before = kept.GetValueOrDefault(TeachersKey, "").Split('\n');
        string[] now = [.. lessons.Select(Identity)];
        if (!before.SequenceEqual(now, StringComparer.Ordinal))
        {
            string changed = before.Length == now.Length ? lessons.Where((_, i) => before[i] != now[i]).First().Teacher.Name : "";
            throw new InvalidDataException(changed.Length > 0
                ? $"teacher {changed} is not the policy any more that {bundle} learnt from; start anew, with a frozen version (run:NAME@7) if it goes on learning"
                : $"{bundle} learnt from {before.Length} teachers, now there are {now.Length}");
        }
        var plan = new NetworkPlan(network, lessons[0].Teacher.Plan.Spec);
        var about = kept.Where(k => k.Key is not (TeachersKey or SecondsKey)).ToDictionary(k => k.Key, k => k.Value);
        var run = new StudentRun(bundle, plan, Weights.Zeros(plan), lessons, options, about, transport, time, device);
        try
        {
            run._distiller.Load(StateOf(bundle));
            run._secondsBefore = double.Parse(kept.GetValueOrDefault(SecondsKey, "0"), CultureInfo.InvariantCulture);
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>Plays and learns until it is done or cancelled, then saves.</summary>
    /// <param name="progress">Called now and then, on this thread.</param>
    /// <exception cref="InvalidOperationException">Something was not finite, or playing failed; what was saved last stays.</exception>
    public StudentResult Run(Action<StudentProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var layout = new TrajectoryLayout(_plan.Spec, _options.ChunkSteps, _plan.RecurrentSize);
        int chunk = _options.ChunkSteps * _plan.Spec.AgentsPerTeam;
        using ITrajectoryTransport transport = _transport(_options.Lockstep ? int.MaxValue : Math.Max(4, _options.BatchSteps * _options.PublishEvery / chunk));
        ulong seed = Seeds.Derive(_options.Seed, "student", (ulong)_distiller.Version);
        var matches = new StudentMatches(_lessons.Count, seed);
        matches.Publish(_plan, _distiller.Export(), _distiller.Version);
        MatchHost[][] hosts = [.. Enumerable.Range(0, _options.Lockstep ? 1 : _options.Actors).Select(a => Hosts(a, matches, transport, layout, seed))];
        Thread[] threads = _options.Lockstep ? [] : [.. hosts.Select((h, a) => Start(h, a, stop))];
        long start = _time.GetTimestamp(), savedAt = start, stepsBefore = _distiller.TrainedSteps;
        double minutesShare = 0;
        try
        {
            while (!stop.IsCancellationRequested && Share() < 1)
            {
                List<TrajectoryChunk> batch = Collect(transport, hosts[0], stop.Token);
                if (!stop.IsCancellationRequested)
                    _distiller.Learn(batch, c => (int)c.MatchupId, Share());
                foreach (TrajectoryChunk c in batch)
                    c.Dispose();
                if (stop.IsCancellationRequested)
                    break;
                if (_distiller.Version % _options.PublishEvery == 0)
                    matches.Publish(_plan, _distiller.Export(), _distiller.Version);
                double seconds = _time.GetElapsedTime(start).TotalSeconds;
                minutesShare = _options.Minutes is { } minutes ? seconds / (60 * minutes) : 0;
                if (_distiller.Version % ProgressEvery == 0)
                    progress?.Invoke(new StudentProgress(
                        _secondsBefore + seconds, Math.Min(Share(), 1), TrainedSteps, (TrainedSteps - stepsBefore) / Math.Max(seconds, 1e-9), _distiller.Divergence,
                        _distiller.Version % ScoresEvery == 0 ? _distiller.Teachers : null));
                if (_time.GetElapsedTime(savedAt).TotalSeconds < _options.CheckpointSeconds)
                    continue;
                Save(_secondsBefore + seconds);
                savedAt = _time.GetTimestamp();
            }
        }
        finally
        {
            stop.Cancel();
            foreach (Thread t in threads)
                t.Join();
            foreach (MatchHost host in hosts.SelectMany(h => h))
                host.Dispose();
        }
        _secondsBefore += _time.GetElapsedTime(start).TotalSeconds;
        Save(_secondsBefore);
        if (_failure is not null)
            throw new InvalidOperationException($"a match host stopped: {_failure.Message}", _failure);
        return new StudentResult(TrainedSteps, _secondsBefore, _distiller.Divergence, _distiller.Teachers, cancellation.IsCancellationRequested);

        double Share() => Math.Max(minutesShare, _options.Steps is { } all ? (double)TrainedSteps / all : 0);
    }

    public void Dispose() => _distiller.Dispose();

    private static string Identity(Lesson lesson) => string.Create(CultureInfo.InvariantCulture, $"{lesson.Teacher.Name} {lesson.Teacher.Hash():x16}");

    private MatchHost[] Hosts(int actor, StudentMatches matches, ITrajectoryTransport transport, TrajectoryLayout layout, ulong seed)
    {
        var options = new HostOptions { RandomStarts = _options.RandomStarts, RandomStartDecisions = _options.RandomStartDecisions };
        int each = Math.Max(1, _options.Matches / _lessons.Count);
        return [.. _lessons.Select((lesson, l) => new MatchHost(actor * _lessons.Count + l, lesson.Game.Create(each), matches, matches, transport, layout, options, seed))];
    }

    private Thread Start(MatchHost[] hosts, int actor, CancellationTokenSource stop)
    {
        var thread = new Thread(() =>
        {
            try
            {
                while (!stop.IsCancellationRequested)
                {
                    foreach (MatchHost host in hosts)
                        host.Step(stop.Token);
                }
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failure, e, null);
                stop.Cancel();
            }
        })
        { IsBackground = true, Name = $"student {actor}" };
        thread.Start();
        return thread;
    }

    private List<TrajectoryChunk> Collect(ITrajectoryTransport transport, MatchHost[] mine, CancellationToken cancellation)
    {
        var batch = new List<TrajectoryChunk>();
        int steps = 0;
        while (steps < _options.BatchSteps && !cancellation.IsCancellationRequested)
        {
            if (_options.Lockstep)
            {
                foreach (MatchHost host in mine)
                    host.Step(cancellation);
                while (transport.TryRead() is { } played)
                    Add(played);
            }
            else if (transport.Read(cancellation) is { } chunk)
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

    /// <summary>The state first: the bundle can be made from it, and not the other way round.</summary>
    private void Save(double seconds)
    {
        _distiller.Save(StateOf(_bundle), new Dictionary<string, string>(_about)
        {
            [TeachersKey] = string.Join('\n', _lessons.Select(Identity)),
            [SecondsKey] = seconds.ToString("R", CultureInfo.InvariantCulture),
        });
        new PolicyBundle(_plan, _distiller.Export(), new PolicyCard
        {
            Member = "student",
            TrainedSteps = TrainedSteps,
            TrainedOn = $"{_plan.Spec.Name}, distilled from {string.Join(", ", _lessons.Select(l => l.Teacher.Name))}",
            Teachers = [.. _lessons.Select(l => l.Teacher.Name)],
            Created = _time.GetUtcNow(),
            Notes = "agreement on the verb: " + string.Join(", ", _distiller.Teachers.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Name} {100 * t.Heads[0].Agreement:0.0}%"))),
        }).Save(_bundle);
    }
}
