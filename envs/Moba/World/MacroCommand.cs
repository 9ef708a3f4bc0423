namespace SelfPlayArena.Moba;

/// <summary>
/// What a hero is up to for the next while, above single orders. Lanes in the order top, middle, bottom as the hero's own team sees them.
/// The numbers are the options of the macro head and the categories of the macro block; new ones are appended (up to 24).
/// </summary>
public enum MacroCommand : byte
{
    /// <summary>None in particular.</summary>
    None,
    HoldTop,
    HoldMiddle,
    HoldBottom,
    PushTop,
    PushMiddle,
    PushBottom,

    /// <summary>Clear the own jungle's camps.</summary>
    Farm,
    GankTop,
    GankMiddle,
    GankBottom,

    /// <summary>Gather with the team.</summary>
    Group,

    /// <summary>Slay the first or the second epic monster.</summary>
    ObjectiveBuff,
    ObjectivePush,

    /// <summary>Keep the own base's or a threatened tower's attackers off.</summary>
    Defend,
    Recall,
}
