using System.Text.Json;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Moba;

namespace SelfPlayArena.Server.Replays;

/// <param name="Run">The run whose match it was; null for one that people played.</param>
/// <param name="Players">Who played each hero, team by team.</param>
/// <param name="Lineups">Heroes by team; empty where they cannot be told.</param>
/// <param name="Winner">Team, -1 for a draw.</param>
/// <param name="Obstacle">Why this program cannot show it; null if it can.</param>
internal sealed record ReplayAnswer(
    string Id, string? Run, string Game, string? Mode, string? Rules, IReadOnlyList<string> Players, IReadOnlyList<IReadOnlyList<string>> Lineups, long Ticks, double Seconds, int Winner,
    string? Reason, DateTime When, long Bytes, string? Obstacle)
{
    public static ReplayAnswer Of(string id, string? run, FileInfo file, ReplayHeader header, LineUps lineUps)
    {
        (IReadOnlyList<IReadOnlyList<string>> heroes, string? obstacle) = lineUps.Of(header);
        return new ReplayAnswer(
            id, run, header.Game, Option(header, "mode"), Option(header, "rules"), header.Players, heroes, (long)Math.Round(header.Seconds * RulesDefinition.TicksPerSecond), Math.Round(header.Seconds, 2),
            header.Outcome.Winner, header.Outcome.Reason, file.LastWriteTimeUtc, file.Length, obstacle);
    }

    public static ReplayAnswer Unreadable(string id, string? run, FileInfo file, string why)
        => new(id, run, "", null, null, [], [], 0, 0, -1, null, file.LastWriteTimeUtc, file.Length, why.Replace(file.FullName, file.Name, StringComparison.Ordinal));

    /// <summary>Whether every word is somewhere in what is known of it.</summary>
    public bool Has(IReadOnlyList<string> words)
    {
        IEnumerable<string?> texts = [Id, Run, Game, Mode, Rules, Reason, .. Players, .. Lineups.SelectMany(l => l)];
        return words.All(w => texts.Any(t => t is not null && t.Contains(w, StringComparison.OrdinalIgnoreCase)));
    }

    private static string? Option(ReplayHeader header, string name)
        => header.Options.ValueKind == JsonValueKind.Object && header.Options.TryGetProperty(name, out JsonElement option) && option.ValueKind == JsonValueKind.String ? option.GetString() : null;
}
