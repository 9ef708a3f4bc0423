using Orleans;
using SelfPlayArena.Core;
using SelfPlayArena.League;

namespace SelfPlayArena.Grains;

/// <summary>
/// The league as a learner's own thread works with it when it is kept behind a grain. Every member waits for the grain's answer. Results that
/// were counted but not yet on the disk are remembered here, and brought again to whoever takes a dead grain's place.
/// </summary>
internal sealed class LeagueProxy(IGrainFactory grains, string run, GrainMeter meter) : ILeagueAccess, ILeague
{
    /// <summary>How long a league may be on its way from one silo to another before its learner gives up and saves.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly ILeagueGrain _grain = grains.GetGrain<ILeagueGrain>(run);
    private readonly Queue<(ResultCard Result, long Position)> _unsaved = new();
    private readonly string _stream = Guid.NewGuid().ToString("N")[..16];
    private LeagueFacts? _facts;
    private long _taken;
    private int _session;
    private bool _closed, _doubtful;

    public LeagueCreated Created => Known.Terms!.Created;

    /// <summary>Results that came in here, which is all that those who ask need to compare with <see cref="DurablePosition"/>.</summary>
    public long Position
    {
        get
        {
            lock (_gate)
                return _taken;
        }
    }

    public long DurablePosition
    {
        get
        {
            lock (_gate)
                return _taken - _unsaved.Count;
        }
    }

    public LeagueCounts Counts
    {
        get
        {
            LeagueFacts known = Known;
            return new LeagueCounts(known.Matches, known.Snapshots, known.Durable);
        }
    }

    public long NextMatchupId => Fresh().NextMatchup;

    public int NextVersion => Fresh().NextVersion;

    public int Session => _session;

    public void Claim() => Ask("claim", g => g.Claim());

    public ILeague Open(LeagueOpening opening)
    {
        LeagueTerms? terms = opening.Created is { } created ? LeagueTerms.Of(created, opening.Scripted) : null;
        if (Ask("open", g => g.Open(terms, opening.NextMatchup)).Terms is null)
            throw new InvalidDataException("the league's log is empty: there is nothing to resume");
        return this;
    }

    public int Start(long trainedSteps, int processId) => _session = Ask("start", g => g.Start(trainedSteps, processId)).Session;

    public void Stop(long trainedSteps, string reason) => Ask("stop", g => g.Stop(_session, trainedSteps, reason));

    public MatchIds MatchIdsOf(string host) => new($"g{_stream}.{host}");

    public Matchup NextMatchup(IReadOnlyCollection<Matchup> active)
    {
        var request = new MatchupRequest([.. active.Select(MatchupCard.Of)], 1);
        return Wait("next", g => g.Next(request))[0].Matchup;
    }

    public bool Report(MatchResult result)
    {
        ResultCard card = ResultCard.Of(result);
        lock (_gate)
        {
            ResultsReceipt receipt;
            try
            {
                receipt = Wait("report", g => g.Report([card], durable: false));
            }
            catch (LeagueLogException)
            {
                // Counted where the league is, but the group that it would go with could not be written: it is brought again as soon as anything gets through.
                _taken++;
                _unsaved.Enqueue((card, long.MaxValue));
                _doubtful = true;
                throw;
            }
            if (receipt.Verdicts[0] == ResultVerdict.Unfit)
                throw new InvalidDataException(receipt.Problems[0]);
            _taken++;
            _unsaved.Enqueue((card, receipt.Facts.Position));
            Learn(receipt.Facts);
            return receipt.Verdicts[0] == ResultVerdict.Counted;
        }
    }

    public void FlushIfDue() => Ask("flush", g => g.Flush(_session, all: false));

    public void Flush() => Ask("flush", g => g.Flush(_session, all: true));

    public bool ShouldSnapshot(long trainedSteps) => Wait("should-snapshot", g => g.ShouldSnapshot(trainedSteps));

    public PlayerId RecordSnapshot(int version, long trainedSteps, string bundle)
    {
        Ask("record-snapshot", g => g.RecordSnapshot(_session, version, trainedSteps, bundle));
        return new PlayerId(SelfPlayLeagueLearner, version);
    }

    public LeagueStanding Standing() => Wait("standing", g => g.Standing()).Standing;

    public void Dispose()
    {
        if (_closed)
            return;
        _closed = true;
        try
        {
            Wait("close", async g =>
            {
                await g.Close();
                return true;
            });
        }
        catch (Exception e) when (Patience.MayPass(e) || e is LeagueLogException)
        {
            // It lets go of the log by itself when it is deactivated.
        }
    }

    private static MemberId SelfPlayLeagueLearner { get; } = new LeagueOptions().Learner;

    private LeagueFacts Known => _facts ?? throw new InvalidOperationException("the league is not open");

    private LeagueFacts Fresh() => Ask("facts", g => g.Facts());

    private LeagueFacts Ask(string call, Func<ILeagueGrain, Task<LeagueFacts>> ask)
    {
        LeagueFacts facts = Wait(call, ask);
        lock (_gate)
            Learn(facts);
        return facts;
    }

    private T Wait<T>(string call, Func<ILeagueGrain, Task<T>> ask)
        => Patience.Wait(() => meter.Call("league", call, () => ask(_grain)), Longest, CancellationToken.None);

    private void Learn(LeagueFacts facts)
    {
        if ((_doubtful || (_facts is { } before && before.Activation != facts.Activation)) && _unsaved.Count > 0)
        {
            ResultCard[] again = [.. _unsaved.Select(u => u.Result)];
            facts = Wait("report", g => g.Report(again, durable: true)).Facts;
            _unsaved.Clear();
            _doubtful = false;
        }
        _facts = facts;
        while (_unsaved.TryPeek(out (ResultCard Result, long Position) first) && first.Position <= facts.Durable)
            _unsaved.Dequeue();
    }
}
