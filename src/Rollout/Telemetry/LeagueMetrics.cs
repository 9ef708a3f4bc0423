using Prometheus;
using SelfPlayArena.League;

namespace SelfPlayArena.Rollout.Telemetry;

/// <summary>How the league stands: ratings as the run last measured them, counts from the league itself.</summary>
internal sealed class LeagueMetrics
{
    /// <summary>Snapshots of which a rating is served, the newest; a run of weeks has thousands.</summary>
    private const int SnapshotsServed = 16;

    private readonly Lock _gate = new();
    private readonly ILeague _league;
    private readonly Counter _matches, _events;
    private readonly long _matchesBefore, _eventsBefore;
    private readonly Gauge _runMatches, _snapshots, _elo, _error, _games, _won, _low, _high;
    private HashSet<string> _served = [];
    private volatile RunProgress? _last;

    public LeagueMetrics(MetricSheet sheet, ILeague league)
    {
        _league = league;
        (_matchesBefore, _eventsBefore) = (league.Counts.Matches, league.Counts.Events);
        sheet.Begin("League");
        _matches = sheet.Counter("arena_matches_rated_total", "Matches that the league counted.");
        _runMatches = sheet.Gauge("arena_run_matches_rated", "Matches that the league counted so far, of all the run's processes.");
        _snapshots = sheet.Gauge("arena_snapshots", "Snapshots that the run has taken so far.");
        _events = sheet.Counter("arena_league_events_total", "Events that went to the league's log and are on disk.");
        _elo = sheet.Gauge("arena_rating_elo", $"Rating of a member's version: scripted players, the latest, and the {SnapshotsServed} newest snapshots.", "player");
        _error = sheet.Gauge("arena_rating_error_elo", "Half the width of the rating's 95% interval.", "player");
        _games = sheet.Gauge("arena_rating_matches", "Weighed matches behind the rating.", "player");
        _won = sheet.Gauge("arena_anchor_win_ratio", "Share of recent matches that the latest policy won against a fixed anchor, draws counted half.", "anchor");
        _low = sheet.Gauge("arena_anchor_win_low_ratio", "Lower end of that share's 95% interval.", "anchor");
        _high = sheet.Gauge("arena_anchor_win_high_ratio", "Upper end of that share's 95% interval.", "anchor");
    }

    public void Updated(RunProgress progress) => _last = progress;

    public void Collect()
    {
        (long matches, int snapshots, long events) = _league.Counts;
        _matches.IncTo(matches - _matchesBefore);
        _runMatches.Set(matches);
        _snapshots.Set(snapshots);
        _events.IncTo(events - _eventsBefore);
        if (_last is not { } last)
            return;
        lock (_gate)
            Rate(last.Ratings);
        foreach (AnchorRecord anchor in last.Anchors)
        {
            if (anchor.Games == 0)
                continue;
            _won.WithLabels(anchor.Anchor).Set(anchor.WinRate);
            _low.WithLabels(anchor.Anchor).Set(anchor.Low);
            _high.WithLabels(anchor.Anchor).Set(anchor.High);
        }
    }

    private void Rate(IReadOnlyList<PlayerRating> ratings)
    {
        var served = new HashSet<string>(StringComparer.Ordinal);
        IEnumerable<PlayerRating> snapshots = ratings.Where(r => !r.Player.Member.IsScripted && !r.Player.IsLatest)
            .OrderByDescending(r => r.Player.Version).Take(SnapshotsServed);
        foreach (PlayerRating rating in ratings.Where(r => r.Player.Member.IsScripted || r.Player.IsLatest).Concat(snapshots))
        {
            string player = rating.Player.ToString();
            served.Add(player);
            _elo.WithLabels(player).Set(rating.Elo);
            _error.WithLabels(player).Set(rating.EloError);
            _games.WithLabels(player).Set(rating.Games);
        }
        foreach (string gone in _served.Where(p => !served.Contains(p)))
        {
            _elo.RemoveLabelled(gone);
            _error.RemoveLabelled(gone);
            _games.RemoveLabelled(gone);
        }
        _served = served;
    }
}
