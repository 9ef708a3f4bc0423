using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.League;
using SelfPlayArena.Matching;
using SelfPlayArena.Streaming;
using SelfPlayArena.Testing;

namespace SelfPlayArena.Rollout.Tests;

/// <summary>Every host's matches can be recorded, and what was recorded plays again to the same bits.</summary>
public sealed class ReplayRecordingTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("arena-recorded-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static List<Replay> Verified(string folder)
    {
        List<Replay> replays = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(ReplayFile.Read)];
        foreach (Replay replay in replays)
            Assert.Null(new ReplayPlayer(replay, new MatchingEnvironment(1)).Verify());
        return replays;
    }

    private static List<string> Play(IMatchRecorder? recorder)
    {
        var networks = new Networks { Latest = Given.Policy(1, 6) };
        var director = new OneMatchup(new Matchup(9, Given.Latest, Given.Latest, 60, 3));
        var layout = new TrajectoryLayout(MatchingFactory.Layout, 4, Given.Plan.RecurrentSize);
        // Openings may be longer than the match: then it starts again from its seed.
        var options = new HostOptions { RandomStarts = 0.6, RandomStartDecisions = 16 };
        using var host = new MatchHost(0, new MatchingEnvironment(5), director, networks, new CollectingSink(), layout, options, seed: 5, recorder);
        while (host.Step(default))
        {
        }
        Assert.Equal(60, director.Ends);
        return [.. director.Results.Select(r => $"{r.MatchId} {r.Outcome.Winner} {r.Outcome.Decisions} {string.Join(' ', r.Outcome.Scores)}")];
    }

    [Fact]
    public void Matches_of_a_learning_host_are_recorded_with_their_scripted_openings_and_recording_changes_none()
    {
        List<string> results;
        using (var recorder = new ReplayFolder(_root, new MatchingFactory().Recipe, MatchingFactory.Layout))
            results = Play(recorder);
        Assert.Equal(Play(null), results);
        List<Replay> replays = Verified(_root);
        Assert.Equal(60, replays.Count);
        Assert.InRange(replays.Count(r => r.Header.Opening > 0), 10, 50);
        // Rated are those that began at their beginning.
        HashSet<string> opened = [.. replays.Where(r => r.Header.Opening > 0).Select(r => r.Header.Match)];
        Assert.DoesNotContain(results, r => opened.Contains(r.Split(' ')[0]));
        Assert.All(replays, r => Assert.Equal((6, "main@latest"), (r.Header.Number, r.Header.Players[3])));
    }

    [Fact]
    public void Heads_that_the_verb_does_not_use_are_drawn_for_the_learner_alone()
    {
        EnvironmentSpec spec = MatchingFactory.Layout;
        var sink = new CollectingSink();
        using (var recorder = new ReplayFolder(_root, new MatchingFactory().Recipe, spec))
        using (var host = new MatchHost(
            0, new MatchingEnvironment(3), new OneMatchup(new Matchup(1, Given.Latest, Given.Latest, 6, 3)), new Networks { Latest = Given.Policy(2, 1) }, sink,
            new TrajectoryLayout(spec, 4, Given.Plan.RecurrentSize), new HostOptions { DrawUnused = true }, seed: 5, recorder))
        {
            while (host.Step(default))
            {
            }
        }
        Dictionary<string, Replay> played = Verified(_root).ToDictionary(r => r.Header.Match);
        int heads = spec.Heads.Count, drawn = 0;
        foreach (TrajectoryChunk c in sink.Chunks)
        {
            for (int row = 0; row < c.AgentSteps; row++)
            {
                ReadOnlySpan<short> learnt = c.Actions.Slice(row * heads, heads);
                ReadOnlySpan<short> carriedOut = played[c.MatchId].Actions(c.FirstDecision + row / c.Layout.Agents).Slice((c.Team * c.Layout.Agents + row % c.Layout.Agents) * heads, heads);
                for (int h = 0; h < heads; h++)
                {
                    bool used = h == 0 || spec.Heads[h].MaskRows[learnt[0]] >= 0;
                    Assert.Equal(used ? learnt[h] : -1, carriedOut[h]);
                    drawn += !used && learnt[h] >= 0 ? 1 : 0;
                }
            }
        }
        Assert.True(drawn > 50, $"{drawn} heads were drawn from");
    }

    [Fact]
    public void An_evaluation_records_every_match_under_its_number_with_the_players_as_reports_name_them()
    {
        using (var recorder = new ReplayFolder(_root, new MatchingFactory().Recipe, MatchingFactory.Layout))
        {
            Evaluation.Play(
                new MatchingFactory(), new Contestant("run:x@latest", null, Given.Policy(1, 1)), new Contestant("scripted:perfect", "perfect@1", null),
                10, seed: 4, threads: 2, recorder: recorder);
        }
        List<Replay> replays = Verified(_root);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), replays.Select(r => r.Header.Number));
        for (int i = 0; i < 10; i++)
        {
            string[] sides = ["run:x@latest", "scripted:perfect"];
            Assert.Equal([sides[i % 2], sides[i % 2], sides[1 - i % 2], sides[1 - i % 2]], replays[i].Header.Players);
            Assert.Equal(replays[i - i % 2].Header.Seed, replays[i].Header.Seed);
        }
    }

    private (RunFolder Folder, RunProgress Last, List<string> Results) Train(string name, RunSettings settings, Action<RunFolder>? before = null)
    {
        var folder = new RunFolder(Path.Combine(_root, name));
        before?.Invoke(folder);
        RunProgress? last = null;
        using (SelfPlayRun run = SelfPlayRun.Create(folder, settings, "test", new MatchingFactory(), n => new TrajectoryQueue(n), TimeProvider.System))
            run.Run(new RunLimits(Steps: 4_000), p => last = p, default);
        return (folder, last!, [.. FileEventLog.Read(folder.Events).OfType<MatchFinished>().Select(m => $"{m.Matchup} {m.Home} {m.Away} {m.Winner} {m.Decisions} {m.Seed}")]);
    }

    private static RunSettings Small { get; } = SmallLeague.Settings with { Lockstep = true, SnapshotSteps = new RunSettings().SnapshotSteps };

    [Fact]
    public void A_league_records_its_share_keeps_the_newest_and_is_the_same_league_as_without()
    {
        (RunFolder none, _, List<string> results) = Train("none", Small);
        Assert.False(Directory.Exists(none.Replays));
        (RunFolder all, RunProgress last, List<string> recorded) = Train("all", Small with { Record = 100 });
        Assert.Equal(results, recorded);
        Assert.NotEmpty(results);
        Assert.Null(last.RecordingFault);
        List<Replay> replays = Verified(all.Replays);
        Assert.True(replays.Count >= recorded.Count);
        Assert.Superset(recorded.Select(r => r.Split(' ')[^1]).ToHashSet(), replays.Select(r => r.Header.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToHashSet());
        Assert.Equal(MatchingFactory.Layout.ContentHash, replays[0].Header.ContentHash);
        Assert.True(replays[^1].Header.Number > 2);

        (RunFolder some, RunProgress end, _) = Train("some", Small with { Record = 30, RecordKeep = 12 });
        Assert.Equal(12, Verified(some.Replays).Count);
        Assert.True(end.MatchesFinished > 60);
        HashSet<ulong> everyOne = [.. replays.Select(r => r.Header.Seed)];
        Assert.All(Verified(some.Replays), r => Assert.Contains(r.Header.Seed, everyOne));
    }

    [Fact]
    public void A_league_that_cannot_write_replays_says_so_and_goes_on()
    {
        (RunFolder folder, RunProgress last, _) = Train("full", Small with { Record = 100, Lockstep = false }, f =>
        {
            Directory.CreateDirectory(f.Path);
            File.WriteAllText(f.Replays, "in the way");
        });
        Assert.Contains(folder.Replays, last.RecordingFault, StringComparison.Ordinal);
        Assert.True(last.TrainedSteps >= 4_000);
    }
}
