using SelfPlayArena.Cli;
using SelfPlayArena.Cli.Configuration;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Tests;

public sealed class SettingsFileTests
{
    [Fact]
    public void EverySettingHasExactlyOneKey()
        => Assert.Equal(
            typeof(RunSettings).GetProperties().Where(p => p.Name != "EqualityContract").Select(p => p.Name).Order(StringComparer.Ordinal),
            SettingKeys.All.Select(k => k.Property.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void DefaultsAreWithinTheirOwnRanges()
    {
        var text = new StringWriter();
        SettingsText.Write(new RunSettings { Seed = 5 }, text);
        RunSettings read = SettingsFile.Parse("x.yaml", text.ToString(), new RunSettings());
        Assert.Equal(Written(new RunSettings { Seed = 5 }), Written(read));
    }

    [Fact]
    public void EveryPresetLoads()
    {
        Assert.Equal(["clone-5v5", "curriculum-5v5", "full-5v5", "quick-1v1", "quick-5v5"], Presets.Names);
        Assert.Contains(Presets.Default, Presets.Names);
        foreach (string name in Presets.Names)
        {
            RunSettings settings = Presets.Load(name);
            Assert.EndsWith(settings.Mode, name, StringComparison.Ordinal);
            Assert.Equal(name.StartsWith("full", StringComparison.Ordinal) ? "full" : "quick", settings.Rules);
        }
    }

    [Fact]
    public void ValuesGoOverTheBasisAndLeaveTheRest()
    {
        RunSettings basis = Presets.Load("quick-1v1") with { Seed = 9 };
        RunSettings read = SettingsFile.Parse(
            "x.yaml", "# mine\nlearning_rate: 1e-4\nlockstep: true\nbatch_steps: 4_096\nanchors: [random]\nreward_weights:\n  gold: 0.5\n", basis);
        Assert.Equal(1e-4, read.LearningRate);
        Assert.True(read.Lockstep);
        Assert.Equal(4096, read.BatchSteps);
        Assert.Equal(["random"], read.Anchors);
        Assert.Equal(0.5, read.RewardWeights["gold"]);
        Assert.Equal(9ul, read.Seed);
        Assert.Equal("1v1", read.Mode);
        Assert.False(basis.Lockstep);
    }

    [Fact]
    public void OneNumberStandsForAListOfIt()
    {
        RunSettings read = SettingsFile.Parse("x.yaml", "reaction_delay: 2\naction_rate: [3, 0]\n", new RunSettings());
        Assert.Equal([2], read.ReactionDelay);
        Assert.Equal([3, 0], read.ActionRate);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    public void AnEmptyFileChangesNothing(string text) => Assert.Equal(Written(new RunSettings()), Written(SettingsFile.Parse("x.yaml", text, new RunSettings())));

    [Theory]
    [InlineData("mode: 5v5\nlearning_rat: 0.1\n", "mine.yaml:2: learning_rat: unknown key (did you mean 'learning_rate'?); allowed: environment, mode")]
    [InlineData("reaction_delay: [1, 9]\n", "mine.yaml:1: reaction_delay: '9' is not allowed; allowed: a whole number from 0 to 4, or a list of them")]
    [InlineData("action_rate: []\n", "mine.yaml:1: action_rate: the list is empty")]
    [InlineData("mode: 6v6\n", "mine.yaml:1: mode: '6v6' is not allowed")]
    [InlineData("\n\nactors: two\n", "mine.yaml:3: actors: 'two' is not allowed; allowed: a whole number from 1 to 256")]
    [InlineData("actors: 0\n", "mine.yaml:1: actors: '0' is not allowed; allowed: a whole number from 1 to 256")]
    [InlineData("actors: 1.5\n", "mine.yaml:1: actors: '1.5' is not allowed")]
    [InlineData("actors: [1]\n", "mine.yaml:1: actors: one value is expected here; allowed: a whole number")]
    [InlineData("lambda: 1.2\n", "mine.yaml:1: lambda: '1.2' is not allowed; allowed: a number from 0 to 1")]
    [InlineData("lambda: .nan\n", "mine.yaml:1: lambda: '.nan' is not allowed")]
    [InlineData("lambda: NaN\n", "mine.yaml:1: lambda: 'NaN' is not allowed")]
    [InlineData("lockstep: yes\n", "mine.yaml:1: lockstep: 'yes' is not allowed; allowed: true, false")]
    [InlineData("anchors: random\n", "mine.yaml:1: anchors: a list is expected here")]
    [InlineData("gamma:\n  win: 2\n", "mine.yaml:2: gamma.win: '2' is not allowed")]
    [InlineData("gamma: 0.9\n", "mine.yaml:1: gamma: names with numbers are expected here")]
    [InlineData("seed: 1\nmode: 1v1\nseed: 2\n", "mine.yaml:3: seed: given twice, first on line 1")]
    [InlineData("- a\n- b\n", "mine.yaml:1: the file must hold a mapping")]
    [InlineData("seed: 1\nmode: \"1v1\n", "mine.yaml:2: not YAML:")]
    public void FaultsNameFileLineAndWhatIsAllowed(string text, string expected)
    {
        UserError error = Assert.Throws<UserError>(() => SettingsFile.Parse("mine.yaml", text, new RunSettings()));
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("allowed: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AllFaultsOfAFileAreReportedTogether()
    {
        UserError error = Assert.Throws<UserError>(() => SettingsFile.Parse("m.yaml", "a: 1\nseed: -1\nb: {c: [1, {d: 2}]}\nmode: 1v1\nepochs: x\n", new RunSettings()));
        Assert.Equal(["m.yaml:1", "m.yaml:2", "m.yaml:3", "m.yaml:5"], error.Message.Split('\n').Select(l => l[..8]));
    }

    [Fact]
    public void AMissingFileIsNamed()
        => Assert.Contains("'/no/such.yaml' cannot be read", Assert.Throws<UserError>(() => SettingsFile.Read("/no/such.yaml", new RunSettings())).Message, StringComparison.Ordinal);

    private static string Written(RunSettings settings)
    {
        var text = new StringWriter();
        SettingsText.Write(settings, text);
        return text.ToString();
    }
}
