using static SelfPlayArena.Matching.MatchingRules;

namespace SelfPlayArena.Matching;

/// <summary>Which colours agents are shown: what line-ups are to larger games. A policy that was trained on some colours does not know the others.</summary>
public sealed record MatchingOptions
{
    /// <summary>Names of the colours, in the order of their numbers.</summary>
    public static IReadOnlyList<string> Names { get; } = ["red", "green", "blue", "yellow"];

    /// <summary>Colours that agents' are drawn from; null for all.</summary>
    public IReadOnlyList<string>? Colours { get; init; }

    /// <summary>Colour of each agent of team 0 in every match; null to draw them for each.</summary>
    public IReadOnlyList<string>? Home { get; init; }

    /// <summary>Colours of team 1. Given exactly when <see cref="Home"/> is.</summary>
    public IReadOnlyList<string>? Away { get; init; }

    /// <summary>Numbers of the colours to draw from, and each agent's where they are given, else none.</summary>
    /// <exception cref="ArgumentException">Names the option that is wrong and what is allowed.</exception>
    internal (byte[] Drawn, byte[] Given) Validated()
    {
        if (Home is null != Away is null)
            throw new ArgumentException("line-ups are given for both teams or for none");
        if (Colours is not null && Home is not null)
            throw new ArgumentException("colours are drawn and given at once; allowed: one of the two");
        byte[] drawn = Colours is null ? [0, 1, 2, 3] : Numbers(Colours, "the colours to draw from");
        if (drawn.Length == 0 || drawn.Distinct().Count() < drawn.Length)
            throw new ArgumentException($"the colours to draw from are [{string.Join(", ", Colours!)}]; allowed: at least one, each named once");
        if (Home is null || Away is null)
            return (drawn, []);
        foreach ((IReadOnlyList<string> team, string what) in new[] { (Home, "home"), (Away, "away") })
        {
            if (team.Count != AgentsPerTeam)
                throw new ArgumentException($"the {what} line-up has {team.Count} colours; allowed: {AgentsPerTeam}, one an agent");
        }
        return (drawn, Numbers([.. Home, .. Away], "a line-up"));
    }

    private static byte[] Numbers(IReadOnlyList<string> colours, string where)
    {
        var numbers = new byte[colours.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            int at = Names.ToList().IndexOf(colours[i]);
            numbers[i] = at >= 0 ? (byte)at : throw new ArgumentException($"{where} names the unknown colour '{colours[i]}'; allowed: {string.Join(", ", Names)}");
        }
        return numbers;
    }
}
