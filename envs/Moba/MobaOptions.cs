namespace SelfPlayArena.Moba;

/// <summary>What is chosen before matches are played.</summary>
public sealed record MobaOptions
{
    /// <summary>Modes the environment can be created in.</summary>
    public static readonly IReadOnlyList<string> Modes = ["5v5", "1v1"];

    /// <summary>Rule sets the environment can be created with.</summary>
    public static readonly IReadOnlyList<string> RuleSets = ["quick", "full"];

    /// <summary><c>5v5</c>, or <c>1v1</c> on the middle lane.</summary>
    public string Mode { get; init; } = "5v5";

    /// <summary><c>quick</c> (six minutes) or <c>full</c>.</summary>
    public string Rules { get; init; } = "quick";

    /// <summary>Names of team 0's heroes, one a slot; null draws them from each match's seed, distinct within the team.</summary>
    public IReadOnlyList<string>? Home { get; init; }

    /// <summary>Names of team 1's heroes. Given exactly when <see cref="Home"/> is.</summary>
    public IReadOnlyList<string>? Away { get; init; }

    /// <summary>1 or 5.</summary>
    public int HeroesPerTeam => Mode == "1v1" ? 1 : 5;

    /// <exception cref="ArgumentException">Names the option that is wrong and what is allowed.</exception>
    internal void Validate()
    {
        if (!Modes.Contains(Mode))
            throw new ArgumentException($"mode '{Mode}' is unknown; allowed: {string.Join(", ", Modes)}");
        if (!RuleSets.Contains(Rules))
            throw new ArgumentException($"rules '{Rules}' are unknown; allowed: {string.Join(", ", RuleSets)}");
        if (Home is null != Away is null)
            throw new ArgumentException("line-ups are given for both teams or for none");
    }

    /// <summary>[10] hero definitions by team * 5 + slot, or empty when they are drawn.</summary>
    /// <exception cref="ArgumentException">Wrong number of heroes or an unknown one.</exception>
    internal byte[] LineUps(MobaContent content)
    {
        if (Home is null || Away is null)
            return [];
        byte[] lineups = new byte[UnitIndex.Heroes];
        foreach ((IReadOnlyList<string> names, int team, string what) in new[] { (Home, 0, "home"), (Away, 1, "away") })
        {
            if (names.Count != HeroesPerTeam)
                throw new ArgumentException($"the {what} line-up has {names.Count} heroes; mode {Mode} takes {HeroesPerTeam}");
            for (int slot = 0; slot < names.Count; slot++)
            {
                string name = names[slot];
                int index = Array.FindIndex(content.Heroes, h => h.Name == name);
                if (index < 0)
                    throw new ArgumentException($"the {what} line-up names the unknown hero '{name}'; allowed: {string.Join(", ", content.Heroes.Select(h => h.Name))}");
                lineups[UnitIndex.Hero(team, slot)] = (byte)index;
            }
        }
        return lineups;
    }
}
