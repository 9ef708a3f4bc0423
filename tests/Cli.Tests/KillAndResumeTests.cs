using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SelfPlayArena.Cli;
using SelfPlayArena.League;

namespace SelfPlayArena.Cli.Tests;

/// <summary>Real processes, killed without warning.</summary>
public sealed class KillAndResumeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly string _folder = Directory.CreateTempSubdirectory("arena-kill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AKilledLeagueGoesOnWithEveryEventAndWithItsStepsAndRatings()
    {
        string config = Path.Combine(_folder, "small.yaml");
        File.WriteAllText(config, """
            environment: matching
            matches_per_actor: 32
            batch_steps: 1024
            snapshot_steps: 4000
            checkpoint_seconds: 1
            anchors: [random, perfect@1]
            self_play_share: 0.5
            anchor_share: 0.3
            """);
        string events = Path.Combine(_folder, "killed", "events.jsonl");
        long trained = 0;
        string[] arguments = ["league", "--config", config, "--name", "killed", "--no-serve", "--json"];
        for (int round = 0; round < 3; round++)
        {
            using Process process = Start(arguments);
            bool first = true;
            long reached = 0;
            // Until a second checkpoint of this session is on the disk, and some updates more; the kill then falls wherever it falls.
            var seen = new HashSet<string>(Checkpoints());
            int earlier = seen.Count, further = 3 * round;
            var watch = Stopwatch.StartNew();
            while (process.StandardOutput.ReadLine() is { } line)
            {
                JsonElement progress = JsonDocument.Parse(line).RootElement;
                reached = progress.GetProperty("trained_steps").GetInt64();
                if (first)
                {
                    Assert.True(reached > trained, $"round {round}: went on at {reached} steps; a checkpoint had {trained}");
                }
                first = false;
                seen.UnionWith(Checkpoints());
                if ((seen.Count >= earlier + 2 && further-- == 0) || watch.Elapsed > Patience)
                    break;
            }
            Assert.False(process.HasExited, process.HasExited ? process.StandardError.ReadToEnd() : "");
            process.Kill();
            process.WaitForExit();
            Assert.True(seen.Count >= earlier + 2, $"round {round}: no second checkpoint in {watch.Elapsed}");
            trained = Checkpointed();
            Assert.InRange(trained, 1, reached + 100_000);

            string[] before = WholeLines(events);
            LeagueState state = LeagueState.Fold(FileEventLog.Read(events));
            (int code, string error) = Finish(["league", "--resume", "--name", "killed", "--steps", (trained + 1).ToString(CultureInfo.InvariantCulture), "--no-serve", "--json"], out long resumed);
            Assert.True(code == 0, error);
            Assert.True(resumed > trained && resumed < trained + 50_000, $"round {round}: resumed to {resumed} from {trained}");
            Assert.Equal(before, WholeLines(events)[..before.Length]);
            LeagueState after = LeagueState.Fold(FileEventLog.Read(events));
            Assert.True(after.Matches >= state.Matches);
            Assert.Equal(state.Session + 1, after.Session);
            trained = resumed;
            arguments = ["league", "--resume", "--name", "killed", "--no-serve", "--json"];
        }
        Assert.True(LeagueState.Fold(FileEventLog.Read(events)).Matches > 100);
    }

    private string[] Checkpoints()
        => Directory.Exists(Path.Combine(_folder, "killed")) ? Directory.GetFiles(Path.Combine(_folder, "killed"), "checkpoint-*.safetensors") : [];

    private long Checkpointed()
    {
        // The counter in the newest checkpoint's file name is its number of updates; its metadata holds the steps.
        string newest = Checkpoints().Max()!;
        return long.Parse(Policies.SafeTensors.Load(newest).Metadata["trained_steps"], CultureInfo.InvariantCulture);
    }

    /// <summary>What was being written at the moment of the kill was never acknowledged.</summary>
    private static string[] WholeLines(string path)
    {
        string text = File.ReadAllText(path);
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private (int Code, string Error) Finish(string[] arguments, out long trained)
    {
        using Process process = Start(arguments);
        trained = 0;
        while (process.StandardOutput.ReadLine() is { } line)
            trained = JsonDocument.Parse(line).RootElement.GetProperty("trained_steps").GetInt64();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }

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
