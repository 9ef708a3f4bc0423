namespace SelfPlayArena.Core;

/// <summary>A member of a league: a lineage of policies or a scripted player, for example <c>main</c> or <c>scripted:easy@1</c>.</summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
public readonly record struct MemberId(string Value)
{
    public const string ScriptedPrefix = "scripted:";

    public bool IsScripted => Value.StartsWith(ScriptedPrefix, StringComparison.Ordinal);

    /// <summary>Name of the scripted player, without the prefix.</summary>
    public string ScriptedName => IsScripted ? Value[ScriptedPrefix.Length..] : throw new InvalidOperationException($"member '{Value}' is not scripted");

    public override string ToString() => Value;
}

/// <summary>
/// A player in a match: a member and the version that plays. <see cref="Latest"/> is the learning, moving policy; a positive version is a
/// frozen one; scripted members have version 0.
/// </summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
[System.Text.Json.Serialization.JsonConverter(typeof(PlayerIdJson))]
public readonly record struct PlayerId(MemberId Member, int Version)
{
    /// <summary>Stands for whatever the learner last published.</summary>
    public const int Latest = -1;

    public bool IsLatest => Version == Latest;

    public override string ToString() => Member.IsScripted ? Member.Value : $"{Member.Value}@{(IsLatest ? "latest" : Version.ToString(System.Globalization.CultureInfo.InvariantCulture))}";
}

/// <summary>One pairing that the league decided on: fixed for a whole match, which a host plays <see cref="Matches"/> times, alternating sides.</summary>
/// <param name="Id">Unique in the league.</param>
/// <param name="Home">The player whose experience is learnt from.</param>
/// <param name="Away">Its opponent. When it equals <paramref name="Home"/>, both sides' experience is learnt from.</param>
/// <param name="Matches">How many matches to play with it.</param>
/// <param name="Seed">Seeds of the matches derive from it.</param>
public sealed record Matchup(long Id, PlayerId Home, PlayerId Away, int Matches, ulong Seed)
{
    public bool IsSelfPlay => Home == Away;
}

/// <summary>What a host reports of one finished match.</summary>
/// <param name="MatchId">Unique in the league; the fold counts each id once.</param>
/// <param name="HomeSide">Team that <see cref="Matchup.Home"/> played.</param>
/// <param name="HomeVersion">Learner's version that home played with when the match ended (its own for frozen players).</param>
public sealed record MatchResult(string MatchId, Matchup Matchup, int HomeSide, int HomeVersion, MatchOutcome Outcome, ulong Seed)
{
    /// <summary>1 if home won, 0.5 for a draw, 0 if it lost.</summary>
    public double HomeScore => Outcome.Winner < 0 ? 0.5 : Outcome.Winner == HomeSide ? 1 : 0;
}
