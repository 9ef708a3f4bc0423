using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SelfPlayArena.Cli;
using SelfPlayArena.Cli.Chaos;

namespace SelfPlayArena.Cli.Tests;

/// <summary>The short version of what <c>arena chaos</c> does for ten minutes.</summary>
public sealed class ChaosTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("arena-chaos-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ALeagueComesThroughKillsCutsAndRubbish()
    {
        string config = Path.Combine(_folder, "small.yaml");
        File.WriteAllText(config, """
            environment: matching
            matches_per_actor: 16
            batch_steps: 1024
            snapshot_steps: 20000
            checkpoint_seconds: 1
            anchors: [random, perfect@1]
            self_play_share: 0.5
            anchor_share: 0.3
            """);
        using StringWriter output = new(), error = new();
        int code = ArenaCommand.Run(
            ["chaos", "--minutes", "0.3", "--workers", "2", "--frames", "6000", "--config", config, "--keep", Path.Combine(_folder, "run"), "--json"], output, error);
        Assert.True(code == 0, error + output.ToString());
        JsonElement report = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.Equal(0, report.GetProperty("violations").GetArrayLength());
        Assert.True(report.GetProperty("worker_kills").GetInt32() >= 2 && report.GetProperty("learner_kills").GetInt32() >= 1 && report.GetProperty("cuts").GetInt32() >= 4);
        Assert.True(report.GetProperty("frames_read").GetInt64() >= 6000);
        Assert.True(report.GetProperty("results_acknowledged").GetInt64() > 20 && report.GetProperty("results_in_log").GetInt64() >= report.GetProperty("results_acknowledged").GetInt64());
        string[] reasons = [.. report.GetProperty("refusal_lines").EnumerateObject().Select(r => r.Name)];
        Assert.Superset(new HashSet<string> { "BadFrame", "BadChunk", "WrongSecret", "OtherContent" }, reasons.ToHashSet());
        Assert.Equal(2, report.GetProperty("lives").GetArrayLength());
    }

    [Fact]
    public void WhatIsInterruptedLeavesNothingBehind()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ArenaCommand).Assembly.Location, "chaos", "--workers", "1"])
        {
            RedirectStandardError = true,
            Environment = { ["TMPDIR"] = _folder },
        };
        using Process process = Process.Start(start)!;
        Assert.True(SpinWait.SpinUntil(() => process.HasExited || Runs().SelectMany(r => Directory.GetFileSystemEntries(r)).Any(), TimeSpan.FromMinutes(5)), "nothing was begun");
        Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 130, said);
        Assert.Empty(Runs());

        string[] Runs() => Directory.GetDirectories(_folder, "arena-chaos-*");
    }

    [Fact]
    public void ThePlanIsTheSameForTheSameSeedAndHoldsAsMuchAsItSays()
    {
        ChaosPlan plan = new(10, 3, 60, 12, 120, 5, 1_100_000, Seed: 4, Preset: null, Config: null);
        Assert.Equal(plan.Draw(), plan.Draw());
        Assert.NotEqual(plan.Draw(), (plan with { Seed = 5 }).Draw());
        Assert.Equal((60, 12, 120, 5), (Count(Trouble.KillWorker), Count(Trouble.KillLearner), Count(Trouble.Cut), Count(Trouble.Flood)));
        Assert.All(plan.Draw(), m => Assert.InRange(m.At, 0, plan.Seconds * ChaosPlan.Troubled));

        int Count(Trouble kind) => plan.Draw().Count(m => m.Kind == kind);
    }

    [Fact]
    public void MemoryThatGrowsFromLifeToLifeOrWithinTheLastOneIsAViolation()
    {
        Assert.Empty(MemoryVerdict.Of([.. Enumerable.Range(0, 6).Select(i => Life(i, _ => 400))]).Violations());
        Assert.Single(MemoryVerdict.Of([.. Enumerable.Range(0, 6).Select(i => Life(i, _ => 400 + 60 * i))]).Violations());
        Assert.Single(MemoryVerdict.Of([Life(0, _ => 400), Life(1, age => 300 + age)]).Violations());
        Assert.Empty(MemoryVerdict.Of([Life(0, age => age < LearnerLife.Grown ? 100 : 400)]).Violations());
        // A machine that gives it a tenth of a core lets it grow ten times as long.
        Assert.Empty(MemoryVerdict.Of([Life(0, age => age < 10 * LearnerLife.Grown ? 100 + age : 400, share: 0.1)]).Violations());

        static LearnerLife Life(int number, Func<double, double> mebibytes, double share = 1)
        {
            var life = new LearnerLife(number, 0, 0);
            for (double age = 0; age < 300; age++)
                life.Sample(age, share * age, (long)(mebibytes(age) * 1048576));
            return life;
        }
    }

    [Theory]
    [InlineData("chaos --minutes 0", "--minutes 0 is out of range")]
    [InlineData("chaos --config /no/such", "/no/such")]
    [InlineData("chaos --keep /", "is not empty")]
    public void WhatCannotBeIsRefused(string command, string expected)
    {
        using StringWriter output = new(), error = new();
        Assert.Equal(UserError.ExitCode, ArenaCommand.Run(command.Split(' '), output, error));
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
    }
}
