using System.Text;
using System.Text.Json;
using SelfPlayArena.Moba;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Matches.Live;
using SelfPlayArena.Server.Matches.Saving;
using SelfPlayArena.Server.Matches.Wire;

namespace SelfPlayArena.Server.Tests.Matches;

/// <summary>Matches that outlive the server's process.</summary>
public sealed unsafe class RestartTests
{
    [Fact]
    public void ARunningMatchGoesOnFromItsLastSnapshotWithSeatsTokensAndRecording()
    {
        using var table = new Table();
        (LiveMatch match, string token) = table.Duel("hard");
        Watcher person = match.Attach(token, 0);
        match.Receive(person, new ClientFrame(ClientAsk.Auto, 1));
        for (int i = 0; i < 1000; i++)
            match.Tick();
        table.Around.Snapshots.Flush();

        SavedMatch saved = Assert.Single(table.Around.Snapshots.Read());
        LiveMatch again = LiveMatch.Restore(saved, table.Around);
        ref WorldState then = ref match.Environment!.State(0), now = ref again.Environment!.State(0);
        Assert.InRange(then.Tick - now.Tick, 0, 4 * RulesDefinition.TicksPerSecond);
        Assert.Equal(match.Id, again.Id);
        Assert.Equal(now.Tick, saved.Seats[0].Held);
        Assert.False(again.View().Seats[0].Connected);
        Watcher back = again.Attach(token, 0);
        var view = new View();
        again.Tick();
        Table.Drain(back, view);
        Assert.Equal(0L, ((Dictionary<string, object?>)view.Hello!["seat"]!)["unit"]);
        Assert.Equal(now.Tick, view.Tick);
        Assert.Equal(3, view.Number("me", 0, "byHand"));
        // The recording goes on too: the whole match is a replay that plays the same.
        while (again.Stage == Stage.Playing)
        {
            again.Tick();
            Table.Drain(back, view);
        }
        table.Around.Archive.Dispose();
        string file = Assert.Single(Directory.EnumerateFiles(Path.Combine(table.Folder, "replays")));
        _ = new Server.Matches.Reels.Reel("play:x", file);
    }

    /// <summary>A duel of a hundred ticks, as it lies on the disk.</summary>
    private static SavedMatch Saved(Table table)
    {
        (LiveMatch match, string token) = table.Duel();
        _ = match.Attach(token, 0);
        for (int i = 0; i < 100; i++)
            match.Tick();
        table.Around.Snapshots.Flush();
        return Assert.Single(table.Around.Snapshots.Read());
    }

    [Fact]
    public void ASnapshotOfOtherContentIsSetAsideAndSaysWhy()
    {
        using var table = new Table();
        SavedMatch saved = Saved(table);
        var e = Assert.Throws<InvalidDataException>(() => LiveMatch.Restore(saved with { ContentHash = "other" }, table.Around));
        Assert.Contains("content", e.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => LiveMatch.Restore(saved with { Play = saved.Play! with { Tape = [1, 2] } }, table.Around));
        Assert.Throws<InvalidDataException>(() => LiveMatch.Restore(saved with { Play = saved.Play! with { State = [1] } }, table.Around));
        table.Around.Snapshots.Refuse(saved.Id, e.Message);
        Assert.Empty(table.Around.Snapshots.Read());
        Assert.Contains(saved.Id, Assert.Single(table.Told), StringComparison.Ordinal);
    }

