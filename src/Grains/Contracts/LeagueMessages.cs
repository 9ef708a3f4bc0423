using Orleans;
using SelfPlayArena.Core;
using SelfPlayArena.League;

namespace SelfPlayArena.Grains;

/// <summary>What a new league is made of: its log's first event and scripted members.</summary>
/// <param name="Config">The run's settings as JSON; what the league needs of them is read from here whenever it is activated.</param>
[GenerateSerializer, Immutable, Alias("arena.league-terms")]
public sealed record LeagueTerms(string Name, string Preset, string Environment, string ContentHash, ulong Seed, string Config, double RecentDecay, double SnapshotShare, string[] Scripted)
{
    internal static LeagueTerms Of(LeagueCreated created, IReadOnlyList<MemberId> scripted) => new(
        created.Name, created.Preset, created.Environment, created.ContentHash, created.Seed, created.Config, created.Fold.RecentDecay, created.Fold.SnapshotShare,
        [.. scripted.Select(m => m.Value)]);

    internal LeagueCreated Created => new(Name, Preset, Environment, ContentHash, Seed, Config, new FoldRules(RecentDecay, SnapshotShare));
}

/// <summary>Where a league is.</summary>
/// <param name="Activation">Differs whenever the grain has read the log anew: results that were not durable may be gone then.</param>
/// <param name="Terms">Null while there is no league yet.</param>
/// <param name="Running">Whether the last session has not been ended in order.</param>
/// <param name="Position">Events counted.</param>
/// <param name="Durable">Events that are on the disk.</param>
[GenerateSerializer, Immutable, Alias("arena.league-facts")]
public sealed record LeagueFacts(string Activation, LeagueTerms? Terms, int Session, bool Running, long NextMatchup, int NextVersion, long Matches, int Snapshots, long Position, long Durable);

/// <summary>A <see cref="Matchup"/> on its way.</summary>
[GenerateSerializer, Immutable, Alias("arena.matchup")]
public sealed record MatchupCard(long Id, string Home, string Away, int Matches, ulong Seed)
{
    internal static MatchupCard Of(Matchup m) => new(m.Id, m.Home.ToString(), m.Away.ToString(), m.Matches, m.Seed);

    internal Matchup Matchup => new(Id, PlayerText.Parse(Home), PlayerText.Parse(Away), Matches, Seed);
}

/// <summary>A host wants matchups.</summary>
/// <param name="Active">What it plays now.</param>
/// <param name="Count">How many it wants.</param>
[GenerateSerializer, Immutable, Alias("arena.matchup-request")]
public sealed record MatchupRequest(MatchupCard[] Active, int Count);

/// <summary>A <see cref="MatchResult"/> on its way.</summary>
[GenerateSerializer, Immutable, Alias("arena.result")]
public sealed record ResultCard(string MatchId, MatchupCard Matchup, int HomeSide, int HomeVersion, int Winner, int Decisions, string Reason, float[] Scores, ulong Seed)
{
    internal static ResultCard Of(MatchResult r) => new(
        r.MatchId, MatchupCard.Of(r.Matchup), r.HomeSide, r.HomeVersion, r.Outcome.Winner, r.Outcome.Decisions, r.Outcome.Reason, [.. r.Outcome.Scores], r.Seed);

    internal MatchResult Result => new(MatchId, Matchup.Matchup, HomeSide, HomeVersion, new MatchOutcome(Winner, Decisions, Reason, Scores), Seed);
}

/// <summary>What became of a result.</summary>
[GenerateSerializer]
public enum ResultVerdict
{
    Counted,

    /// <summary>It was counted before.</summary>
    Known,

    /// <summary>It does not fit the league and was not counted.</summary>
    Unfit,
}

/// <summary>What became of reported results, in their order.</summary>
/// <param name="Problems">What was wrong with those that are unfit.</param>
[GenerateSerializer, Immutable, Alias("arena.results-receipt")]
public sealed record ResultsReceipt(LeagueFacts Facts, ResultVerdict[] Verdicts, string[] Problems);

/// <summary>How everybody stands (<see cref="LeagueStanding"/>).</summary>
[GenerateSerializer, Immutable, Alias("arena.standing")]
public sealed record StandingCard(RatingCard[] Ratings, AnchorCard[] Anchors, CurveCard[] Curve)
{
    internal static StandingCard Of(LeagueStanding s) => new(
        [.. s.Ratings.Select(r => new RatingCard(r.Player.ToString(), r.Elo, r.Error95, r.Matches))],
        [.. s.Anchors.Select(a => new AnchorCard(a.Anchor.Value, a.Record.Matches, a.Record.WinRate, a.Record.Low, a.Record.High))],
        [.. s.Curve.Select(p => new CurveCard(p.Version, p.TrainedSteps, p.Elo, p.Error95))]);

    internal LeagueStanding Standing => new(
        [.. Ratings.Select(r => new Rating(PlayerText.Parse(r.Player), r.Elo, r.Error95, r.Matches))],
        [.. Anchors.Select(a => new AnchorStanding(new MemberId(a.Anchor), new ScoreEstimate(a.Matches, a.WinRate, a.Low, a.High)))],
        [.. Curve.Select(p => new EloPoint(p.Version, p.TrainedSteps, p.Elo, p.Error95))]);
}

/// <summary>A <see cref="Rating"/> on its way.</summary>
[GenerateSerializer, Immutable, Alias("arena.rating")]
public sealed record RatingCard(string Player, double Elo, double Error95, double Matches);

/// <summary>An <see cref="AnchorStanding"/> on its way.</summary>
[GenerateSerializer, Immutable, Alias("arena.anchor")]
public sealed record AnchorCard(string Anchor, double Matches, double WinRate, double Low, double High);

/// <summary>An <see cref="EloPoint"/> on its way.</summary>
[GenerateSerializer, Immutable, Alias("arena.curve-point")]
public sealed record CurveCard(int Version, long TrainedSteps, double Elo, double Error95);
