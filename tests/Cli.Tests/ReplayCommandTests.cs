using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Tests;

/// <summary>Recorded by one command, read by another: also in another process.</summary>
public sealed class ReplayCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("arena-replay-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string[] Record(params string[] evaluation)
    {
        (int code, _, string error) = Arena(["eval", .. evaluation, "--record", _folder, "--json", "--seed", "6"]);
        Assert.Equal((0, ""), (code, error));
        return [.. Directory.GetFiles(_folder, "*.replay").Order(StringComparer.Ordinal)];
    }

    private string[] Matching() => Record("--env", "matching", "--a", "scripted:perfect", "--b", "random", "--matches", "4");

    [Fact]
    public void ARecordedMobaMatchIsVerifiedInASecondProcessAndTellsWhatHappened()
    {
        string[] files = Record("--a", "scripted:easy", "--b", "random", "--mode", "1v1", "--matches", "2");
        Assert.Equal(2, files.Length);
        (int code, string output, _) = Process("replay", _folder, "--verify");
        Assert.Equal(0, code);
        Assert.Equal(2, output.Split(": verified: ").Length - 1);

        (code, output, _) = Arena(["replay", files[0], "--events"]);
        Assert.Equal(0, code);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, l => l.Contains("reaches level 2", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("Blue destroys Red's outer middle tower", StringComparison.Ordinal));
        Assert.Matches("^ +[0-9]+:[0-9][0-9]  Blue wins: ", lines[^1]);

        (code, output, _) = Arena(["replay", files[0], "--at", "0:40"]);
        Assert.Equal(0, code);
        Assert.Contains("moba/1v1", output, StringComparison.Ordinal);
        Assert.Contains("0:40 of ", output, StringComparison.Ordinal);
        foreach (string sign in new[] { "◆", "◇", "■", "□", "gold lead", "scripted:easy : random" })
            Assert.Contains(sign, output, StringComparison.Ordinal);
    }

    [Fact]
    public void TheEventsOfAMatchAddUpToItsFinalScores()
    {
        string file = Record("--a", "scripted:easy", "--b", "scripted:easy", "--matches", "1")[0];
        (_, string output, _) = Arena(["replay", file, "--events", "--json"]);
        JsonElement[] events = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
        Replay replay = ReplayFile.Read(file);
        var environment = new Moba.MobaEnvironment(new Moba.MobaOptions(), 1);
        new ReplayPlayer(replay, environment).Seek(replay.Decisions);
        int deaths = 0, levels = 0, fallen = 0;
        for (int h = 0; h < Moba.UnitIndex.Heroes; h++)
            (deaths, levels) = (deaths + Deaths(environment, h), levels + Levels(environment, h));
        for (int u = Moba.UnitIndex.FirstStructure; u < Moba.UnitIndex.FirstCreep; u++)
            fallen += Alive(environment, u) ? 0 : 1;
        Assert.True(deaths > 3 && fallen > 1);
        Assert.Equal(deaths, events.Count(e => e.GetProperty("kind").GetString() == "kill"));
        Assert.Equal(fallen, events.Count(e => e.GetProperty("kind").GetString() is "tower" or "ancient"));
        Assert.True(events.Count(e => e.GetProperty("kind").GetString() == "level") <= levels && levels > 10);
        Assert.Equal(replay.Decisions, events[^1].GetProperty("decision").GetInt32());
        Assert.Equal("end", events[^1].GetProperty("kind").GetString());

        static unsafe int Deaths(Moba.MobaEnvironment e, int hero) => e.State(0).Deaths[hero];
        static unsafe int Levels(Moba.MobaEnvironment e, int hero) => e.State(0).Level[hero] - 1;
        static unsafe bool Alive(Moba.MobaEnvironment e, int unit) => e.State(0).Alive[unit] != 0;
    }

    [Theory]
    [InlineData("eval --a random --b scripted:easy --mode 3v3 --matches 2 --shopping policy --macro policy --reaction-delay 2 --action-rate 4 --bans 1 --draft 1-2-2-1", "\"draft\":\"1-2-2-1\"")]
    [InlineData("balance --mode 1v1 --rules quick --players easy --matches 2", "\"home\":[")]
    public void EveryOptionThatDecidesAMatchIsRecordedWithIt(string command, string option)
    {
        (int code, _, string error) = Arena([.. command.Split(' '), "--record", _folder, "--json"]);
        Assert.Equal((0, ""), (code, error));
        (code, string output, _) = Arena(["replay", _folder, "--json"]);
        Assert.Equal((0, 2), (code, output.Split(option).Length - 1));
        (code, output, _) = Arena(["replay", _folder, "--verify"]);
        Assert.Equal((0, 2), (code, output.Split(": verified: ").Length - 1));
    }

    [Fact]
    public void AnyEnvironmentsReplayIsListedShownSummarisedAndVerified()
    {
        string[] files = Matching();
        Assert.Equal(4, files.Length);
        (int code, string output, _) = Arena(["replay", _folder]);
        Assert.Equal(0, code);
        Assert.All(files, f => Assert.Contains(Path.GetFileName(f), output, StringComparison.Ordinal));
        Assert.Contains("scripted:perfect : random", output, StringComparison.Ordinal);

        (code, output, _) = Arena(["replay", files[1], "--json"]);
        JsonElement report = JsonDocument.Parse(output).RootElement;
        Assert.Equal((0, "matching", 1), (code, report.GetProperty("game").GetString(), report.GetProperty("winner").GetInt32()));
        Assert.False(report.TryGetProperty("obstacle", out _));

        (code, output, _) = Arena(["replay", files[1], "--verify", "--json"]);
        Assert.Equal(0, code);
        Assert.True(JsonDocument.Parse(output).RootElement.GetProperty("verified").GetBoolean());

        (code, output, _) = Arena(["replay", files[1], "--at", "2"]);
        Assert.Equal(0, code);
        Assert.Contains("answer", output, StringComparison.Ordinal);
        Assert.Contains("0:02 of ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedForeignAndUnknownReplaysAreRefusedWithTheReason()
    {
        string[] files = Matching();
        byte[] damaged = File.ReadAllBytes(files[0]);
        damaged[100] ^= 4;
        File.WriteAllBytes(files[0], damaged);
        File.WriteAllText(files[1], "nothing");
        EnvironmentSpec spec = Environments.Create("matching", "", "").Spec;
        string options = Forged("options", new EnvironmentRecipe("matching", JsonSerializer.SerializeToElement(new { fog = true })), spec);
        string unknown = Forged("unknown", EnvironmentRecipe.Plain("chess"), spec);
        foreach ((string file, string reason) in new[] { (files[0], "header"), (files[1], "is not a replay"), (options, "fog"), (unknown, "'chess'") })
        {
            (int code, string output, string error) = Arena(["replay", file]);
            Assert.Equal((2, ""), (code, output));
            Assert.Contains(reason, error, StringComparison.Ordinal);
            Assert.Contains(file, error, StringComparison.Ordinal);
            (code, output, _) = Arena(["replay", file, "--verify"]);
            Assert.Equal(1, code);
            Assert.Contains(reason, output, StringComparison.Ordinal);
        }
        (int listed, string list, _) = Arena(["replay", _folder, "--json"]);
        Assert.Equal(0, listed);
        Assert.Contains("is not a replay", list, StringComparison.Ordinal);
        Assert.Contains("do not match their checksum", list, StringComparison.Ordinal);
        (listed, list, _) = Arena(["replay", _folder]);
        Assert.Equal(0, listed);
        Assert.All(files, f => Assert.Contains(Path.GetFileName(f), list, StringComparison.Ordinal));
        Assert.Equal(1, Process("replay", _folder, "--verify").Code);
    }

    [Fact]
    public void AReplayThatAnotherProgramPlayedOtherwiseDivergesAndSaysWhere()
    {
        IEnvironmentFactory factory = Environments.Create("moba", "1v1", "quick");
        IBatchEnvironment environment = factory.Create(1);
        var rng = new Rng(4);
        short[] actions = new short[environment.Spec.Agents * environment.Spec.Heads.Count];
        using (var recorder = new ReplayFolder(_folder, factory.Recipe, factory.Spec))
        {
            environment.Reset(0, 5);
            ReplayRecording recording = recorder.Begin(environment, 0, new MatchToRecord(5, "m", 0, ["a", "b"]))!;
            for (MatchStatus status = MatchStatus.Running; status == MatchStatus.Running;)
            {
                for (int a = 0; a < environment.Spec.Agents; a++)
                    environment.ActScripted(0, a, 0, actions.AsSpan(a * environment.Spec.Heads.Count, environment.Spec.Heads.Count), ref rng);
                status = environment.StepOnly(0, actions);
                // From decision 300 on the file says that nobody did anything, as if verbs meant something else now.
                if (recording.Decisions >= 300)
                    actions.AsSpan().Clear();
                recording.Decided(environment, 0, actions);
            }
            recording.Ended(environment, 0);
        }
        string file = Assert.Single(Directory.GetFiles(_folder));
        (int code, string output, _) = Process("replay", file, "--verify");
        Assert.Equal(1, code);
        Assert.Contains("DIVERGES after decision 256 ", output, StringComparison.Ordinal);
        Assert.Contains("found at decision 512 ", output, StringComparison.Ordinal);
        (code, _, string error) = Arena(["replay", file, "--events"]);
        Assert.Equal(0, code);
        Assert.Contains("after decision 256", error, StringComparison.Ordinal);
    }

    [Fact]
    public void ALeagueRecordsItsShareAndASecondProcessVerifiesIt()
    {
        string config = Path.Combine(_folder, "small.yaml");
        File.WriteAllText(config, "environment: matching\nmatches_per_actor: 16\nbatch_steps: 512\nanchors: [random, perfect@1]\nrandom_start_decisions: 5\nrecord_keep: 9\n");
        (int code, _, string error) = Process("league", "--config", config, "--name", "recorded", "--steps", "3000", "--record", "40%", "--no-serve", "--json");
        Assert.True(code == 0, error);
        string run = Path.Combine(_folder, "recorded");
        Assert.Equal(9, Directory.GetFiles(Path.Combine(run, "replays")).Length);
        (code, string output, _) = Process("replay", run, "--verify");
        Assert.Equal((0, 9), (code, output.Split(": verified: ").Length - 1));
    }

    private string Forged(string name, EnvironmentRecipe recipe, EnvironmentSpec spec)
    {
        string folder = Path.Combine(_folder, name);
        var environment = new Matching.MatchingEnvironment(1);
        short[] actions = new short[spec.Agents * spec.Heads.Count];
        using (var recorder = new ReplayFolder(folder, recipe, spec))
        {
            ReplayRecording recording = recorder.Begin(environment, 0, new MatchToRecord(1, "m", 0, ["a", "b"]))!;
            while (environment.StepOnly(0, actions) == MatchStatus.Running)
                recording.Decided(environment, 0, actions);
            recording.Ended(environment, 0);
        }
        return Assert.Single(Directory.GetFiles(folder));
    }

    private static (int Code, string Output, string Error) Arena(string[] arguments)
    {
        var output = new StringWriter(CultureInfo.InvariantCulture);
        var error = new StringWriter(CultureInfo.InvariantCulture);
        int code = ArenaCommand.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private (int Code, string Output, string Error) Process(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(ArenaCommand).Assembly.Location);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["ARENA_RUNS"] = _folder;
        using Process process = System.Diagnostics.Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