    [Fact]
    public void ADamagedSnapshotIsSetAsideAndKeepsNobodyElseFromGoingOn()
    {
        using var table = new Table();
        SavedMatch saved = Saved(table);
        byte[] state = [.. saved.Play!.State];
        state[state.Length / 2] ^= 4;
        Put("damaged-a", "{}");
        Put("damaged-b", "[1");
        Put("damaged-c", JsonSerializer.Serialize(saved with { Id = "damaged-c", Play = saved.Play with { State = state } }));
        Put("damaged-d", JsonSerializer.Serialize(saved with { Id = "damaged-d", Play = saved.Play with { Home = ["nobody"] } }));
        Put("damaged-e", JsonSerializer.Serialize(saved with { Id = "damaged-e", Seats = [null!, null!] }));
        Put("damaged-f", JsonSerializer.Serialize(saved with { Id = "../elsewhere" }));

        using var matches = new LiveMatches(new PlayerSource(null, files: false), new TickMeter(null), table.Folder, null, null, null, table.Told.Add);
        Assert.True(matches.StartAsync(CancellationToken.None).IsCompletedSuccessfully);
        string[] goneOn = [.. matches.All.Select(m => m.Id)];
        string[] refused = [.. Directory.EnumerateFiles(Path.Combine(table.Folder, "live"), "*.refused").Select(f => Path.GetFileName(f)[.."damaged-a".Length]).Order()];
        Assert.True(matches.StoppingAsync(CancellationToken.None).IsCompletedSuccessfully && matches.StopAsync(CancellationToken.None).IsCompletedSuccessfully);
        Assert.Equal([saved.Id], goneOn);
        Assert.Equal(["damaged-a", "damaged-b", "damaged-c", "damaged-d", "damaged-e", "damaged-f"], refused);
        Assert.All(refused, r => Assert.Single(table.Told, t => t.Contains(r, StringComparison.Ordinal)));

        // Each is whole as far as its checksum goes: what is wrong is in what was saved.
        void Put(string id, string content) => File.WriteAllBytes(Path.Combine(table.Folder, "live", id + ".match"), MatchFile.Sealed(Encoding.UTF8.GetBytes(content)));
    }

    [Fact]
    public void ASnapshotWithAnyBitChangedIsRefusedWithItsFileAndTheReasonAndOnlyItsMatchIsLost()
    {
        using var table = new Table();
        SavedMatch saved = Saved(table);
        string live = Path.Combine(table.Folder, "live"), file = Path.Combine(live, saved.Id + ".match");
        byte[] sound = File.ReadAllBytes(file);
        var random = new Random(5);
        // In the first line, in the recording, which any bits would do for, and everywhere else; and cut off, also to nothing.
        int tape = Encoding.UTF8.GetString(sound).IndexOf("\"Tape\":\"", StringComparison.Ordinal) + 30;
        int[] places = [0, 13, 20, 30, 31, tape, .. Enumerable.Range(0, 200).Select(_ => random.Next(sound.Length))];
        foreach (int at in places)
        {
            byte[] damaged = [.. sound];
            damaged[at] ^= (byte)(1 << random.Next(8));
            Assert.Throws<InvalidDataException>(() => MatchFile.Decode(damaged));
            Assert.Throws<InvalidDataException>(() => MatchFile.Decode(sound.AsSpan(0, at)));
        }
        byte[] other = [.. sound];
        other[tape] = (byte)(other[tape] == 'A' ? 'B' : 'A');
        File.WriteAllBytes(file, other);
        (LiveMatch lobby, _) = table.Open("1v1", new SeatRequest(0, 0, "person"));
        table.Around.Snapshots.Flush();

        using var matches = new LiveMatches(new PlayerSource(null, files: false), new TickMeter(null), table.Folder, null, null, null, table.Told.Add);
        Assert.True(matches.StartAsync(CancellationToken.None).IsCompletedSuccessfully);
        string[] goneOn = [.. matches.All.Select(m => m.Id)];
        Assert.True(matches.StoppingAsync(CancellationToken.None).IsCompletedSuccessfully && matches.StopAsync(CancellationToken.None).IsCompletedSuccessfully);
        Assert.Equal([lobby.Id], goneOn);
        string told = Assert.Single(table.Told);
        Assert.Contains($"match {saved.Id} is lost", told, StringComparison.Ordinal);
        Assert.Contains(file, told, StringComparison.Ordinal);
        Assert.Contains("checksum", told, StringComparison.Ordinal);
        Assert.Equal(other, File.ReadAllBytes(file + ".refused"));
    }

    [Fact]
    public void AMatchThatIsOverLeavesNoSnapshot()
    {
        using var table = new Table();
        (LiveMatch match, _) = table.Open("1v1");
        Watcher watcher = match.Attach(null, -1);
        while (match.Stage == Stage.Playing)
        {
            match.Tick();
            while (watcher.Outbox.Reader.TryRead(out _))
            {
            }
        }
        table.Around.Snapshots.Flush();
        Assert.Empty(table.Around.Snapshots.Read());
        Assert.StartsWith("play:", match.View().Replay, StringComparison.Ordinal);
    }

