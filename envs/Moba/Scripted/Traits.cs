namespace SelfPlayArena.Moba;

/// <summary>What tells one scripted player of the thinking kind from another.</summary>
internal sealed class Traits
{
    /// <summary>Ticks between two thoughts of a hero; in between its order goes on.</summary>
    public required int ThinkTicks { get; init; }

    /// <summary>Own strength over the enemy's around the hero from which on it fights, and below which it runs.</summary>
    public required float Engage { get; init; }
    public required float Retreat { get; init; }

    /// <summary>Share of hp below which it goes home when it can.</summary>
    public required float RecallBelow { get; init; }

    /// <summary>Aims where a target will be, and only if the shot would hit.</summary>
    public required bool Leads { get; init; }

    /// <summary>Steps back between two shots.</summary>
    public required bool Kites { get; init; }

    /// <summary>Steps out of the way of projectiles and zones.</summary>
    public required bool Dodges { get; init; }

    /// <summary>Chooses whom to strike together with its team, and saves the ultimate for when it is worth it.</summary>
    public required bool Focuses { get; init; }

    /// <summary>Roams: ganks, camps, epic monsters, grouping, wards.</summary>
    public required bool Roams { get; init; }

    public static Traits Medium { get; } = new()
    {
        ThinkTicks = 6,
        Engage = 1.15f,
        Retreat = 0.7f,
        RecallBelow = 0.33f,
        Leads = false,
        Kites = false,
        Dodges = false,
        Focuses = false,
        Roams = false,
    };

    public static Traits Hard { get; } = new()
    {
        ThinkTicks = 4,
        Engage = 1.05f,
        Retreat = 0.8f,
        RecallBelow = 0.38f,
        Leads = true,
        Kites = true,
        Dodges = true,
        Focuses = true,
        Roams = true,
    };
}
