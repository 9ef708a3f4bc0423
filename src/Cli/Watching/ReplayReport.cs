using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SelfPlayArena.Core.Replays;

namespace SelfPlayArena.Cli.Watching;

/// <summary>A replay in a few numbers, as <c>--json</c> prints it.</summary>
/// <param name="Decisions">0 where the file cannot be read.</param>
/// <param name="Obstacle">Why this program cannot play it, null if it can.</param>
/// <param name="Verified">Whether it was played again and was the same in every hash and in its outcome; null unless asked for.</param>
/// <param name="Divergence">Where it was not.</param>
internal sealed record ReplayReport(
    string File, long Bytes, string? Game, JsonElement? Options, string? ContentHash, ulong? Seed, string? Match, long? Number, int? Teams, IReadOnlyList<string>? Players,
    int Opening, int Decisions, double Seconds, int? Winner, string? Reason, IReadOnlyList<float>? Scores, string? Obstacle,
    bool? Verified, ReplayDivergence? Divergence, int? Hashes, string? FinalHash, double? VerifySeconds)
{
    /// <summary>Reads the header only.</summary>
    public static ReplayReport Of(string path)
    {
        try
        {
            ReplayHeader header = ReplayFile.ReadHeader(path);
            return Of(path, header) with { Obstacle = OpenReplay.Obstacle(path, header) };
        }
        catch (Exception e) when (e is ReplayException or IOException or UnauthorizedAccessException)
        {
            return Refused(path, e.Message);
        }
    }

    /// <summary>Plays the match again and compares all.</summary>
    public static ReplayReport Verify(string path)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            using OpenReplay open = OpenReplay.Read(path);
            ReplayDivergence? divergence = open.Player.Verify();
            return Of(path, open.Replay.Header) with
            {
                Verified = divergence is null,
                Divergence = divergence,
                Hashes = open.Replay.Hashes,
                FinalHash = open.Replay.FinalHash.ToString("x16", CultureInfo.InvariantCulture),
                VerifySeconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            };
        }
        catch (Exception e) when (e is ReplayException or UserError or IOException or UnauthorizedAccessException)
        {
            return Refused(path, e.Message) with { Verified = false };
        }
    }

    /// <summary>One line on whether the match could be played again.</summary>
    public string Verdict(double secondsPerDecision)
    {
        if (Obstacle is { } obstacle)
            return $"{obstacle} (not verified)";
        if (Divergence is not { } d)
            return FormattableString.Invariant($"{File}: verified: {Decisions} decisions, {Hashes} state hashes, outcome; final hash {FinalHash}; {VerifySeconds:0.00} s");
        string same = d.LastSame < 0 ? "from the first state on" : FormattableString.Invariant($"after decision {d.LastSame} ({Numbers.Duration(d.LastSame * secondsPerDecision)})");
        return FormattableString.Invariant($"{File}: DIVERGES {same}, found at decision {d.FirstOther} ({Numbers.Duration(d.FirstOther * secondsPerDecision)}): {d.What}");
    }

    private static ReplayReport Of(string path, ReplayHeader h) => new(
        path, new FileInfo(path).Length, h.Game, h.Options, h.ContentHash, h.Seed, h.Match, h.Number, h.Teams, h.Players, h.Opening, h.Decisions, h.Seconds,
        h.Outcome.Winner, h.Outcome.Reason, h.Outcome.Scores, null, null, null, null, null, null);

    private static ReplayReport Refused(string path, string why) => new(
        path, System.IO.File.Exists(path) ? new FileInfo(path).Length : 0, null, null, null, null, null, null, null, null, 0, 0, 0, null, null, null, why, null, null, null, null, null);
}
