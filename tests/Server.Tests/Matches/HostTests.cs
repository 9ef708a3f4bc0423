using SelfPlayArena.Moba;
using SelfPlayArena.Server.Matches.Live;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Tests.Matches;

/// <summary>What becomes of a lobby when somebody goes, its host above all.</summary>
public sealed class HostTests
{
    private static readonly SeatRequest[] Three = [new SeatRequest(0, 0, "person"), new SeatRequest(0, 1, "person"), new SeatRequest(1, 0, "person")];

    [Fact]
    public void WhoeverHasWaitedLongestStartsTheMatchOnceTheHostHasBeenAwayForAMinute()
    {
        using var table = new Table();
        (LiveMatch match, Entry host) = table.Open("3v3", Three);
        Watcher gone = match.Attach(host.Token, 0);
        // Takes the last seat first: it is the order of coming that counts.
        Entry first = match.Join(new JoinRequest("First", 1, 0)), second = match.Join(new JoinRequest("Second", 0, 1));
        Watcher later = match.Attach(second.Token, 0), longest = match.Attach(first.Token, 1);
        match.Detach(gone);
        Ticks(match, 60 * RulesDefinition.TicksPerSecond);
        Assert.Throws<Refusal>(() => match.Start(first.Token));
        Read(longest);
        Ticks(match, 5);
        object?[][] told = Read(longest);
        Assert.True(Assert.Single(told, f => (string)f[0]! == "hello")[1] is Dictionary<string, object?> hello && (bool)hello["host"]!);
        var lobby = (Dictionary<string, object?>)told.Last(f => (string)f[0]! == "lobby")[1]!;
        Assert.True(lobby["host"] is Dictionary<string, object?> place && (place["team"], place["slot"]) is (1L, 0L));
        Assert.DoesNotContain(Read(later), f => (string)f[0]! == "hello" && (bool)((Dictionary<string, object?>)f[1]!)["host"]!);
        Assert.Equal("open", match.View().Seats[0].Kind);
        Assert.Throws<Refusal>(() => match.Start(host.Token));
        Assert.Throws<Refusal>(() => match.Start(second.Token));
        Assert.Throws<Refusal>(() => match.Attach(host.Token, 0));

        // It is so after a restart too.
        table.Around.Snapshots.Flush();
        LiveMatch again = LiveMatch.Restore(Assert.Single(table.Around.Snapshots.Read()), table.Around);
        Assert.Throws<Refusal>(() => again.Start(second.Token));
        again.Leave(first.Token);
        Assert.Equal("playing", again.Start(second.Token).Stage);
        Assert.Equal("playing", match.Start(first.Token).Stage);
    }

    [Fact]
    public void AHostWhoIsAwayAloneStaysTheHostUntilSomebodyComes()
    {
        using var table = new Table();
        (LiveMatch match, Entry host) = table.Open("3v3", Three);
        Ticks(match, 90 * RulesDefinition.TicksPerSecond);
        Entry guest = match.Join(new JoinRequest("Guest"));
        Ticks(match, 5);
        Assert.Throws<Refusal>(() => match.Start(guest.Token));
        _ = match.Attach(guest.Token, 0);
        Ticks(match, 1);
        Assert.Throws<Refusal>(() => match.Start(host.Token));
        Assert.Equal("playing", match.Start(guest.Token).Stage);
    }

    [Fact]
    public void WhoeverLeavesGivesTheSeatBackAtOnceAndTheHostTheRole()
    {
        using var table = new Table();
        (LiveMatch match, Entry host) = table.Open("3v3", Three);
        Watcher own = match.Attach(host.Token, 0);
        Entry guest = match.Join(new JoinRequest("Guest"));
        _ = match.Attach(guest.Token, 0);
        Assert.Throws<Refusal>(() => match.Leave("not a token"));
        match.Leave(host.Token);
        Assert.NotNull(own.LetGo);
        Assert.Equal([("open", null), ("person", "Guest")], match.View().Seats.Take(2).Select(s => (s.Kind, s.Name)));

        // The seat is another's, whatever becomes of the connection of the one who left.
        Entry other = match.Join(new JoinRequest("Other", 0, 0));
        _ = match.Attach(other.Token, 0);
        match.Detach(own);
        Assert.True(match.View().Seats[0].Connected);
        Assert.Equal("playing", match.Start(guest.Token).Stage);
        Assert.Throws<Refusal>(() => match.Leave(guest.Token));
    }

    [Fact]
    public void ALobbyThatEverybodyLeftClosesAlsoBeforeThoseWhoOnlyLookOn()
    {
        using var table = new Table();
        (LiveMatch match, Entry host) = table.Open("3v3", Three);
        Watcher looker = match.Attach(null, -1);
        match.Leave(host.Token);
        Assert.NotNull(looker.LetGo);
        Assert.False(match.Tick());

        (LiveMatch deserted, _) = table.Open("3v3", Three);
        _ = deserted.Attach(null, -1);
        int ticks = 0;
        while (deserted.Tick())
            ticks++;
        Assert.Equal(5 * 60, ticks / RulesDefinition.TicksPerSecond);
        table.Around.Snapshots.Flush();
        Assert.Empty(table.Around.Snapshots.Read());
    }

    private static void Ticks(LiveMatch match, int ticks)
    {
        for (int i = 0; i < ticks; i++)
            match.Tick();
    }

    private static object?[][] Read(Watcher watcher)
    {
        var frames = new List<object?[]>();
        while (watcher.Outbox.Reader.TryRead(out byte[]? frame))
            frames.Add(View.Parse(frame));
        return [.. frames];
    }
}
