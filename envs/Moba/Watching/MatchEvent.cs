namespace SelfPlayArena.Moba;

/// <summary>What a match is told by.</summary>
public enum MatchEventKind : byte
{
    /// <summary>A hero died: <see cref="MatchEvent.Unit"/> the victim, <see cref="MatchEvent.Other"/> the killer.</summary>
    Kill,

    /// <summary>A tower or ancient fell.</summary>
    Structure,

    /// <summary>An epic monster was slain.</summary>
    Epic,

    /// <summary>A hero reached a level, the amount.</summary>
    Level,

    /// <summary>A hero cast an ability (the amount, see <see cref="Abilities"/>) at <see cref="MatchEvent.Other"/> or at a place.</summary>
    Cast,

    /// <summary>A hero hurt another by an amount of hp.</summary>
    Hit,

    /// <summary>A hero earned an amount of gold by a last hit.</summary>
    Gold,

    /// <summary>A hero is back.</summary>
    Respawn,

    /// <summary>The match is over; the team is the winner, -1 for a draw.</summary>
    End,
}

/// <summary>Something that happened between two states of a match.</summary>
/// <param name="Unit">Whom it is about, -1 for nobody.</param>
/// <param name="Other">The killer, the target; -1 for nobody.</param>
/// <param name="Team">Whom it serves: the killer's team, the one that brought a structure down; of a hero's own doings its team; -1 for nobody.</param>
/// <param name="Helpers">Bit h: hero h has an assist in it.</param>
/// <param name="First">Whether it is the match's first kill.</param>
public readonly record struct MatchEvent(MatchEventKind Kind, int Unit, int Other = -1, int Team = -1, int Amount = 0, uint Helpers = 0, bool First = false, float X = 0f, float Y = 0f);
