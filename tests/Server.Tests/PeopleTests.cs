using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Matches.Live;
using SelfPlayArena.Server.People;
using SelfPlayArena.Server.Tests.Matches;

namespace SelfPlayArena.Server.Tests;

/// <summary>Ratings of people: the rule, the file, and what a match does.</summary>
public sealed class PeopleTests : IDisposable
{
    private static readonly Difficulty Easy = Difficulty.Named("easy")!;
    private readonly List<string> _told = [];
    private readonly string _root = Directory.CreateTempSubdirectory("arena-people-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void One_game_of_one_against_one_is_rated_as_Glickman_worked_it_out()
    {
        // The first opponent of the example in Glickman's "The Glicko system": g = 0.9955, E = 0.639.
        Rating[] after = Rating.AfterMatch([new Rating(1500, 200), new Rating(1400, 30)], [[0], [1]], 1);
        const double q = 0.0057565, g = 0.9955, e = 0.639;
        double left = 1 / (1 / (200.0 * 200.0) + q * q * g * g * e * (1 - e));
        Assert.Equal(1500 + left * q * g * (1 - e), after[0].Mean, 0.2);
        Assert.Equal(Math.Sqrt(left), after[0].Deviation, 0.1);
    }

    [Fact]
    public void A_win_says_less_of_each_member_of_a_larger_team_and_nothing_of_who_was_on_both_sides()
    {
        Rating own = Rating.Unknown;
        double alone = Rating.AfterMatch([own, own], [[0], [1]], 1)[0].Mean;
        Rating[] five = Rating.AfterMatch([own, own, new Rating(1200, 100)], [[0, 2, 2, 2, 2], [1, 2, 2, 2, 2]], 1);
        Assert.True(five[0].Mean > own.Mean && five[0].Mean < alone);
        Assert.True(five[0].Deviation > Rating.AfterMatch([own, own], [[0], [1]], 1)[0].Deviation);
        Assert.Equal(new Rating(1200, 100), five[2]);
        Assert.Equal(2 * own.Mean, five[0].Mean + five[1].Mean, 6);
    }

    [Fact]
    public void Ratings_find_a_persons_strength_and_their_intervals_hold()
    {
        const double strength = 1250;
        int inside = 0;
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var rng = new Rng(seed);
            Rating person = Rating.Unknown;
            for (int game = 0; game < 60; game++)
            {
                var bot = new Rating(900 + 200 * rng.Next(4), 30);
                double wins = 1 / (1 + Math.Pow(10, (bot.Mean - strength) / 400));
                person = Rating.AfterMatch([person, bot], [[0], [1]], rng.Next(1_000_000) < 1e6 * wins ? 1 : 0)[0];
            }
            Assert.InRange(person.Deviation, 30, 70);
            if (Math.Abs(person.Mean - strength) < Rating.Z95 * person.Deviation)
                inside++;
        }
        Assert.InRange(inside, 85, 100);
    }

    [Fact]
    public void What_was_counted_is_there_again_in_another_process_and_fades_with_time()
    {
        var time = new SetTime();
        using (var people = new PeopleRatings(_root, time, _told.Add))
        {
            RatingChange change = people.Count([new RatedSeat(0, "aa11bb22", "Ada", null), new RatedSeat(1, null, "scripted:easy@1 (easy)", Easy)], 0)[0]!;
            Assert.Equal(Rating.Unknown, change.Before);
            Assert.True(change.After.Mean > change.Before.Mean && change.After.Deviation < change.Before.Deviation);
            people.Count([new RatedSeat(0, "cc33dd44", null, null), new RatedSeat(1, "aa11bb22", "Ada", null)], 1);
            people.Flush();
        }
        using var again = new PeopleRatings(_root, time, _told.Add);
        Assert.Empty(_told);
        PersonAnswer[] all = [.. again.All()];
        Assert.Equal(["Ada", "anonymous cc33"], all.Select(p => p.Name));
        Assert.Equal((2, 2), (all[0].Games, all[0].Wins));
        time.Now += TimeSpan.FromDays(100);
        Assert.True(again.All()[0].Error > all[0].Error + 50);
    }

