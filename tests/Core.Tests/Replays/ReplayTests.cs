using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Matching;

namespace SelfPlayArena.Core.Tests.Replays;

public sealed class ReplayTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("arena-replays-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Mixed(ulong seed, int length = 700)
    {
        string folder = Path.Combine(_folder, $"{seed}");
        using (ReplayFolder recorder = Recorded.Folder(folder, MixingEnvironment.Layout))
            Recorded.Play(recorder, new MixingEnvironment(length), seed, Recorded.AnyNumbers(seed));
        return Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public void A_match_of_the_matching_task_comes_back_with_all_that_was_recorded_and_plays_again_to_the_same_bits()
    {
        var environment = new MatchingEnvironment(1);
        List<ulong> states;
        using (var recorder = new ReplayFolder(_folder, Recorded.MatchingRecipe, environment.Spec))
            (states, _) = Recorded.Play(recorder, environment, 77, Recorded.RandomChoices(environment, 5));
        Replay replay = ReplayFile.Read(Assert.Single(Directory.GetFiles(_folder)));
        ReplayHeader header = replay.Header;
        Assert.Equal(("matching", "matching", "matching-1", 77ul, "match-77", 77L), (header.Environment, header.Game, header.ContentHash, header.Seed, header.Match, header.Number));
        Assert.Equal(["main@latest", "main@latest", "scripted:random", "scripted:random"], header.Players);
        Assert.Equal(states.Count - 1, replay.Decisions);
        Assert.Equal(states[^1], replay.FinalHash);
        MatchOutcome outcome = environment.Outcome(0);
        Assert.Equal((outcome.Winner, outcome.Reason, outcome.Decisions), (header.Outcome.Winner, header.Outcome.Reason, header.Outcome.Decisions));
        Assert.Equal(outcome.Scores, header.Outcome.Scores);

        var player = new ReplayPlayer(replay, new MatchingEnvironment(3), match: 2);
        Assert.Null(player.Verify());
        Assert.Equal(replay.Decisions, player.Decision);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(700)]
    public void Any_numbers_of_any_agent_and_head_come_back_whatever_the_length(int length)
    {
        string file = Mixed((ulong)length, length);
        Replay replay = ReplayFile.Read(file);
        Assert.Equal(length, replay.Decisions);
        Assert.Equal(length / 256 + 2, replay.Hashes);
        short[] expected = new short[MixingEnvironment.Layout.Agents * MixingEnvironment.Heads];
        Action<int, short[]> act = Recorded.AnyNumbers((ulong)length);
        for (int d = 0; d < length; d++)
        {
            act(d, expected);
            Assert.True(replay.Actions(d).SequenceEqual(expected), $"decision {d}");
        }
        Assert.Null(new ReplayPlayer(replay, new MixingEnvironment(length)).Verify());
    }

    [Theory]
    [InlineData(0, 0, 256)]
    [InlineData(300, 256, 512)]
    [InlineData(511, 256, 512)]
    [InlineData(512, 512, 700)]
    [InlineData(699, 512, 700)]
    public void Other_rules_from_some_decision_on_are_found_between_the_two_hashes_around_it(int from, int same, int other)
    {
        var player = new ReplayPlayer(ReplayFile.Read(Mixed(9)), new MixingEnvironment(otherRulesFrom: from));
        ReplayDivergence? divergence = player.Verify();
        Assert.NotNull(divergence);
        Assert.Equal((same, other), (divergence.LastSame, divergence.FirstOther));
    }

    [Theory]
    [InlineData(600, 600, "ended here")]
    [InlineData(800, 700, "goes on")]
    public void A_match_that_ends_at_another_time_is_a_divergence(int length, int found, string words)
    {
        ReplayDivergence? divergence = new ReplayPlayer(ReplayFile.Read(Mixed(9)), new MixingEnvironment(length)).Verify();
        Assert.NotNull(divergence);
        Assert.Equal(found, divergence.FirstOther);
        Assert.Contains(words, divergence.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Leaps_in_both_directions_lead_to_the_states_of_playing_straight_on()
    {
        List<ulong> states;
        string folder = Path.Combine(_folder, "leaps");
        using (ReplayFolder recorder = Recorded.Folder(folder, MixingEnvironment.Layout))
            (states, _) = Recorded.Play(recorder, new MixingEnvironment(), 4, Recorded.AnyNumbers(4));
        var environment = new MixingEnvironment();
        var player = new ReplayPlayer(ReplayFile.Read(Assert.Single(Directory.GetFiles(folder))), environment);
        foreach (int to in new[] { 10, 300, 299, 700, 0, 512, 511, 513, 256, -5, 9999, 1 })
        {
            player.Seek(to);
            Assert.Equal(Math.Clamp(to, 0, 700), player.Decision);
            Assert.Equal(states[player.Decision], environment.StateHash(0));
        }
        Assert.Null(player.Divergence);
    }

    [Fact]
    public void Decisions_before_a_restart_are_forgotten_and_the_opening_is_counted()
    {
        var environment = new MixingEnvironment(40);
        short[] actions = new short[environment.Spec.Agents * MixingEnvironment.Heads];
        using (ReplayFolder recorder = Recorded.Folder(_folder, environment.Spec))
        {
            environment.Reset(0, 8);
            ReplayRecording recording = recorder.Begin(environment, 0, new MatchToRecord(8, "m", 0, ["a", "b"]))!;
            Play(25, 1);
            environment.Reset(0, 8);
            recording.Restart(environment, 0);
            Play(10, 2);
            recording.OpeningPlayed();
            Play(30, 3);
            recording.Ended(environment, 0);

            void Play(int decisions, short number)
            {
                actions.AsSpan().Fill(number);
                for (int d = 0; d < decisions; d++)
                {
                    environment.StepOnly(0, actions);
                    recording.Decided(environment, 0, actions);
                }
            }
        }
        Replay replay = ReplayFile.Read(Assert.Single(Directory.GetFiles(_folder)));
        Assert.Equal((40, 10), (replay.Decisions, replay.Header.Opening));
        Assert.Equal((2, 3), (replay.Actions(0)[0], replay.Actions(39)[0]));
        Assert.Null(new ReplayPlayer(replay, new MixingEnvironment(40)).Verify());
    }

    [Fact]
    public void Recording_a_decision_allocates_nothing_once_its_buffers_have_grown()
    {
        using ReplayFolder recorder = Recorded.Folder(_folder, MixingEnvironment.Layout);
        var environment = new MixingEnvironment(5000);
        short[] actions = new short[environment.Spec.Agents * MixingEnvironment.Heads];
        Action<int, short[]> act = Recorded.AnyNumbers(3);
        ReplayRecording recording = recorder.Begin(environment, 0, new MatchToRecord(1, "m", 0, ["a", "b"]))!;
        Record();
        recording.Restart(environment, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Record();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        recording.Abandon();

        void Record()
        {
            for (int d = 0; d < 3000; d++)
            {
                act(d, actions);
                environment.StepOnly(0, actions);
                recording.Decided(environment, 0, actions);
            }
        }
    }
}
