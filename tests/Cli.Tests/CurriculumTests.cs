using System.Diagnostics;
using System.Text.Json;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Cli.Tests;

/// <summary>Fixed line-ups, distilling, random line-ups: a league that leads itself through its stages, killed in each of them.</summary>
public sealed class CurriculumTests : IDisposable
{
    private const string Settings = """
        environment: matching
        matches_per_actor: 8
        batch_steps: 512
        minibatches: 1
        checkpoint_seconds: 1
        anchors: [random]
        random_starts: 0
        metrics_port: 0
        warm_start: teachers
        teachers: [red green vs green red, blue yellow vs yellow blue]
        teacher_steps: 3000
        distil_steps: 60000
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("arena-curriculum-").FullName;

    private string Config => Path.Combine(_folder, "small.yaml");

    private string Run => Path.Combine(_folder, "led");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ACurriculumThatIsKilledInItsFirstStagesGoesOnWhereItWasAndEndsInALeagueOfTheStudent()
    {
        File.WriteAllText(Config, Settings);
        Kill("stage 1 of 3: teacher 2 of 2", "league", "--config", Config, "--name", "led", "--json");
        Assert.InRange(Steps("teacher-1/latest.bundle"), 3000, 3600);
        DateTime first = File.GetLastWriteTimeUtc(Path.Combine(Run, "teacher-1/latest.bundle"));
        Kill("stage 2 of 3: distilling", "league", "--resume", "--json");
        Assert.False(File.Exists(Path.Combine(Run, "start.bundle")));

        (int code, List<string> stages, string error) = Finish("league", "--resume", "--name", "led", "--steps", "2000", "--json");
        Assert.True(code == 0, error);
        Assert.Equal(["stage 2 of 3: distilling", ""], stages);
        Assert.Contains("stage 3 of 3", error, StringComparison.Ordinal);
        Assert.Equal(first, File.GetLastWriteTimeUtc(Path.Combine(Run, "teacher-1/latest.bundle")));
        PolicyBundle student = PolicyBundle.Load(Path.Combine(Run, "start.bundle"));
        Assert.Equal(["teacher-1", "teacher-2"], student.Card.Teachers);
        Assert.True(student.Card.TrainedSteps >= 60_000);
        Assert.True(Steps("latest.bundle") >= 2000);
        Assert.Contains("\"preset\":\"quick-5v5\"", File.ReadLines(Path.Combine(Run, "events.jsonl")).First(), StringComparison.Ordinal);

        (code, stages, error) = Finish("league", "--resume", "--steps", "4000", "--json");
        Assert.True(code == 0, error);
        Assert.Equal([""], stages);
        Assert.True(Steps("latest.bundle") >= 4000);
    }

    [Theory]
    [InlineData("teachers: [red green vs green red", "teachers: [red green green red", "no pair of line-ups")]
    [InlineData("teachers: [red green vs green red", "teachers: [red green vs green pink", "unknown colour 'pink'")]
    [InlineData("warm_start: teachers", "warm_start: none", "allowed with teachers: teachers")]
    [InlineData("teachers: [red", "anchors: [red", "given twice")]
    public void ACurriculumThatCannotBeIsRefusedBeforeAnythingIsTrained(string right, string wrong, string reason)
    {
        File.WriteAllText(Config, Settings.Replace(right, wrong, StringComparison.Ordinal));
        (int code, _, string error) = Finish("league", "--config", Config, "--name", "led", "--json");
        Assert.Equal(2, code);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Run));
    }

    private long Steps(string bundle) => PolicyBundle.Load(Path.Combine(Run, bundle)).Card.TrainedSteps;

    /// <summary>Runs until a stage is at work, and kills it then.</summary>
    private void Kill(string stage, params string[] arguments)
    {
        using Process process = Start(arguments);
        bool seen = false;
        while (!seen && process.StandardOutput.ReadLine() is { } line)
            seen = StageOf(line) == stage;
        Assert.True(seen, seen ? "" : process.StandardError.ReadToEnd());
        process.Kill();
        process.WaitForExit();
    }

    private (int Code, List<string> Stages, string Error) Finish(params string[] arguments)
    {
        using Process process = Start(arguments);
        var stages = new List<string>();
        Task<string> error = process.StandardError.ReadToEndAsync();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (stages.Count == 0 || stages[^1] != StageOf(line))
                stages.Add(StageOf(line));
        }
        process.WaitForExit();
        return (process.ExitCode, stages, error.Result);
    }

    private static string StageOf(string line) => JsonDocument.Parse(line).RootElement.TryGetProperty("stage", out JsonElement stage) ? stage.GetString()! : "";

    private Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(ArenaCommand).Assembly.Location);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["ARENA_RUNS"] = _folder;
        return Process.Start(start)!;
    }
}
