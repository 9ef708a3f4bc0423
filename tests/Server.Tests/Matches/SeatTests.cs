using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Moba;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Matches.Live;
using SelfPlayArena.Server.Matches.Wire;
using SelfPlayArena.Server.Replays;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Tests.Matches;

/// <summary>People at the table: who has a seat, what it lets them do, and what becomes of what they did.</summary>
public sealed unsafe class SeatTests
{
    [Fact]
    public void WhoeverVanishesIsReplacedAtOnceAndHasTheSeatBackOnReturn()
    {
        using var table = new Table();
        (LiveMatch match, string token) = table.Duel();
        Watcher first = match.Attach(token, 0);
        match.Receive(first, new ClientFrame(ClientAsk.Order, 1, HandVerb.Stop));
        Ticks(match, 60);
        ref WorldState s = ref match.Environment!.State(0);
        (float x, float y) = (s.X[0], s.Y[0]);
        Ticks(match, 60);
        Assert.Equal((x, y), (s.X[0], s.Y[0]));
        match.Detach(first);
        Assert.False(match.View().Seats[0].Connected);
        Ticks(match, 60);
        Assert.NotEqual((x, y), (s.X[0], s.Y[0]));

        Watcher back = match.Attach(token, 0);
        var view = new View();
        Ticks(match, 2);
        Table.Drain(back, view);
        Assert.Equal(1, view.Fulls);
        Assert.Contains(view.Events, e => (string)e["kind"]! == "seat" && !(bool)e["bot"]!);
        match.Receive(back, new ClientFrame(ClientAsk.Order, 2, HandVerb.Stop));
        Ticks(match, 2);
        (x, y) = (s.X[0], s.Y[0]);
        Ticks(match, 30);
        Assert.Equal((x, y), (s.X[0], s.Y[0]));
    }

