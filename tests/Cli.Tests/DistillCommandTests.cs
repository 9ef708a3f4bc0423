using System.Globalization;
using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Cli.Tests;

/// <summary>One policy from several, by way of the command line.</summary>
public sealed class DistillCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("arena-distill-").FullName;

    private string Bundle => Path.Combine(_folder, "made", "student.bundle");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AStudentOfTwoBundlesIsWrittenGoesOnAndPlays()
    {
        string one = Teacher("one", 1, "red", "green"), two = Teacher("two", 2, "blue", "yellow");
        (int code, string output, string error) = Arena("distill", "--teachers", "file:" + one, "file:" + two, "--out", Bundle, "--steps", "6000", "--json");
        Assert.Equal((0, ""), (code, error));
        JsonElement report = JsonDocument.Parse(output).RootElement;
        long steps = report.GetProperty("steps").GetInt64();
        Assert.True(steps >= 6000, output);
        Assert.Equal(["file:" + one, "file:" + two], report.GetProperty("teachers").EnumerateArray().Select(t => t.GetProperty("name").GetString()));
        Assert.Equal(steps, report.GetProperty("teachers").EnumerateArray().Sum(t => t.GetProperty("steps").GetInt64()));
        Assert.All(report.GetProperty("teachers").EnumerateArray(), t => Assert.True(t.GetProperty("steps").GetInt64() > 1000, output));
        Assert.Equal(["file:" + one, "file:" + two], PolicyBundle.Load(Bundle).Card.Teachers);

        Refused("is being distilled already", "--teachers", "file:" + one);
        (code, output, error) = Arena("distill", "--resume", "--out", Bundle, "--steps", "12000", "--json");
        Assert.Equal((0, ""), (code, error));
        Assert.True(JsonDocument.Parse(output).RootElement.GetProperty("steps").GetInt64() >= 12_000, output);
        Teacher("one", 3, "red", "green");
        Refused($"teacher file:{one} is not the policy any more", "--resume");
        (code, _, error) = Arena("eval", "--env", "matching", "--a", "file:" + Bundle, "--b", "random", "--matches", "2", "--json");
        Assert.Equal((0, ""), (code, error));
    }

    [Fact]
    public void TeachersThatAreNoPoliciesOrPlayAnotherGameAreRefusedWithBothNamed()
    {
        string one = Teacher("one", 1);
        EnvironmentSpec moba = Environments.Create("moba", "1v1", "quick").Spec;
        string other = Save("other", new NetworkPlan(NetworkSize.Tiny.Describe(moba), moba), 1, null);
        Refused("teacher file:" + one + " plays matching", "--teachers", "file:" + one, "file:" + other);
        Refused("teacher file:" + other + " plays moba/1v1", "--teachers", "file:" + one, "file:" + other);
        Refused("teacher 'scripted:perfect' is scripted", "--teachers", "scripted:perfect");
        Refused("there is no policy bundle", "--teachers", "file:" + Path.Combine(_folder, "none.bundle"));
        Refused("there is nothing to go on with", "--resume");
        Refused("--teachers is needed");
        Refused("--teachers cannot go with --resume", "--resume", "--teachers", "file:" + one);
        Assert.False(File.Exists(Bundle));
    }

    private static string Matching(string colours) => $$"""{"colours":[{{colours}}]}""";

    private string Teacher(string name, ulong seed, params string[] colours)
    {
        EnvironmentSpec spec = Environments.Create("matching", "", "").Spec;
        EnvironmentRecipe? played = colours.Length == 0 ? null : new EnvironmentRecipe("matching", JsonDocument.Parse(Matching(string.Join(',', colours.Select(c => $"\"{c}\"")))).RootElement);
        return Save(name, new NetworkPlan(NetworkSize.Tiny.Describe(spec), spec), seed, played);
    }

    private string Save(string name, NetworkPlan plan, ulong seed, EnvironmentRecipe? played)
    {
        string file = Path.Combine(_folder, name + ".bundle");
        new PolicyBundle(plan, WeightInitializer.Create(plan, seed), new PolicyCard { Member = name, Played = played }).Save(file);
        return file;
    }

    private void Refused(string reason, params string[] arguments)
    {
        (int code, string output, string error) = Arena(["distill", .. arguments, "--out", Bundle]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Arena(params string[] arguments)
    {
        var output = new StringWriter(CultureInfo.InvariantCulture);
        var error = new StringWriter(CultureInfo.InvariantCulture);
        int code = ArenaCommand.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
