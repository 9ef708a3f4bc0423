using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Matches.Live;

namespace SelfPlayArena.Server.Tests.Matches;

/// <summary>Who plays a bot of a difficulty: the league's member of the nearest rating, as far as that is known well enough and the member was trained for the match.</summary>
public sealed class DifficultyTests : IDisposable
{
    private static readonly RatedPool League = new(
        "spring",
        [
            new("scripted:easy@1", 1000, 0), new("run:spring@1", 702, 90), new("run:spring@2", 923, 70), new("run:spring@3", 1147, 60), new("run:spring@4", 1266, 60),
            new("run:spring@5", 1421, 60), new("run:spring@6", 1790, 80), new("run:spring@7", 1300, 200),
        ],
        []);

    private readonly string _root = Directory.CreateTempSubdirectory("difficulty-").FullName;

    [Theory]
    [InlineData("beginner", "run:spring@2")]
    [InlineData("easy", "scripted:easy@1")]
    [InlineData("medium", "run:spring@3")]
    [InlineData("hard", "run:spring@4")]
    [InlineData("expert", "run:spring@5")]
    [InlineData("machine", "run:spring@6")]
    public void ALevelHasTheMemberOfTheNearestRatingThatIsKnownWellEnough(string level, string player)
    {
        using var table = new Table(new Untrained([.. League.Players.Select(p => p.Player)]), new Pools(League));
        (LiveMatch match, _) = table.Open("1v1", new SeatRequest(0, 0, "person"), new SeatRequest(1, 0, "bot", Difficulty: level));
        SeatView seat = match.View().Seats[1];
        RatedPlayer expected = League.Players.Single(p => p.Player == player);
        Assert.Equal((player, expected.Elo, expected.EloError, (string?)null), (seat.Plays, seat.Elo, seat.EloError, seat.Player));
    }

    [Fact]
    public void WhereNobodyIsNearALevelHasItsScriptedPlayer()
    {
        using var table = new Table(new Untrained("run:spring@1"), new Pools(new RatedPool("spring", [new("run:spring@1", 500, 50)], [])));
        (LiveMatch match, _) = table.Open("1v1", new SeatRequest(0, 0, "person"), new SeatRequest(1, 0, "bot", Difficulty: "hard"));
        Assert.Equal(("scripted:hard@1", null), (match.View().Seats[1].Plays, match.View().Seats[1].Elo));
        using var alone = new Table();
        (match, _) = alone.Open("1v1", new SeatRequest(0, 0, "person"), new SeatRequest(1, 0, "bot", Difficulty: "hard"));
        Assert.Equal(("scripted:hard@1", null), (match.View().Seats[1].Plays, match.View().Seats[1].Elo));
    }

    [Fact]
    public void APolicyThatKnowsFiveHeroesPlaysOnlyWhereAllAreAmongThem()
    {
        RatedPool five = League with { Heroes = ["ember", "rime"] };
        using var table = new Table(new Untrained([.. League.Players.Select(p => p.Player)]), new Pools(five));
        (LiveMatch match, Entry host) = table.Open("1v1", new SeatRequest(0, 0, "person", "ember"), new SeatRequest(1, 0, "bot", Difficulty: "hard"));
        Assert.Equal("scripted:hard@1", match.View().Seats[1].Plays);
        Assert.Equal("run:spring@4", match.Change(host.Token, new SeatRequest(1, 0, "bot", "rime", "hard")).Seats[1].Plays);
        Assert.Equal("scripted:hard@1", match.Change(host.Token, new SeatRequest(0, 0, "person", "bulwark")).Seats[1].Plays);
        // The league's scripted player knows them all.
        Assert.Equal(1000.0, match.Change(host.Token, new SeatRequest(1, 0, "bot", "rime", "easy")).Seats[1].Elo);
    }

    [Fact]
    public void AMemberThatDisappearedIsReplacedByTheNextNearestAndAtLastByTheScriptedPlayer()
    {
        RatedPool pool = new("spring", [new("run:spring@4", 1310, 60), new("run:spring@5", 1350, 60)], []);
        using var one = new Table(new Untrained("run:spring@5"), new Pools(pool));
        (LiveMatch match, Entry host) = one.Open("1v1", new SeatRequest(0, 0, "person"), new SeatRequest(1, 0, "bot", Difficulty: "hard"));
        Assert.Equal("run:spring@5", match.View().Seats[1].Plays);
        match.Start(host.Token);
        one.Around.Snapshots.Flush();
        using var none = new Table(rated: new Pools(pool));
        // The match of somebody who plays against it goes on too.
        LiveMatch again = LiveMatch.Restore(Assert.Single(one.Around.Snapshots.Read()), none.Around);
        Assert.Equal(("scripted:hard@1", null), (again.View().Seats[1].Plays, again.View().Seats[1].Elo));
        (match, _) = none.Open("1v1", new SeatRequest(0, 0, "person"), new SeatRequest(1, 0, "bot", Difficulty: "hard"));
        Assert.Equal("scripted:hard@1", match.View().Seats[1].Plays);
    }

