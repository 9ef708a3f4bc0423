using System.Globalization;
using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Cli.Tests;

/// <summary>Policies from replays, by way of the command line.</summary>
public sealed class CloneCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("arena-clone-").FullName;

    private string Replays => Path.Combine(_folder, "replays");

    private string Bundle => Path.Combine(_folder, "made", "clone.bundle");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string[] Record(params string[] evaluation)
    {
        (int code, _, string error) = Arena(["eval", .. evaluation, "--record", Replays, "--json", "--seed", "6"]);
        Assert.Equal((0, ""), (code, error));
        return [.. Directory.GetFiles(Replays, "*.replay").Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void AScriptedPlayersReplaysBecomeABundleThatForetellsItBetterThanChanceAndPlays()
    {
        Record("--a", "scripted:medium", "--b", "random", "--mode", "1v1", "--matches", "6");
        (int code, string output, string error) = Arena(["clone", "--replays", Replays, "--players", "scripted:medium", "--epochs", "3", "--out", Bundle, "--json"]);
        Assert.Equal((0, ""), (code, error));
        JsonElement report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(6, report.GetProperty("replays").GetInt32());
        Assert.Equal("scripted:medium", Assert.Single(report.GetProperty("players").EnumerateArray()).GetString());
        JsonElement verb = report.GetProperty("heads").EnumerateArray().First(h => h.GetProperty("head").GetString() == "verb");
        Assert.True(verb.GetProperty("accuracy").GetDouble() > 1.5 * verb.GetProperty("chance_accuracy").GetDouble(), output);
        Assert.True(verb.GetProperty("cross_entropy").GetDouble() < verb.GetProperty("chance_cross_entropy").GetDouble(), output);
        Assert.Equal("clone", PolicyBundle.Load(Bundle).Card.Member);
        (code, _, error) = Arena(["eval", "--a", "file:" + Bundle, "--b", "random", "--mode", "1v1", "--matches", "2", "--json"]);
        Assert.Equal((0, ""), (code, error));
    }

    [Fact]
    public void WhatCannotBeLearntFromIsRefusedWithTheReason()
    {
        Directory.CreateDirectory(Replays);
        Refused("record some with: arena eval", "--replays", Replays);
        Refused("there is no folder", "--replays", Path.Combine(_folder, "nowhere"));

        string[] files = Record("--env", "matching", "--a", "scripted:perfect", "--b", "random", "--matches", "4");
        Refused("no replay in", "--replays", Replays, "--players", "scripted:prefect");
        Refused("scripted:perfect", "--replays", Replays, "--players", "nobody");

        string old = Path.Combine(_folder, "old");
        EnvironmentSpec spec = Environments.Create("matching", "", "").Spec;
        Older(old, spec);
        Refused("matching-0", "--replays", old);
        Refused(spec.ContentHash, "--replays", old);

        foreach (string file in files)
        {
            byte[] damaged = File.ReadAllBytes(file);
            damaged[100] ^= 4;
            File.WriteAllBytes(file, damaged);
        }
        Refused("damaged", "--replays", Replays);
        Refused(files[0], "--replays", Replays);
        Assert.False(File.Exists(Bundle));
    }

    [Fact]
    public void DamagedReplaysAmongSoundOnesAreNamedAndPassedOver()
    {
        string[] files = Record("--env", "matching", "--a", "scripted:perfect", "--b", "random", "--matches", "6");
        File.WriteAllText(files[2], "nothing");
        (int code, string output, string error) = Arena(["clone", "--replays", Replays, "--epochs", "1", "--out", Bundle, "--json"]);
        Assert.Equal(0, code);
        Assert.Contains(files[2], error, StringComparison.Ordinal);
        Assert.Equal((5, 1), (JsonDocument.Parse(output).RootElement.GetProperty("replays").GetInt32(), JsonDocument.Parse(output).RootElement.GetProperty("passed_over").GetInt32()));
    }

    private void Refused(string reason, params string[] arguments)
    {
        (int code, string output, string error) = Arena(["clone", .. arguments, "--out", Bundle]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    /// <summary>A sound replay of the game as it was with other content.</summary>
    private static void Older(string folder, EnvironmentSpec spec)
    {
        EnvironmentSpec older = EnvironmentSpec.FromJson(spec.ToJson().Replace(spec.ContentHash, "matching-0", StringComparison.Ordinal));
        var environment = new Matching.MatchingEnvironment(1);
        short[] actions = new short[spec.Agents * spec.Heads.Count];
        using var recorder = new ReplayFolder(folder, EnvironmentRecipe.Plain("matching"), older);
        ReplayRecording recording = recorder.Begin(environment, 0, new MatchToRecord(1, "m", 0, ["a", "b"]))!;
        bool going;
        do
        {
            going = environment.StepOnly(0, actions) == MatchStatus.Running;
            recording.Decided(environment, 0, actions);
        }
        while (going);
        recording.Ended(environment, 0);
    }

    private static (int Code, string Output, string Error) Arena(string[] arguments)
    {
        var output = new StringWriter(CultureInfo.InvariantCulture);
        var error = new StringWriter(CultureInfo.InvariantCulture);
        int code = ArenaCommand.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
