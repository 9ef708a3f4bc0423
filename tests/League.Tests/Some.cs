using SelfPlayArena.Core;

namespace SelfPlayArena.League.Tests;

/// <summary>Vocabulary of these tests.</summary>
internal static class Some
{
    public static readonly MemberId Main = new("main");
    public static readonly PlayerId Latest = new(Main, PlayerId.Latest);
    public static readonly PlayerId Easy = new(new MemberId("scripted:easy@1"), 0);
    public static readonly PlayerId Random = new(new MemberId("scripted:random"), 0);

    public static PlayerId Frozen(int version) => new(Main, version);

    public static LeagueCreated Created(double decay = 0.99, double share = 0.5) =>
        new("spring", "quick-5v5", "moba", "0123abcd", 7, "threads: 2", new FoldRules(decay, share));

    public static List<LeagueEvent> Members(double decay = 0.99, double share = 0.5) =>
    [
        Created(decay, share),
        new MemberAdded(Main, MemberRole.Main),
        new MemberAdded(Random.Member, MemberRole.Scripted),
        new MemberAdded(Easy.Member, MemberRole.Scripted),
    ];

    public static MatchFinished Match(string id, PlayerId home, PlayerId away, double score, long matchup = 0) =>
        new(id, matchup, home, away, 1, 3, score > 0.5 ? 1 : score < 0.5 ? 0 : -1, 2700, "ancient", [1.5f, 2], 99);

    public static MatchResult Result(string id, Matchup m, double score) =>
        new(id, m, 0, 3, new MatchOutcome(score > 0.5 ? 0 : score < 0.5 ? 1 : -1, 2700, "ancient", [1, 2]), 5);

    /// <summary>A long and varied history; every id of a stream in order, streams mixed.</summary>
    public static List<LeagueEvent> History(int matches, ulong seed)
    {
        var rng = new Rng(seed);
        List<LeagueEvent> events = Members();
        events.Add(new RunStarted(1, DateTimeOffset.UnixEpoch, 0, 42));
        long[] next = new long[2];
        int versions = 0;
        for (int i = 0; i < matches; i++)
        {
            if (i % 50 == 49)
                events.Add(new SnapshotTaken(Main, ++versions, i * 1000L, $"main-{versions:0000}.bundle"));
            PlayerId[] opponents = [Latest, Easy, Random, .. Enumerable.Range(1, versions).Select(Frozen)];
            int host = rng.Next(2);
            events.Add(Match($"1.{host}/{next[host]++}", Latest, opponents[rng.Next(opponents.Length)], rng.Next(3) * 0.5, i / 4));
        }
        events.Add(new RunStopped(1, DateTimeOffset.UnixEpoch.AddHours(1), matches * 1000L, "done"));
        return events;
    }

    public static SelfPlayLeague League(IEventLog log, TimeProvider? time = null, LeagueOptions? options = null) =>
        SelfPlayLeague.Create(log, Created(), [Random.Member, Easy.Member], options ?? new LeagueOptions(), time ?? new StoppedClock());
}

internal sealed class StoppedClock : TimeProvider
{
    public long Ticks;

    public override long GetTimestamp() => Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(Ticks);
}

internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("league-tests-").FullName;

    public string File(string name = "league.jsonl") => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
