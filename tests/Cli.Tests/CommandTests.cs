using System.Text.Json;
using SelfPlayArena.Cli;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Tests;

public sealed class CommandTests
{
    private static readonly string[][] Verbs =
        [["league"], ["serve"], ["worker"], ["eval"], ["balance"], ["clone"], ["distill"], ["bench", "sim"], ["bench", "infer"], ["bench", "train"], ["bench", "stream"], ["bench", "signature"], ["env", "spec"], ["runs"], ["replay"]];

    public static TheoryData<string> AllVerbs => [.. Verbs.Select(v => string.Join(' ', v))];

    [Theory]
    [MemberData(nameof(AllVerbs))]
    public void EveryVerbsHelpEndsWithAnExampleOfItself(string verb)
    {
        (int code, string output, string error) = Arena([.. verb.Split(' '), "--help"]);
        Assert.Equal((0, ""), (code, error));
        string examples = output[output.LastIndexOf("Example", StringComparison.Ordinal)..];
        Assert.Contains($"\n  arena {verb}", examples, StringComparison.Ordinal);
    }

    [Fact]
    public void ExamplesParse()
    {
        foreach (string[] verb in Verbs)
        {
            (_, string output, _) = Arena([.. verb, "--help"]);
            foreach (string line in output[output.LastIndexOf("Example", StringComparison.Ordinal)..].Split('\n').Where(l => l.StartsWith("  arena ", StringComparison.Ordinal)))
            {
                string[] words = line.Split('>')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
                Assert.Empty(ArenaCommand.Create().Parse(words).Errors);
            }
        }
    }

    [Theory]
    [InlineData("league --preset quick-1v2", "quick-1v1, quick-5v5")]
    [InlineData("league --minits 3", "--minutes")]
    [InlineData("league --minutes 0", "0.001 to 1000000")]
    [InlineData("league --minutes soon", "allowed: a number")]
    [InlineData("league --device tpu", "auto, cpu, cuda")]
    [InlineData("league --threads 0", "1 to 1024")]
    [InlineData("league --name ../x", "is no name for a run")]
    [InlineData("league --config /no/such.yaml", "/no/such.yaml")]
    [InlineData("league --record 101%", "0% to 100%")]
    [InlineData("replay /no/such.replay", "there is no replay")]
    [InlineData("league --metrics 5081", "HOST:PORT")]
    [InlineData("league --resume --seed 3", "--seed cannot go with --resume")]
    [InlineData("league --resume", "there is no run to go on with")]
    [InlineData("league --resume --name nobody", "there is no run 'nobody'")]
    [InlineData("eval --a random", "--b")]
    [InlineData("eval --a random --b bot:x", "run:NAME@latest")]
    [InlineData("eval --a random --b scripted:esay", "scripted:easy@1")]
    [InlineData("eval --a random --b run:nobody@latest", "there is no run 'nobody'")]
    [InlineData("eval --a random --b file:/no/such.bundle", "/no/such.bundle")]
    [InlineData("eval --a random --b random --matches 0", "1 to 1000000")]
    [InlineData("eval --a random --b random --mode 6v6", "5v5, 3v3, 1v1")]
    [InlineData("bench sim --matches 1,x", "'x'")]
    [InlineData("bench sim --players nobody --seconds 0.01", "allowed: random, easy")]
    [InlineData("bench what", "sim")]
    [InlineData("env spec --env chess", "moba, matching")]
    [InlineData("serve --trusted-proxy elsewhere", "10.0.0.0/8")]
    [InlineData("serve --max-sockets 0", "1 to 1000")]
    [InlineData("silo", "cluster")]
    [InlineData("cluster init --cluster mysql://somebody@host/arena", "postgres://")]
    [InlineData("cluster init --cluster postgres://somebody@127.0.0.1:1/arena", "no server answers")]
    [InlineData("cluster status --cluster-file /no/such.txt", "/no/such.txt")]
    [InlineData("whatever", "league")]
    public void BadInputExitsWithTwoAndSaysWhatIsAllowed(string line, string expected)
    {
        (int code, string output, string error) = Arena(line.Split(' '));
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.StartsWith("arena: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.InRange(error.Split('\n').Length, 2, 24);
    }

    [Theory]
    [InlineData("anchors: [random, hard@9]\n", "'hard@9'", "easy@1")]
    [InlineData("reward_weights: {golt: 1}\n", "golt", "gold")]
    [InlineData("gamma: {winn: 0.9}\n", "winn", "win")]
    public void NamesThatTheEnvironmentLacksAreRefusedAndLeaveNoRunBehind(string yaml, string wrong, string allowed)
    {
        string folder = Directory.CreateTempSubdirectory("arena-names-").FullName;
        try
        {
            string file = Path.Combine(folder, "mine.yaml");
            File.WriteAllText(file, "mode: 1v1\n" + yaml);
            string name = "refused-" + Path.GetFileName(folder);
            (int code, _, string error) = Arena(["league", "--config", file, "--name", name, "--minutes", "0.01", "--no-serve"]);
            Assert.Equal(2, code);
            Assert.Contains(wrong, error, StringComparison.Ordinal);
            Assert.Contains(allowed, error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Path.Combine(RunCatalog.Default.Root, name)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void EvaluationReportsTheDocumentedFields()
    {
        (int code, string output, _) = Arena(["eval", "--env", "matching", "--a", "scripted:perfect", "--b", "random", "--matches", "20", "--seed", "4", "--json"]);
        Assert.Equal(0, code);
        JsonElement report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(20, report.GetProperty("matches").GetInt32());
        Assert.Equal(20, report.GetProperty("wins_a").GetInt32() + report.GetProperty("wins_b").GetInt32() + report.GetProperty("draws").GetInt32());
        Assert.Equal(4, report.GetProperty("seed").GetInt32());
        Assert.True(report.GetProperty("win_rate_a").GetDouble() > 0.9);
        Assert.True(report.GetProperty("elo_diff").GetDouble() > 100);
        Assert.Equal(2, report.GetProperty("ci95").GetArrayLength());
        Assert.True(report.GetProperty("hero_steps_per_second").GetDouble() > 0);
    }

    [Fact]
    public void EnvironmentSpecsAreWrittenAsTablesAndAsJsonThatReadsBack()
    {
        (int code, string json, _) = Arena(["env", "spec", "--mode", "1v1", "--json"]);
        Assert.Equal(0, code);
        Assert.Equal("moba/1v1", Core.EnvironmentSpec.FromJson(json).Name);
        (code, string table, _) = Arena(["env", "spec"]);
        Assert.Equal(0, code);
        foreach (string word in new[] { "Observation", "Action heads", "Reward terms", "verb", "scripted:easy@1" })
            Assert.Contains(word, table, StringComparison.Ordinal);
    }

    [Fact]
    public void SettingsArePrintedAsAConfigurationFile()
    {
        (int code, string output, _) = Arena(["league", "--preset", "full-5v5", "--print-config", "--seed", "77"]);
        Assert.Equal(0, code);
        Rollout.RunSettings read = Configuration.SettingsFile.Parse("printed", output, new Rollout.RunSettings());
        Assert.Equal(("full", 77ul), (read.Rules, read.Seed));
    }

    private static (int Code, string Output, string Error) Arena(string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = ArenaCommand.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