    [Fact]
    public void Bots_are_rated_by_their_matches_against_people_and_not_shown_among_them()
    {
        using var people = new PeopleRatings(_root, new SetTime(), _told.Add);
        double first = 0, last = 0;
        for (int i = 0; i < 30; i++)
        {
            RatingChange change = people.Count([new RatedSeat(0, $"person{i}", null, null), new RatedSeat(1, null, "scripted:easy@1 (easy)", Easy)], 1)[0]!;
            (first, last) = (i == 0 ? change.After.Mean : first, change.After.Mean);
        }
        // Losing to a bot that beats everybody costs less than losing to one of whom that is not known.
        Assert.True(last > first + 20, $"{first} {last}");
        Assert.Equal(30, people.All().Count);
    }

    [Fact]
    public void Nobody_is_rated_who_cannot_be_told_from_others()
    {
        using var people = new PeopleRatings(_root, new SetTime(), _told.Add);
        Assert.Equal([null, null], people.Count([new RatedSeat(0, null, "somebody", null), new RatedSeat(1, null, "scripted:easy@1 (easy)", Easy)], 0));
        Assert.Empty(people.All());
        Assert.Null(people.Count([new RatedSeat(0, "aa11bb22", null, null), new RatedSeat(1, null, null, null)], 0)[1]);
        Assert.Single(people.All());
    }

    [Fact]
    public void Ratings_that_another_process_keeps_are_read_and_not_written()
    {
        using (var keeper = new PeopleRatings(_root, new SetTime(), _told.Add))
            keeper.Count([new RatedSeat(0, "aa11bb22", "Ada", null), new RatedSeat(1, null, "scripted:easy@1 (easy)", Easy)], 0);
        string file = Path.Combine(_root, PeopleRatings.FileName), content = File.ReadAllText(file);
        using (var other = new PeopleRatings(_root, new SetTime(), _told.Add, keeps: false))
        {
            other.Count([new RatedSeat(0, "cc33dd44", "Bo", null), new RatedSeat(1, null, "scripted:easy@1 (easy)", Easy)], 0);
            Assert.Equal(2, other.All().Count);
        }
        Assert.Equal(content, File.ReadAllText(file));
        Assert.Empty(_told);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("[{\"key\": \"a\"}, {\"key\": \"a\"}]")]
    public void A_damaged_file_is_set_aside_and_told_of(string content)
    {
        string file = Path.Combine(_root, PeopleRatings.FileName);
        File.WriteAllText(file, content);
        using var people = new PeopleRatings(_root, new SetTime(), _told.Add);
        Assert.Contains("set aside", Assert.Single(_told), StringComparison.Ordinal);
        Assert.Empty(people.All());
        Assert.Equal(content, File.ReadAllText(Assert.Single(Directory.GetFiles(_root, "people.json.damaged-*"))));
    }

