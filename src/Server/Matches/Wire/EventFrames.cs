using SelfPlayArena.Moba;

namespace SelfPlayArena.Server.Matches.Wire;

/// <summary>What of a match's events a view may know, and how it is put.</summary>
internal static unsafe class EventFrames
{
    /// <summary>The event as a map, or null where the view is not to know of it.</summary>
    public static (string, object?)[]? Told(in MatchEvent e, in WorldState now, SightOf sight, UnitNumbers numbers)
    {
        switch (e.Kind)
        {
            case MatchEventKind.Kill:
                uint helpers = e.Helpers;
                return [("kind", "kill"), ("killer", e.Other), ("victim", e.Unit), ("assists", Enumerable.Range(0, UnitIndex.Heroes).Where(h => (helpers >> h & 1) != 0)), ("first", e.First)];
            case MatchEventKind.Structure:
                return [("kind", "structure"), ("unit", e.Unit), ("team", e.Team)];
            case MatchEventKind.Epic:
                return [("kind", "epic"), ("type", e.Amount), ("team", e.Team)];
            case MatchEventKind.Respawn:
                return [("kind", "respawn"), ("unit", e.Unit)];
            case MatchEventKind.Level when Known(in now, e.Unit, sight):
                return [("kind", "level"), ("unit", e.Unit), ("level", e.Amount)];
            case MatchEventKind.Cast when Known(in now, e.Unit, sight):
                return [("kind", "cast"), ("unit", e.Unit), ("ability", e.Amount), ("x", e.X), ("y", e.Y), ("target", numbers.Of(sight.Seen(in now, e.Other)))];
            case MatchEventKind.Hit when Known(in now, e.Other, sight):
                return [("kind", "hit"), ("unit", Known(in now, e.Unit, sight) ? e.Unit : -1), ("target", e.Other), ("amount", e.Amount)];
            case MatchEventKind.Gold when sight.Owns(in now, e.Unit):
                return [("kind", "gold"), ("unit", e.Unit), ("amount", e.Amount)];
            default:
                return null;
        }
    }

    /// <summary>A hero of the own team, dead ones too, or one in sight.</summary>
    private static bool Known(in WorldState now, int hero, SightOf sight) => sight.Owns(in now, hero) || sight.Seen(in now, hero) >= 0;
}
