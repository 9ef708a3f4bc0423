namespace SelfPlayArena.Moba;

/// <summary>How many play on which part of a map.</summary>
public sealed class ModeDefinition
{
    public required string Name { get; init; }

    /// <summary>1 to 5.</summary>
    public required int HeroesPerTeam { get; init; }

    /// <summary>[3] top, middle, bottom: whether the lane is played.</summary>
    public required bool[] Lanes { get; init; }

    /// <summary>Whether camps and epic monsters appear.</summary>
    public required bool Jungle { get; init; }
    public required GameMap Map { get; init; }
}
