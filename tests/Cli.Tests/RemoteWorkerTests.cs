using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using SelfPlayArena.Cli.Tests.Serving;
using SelfPlayArena.Cli;
using SelfPlayArena.League;

namespace SelfPlayArena.Cli.Tests;

/// <summary>A learner and its workers as real processes, some of them killed without warning.</summary>
public sealed partial class RemoteWorkerTests : IDisposable
{
    private const string Secret = "known to learner and workers alone";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly string _folder = Directory.CreateTempSubdirectory("arena-workers-").FullName;
    private readonly List<Process> _processes = [];

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }
            process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ALearnerTrainsOnWhatWorkersPlayThroughKillsOnBothSidesAndCountsEachResultOnce()
    {
        string config = Path.Combine(_folder, "small.yaml");
        File.WriteAllText(config, """
            environment: matching
            matches_per_actor: 16
            batch_steps: 1024
            snapshot_steps: 4000
            checkpoint_seconds: 1
            anchors: [random, perfect@1]
            self_play_share: 0.5
            anchor_share: 0.3
            """);
        string log = Path.Combine(_folder, "run", "workers.log"), events = Path.Combine(_folder, "run", "events.jsonl");
        (Process learner, _, BlockingCollection<string> said) = Start("league", "--config", config, "--name", "run", "--listen", "127.0.0.1:0", "--workers-only", "--metrics", "off", "--no-serve", "--json");
        string address = Address(Line(said, l => Listening().IsMatch(l)));
        (Process doomed, _, _) = Start("worker", "--connect", address);
        (Process survivor, BlockingCollection<string> told, BlockingCollection<string> served) = Start("worker", "--connect", address, "--metrics", "127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = new Uri(Serving().Match(Line(served, l => Serving().IsMatch(l))).Groups[1].Value) };
        Until(() => Count(log, "plays with") == 2 && Results(events).Length > 50, "results of two workers");
        doomed.Kill();
        Until(() => Count(log, "lost") == 1, "the loss of a worker to be noticed");
        int before = Results(events).Length;
        Until(() => Results(events).Length > before + 20, "more results from the other one");
        string page = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative)), health = await client.GetStringAsync(new Uri("/health", UriKind.Relative));
        Assert.Equal((1, 0, 1), (ServedRun.Sum(page, "arena_worker_connected"), ServedRun.Sum(page, "arena_worker_reconnects_total"), ServedRun.Sum(page, "arena_worker_hosts")));
        Assert.True(ServedRun.Sum(page, "arena_worker_hero_steps_total") > 1000 && ServedRun.Sum(page, "arena_worker_results_total") > ServedRun.Sum(page, "arena_worker_unacknowledged_results"), page);
        Assert.True(ServedRun.Sum(page, "arena_worker_weights_version") > 0 && ServedRun.Sum(page, "arena_worker_sent_bytes_total") > 10_000, page);
        Assert.Contains("\"state\":\"playing\",\"healthy\":true", health, StringComparison.Ordinal);

        learner.Kill();
        learner.WaitForExit();
        (Process again, _, _) = Start("league", "--resume", "--name", "run", "--listen", address, "--workers-only", "--metrics", "off", "--no-serve", "--json");
        before = Results(events).Length;
        Until(() => Results(events).Length > before + 50, "results after the learner came back");
        page = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Equal((1, 1), (ServedRun.Sum(page, "arena_worker_connected"), ServedRun.Sum(page, "arena_worker_reconnects_total")));
        // An interrupt lets it save and say goodbye.
        Process.Start("kill", ["-INT", again.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
        Assert.True(again.WaitForExit(Patience) && survivor.WaitForExit(Patience), "learner and worker must end");
        Assert.Equal((0, 0), (again.ExitCode, survivor.ExitCode));

        string[] results = Results(events);
        Assert.Equal(results.Length, results.Distinct().Count());
        string last = Line(told, l => l.StartsWith("played ", StringComparison.Ordinal));
        int acknowledged = int.Parse(Taken().Match(last).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        string session = Sessions().Matches(File.ReadAllText(log)).Select(m => m.Groups[1].Value).GroupBy(s => s).MaxBy(s => s.Count())!.Key;
        int counted = results.Count(r => r.StartsWith($"w{session}/", StringComparison.Ordinal));
        Assert.True(acknowledged > 50 && counted >= acknowledged, $"{acknowledged} results were acknowledged, {counted} are in the log");
        Assert.DoesNotContain(Secret, File.ReadAllText(log), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("worker --connect here", "HOST:PORT")]
    [InlineData("worker --connect 127.0.0.1:1 --patience 0", "no learner could be reached")]
    [InlineData("worker --connect 127.0.0.1:1 --secret-file /no/such", "/no/such")]
    [InlineData("league --workers-only", "--workers-only needs --listen")]
    [InlineData("league --listen 0.0.0.0:0", "can be reached from other machines")]
    [InlineData("league --listen nowhere:1", "is no address of this machine")]
    public void WhatCannotBeIsRefusedWithWhatIsAllowed(string command, string expected)
    {
        var error = new StringWriter();
        Assert.Equal(UserError.ExitCode, ArenaCommand.Run(command.Split(' '), new StringWriter(), error));
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
    }

    private static string Address(string line) => Listening().Match(line).Groups[1].Value;

    private static string[] Results(string events)
    {
        try
        {
            return [.. FileEventLog.Read(events).OfType<MatchFinished>().Select(m => m.Match)];
        }
        catch (Exception e) when (e is IOException or LeagueLogException)
        {
            return [];
        }
    }

    private static int Count(string log, string word)
    {
        try
        {
            using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd().Split('\n').Count(l => l.Contains(word, StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string Line(BlockingCollection<string> lines, Func<string, bool> wanted)
    {
        var seen = new List<string>();
        while (lines.TryTake(out string? line, Patience))
        {
            if (wanted(line))
                return line;
            seen.Add(line);
        }
        throw new InvalidOperationException($"in vain waited for a line; seen: {string.Join('\n', seen)}");
    }

    private static void Until(Func<bool> holds, string what)
        => Assert.True(SpinWait.SpinUntil(holds, Patience), $"in vain waited for: {what}");

    private (Process Process, BlockingCollection<string> Output, BlockingCollection<string> Error) Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ArenaCommand).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ARENA_RUNS"] = _folder, [StreamOptions.SecretVariable] = Secret },
        };
        Process process = Process.Start(start)!;
        _processes.Add(process);
        var output = new BlockingCollection<string>();
        var error = new BlockingCollection<string>();
        process.OutputDataReceived += (_, e) => Keep(output, e.Data);
        process.ErrorDataReceived += (_, e) => Keep(error, e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return (process, output, error);

        static void Keep(BlockingCollection<string> lines, string? line)
        {
            if (line is null)
                lines.CompleteAdding();
            else
                lines.Add(line);
        }
    }

    [GeneratedRegex(@"workers may connect to (\S+:\d+)")]
    private static partial Regex Listening();

    [GeneratedRegex(@"metrics are at (\S+)/metrics")]
    private static partial Regex Serving();

    [GeneratedRegex(@"chunks and (\d+) of \d+ results taken")]
    private static partial Regex Taken();

    [GeneratedRegex(@"worker ([0-9a-f]{16}) at \S+ (?:plays|is back)")]
    private static partial Regex Sessions();
}
