using System.Globalization;
using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.Learning;
using SelfPlayArena.Learning.Distillation;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout.Distillation;

namespace SelfPlayArena.Rollout.Curricula;

/// <summary>One teacher of a curriculum: a run of its own, in a folder of the run's.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Steps">Trained agent-steps after which it is done.</param>
public sealed record TeacherStage(int Number, RunFolder Folder, RunSettings Settings, long Steps)
{
    public string Name => string.Create(CultureInfo.InvariantCulture, $"teacher-{Number}");

    /// <summary>Whether it was begun: then it is resumed.</summary>
    public bool IsBegun => File.Exists(Folder.Settings);

    /// <summary>Whether it has trained on all of its steps.</summary>
    /// <exception cref="BundleException">Its policy is damaged.</exception>
    public bool IsDone => File.Exists(Folder.Latest) && PolicyBundle.Load(Folder.Latest).Card.TrainedSteps >= Steps;
}

/// <summary>
/// Curriculum self-play after JueWu (Ye et al. 2020, "Towards playing full MOBA games with deep reinforcement learning"): teachers on fixed line-ups,
/// one after another; a student of all of them; the student goes on with random line-ups. Each stage leaves its result as a file and goes on where it was
/// left, so that the whole can be stopped or killed at any moment. Once there is a start bundle, the last stage is a run like any other.
/// </summary>
public sealed class Curriculum
{
    private readonly RunFolder _folder;
    private readonly RunSettings _settings;
    private readonly Func<RunSettings, IEnvironmentFactory> _games;

    /// <param name="games">Makes the game of some settings.</param>
    /// <exception cref="ArgumentException">The settings ask for no curriculum, or for one that cannot be.</exception>
    public Curriculum(RunFolder folder, RunSettings settings, Func<RunSettings, IEnvironmentFactory> games)
    {
        (_folder, _settings, _games) = (folder, settings, games);
        Check(settings);
        Teachers = [.. settings.Teachers.Select((t, i) => Stage(folder, settings, FixedLineUps.Parse(t), i + 1))];
    }

    /// <summary>Stage 1, in order.</summary>
    public IReadOnlyList<TeacherStage> Teachers { get; }

    /// <summary>Whether the first two stages are over.</summary>
    public bool IsDone => File.Exists(_folder.Start);

    /// <summary>What stage 2 makes.</summary>
    public string Student => Path.Combine(_folder.Path, "student.bundle");

    /// <summary>Whether settings ask for a curriculum.</summary>
    /// <exception cref="ArgumentException">They do, but for one that cannot be.</exception>
    public static bool IsAskedBy(RunSettings settings)
    {
        if (settings.WarmStart == WarmStart.Teachers || settings.Teachers.Count > 0)
            Check(settings);
        return settings.WarmStart == WarmStart.Teachers;
    }

    /// <summary>Whether a folder holds a run whose last stage has not begun.</summary>
    public static bool Precedes(RunFolder folder) => File.Exists(BegunFile(folder)) && new FileInfo(folder.Events) is not { Exists: true, Length: > 0 };

    /// <summary>Leaves a new run's settings in its folder, so that it can be resumed from its first stage on.</summary>
    /// <param name="preset">Name of the preset it was made from.</param>
    public void Begin(string preset)
    {
        Directory.CreateDirectory(_folder.Path);
        AtomicFile.Write(BegunFile(_folder), JsonSerializer.SerializeToUtf8Bytes(new Begun(preset), RunFolder.Json));
        _folder.WriteSettings(_settings);
    }

    /// <summary>The preset that <see cref="Begin"/> was told of.</summary>
    public static string PresetOf(RunFolder folder) => JsonSerializer.Deserialize<Begun>(File.ReadAllBytes(BegunFile(folder)), RunFolder.Json)?.Preset ?? "";

