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

    [Fact]
    public void ASnapshotOfOtherContentIsSetAsideAndSaysWhy()
    {
        using var table = new Table();
        (LiveMatch match, string token) = table.Duel();
        _ = match.Attach(token, 0);
        for (int i = 0; i < 100; i++)
            match.Tick();
        table.Around.Snapshots.Flush();
        SavedMatch saved = Assert.Single(table.Around.Snapshots.Read());
        var e = Assert.Throws<InvalidDataException>(() => LiveMatch.Restore(saved with { ContentHash = "other" }, table.Around));
        Assert.Contains("content", e.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => LiveMatch.Restore(saved with { Tape = [1, 2] }, table.Around));
        Assert.Throws<InvalidDataException>(() => LiveMatch.Restore(saved with { State = [1] }, table.Around));
        table.Around.Snapshots.Refuse(saved.Id, e.Message);
        Assert.Empty(table.Around.Snapshots.Read());
        Assert.Contains(saved.Id, table.Around.Snapshots.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void ADamagedSnapshotIsSetAsideAndKeepsNobodyElseFromGoingOn()
    {
        using var table = new Table();
        (LiveMatch match, string token) = table.Duel();
        _ = match.Attach(token, 0);
        for (int i = 0; i < 100; i++)
            match.Tick();
        table.Around.Snapshots.Flush();
        SavedMatch saved = Assert.Single(table.Around.Snapshots.Read());
        byte[] state = [.. saved.State];
        state[state.Length / 2] ^= 4;
        Put("damaged-a", "{}");
        Put("damaged-b", "[1");
        Put("damaged-c", JsonSerializer.Serialize(saved with { Id = "damaged-c", State = state }));
        Put("damaged-d", JsonSerializer.Serialize(saved with { Id = "damaged-d", Home = ["nobody"] }));
        Put("damaged-e", JsonSerializer.Serialize(saved with { Id = "damaged-e", Seats = [null!, null!] }));
        Put("damaged-f", JsonSerializer.Serialize(saved with { Id = "../elsewhere" }));

        using var matches = new LiveMatches(new PlayerSource(null, files: false), new TickMeter(null), table.Folder, null);
        Assert.True(matches.StartAsync(CancellationToken.None).IsCompletedSuccessfully);
        string[] goneOn = [.. matches.All.Select(m => m.Id)];
        string[] refused = [.. Directory.EnumerateFiles(Path.Combine(table.Folder, "live"), "*.refused").Select(f => Path.GetFileName(f)[.."damaged-a".Length]).Order()];
        Assert.True(matches.StopAsync(CancellationToken.None).IsCompletedSuccessfully);
        Assert.Equal([match.Id], goneOn);
        Assert.Equal(["damaged-a", "damaged-b", "damaged-c", "damaged-d", "damaged-e", "damaged-f"], refused);

        void Put(string id, string content) => File.WriteAllText(Path.Combine(table.Folder, "live", id + ".match"), content);
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
}
