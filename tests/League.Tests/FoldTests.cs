using SelfPlayArena.Core;

namespace SelfPlayArena.League.Tests;

public sealed class FoldTests
{
    [Fact]
    public void Repeating_every_event_at_any_later_place_changes_nothing()
    {
        List<LeagueEvent> once = Some.History(400, 1);
        LeagueState expected = LeagueState.Fold(once);
        var rng = new Rng(2);
        var state = new LeagueState();
        for (int i = 0; i < once.Count; i++)
        {
            Assert.True(state.Apply(once[i]));
            for (int repeat = 0; repeat < 3; repeat++)
                Assert.False(state.Apply(once[rng.Next(i + 1)]));
        }
        Assert.Equal(WithoutPosition(expected.Describe()), WithoutPosition(state.Describe()));
    }

    [Fact]
    public void Matches_that_arrive_out_of_order_count_once_and_leave_one_number_a_stream()
    {
        LeagueState state = LeagueState.Fold(Some.Members());
        foreach (int n in (int[])[3, 0, 2, 2, 1, 3, 5])
            state.Apply(Some.Match($"1.a/{n}", Some.Latest, Some.Easy, 1));
        Assert.Equal(5, state.Matches);
        Assert.True(state.HasMatch("1.a/5"));
        Assert.False(state.HasMatch("1.a/4"));
        Assert.False(state.HasMatch("1.b/0"));
        Assert.Contains("ids 1.a 4 5\n", state.Describe().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Seen_ids_stay_bounded_when_a_number_never_comes()
    {
        var seen = new SeenNumbers();
        for (long n = 1; n < 100_000; n++)
        {
            Assert.True(seen.Add(n));
            Assert.True(seen.Ahead.Count <= SeenNumbers.MaxAhead);
        }
        Assert.Equal(100_000, seen.Floor);
        Assert.False(seen.Add(50_000));
    }

    [Fact]
    public void A_snapshot_takes_its_share_of_the_learners_evidence_and_no_match_is_counted_twice()
    {
        LeagueState state = LeagueState.Fold(Some.Members(decay: 1, share: 0.25));
        for (int i = 0; i < 8; i++)
            state.Apply(Some.Match($"a/{i}", Some.Latest, Some.Easy, i < 6 ? 1 : 0));
        state.Apply(new SnapshotTaken(Some.Main, 1, 10, "b"));
        Assert.Equal(new Tally(1.5, 0, 0.5), state.Evidence(Some.Frozen(1), Some.Easy));
        Assert.Equal(new Tally(4.5, 0, 1.5), state.Evidence(Some.Latest, Some.Easy));
        Assert.Equal(new Tally(1.5, 0, 4.5), state.Evidence(Some.Easy, Some.Latest));
        Assert.Equal(8, state.Payoff().Sum(c => c.Played.Matches));
    }

    [Fact]
    public void Evidence_of_the_moving_policy_fades_and_that_of_frozen_ones_does_not()
    {
        LeagueState state = LeagueState.Fold([.. Some.Members(decay: 0.5), new SnapshotTaken(Some.Main, 1, 10, "b")]);
        for (int i = 0; i < 3; i++)
        {
            state.Apply(Some.Match($"a/{2 * i}", Some.Latest, Some.Easy, 1));
            state.Apply(Some.Match($"a/{2 * i + 1}", Some.Frozen(1), Some.Easy, 0.5));
        }
        Assert.Equal(new Tally(1.75, 0, 0), state.Evidence(Some.Latest, Some.Easy));
        Assert.Equal(new Tally(0, 3, 0), state.Evidence(Some.Frozen(1), Some.Easy));
    }

    [Fact]
    public void Contradictions_are_refused_and_leave_the_state_as_it_was()
    {
        LeagueState state = LeagueState.Fold(Some.History(100, 3));
        string before = state.Describe();
        LeagueEvent[] wrong =
        [
            Some.Created() with { Seed = 8 },
            new SnapshotTaken(Some.Main, 9, 1, "b"),
            new SnapshotTaken(Some.Easy.Member, 1, 1, "b"),
            new SnapshotTaken(new MemberId("nobody"), 1, 1, "b"),
            new MemberAdded(new MemberId("scripted:hard"), MemberRole.Main),
            Some.Match("1.0/99999", Some.Latest, Some.Frozen(77), 1),
            Some.Match("no number", Some.Latest, Some.Easy, 1),
        ];
        foreach (LeagueEvent e in wrong)
            Assert.Throws<InvalidDataException>(() => state.Apply(e));
        Assert.Equal(before, state.Describe());
        Assert.Throws<InvalidDataException>(() => new LeagueState().Apply(new MemberAdded(Some.Main, MemberRole.Main)));
    }

    [Fact]
    public void State_does_not_grow_with_the_number_of_matches()
    {
        LeagueState state = LeagueState.Fold(Some.Members());
        for (int i = 0; i < 10; i++)
            state.Apply(Some.Match($"a/{i}", Some.Latest, Some.Easy, 1));
        int lines = state.Describe().Count(c => c == '\n');
        for (int i = 10; i < 10_000; i++)
            state.Apply(Some.Match($"a/{i}", Some.Latest, Some.Easy, 1));
        Assert.Equal(lines, state.Describe().Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("main@latest")]
    [InlineData("main@12")]
    [InlineData("scripted:easy@1")]
    public void Players_read_back_as_they_were_written(string text) => Assert.Equal(text, PlayerText.Parse(text).ToString());

    [Theory]
    [InlineData("main")]
    [InlineData("main@")]
    [InlineData("main@0")]
    [InlineData("main@-1")]
    [InlineData("scripted:")]
    [InlineData("")]
    public void Malformed_players_are_refused(string text) => Assert.Throws<FormatException>(() => PlayerText.Parse(text));

    private static string WithoutPosition(string described) =>
        string.Join('\n', described.Split('\n').Select(l => l.StartsWith("position ", StringComparison.Ordinal) ? l[l.IndexOf("session", StringComparison.Ordinal)..] : l));
}