    /// <summary>Stage 2: distils all teachers, or goes on with it. When it is done, the run's start bundle is there.</summary>
    /// <param name="minutes">Wall-clock minutes that are left; null for no limit.</param>
    /// <exception cref="InvalidDataException">A teacher changed since distilling began, or a bundle is damaged.</exception>
    public StudentResult Distil(Func<int, ITrajectoryTransport> transport, TimeProvider time, double? minutes, Action<StudentProgress>? progress = null, CancellationToken cancellation = default)
    {
        Lesson[] lessons = [.. Teachers.Select(Lesson)];
        var options = new StudentOptions
        {
            Steps = _settings.DistilSteps,
            Minutes = minutes,
            Matches = _settings.MatchesPerActor,
            Actors = _settings.Actors,
            Lockstep = _settings.Lockstep,
            ChunkSteps = _settings.ChunkSteps,
            BatchSteps = Math.Min(_settings.BatchSteps, new StudentOptions().BatchSteps),
            RandomStarts = _settings.RandomStarts,
            RandomStartDecisions = _settings.RandomStartDecisions,
            CheckpointSeconds = _settings.CheckpointSeconds,
            Seed = _settings.Seed,
            Learning = new DistillationOptions { MicroBatchSteps = _settings.MicroBatch > 0 ? _settings.MicroBatch : PpoOptions.CpuMicroBatch, Threads = Math.Max(1, _settings.LearnerThreads) },
        };
        EnvironmentSpec spec = _games(_settings).Spec;
        var plan = new NetworkPlan(_settings.NetworkSize().Describe(spec), spec);
        using StudentRun run = File.Exists(StudentRun.StateOf(Student))
            ? StudentRun.Resume(Student, lessons, options, transport, time, _settings.Device)
            : StudentRun.Create(
                Student, plan, WeightInitializer.Create(plan, Seeds.Derive(_settings.Seed, "weights"), WeightInitializer.ImitatingPointers), lessons, options, new Dictionary<string, string>(),
                transport, time, _settings.Device);
        StudentResult result = run.Run(progress, cancellation);
        if (result.Steps >= _settings.DistilSteps)
        {
            PolicyBundle.Load(Student).Save(_folder.Start);
            _folder.Keep(_folder.Start);
        }
        return result;
    }

    private static void Check(RunSettings settings)
    {
        if (settings.WarmStart == WarmStart.Teachers && settings.Teachers.Count == 0)
            throw new ArgumentException($"warm_start: {WarmStart.Teachers} needs the setting teachers: at least one pair of line-ups, as in [a b c d e vs f g h i j]");
        if (settings.WarmStart != WarmStart.Teachers)
            throw new ArgumentException($"teachers are set, and warm_start is '{settings.WarmStart}'; allowed with teachers: {WarmStart.Teachers}");
    }

    private static string BegunFile(RunFolder folder) => Path.Combine(folder.Path, "curriculum.json");

    /// <summary>A teacher is trained as the run is, but for its line-ups and the length of its schedule.</summary>
    private static TeacherStage Stage(RunFolder folder, RunSettings settings, FixedLineUps lineUps, int number)
    {
        RunSettings own = settings with
        {
            WarmStart = WarmStart.None,
            Teachers = [],
            HeroPool = [],
            Home = lineUps.Home,
            Away = lineUps.Away,
            ScheduleSteps = settings.ScheduleSteps == 0 ? 0 : settings.TeacherSteps,
            SnapshotSteps = Math.Clamp(settings.TeacherSteps / 4, 1, settings.SnapshotSteps),
            Seed = Seeds.Derive(settings.Seed, "teacher", (ulong)number) >> 1,
        };
        return new TeacherStage(number, new RunFolder(Path.Combine(folder.Path, string.Create(CultureInfo.InvariantCulture, $"teacher-{number}"))), own, settings.TeacherSteps);
    }

    private Lesson Lesson(TeacherStage stage)
    {
        IEnvironmentFactory game = _games(stage.Settings);
        PolicyBundle bundle = PolicyBundle.Load(stage.Folder.Latest).AdaptTo(game.Spec);
        return new Lesson(new Teacher(stage.Name, bundle.Plan, bundle.Weights), game);
    }

    private sealed record Begun(string Preset);
}