    [Fact]
    public void BeforeTheStartWhoeverHasASeatChoosesItsHeroAndNothingElse()
    {
        using var table = new Table();
        (LiveMatch match, Entry host) = table.Open("3v3", new SeatRequest(0, 0, "person", "ember"), new SeatRequest(0, 1, "person", Difficulty: "hard"));
        Entry guest = match.Join(new JoinRequest("Guest"));
        var choice = new SeatRequest(0, 1, "person", "rime");
        Assert.Equal("rime", match.Change(guest.Token, choice).Seats[1].Hero);
        Assert.Throws<Refusal>(() => match.Change(guest.Token, choice with { Hero = "ember" }));
        Assert.Throws<Refusal>(() => match.Change(guest.Token, choice with { Kind = "bot" }));
        Assert.Throws<Refusal>(() => match.Change(guest.Token, choice with { Difficulty = "easy" }));
        Assert.Throws<Refusal>(() => match.Change(guest.Token, choice with { Slot = 0 }));
        Assert.Throws<Refusal>(() => match.Change(guest.Token, choice with { Team = 1 }));
        Assert.Throws<Refusal>(() => match.Change("not a token", choice));
        Assert.Equal(("ember", "rime"), (match.View().Seats[0].Hero, match.View().Seats[1].Hero));
        match.Start(host.Token);
        Assert.Throws<Refusal>(() => match.Change(guest.Token, choice));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhoeverShopsAndLearnsByHandMaySoBeforeTheStartAndFindsTheGoldUnspent(bool auto)
    {
        using var table = new Table();
        (LiveMatch match, Entry host) = table.Open("1v1", new SeatRequest(0, 0, "person", "ember"));
        Watcher person = match.Attach(host.Token, 0);
        match.Receive(person, new ClientFrame(ClientAsk.Auto, 0, First: auto, Second: auto));
        match.Start(host.Token);
        Ticks(match, 60);
        ref WorldState s = ref match.Environment!.State(0);
        Assert.Equal(auto, Enumerable.Range(0, WorldState.ItemSlots).Any(i => match.Environment.State(0).Items[i] != 0));
        Assert.Equal(auto, s.SkillPoints[0] == 0);
    }

    [Fact]
    public void WhatIsOrderedInTheTickOfAnotherWishIsDoneAllTheSame()
    {
        using var table = new Table();
        (LiveMatch match, string token) = table.Duel();
        Watcher person = match.Attach(token, 0);
        match.Receive(person, new ClientFrame(ClientAsk.Auto, 1, First: true, Second: false));
        Ticks(match, 2);
        ref WorldState s = ref match.Environment!.State(0);
        int points = s.SkillPoints[0];
        match.Receive(person, new ClientFrame(ClientAsk.Learn, 2, Number: 0));
        match.Receive(person, new ClientFrame(ClientAsk.Auto, 3, First: false, Second: false));
        Ticks(match, 3);
        Assert.Equal((points - 1, (byte)1), (s.SkillPoints[0], s.SkillLevel[0]));
    }

    [Fact]
    public void ARefusedChangeLeavesTheSeatItsPlayer()
    {
        using var table = new Table(new Unplayable());
        (LiveMatch match, Entry host) = table.Open("3v3", new SeatRequest(0, 0, "person", "ember"));
        Assert.Throws<Refusal>(() => match.Change(host.Token, new SeatRequest(0, 1, "bot", "ember", Player: Unplayable.Name)));
        match.Start(host.Token);
        Ticks(match, 30);
        Assert.Equal(30, match.Environment!.State(0).Tick);
    }

    [Fact]
    public void WhoeverHasASeatEndsAPauseAlsoWhenAnotherHasComeMeanwhile()
    {
        using var table = new Table();
        var pressure = new PlayPressure();
        (LiveMatch match, Entry host) = LiveMatch.Open(
            new OpenRequest("1v1", "quick", Seats: [new SeatRequest(0, 0, "person"), new SeatRequest(1, 0, "person")]), table.Around with { Pressure = pressure });
        match.Start(host.Token);
        Watcher first = match.Attach(host.Token, 0);
        Ticks(match, 5);
        Assert.True(pressure.IsHigh);
        match.Receive(first, new ClientFrame(ClientAsk.Pause, First: true));
        Ticks(match, 5);
        // Nothing is played, so that nobody has to make way.
        Assert.Equal((5, false), (match.Environment!.State(0).Tick, pressure.IsHigh));
        Watcher second = match.Attach(match.Join(new JoinRequest()).Token, 0);
        match.Receive(second, new ClientFrame(ClientAsk.Pause, First: false));
        Ticks(match, 5);
        Assert.Equal((10, true), (match.Environment.State(0).Tick, pressure.IsHigh));
        match.Receive(second, new ClientFrame(ClientAsk.Pause, First: true));
        Ticks(match, 5);
        Assert.Equal(15, match.Environment.State(0).Tick);
    }

    [Fact]
    public void WhoComesAfterTheEndIsShownItAndToldTheResult()
    {
        using var table = new Table();
        (LiveMatch match, string token) = table.Duel("machine");
        Watcher person = match.Attach(token, 0);
        match.Receive(person, new ClientFrame(ClientAsk.Order, 1, HandVerb.Stop));
        while (match.Stage == Stage.Playing)
        {
            match.Tick();
            Read(person);
        }
        match.Detach(person);
        Watcher back = match.Attach(token, 0), spectator = match.Attach(null, SightOf.Everything);
        View seen = new(), late = new();
        for (int i = 0; i < 300 && late.End is null; i++)
        {
            match.Tick();
            Table.Drain(back, seen);
            Table.Drain(spectator, late);
        }
        Assert.Equal(match.Environment!.State(0).Tick, seen.Tick);
        Assert.Equal(seen.Tick, late.Tick);
        Assert.Equal((1L, 1L), (seen.End!["winner"], late.End!["winner"]));
        Assert.NotNull(seen.End["ratings"]);
    }

    [Fact]
    public void ASeatIsFreeAgainWhenWhoTookItIsNotInTheLobby()
    {
        using var table = new Table();
        (LiveMatch match, Entry host) = table.Open("3v3", new SeatRequest(0, 0, "person"), new SeatRequest(0, 1, "person"), new SeatRequest(0, 2, "person"));
        Entry here = match.Join(new JoinRequest("Here")), gone = match.Join(new JoinRequest("Gone"));
        _ = match.Attach(host.Token, 0);
        _ = match.Attach(here.Token, 0);
        Ticks(match, 60 * RulesDefinition.TicksPerSecond);
        Assert.Equal(["person", "person", "person"], match.View().Seats.Take(3).Select(s => s.Kind));
        Ticks(match, 5);
        Assert.Equal([("person", null), ("person", "Here"), ("open", null)], match.View().Seats.Take(3).Select(s => (s.Kind, s.Name)));
        Assert.Throws<Refusal>(() => match.Attach(gone.Token, 0));
        Assert.NotEqual(gone.Token, match.Join(new JoinRequest("Other")).Token);
        match.Start(host.Token);
    }

    [Fact]
    public void OneClientCannotKeepAllOthersFromOpeningMatches()
    {
        using var table = new Table();
        var request = new OpenRequest("1v1", "quick", Seats: [new SeatRequest(0, 0, "person")]);
        for (int i = 0; i < 16; i++)
            table.Matches.Open(request with { From = "203.0.113.5" }, 16);
        Refusal refused = Assert.Throws<Refusal>(() => table.Matches.Open(request with { From = "203.0.113.5" }, 16));
        Assert.Equal(429, refused.Status);
        Assert.Contains("16", refused.Message, StringComparison.Ordinal);
        table.Matches.Open(request with { From = "203.0.113.6" }, 16);
        table.Matches.Open(request);
        table.Matches.All.First(m => m.From == "203.0.113.5").GiveUp();
        table.Matches.Open(request with { From = "203.0.113.5" }, 16);
    }

    [Fact]
    public void AMatchThatWasGivenUpLetsNobodyIn()
    {
        using var table = new Table();
        (LiveMatch match, Entry host) = table.Open("1v1", new SeatRequest(0, 0, "person"), new SeatRequest(1, 0, "person"));
        Watcher first = match.Attach(host.Token, 0);
        match.GiveUp();
        Assert.NotNull(first.LetGo);
        Assert.Throws<Refusal>(() => match.Attach(host.Token, 0));
        Assert.Throws<Refusal>(() => match.Join(new JoinRequest()));
        Assert.Throws<Refusal>(() => match.Start(host.Token));
    }

    [Fact]
    public void OnlyTheOwnHeroObeys()
    {
        using var table = new Table();
        (LiveMatch match, Entry entry) = table.Open("3v3", new SeatRequest(0, 1, "person"), new SeatRequest(1, 0, "person"));
        match.Start(entry.Token);
        Watcher spectator = match.Attach(null, 0);
        match.Receive(spectator, new ClientFrame(ClientAsk.Order, 9, HandVerb.Move, -1, 0f, 0f));
        byte[][] answers = [.. Read(spectator)];
        Assert.Contains(answers, f => View.Parse(f) is ["ack", 9L, false, string]);
        // A seat's orders name no hero: whatever a frame says, it is the seat's own that moves.
        Watcher seat = match.Attach(entry.Token, 0);
        Ticks(match, 3);
        match.Receive(seat, new ClientFrame(ClientAsk.Order, 1, HandVerb.Attack, Number: 0));
        Assert.Contains(Read(seat), f => View.Parse(f) is ["ack", 1L, false, string]);
        Assert.Throws<Refusal>(() => match.Attach("not a token", 0));
    }

    [Fact]
    public void APlayedMatchIsAReplayThatPlaysTheSameAgain()
    {
        using var table = new Table();
        (LiveMatch match, string token) = table.Duel("machine");
        Watcher person = match.Attach(token, 0);
        var random = new Random(3);
        int sequence = 0;
        while (match.Stage == Stage.Playing)
        {
            if (sequence % 7 == 0)
                match.Receive(person, new ClientFrame(ClientAsk.Order, sequence, (HandVerb)random.Next(13), random.Next(UnitIndex.Count), random.Next(100) - 50, random.Next(100) - 50));
            if (sequence % 500 == 3)
                match.Receive(person, new ClientFrame(ClientAsk.Auto, sequence, First: random.Next(2) == 0, Second: random.Next(2) == 0));
            if (sequence % 11 == 0)
                match.Receive(person, new ClientFrame(random.Next(2) == 0 ? ClientAsk.Buy : ClientAsk.Learn, sequence, Number: random.Next(8)));
            match.Tick();
            Read(person);
            sequence++;
        }
        table.Around.Archive.Dispose();
        string file = Assert.Single(Directory.EnumerateFiles(Path.Combine(table.Folder, "replays")));
        Replay replay = ReplayFile.Read(file);
        var environment = new MobaEnvironment(MobaRecipe.Read(new EnvironmentRecipe(replay.Header.Environment, replay.Header.Options)), 1);
        Assert.Null(new ReplayPlayer(replay, environment).Verify());
        Assert.Equal(["anonymous", "scripted:hard@1 (machine)"], replay.Header.Players);
        (IReadOnlyList<IReadOnlyList<string>> heroes, string? obstacle) = new LineUps(games: null).Of(replay.Header);
        Assert.Null(obstacle);
        Assert.Equal("ember", Assert.Single(heroes[0]));
    }

    [Fact]
    public void TrainingGivesWayWhilePeoplePlayAndWhileBotsAreWatched()
    {
        using var table = new Table();
        (LiveMatch bots, _) = table.Open("1v1");
        Ticks(bots, 2);
        Assert.False(table.Pressure.IsHigh);
        Watcher spectator = bots.Attach(null, -1);
        Ticks(bots, 1);
        Assert.True(table.Pressure.IsHigh);
        bots.Detach(spectator);
        Ticks(bots, 1);
        Assert.False(table.Pressure.IsHigh);

        (LiveMatch lobby, Entry host) = table.Open("1v1", new SeatRequest(0, 0, "person"));
        Watcher person = lobby.Attach(host.Token, 0);
        Ticks(lobby, 1);
        Assert.False(table.Pressure.IsHigh);
        lobby.Start(host.Token);
        Assert.True(table.Pressure.IsHigh);
        lobby.Detach(person);
        Ticks(lobby, 1);
        Assert.True(table.Pressure.IsHigh);
        lobby.GiveUp();
        Assert.False(table.Pressure.IsHigh);
    }

    private static IReadOnlyList<byte[]> Read(Watcher watcher)
    {
        var frames = new List<byte[]>();
        while (watcher.Outbox.Reader.TryRead(out byte[]? frame))
            frames.Add(frame);
        return frames;
    }

    private static void Ticks(LiveMatch match, int ticks)
    {
        for (int i = 0; i < ticks; i++)
            match.Tick();
    }

    /// <summary>Knows one more player, whose first decision fails.</summary>
    private sealed class Unplayable : IPlayerSource
    {
        public const string Name = "unplayable";
        private readonly PlayerSource _scripted = new(null, files: false);

        public Contestant Load(string player, EnvironmentSpec spec) => player == Name ? new Contestant(Name, Name, null) : _scripted.Load(player, spec);
    }
}
