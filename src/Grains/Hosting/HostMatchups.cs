using Orleans;
using SelfPlayArena.Core;
using SelfPlayArena.League;

namespace SelfPlayArena.Grains;

/// <summary>
/// The league as one host sees it: matchups come in batches, the next batch while the last is being worked off, so that a host waits for the
/// league only when it begins. Used by that host's thread alone.
/// </summary>
/// <param name="ahead">Matchups that a batch has; with 0 each is asked for when it is needed.</param>
internal sealed class HostMatchups(ILeagueGrain league, ResultOutbox outbox, int ahead, GrainMeter meter, CancellationToken stop) : IMatchups
{
    private readonly Queue<Matchup> _stock = new();
    private readonly string _stream = Guid.NewGuid().ToString("N")[..16];
    private Task<MatchupCard[]>? _coming;

    public MatchIds MatchIdsOf(string host) => new($"g{_stream}.{host}");

    public Matchup NextMatchup(IReadOnlyCollection<Matchup> active)
    {
        if (_coming is { IsCompleted: true } come)
        {
            _coming = null;
            // What failed in the background is asked for again, with the patience that is due, where it is needed.
            if (come.IsCompletedSuccessfully)
                Put(come.Result);
        }
        if (_stock.Count == 0)
        {
            Task<MatchupCard[]>? pending = _coming;
            _coming = null;
            Put(Patience.Wait(() => Interlocked.Exchange(ref pending, null) ?? Ask(active), TimeSpan.MaxValue, stop));
        }
        Matchup next = _stock.Dequeue();
        if (_stock.Count < ahead / 2 && _coming is null)
            _coming = Ask([.. active, .. _stock, next]);
        return next;
    }

    public bool Report(MatchResult result)
    {
        outbox.Post(result);
        return true;
    }

    private Task<MatchupCard[]> Ask(IReadOnlyCollection<Matchup> active)
    {
        var request = new MatchupRequest([.. active.Select(MatchupCard.Of)], Math.Max(1, ahead));
        return meter.Call("league", "next", () => league.Next(request));
    }

    private void Put(MatchupCard[] cards)
    {
        foreach (MatchupCard card in cards)
            _stock.Enqueue(card.Matchup);
    }
}