    [Fact]
    public async Task A_browser_is_known_again_by_a_cookie_that_scripts_cannot_read_and_a_program_gets_none()
    {
        await using TestServer server = await TestServer.Start(TestServer.Options with { Runs = _root });
        var match = new { mode = "1v1", rules = "quick", seats = new[] { new { team = 0, slot = 0, kind = "person" } }, name = "Ada" };
        using HttpResponseMessage first = await server.Client.SendAsync(server.FromOwnPage("/api/matches", match));
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        string cookie = Assert.Single(first.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("arena-person=", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);

        HttpRequestMessage again = server.FromOwnPage("/api/matches", match);
        again.Headers.Add("Cookie", cookie.Split(';')[0]);
        using HttpResponseMessage second = await server.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.False(second.Headers.Contains("Set-Cookie"));
        using HttpResponseMessage program = await server.Client.PostAsJsonAsync("/api/matches", match);
        Assert.Equal(HttpStatusCode.OK, program.StatusCode);
        Assert.False(program.Headers.Contains("Set-Cookie"));
        // Who somebody is never comes from the request itself.
        Assert.Null(JsonSerializer.Deserialize<OpenRequest>("{\"mode\":\"1v1\",\"rules\":\"quick\",\"person\":\"aa11bb22\"}", JsonSerializerOptions.Web)!.Person);
        Assert.Empty((await server.Client.Json("/api/people")).EnumerateArray());
    }

    [Fact]
    public void A_match_that_ends_tells_its_people_what_became_of_their_ratings()
    {
        using var people = new PeopleRatings(_root, TimeProvider.System, _told.Add);
        using var table = new Table();
        (LiveMatch match, Entry entry) = LiveMatch.Open(
            new OpenRequest("1v1", "quick", Seats: [new SeatRequest(0, 0, "person", "ember"), new SeatRequest(1, 0, "bot", Difficulty: "machine")], Name: "Ada") { Person = "aa11bb22" },
            table.Around with { People = people });
        match.Start(entry.Token);
        Watcher watcher = match.Attach(entry.Token, 0);
        var frames = new List<object?[]>();
        // Stops where it stands, so that the bot takes its tower and its ancient.
        for (int tick = 0; tick < 480 * 15 + 30 && match.Stage != Stage.Over; tick++)
        {
            match.Tick();
            while (watcher.Outbox.Reader.TryRead(out byte[]? frame))
                frames.Add(View.Parse(frame));
        }
        object?[] end = Assert.Single(frames, f => (string)f[0]! == "end");
        var told = (Dictionary<string, object?>)end[1]!;
        var change = (Dictionary<string, object?>)((object?[])told["ratings"]!)[0]!;
        PersonAnswer ada = Assert.Single(people.All());
        Assert.Equal("Ada", ada.Name);
        Assert.Equal(("Ada", 1000.0), (change["name"], Convert.ToDouble(change["before"], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(ada.Rating, Convert.ToDouble(change["after"], System.Globalization.CultureInfo.InvariantCulture), 0.1);
        Assert.NotEqual(1000, ada.Rating);
    }

    [Theory]
    [InlineData(100, true, true, true)]
    [InlineData(50, false, false, true)]
    [InlineData(49, true, false, false)]
    [InlineData(49, true, true, false)]
    [InlineData(49, false, false, false)]
    [InlineData(49, false, true, true)]
    [InlineData(0, false, true, false)]
    [InlineData(0, false, false, false)]
    public void A_person_is_rated_who_held_the_seat_for_half_of_the_match_or_left_one_that_was_lost(int held, bool there, bool lost, bool rated)
    {
        string? why = RatingRule.WhyNot(new SeatHistory("aa11bb22", held, there, lost), 100);
        Assert.Equal(rated, why is null);
        if (why is not null)
            Assert.Contains($"{100 - held}%", why, StringComparison.Ordinal);
        Assert.Contains("cookie", RatingRule.WhyNot(new SeatHistory(null, held, there, lost), 100), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public void A_match_that_a_bot_played_for_somebody_is_not_rated_as_theirs_and_says_so(int held)
    {
        using var people = new PeopleRatings(_root, TimeProvider.System, _told.Add);
        using var table = new Table();
        (LiveMatch match, Entry host) = LiveMatch.Open(
            new OpenRequest("1v1", "quick", Seats: [new SeatRequest(0, 0, "person", "ember"), new SeatRequest(1, 0, "person", "quill")], Name: "Ada") { Person = "aa11bb22" },
            table.Around with { People = people });
        Entry late = match.Join(new JoinRequest("Bo") { Person = "cc33dd44" });
        match.Start(host.Token);
        Watcher ada = match.Attach(host.Token, 0);
        Dictionary<string, object?>? end = null;
        for (int tick = 0; match.Stage != Stage.Over; tick++)
        {
            // Bo looks in for a moment, or never comes; Ada is there all the time.
            if (tick == 60 && held > 0)
                match.Detach(ReadWhile(match.Attach(late.Token, 1), match, held));
            match.Tick();
            while (ada.Outbox.Reader.TryRead(out byte[]? frame))
                end = View.Parse(frame) is ["end", Dictionary<string, object?> said] ? said : end;
        }
        bool lost = (long)end!["winner"]! == 0;
        string[] rated = [.. ((object?[])end["ratings"]!).Select(r => (string)((Dictionary<string, object?>)r!)["name"]!)];
        Dictionary<string, object?>[] unrated = [.. ((object?[])end["unrated"]!).Select(r => (Dictionary<string, object?>)r!)];
        Assert.Equal(held > 0 && lost ? ["Ada", "Bo"] : ["Ada"], rated);
        if (held > 0 && lost)
            return;
        Assert.Equal(("Bo", 1L, 0L), (unrated.Single()["name"], unrated[0]["team"], unrated[0]["slot"]));
        Assert.Contains("a bot had the seat for", (string)unrated[0]["reason"]!, StringComparison.Ordinal);
        Assert.Equal("Ada", Assert.Single(people.All()).Name);
    }

    private static Watcher ReadWhile(Watcher watcher, LiveMatch match, int ticks)
    {
        for (int i = 0; i < ticks; i++)
        {
            match.Tick();
            while (watcher.Outbox.Reader.TryRead(out _))
            {
            }
        }
        return watcher;
    }

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