    [Fact]
    public void ALobbyComesBackWithItsSeatsAndTokens()
    {
        using var table = new Table();
        (LiveMatch match, Entry host) = table.Open("3v3", new SeatRequest(0, 0, "person", "ember"), new SeatRequest(1, 0, "person"), new SeatRequest(1, 2, "bot", Difficulty: "expert"));
        Entry guest = match.Join(new JoinRequest("Guest", 1, 0));
        match.Change(guest.Token, new SeatRequest(1, 0, "person", "rime"));
        table.Around.Snapshots.Flush();

        LiveMatch again = LiveMatch.Restore(Assert.Single(table.Around.Snapshots.Read()), table.Around);
        Assert.Equal(Stage.Lobby, again.Stage);
        Assert.Equal(match.View().Seats, again.View().Seats);
        Assert.Equal(new SeatPlace(1, 0, UnitIndex.Hero(1, 0)), Own(again, guest.Token));
        Assert.Equal(new SeatPlace(0, 0, UnitIndex.Hero(0, 0)), Own(again, host.Token));
        again.Change(host.Token, new SeatRequest(0, 1, "bot", Difficulty: "hard"));
        Assert.Equal("playing", again.Start(host.Token).Stage);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    public void ADraftGoesOnWhereItWasAndEndsAsItWouldHave(int turns)
    {
        using var table = new Table();
        (LiveMatch match, Entry host) = LiveMatch.Open(new OpenRequest("3v3", "quick", "standard", 2, [new SeatRequest(0, 1, "person")]), table.Around);
        match.Start(host.Token);
        // Nobody is there: turns pass, a second each.
        for (int i = 0; i < turns * RulesDefinition.TicksPerSecond; i++)
            match.Tick();
        table.Around.Snapshots.Flush();
        SavedMatch saved = Assert.Single(table.Around.Snapshots.Read());
        Assert.Equal(turns, saved.DraftUnderWay!.Taken.Count);

        LiveMatch again = LiveMatch.Restore(saved, table.Around);
        Assert.Equal(Stage.Draft, again.Stage);
        // The person has a turn's time to come back in, whoever drafts first.
        Assert.Equal(new SeatPlace(0, 1, UnitIndex.Hero(0, 1)), Own(again, host.Token));
        foreach (LiveMatch drafting in (LiveMatch[])[match, again])
        {
            for (int i = 0; i < 120 * RulesDefinition.TicksPerSecond && drafting.Stage == Stage.Draft; i++)
                drafting.Tick();
            Assert.Equal(Stage.Playing, drafting.Stage);
        }
        Assert.Equal(match.Options.Home, again.Options.Home);
        Assert.Equal(match.Options.Away, again.Options.Away);
    }

    [Fact]
    public void BotsGoOnBitByBitWithWhatTheyRememberedAndHadUnderWay()
    {
        using var table = new Table(players: new Untrained());
        (LiveMatch match, _) = table.Open("3v3", [.. Enumerable.Range(0, 6).Select(i => new SeatRequest(i / 3, i % 3, "bot", Difficulty: i % 2 == 0 ? "beginner" : "hard", Player: i < 4 ? Untrained.Player : null))]);
        for (int i = 0; i < 300; i++)
            match.Tick();
        table.Around.Snapshots.Flush();
        SavedMatch saved = Assert.Single(table.Around.Snapshots.Read());
        Assert.All(saved.Seats.Take(4), s => Assert.Contains(s.Bot!.Recurrent, v => v != 0));
        LiveMatch again = LiveMatch.Restore(saved, table.Around);
        for (int i = 0; i < 100; i++)
            match.Tick();
        while (again.Environment!.State(0).Tick < match.Environment!.State(0).Tick)
            again.Tick();
        Assert.Equal(match.Environment.StateHash(0), again.Environment.StateHash(0));
        // Without what they remembered they would have played otherwise.
        LiveMatch forgetful = LiveMatch.Restore(saved with { Seats = [.. saved.Seats.Select(s => s with { Bot = null })] }, table.Around);
        while (forgetful.Environment!.State(0).Tick < match.Environment.State(0).Tick)
            forgetful.Tick();
        Assert.NotEqual(match.Environment.StateHash(0), forgetful.Environment.StateHash(0));
    }

    /// <summary>The seat that a token gives.</summary>
    private static SeatPlace? Own(LiveMatch match, string token)
    {
        Watcher watcher = match.Attach(token, 0);
        try
        {
            return watcher.Seat is { } seat ? new SeatPlace(seat.Team, seat.Slot, seat.Unit) : null;
        }
        finally
        {
            match.Detach(watcher);
        }
    }
}