    [Fact]
    public async Task LevelsAreShownWithWhoPlaysInTheModeAndRulesThatTheLeagueWasTrainedIn()
    {
        Write("spring", new RunSettings { Mode = "3v3", Rules = "quick", HeroPool = ["ember", "rime", "bulwark"] }, versions: 3, "scripted:easy@1");
        await using TestServer server = await TestServer.Start(TestServer.Options with { Runs = _root, Games = new Games() });
        JsonElement answer = await server.Client.Json("/api/difficulties?mode=3v3&rules=quick");
        Assert.Equal("spring", answer.GetProperty("run").GetString());
        Assert.Equal(3, answer.GetProperty("heroes").GetArrayLength());
        Dictionary<string, JsonElement> levels = answer.GetProperty("levels").EnumerateArray().ToDictionary(l => l.GetProperty("name").GetString()!);
        Assert.Equal(Difficulty.All.Select(d => d.Name), levels.Keys);
        Assert.Equal("scripted:easy@1", levels["easy"].GetProperty("player").GetString());
        Assert.Equal(1000, levels["easy"].GetProperty("elo").GetDouble());
        // It beat the anchor in two of three matches, which is 120 Elo; its bundle is there.
        Assert.Equal("run:spring@2", levels["medium"].GetProperty("player").GetString());
        Assert.InRange(levels["medium"].GetProperty("elo").GetDouble(), 1090, 1150);
        // The third version is stronger, but was deleted.
        Assert.Equal("scripted:hard@1", levels["hard"].GetProperty("player").GetString());
        Assert.Equal((333, 4, 0.1), (levels["medium"].GetProperty("reactionMs").GetInt32(), levels["medium"].GetProperty("actionsPerSecond").GetInt32(), levels["easy"].GetProperty("noise").GetDouble()));

        answer = await server.Client.Json("/api/difficulties?mode=3v3&rules=full");
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("run").ValueKind);
        Assert.All(answer.GetProperty("levels").EnumerateArray(), l => Assert.StartsWith("scripted:", l.GetProperty("player").GetString(), StringComparison.Ordinal));
        using HttpResponseMessage refused = await server.Client.GetAsync("/api/difficulties?mode=7v7");
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task ALeagueOfAnotherScaleHasNobodyToSend()
    {
        Write("odd", new RunSettings { Mode = "1v1", Rules = "quick" }, versions: 2, "scripted:medium@1");
        await using TestServer server = await TestServer.Start(TestServer.Options with { Runs = _root, Games = new Games() });
        Assert.Equal(JsonValueKind.Null, (await server.Client.Json("/api/difficulties")).GetProperty("run").ValueKind);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>A run whose versions played 120 matches each against a scripted player and won 1, 2, 3, … quarters of them, the second two thirds; the last version's bundle is missing.</summary>
    private void Write(string name, RunSettings settings, int versions, string anchor)
    {
        var folder = new RunFolder(Path.Combine(_root, name));
        Directory.CreateDirectory(folder.Policies);
        folder.WriteSettings(settings);
        var main = new MemberId("main");
        var scripted = new PlayerId(new MemberId(anchor), 0);
        List<LeagueEvent> events = [new LeagueCreated(name, "test", "moba", "0", 1, "", new FoldRules()), new MemberAdded(main, MemberRole.Main), new MemberAdded(scripted.Member, MemberRole.Scripted)];
        int[] wins = [30, 80, 110];
        int match = 0;
        for (int v = 1; v <= versions; v++)
        {
            string bundle = $"main@{v}.bundle";
            events.Add(new SnapshotTaken(main, v, v * 1000L, bundle));
            if (v < versions)
                File.WriteAllBytes(Path.Combine(folder.Policies, bundle), []);
            for (int i = 0; i < 120; i++)
                events.Add(new MatchFinished($"1.0/{match++}", match, new PlayerId(main, v), scripted, 0, v, i < wins[v - 1] ? 0 : 1, 100, "ancient", [1, 1], 1));
        }
        using FileEventLog log = FileEventLog.Open(folder.Events);
        log.Append(0, events);
    }

    private sealed class Pools(RatedPool pool) : IRatedPools
    {
        public RatedPool? Of(string mode, string rules) => pool;
    }
}
