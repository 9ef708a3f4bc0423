using SelfPlayArena.Core;
using SelfPlayArena.Moba;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Matches.Live;
using SelfPlayArena.Server.Matches.Wire;

namespace SelfPlayArena.Server.Tests.Matches;

/// <summary>Looking into policies: who may, and that what is told is what the policy holds.</summary>
public sealed class MindTests
{
    private const string Policy = Untrained.Player;

    [Fact]
    public void ASpectatorOfBotsIsToldTheSelectedPolicysMind()
    {
        using var table = new Table(players: new Untrained());
        (LiveMatch match, _) = table.Open("3v3", [.. Enumerable.Range(0, 6).Select(i => new SeatRequest(i / 3, i % 3, "bot", Difficulty: "machine", Player: Policy))]);
        Watcher watcher = match.Attach(null, SightOf.Everything);
        match.Receive(watcher, new ClientFrame(ClientAsk.Select, Number: UnitIndex.Hero(1, 2)));
        var view = new View();
        for (int i = 0; i < 40; i++)
        {
            match.Tick();
            Table.Drain(watcher, view);
        }
        Dictionary<string, object?>[] minds = [.. view.Others.Where(f => (string)f[0]! == "mind").Select(f => (Dictionary<string, object?>)f[1]!)];
        Assert.True(minds.Length >= 4);
        Assert.NotNull(minds[0]["blocks"]);
        Assert.All(minds.Skip(1), m => Assert.Null(m["blocks"]));
        foreach (Dictionary<string, object?> mind in minds)
        {
            Assert.Equal((long)UnitIndex.Hero(1, 2), mind["unit"]);
            Assert.Equal(5, ((object?[])mind["values"]!).Length);
            var verb = (Dictionary<string, object?>)((object?[])mind["heads"]!)[0]!;
            object?[][] options = [.. ((object?[])verb["options"]!).Cast<object?[]>()];
            Assert.Contains(options, o => Equals(o[0], verb["chosen"]));
            Assert.InRange(options.Sum(o => Convert.ToDouble(o[1], System.Globalization.CultureInfo.InvariantCulture)), 0.9, 1.001);
            // The hero's own block is always there, and tells its level.
            object?[] own = ((object?[])mind["seen"]!).Cast<object?[]>().Single(s => (long)s[0]! == 0);
            Assert.Equal(1.0, (double)((object?[])own[2]!)[2]!, 0.1);
        }
    }

    [Theory]
    [InlineData("live")]
    [InlineData("late")]
    public void NobodyIsToldAMindInAMatchWithPeople(string spectators)
    {
        using var table = new Table(players: new Untrained());
        SeatRequest[] seats = [new(0, 0, "person"), new(1, 0, "bot", Player: Policy)];
        (LiveMatch match, Entry entry) = LiveMatch.Open(new OpenRequest("1v1", "quick", Seats: seats, Spectators: spectators), table.Around);
        match.Start(entry.Token);
        Watcher person = match.Attach(entry.Token, 0), spectator = match.Attach(null, SightOf.Everything);
        View[] views = [new(), new()];
        foreach (Watcher watcher in (Watcher[])[person, spectator])
            match.Receive(watcher, new ClientFrame(ClientAsk.Select, Number: UnitIndex.Hero(1, 0)));
        for (int i = 0; i < 200; i++)
        {
            match.Tick();
            Table.Drain(person, views[0]);
            Table.Drain(spectator, views[1]);
        }
        Assert.All(views, v => Assert.DoesNotContain(v.Others, f => (string)f[0]! == "mind"));
    }

    [Fact]
    public void PoliciesOfAMatchDecideInOneBatchWhatTheyWouldDecideAlone()
    {
        EnvironmentSpec spec = MobaEnvironment.SpecFor(new MobaOptions { Mode = "3v3", Control = MobaOptions.Orders });
        Contestant player = new Untrained().Load(Policy, spec);
        var environment = new MobaEnvironment(new MobaOptions { Mode = "3v3", Control = MobaOptions.Orders }, 1);
        Bot[] together = Bots(), alone = Bots();
        short[] batch = new short[6 * 6], single = new short[6 * 6];
        var bots = new BotTable();
        for (int tick = 0; tick < 20; tick++)
        {
            bots.Decide(environment, together, batch);
            for (int a = 0; a < 6; a++)
            {
                var one = new Bot?[6];
                one[a] = alone[a];
                bots.Decide(environment, one, single);
            }
            Assert.Equal(single, batch);
            short[] orders = new short[6 * 6];
            for (int a = 0; a < 6; a++)
                environment.ToOrder(0, a, batch.AsSpan(a * 6, 6), orders.AsSpan(a * 6, 6));
            environment.StepOnly(0, orders);
        }

        Bot[] Bots() => [.. Enumerable.Range(0, 6).Select(a => new Bot(player, Difficulty.Named("machine")!, spec, (ulong)a))];
    }
}
