using System.Text.Json;
using Orleans;
using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Grains;

/// <inheritdoc cref="ILeagueGrain"/>
public sealed class LeagueGrain(IRunHome home, TimeProvider time, GrainMeter meter) : Grain, ILeagueGrain
{
    /// <summary>How long results may wait for their group when no call comes.</summary>
    private static readonly TimeSpan GroupBeat = TimeSpan.FromSeconds(1);

    private string _activation = "";
    private IEventLog? _log;
    private SelfPlayLeague? _league;
    private LeagueTerms? _terms;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Another holder may have to be waited for, and the log is read to its end: not in a turn.
        await Task.Run(TakeLog, CancellationToken.None);
        meter.Activated("league");
        this.RegisterGrainTimer(FlushIfDue, new(GroupBeat, GroupBeat));
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        meter.Deactivated("league");
        try
        {
            _league?.Flush();
        }
        finally
        {
            LetGo();
        }
        return Task.CompletedTask;
    }

    public Task<LeagueFacts> Claim() => Facts();

    public Task<LeagueFacts> Open(LeagueTerms? terms, long nextMatchup) => Guarded(() =>
    {
        TakeLog();
        if (terms is not null)
        {
            // The same creation, asked for again because its answer was lost, changes nothing.
            if (_league is { } there && (there.Position > 1 + 1 + terms.Scripted.Length || !Same(terms)))
                throw new LeagueLogException($"there is a league '{this.GetPrimaryKeyString()}' already: go on with it, or choose another name");
            _league ??= SelfPlayLeague.Create(_log!, terms.Created, terms.Scripted.Select(s => new MemberId(s)), Options(terms.Config), time);
            _terms = terms;
        }
        League.ContinueMatchupsAt(nextMatchup);
    });

    public Task Close()
    {
        _league?.Flush();
        LetGo();
        return Task.CompletedTask;
    }

    public Task<LeagueFacts> Start(long trainedSteps, int processId) => Guarded(() => League.Start(trainedSteps, processId));

    public Task<LeagueFacts> Stop(int session, long trainedSteps, string reason) => Guarded(() =>
    {
        League.RequireSession(session);
        League.Stop(trainedSteps, reason);
    });

    public Task<MatchupCard[]> Next(MatchupRequest request)
    {
        List<Matchup> active = [.. request.Active.Select(a => a.Matchup)];
        var given = new MatchupCard[request.Count];
        for (int i = 0; i < given.Length; i++)
        {
            Matchup next = League.NextMatchup(active);
            active.Add(next);
            given[i] = MatchupCard.Of(next);
        }
        return Task.FromResult(given);
    }

    public async Task<ResultsReceipt> Report(ResultCard[] results, bool durable)
    {
        var verdicts = new ResultVerdict[results.Length];
        var problems = new List<string>();
        LeagueFacts facts = await Guarded(() =>
        {
            for (int i = 0; i < results.Length; i++)
            {
                try
                {
                    verdicts[i] = League.Report(results[i].Result) ? ResultVerdict.Counted : ResultVerdict.Known;
                }
                catch (Exception e) when (e is InvalidDataException or FormatException)
                {
                    verdicts[i] = ResultVerdict.Unfit;
                    problems.Add(e.Message);
                }
            }
            if (durable)
                League.Flush();
        });
        return new ResultsReceipt(facts, verdicts, [.. problems]);
    }

    public Task<LeagueFacts> Flush(int session, bool all) => Guarded(() =>
    {
        League.RequireSession(session);
        if (all)
            League.Flush();
        else
            League.FlushIfDue();
    });

    public Task<bool> ShouldSnapshot(long trainedSteps) => Task.FromResult(League.ShouldSnapshot(trainedSteps));

    public Task<LeagueFacts> RecordSnapshot(int session, int version, long trainedSteps, string bundle) => Guarded(() =>
    {
        League.RequireSession(session);
        League.RecordSnapshot(version, trainedSteps, bundle);
    });

    public Task<LeagueFacts> Facts()
    {
        TakeLog();
        if (_league is not { } league)
            return Task.FromResult(new LeagueFacts(_activation, null, 0, Running: false, 0, 0, 0, 0, 0, 0));
        LeagueCounts counts = league.Counts;
        return Task.FromResult(new LeagueFacts(
            _activation, _terms, league.Session, league.Read(s => s.Session > 0 && !s.Stopped), league.NextMatchupId, league.NextVersion, counts.Matches, counts.Snapshots,
            league.Position, league.DurablePosition));
    }

    public Task<StandingCard> Standing() => Task.FromResult(StandingCard.Of(League.Standing()));

    private SelfPlayLeague League
    {
        get
        {
            TakeLog();
            return _league ?? throw new LeagueLogException($"there is no league '{this.GetPrimaryKeyString()}' yet: a learner makes it");
        }
    }

    /// <summary>What league a run's settings ask for.</summary>
    private static LeagueOptions Options(string config)
        => SelfPlayRun.LeagueOptions(JsonSerializer.Deserialize<RunSettings>(config, RunFolder.Json) ?? throw new InvalidDataException("the log's first event holds no settings"));

    private bool Same(LeagueTerms terms) => _terms is { } own && own with { Scripted = terms.Scripted } == terms;

    /// <summary>Writes; and when the log turns out to have gone on elsewhere, lets whoever calls next read it anew.</summary>
    private async Task<LeagueFacts> Guarded(Action work)
    {
        try
        {
            work();
        }
        catch (LogConflictException)
        {
            LetGo();
            DeactivateOnIdle();
            throw;
        }
        return await Facts();
    }

    private void TakeLog()
    {
        if (_log is not null)
            return;
        _log = home.OpenLog(this.GetPrimaryKeyString());
        _activation = Guid.NewGuid().ToString("N");
        if (_log.NextPosition == 0)
            return;
        try
        {
            LeagueCreated created = _log.ReadFrom(0).OfType<LeagueCreated>().FirstOrDefault()
                ?? throw new InvalidDataException($"the log of '{this.GetPrimaryKeyString()}' does not begin with a league");
            _league = SelfPlayLeague.Resume(_log, Options(created.Config), time);
            _terms = LeagueTerms.Of(created, _league.Read(s => s.Members.Where(m => m.Role == MemberRole.Scripted).Select(m => m.Id).ToList()));
        }
        catch
        {
            LetGo();
            throw;
        }
    }

    private void LetGo()
    {
        _log?.Dispose();
        (_log, _league, _terms) = (null, null, null);
    }

    private Task FlushIfDue()
    {
        try
        {
            _league?.FlushIfDue();
        }
        catch (LogConflictException)
        {
            LetGo();
            DeactivateOnIdle();
        }
        return Task.CompletedTask;
    }
}
