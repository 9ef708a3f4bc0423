using SelfPlayArena.Core;
using SelfPlayArena.Learning.Cloning;
using SelfPlayArena.Learning.Distillation;
using SelfPlayArena.Matching;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout.Distillation;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Rollout.Tests;

/// <summary>A student of teachers that each know half of the game's colours.</summary>
[Collection("libtorch")]
public sealed class StudentRunTests(Xunit.Abstractions.ITestOutputHelper log) : IDisposable
{
    private static readonly NetworkPlan Plan = new(
        new NetworkSize("mini", Entity: 16, Queries: 2, Trunk: 32, Core: 32, Head: 16, Critic: 16).Describe(MatchingFactory.Layout), MatchingFactory.Layout);

    private readonly string _folder = Directory.CreateTempSubdirectory("arena-student-").FullName;

    private string Bundle => Path.Combine(_folder, "student.bundle");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AStudentOfTwoTeachersPlaysAsEachInItsOwnGameWhereTheOtherFails()
    {
        Colours one = new("red", "green"), two = new("blue", "yellow");
        Teacher first = Taught("one", one), second = Taught("two", two);
        double[] own = [Score(first.Weights, one), Score(second.Weights, two)], foreign = [Score(first.Weights, two), Score(second.Weights, one)];
        log.WriteLine($"teachers in their own games {own[0]:0.00}, {own[1]:0.00}, in the other's {foreign[0]:0.00}, {foreign[1]:0.00}");
        // They pick among their own two colours, whichever was shown, and do not know the others'.
        Assert.All(own, score => Assert.InRange(score, 0.88, 1));
        Assert.All(foreign, score => Assert.InRange(score, 0, 0.75));

        StudentResult result;
        var options = new StudentOptions { Lockstep = true, Steps = 300_000, BatchSteps = 512, ChunkSteps = 6, RandomStarts = 0, RandomStartDecisions = 0, Learning = new() { LearningRate = 5e-3f } };
        using (var run = StudentRun.Create(Bundle, Plan, WeightInitializer.Create(Plan, 3, WeightInitializer.ImitatingPointers), [new(first, one), new(second, two)], options, new Dictionary<string, string>(), c => new TrajectoryQueue(c), TimeProvider.System, "cpu"))
            result = run.Run(p => log.WriteLine($"{p.Seconds:0.0} s: {p.Steps} steps, divergence {p.Divergence:0.000}"));
        PolicyBundle student = PolicyBundle.Load(Bundle);
        double[] learnt = [Score(student.Weights, one), Score(student.Weights, two)];
        log.WriteLine($"student {learnt[0]:0.00}, {learnt[1]:0.00}");
        // To do as well in both it must remember which game it is in.
        for (int i = 0; i < 2; i++)
            Assert.InRange(learnt[i], own[i] - 0.02, 1);
        Assert.Equal(["one", "two"], student.Card.Teachers);
        Assert.All(result.Teachers, t => Assert.True(t.Steps > 100_000 && t.Heads[0].Agreement > 0.95, $"{t.Name}: {t.Steps} steps, {t.Heads[0]}"));
    }

    [Fact]
    public void AStudentThatWasStoppedGoesOnAndKnowsItsTeachersAgain()
    {
        Colours one = new("red", "green"), two = new("blue", "yellow");
        Lesson[] lessons = [new(new Teacher("one", Plan, WeightInitializer.Create(Plan, 1)), one), new(new Teacher("two", Plan, WeightInitializer.Create(Plan, 2)), two)];
        var options = new StudentOptions { Steps = 40_000, BatchSteps = 512, Matches = 8 };
        var about = new Dictionary<string, string> { ["asked"] = "for" };
        using var stop = new CancellationTokenSource();
        StudentResult before, after;
        using (var run = StudentRun.Create(Bundle, Plan, WeightInitializer.Create(Plan, 3), lessons, options, about, c => new TrajectoryQueue(c), TimeProvider.System, "cpu"))
            before = run.Run(_ => stop.Cancel(), stop.Token);
        Assert.True(before.Interrupted);
        Assert.InRange(before.Steps, 1, 39_999);
        Assert.Equal("for", StudentRun.About(Bundle)["asked"]);
        using (var run = StudentRun.Resume(Bundle, lessons, options, c => new TrajectoryQueue(c), TimeProvider.System, "cpu"))
        {
            Assert.Equal(before.Steps, run.TrainedSteps);
            after = run.Run();
        }
        Assert.False(after.Interrupted);
        Assert.True(after.Steps >= 40_000);
        Assert.Equal(after.Steps, after.Teachers.Sum(t => t.Steps));
        Assert.Equal("for", StudentRun.About(Bundle)["asked"]);

        lessons[1] = lessons[1] with { Teacher = lessons[1].Teacher with { Weights = WeightInitializer.Create(Plan, 9) } };
        var refusal = Assert.Throws<InvalidDataException>(() => StudentRun.Resume(Bundle, lessons, options, c => new TrajectoryQueue(c), TimeProvider.System, "cpu"));
        Assert.Contains("teacher two is not the policy any more", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A teacher that learnt a game from the perfect player.</summary>
    private static Teacher Taught(string name, Colours game)
    {
        using var matches = new ScriptedMatches(() => game.Create(1), "perfect", seed: 3);
        var options = new CloningOptions { Epochs = 3, LearningRate = 5e-3f, Steps = 12, BatchSteps = 256 };
        return new Teacher(name, Plan, BehaviourCloning.Run(Plan, WeightInitializer.Create(Plan, 5, WeightInitializer.ImitatingPointers), matches, [.. Enumerable.Range(0, 400)], [], options, seed: 7, "cpu").Weights);
    }

    /// <summary>Share of right actions of both teams in a game.</summary>
    private static double Score(Weights weights, Colours game)
    {
        var policy = new PolicyVersion(new PolicyNetwork(Plan, weights), 1);
        var director = new OneMatchup(new Matchup(1, Given.Frozen(1), Given.Frozen(1), 200, 5));
        using var host = new MatchHost(0, game.Create(50), director, new Networks().Add(Given.Frozen(1), policy), null, null, new HostOptions { Temperature = 0 }, 1);
        while (host.Step(default))
        {
        }
        return director.Results.Sum(r => r.Outcome.Scores.Sum()) / director.Results.Sum(r => (double)r.Outcome.Decisions * MatchingFactory.Layout.Agents);
    }

    private sealed class Colours(params string[] colours) : IEnvironmentFactory
    {
        public EnvironmentSpec Spec => MatchingFactory.Layout;

        public EnvironmentRecipe Recipe { get; } = EnvironmentRecipe.Plain("matching");

        public IBatchEnvironment Create(int matches) => new MatchingEnvironment(matches, options: new MatchingOptions { Colours = colours });
    }
}
