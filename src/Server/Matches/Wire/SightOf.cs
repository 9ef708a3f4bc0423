using SelfPlayArena.Moba;

namespace SelfPlayArena.Server.Matches.Wire;

/// <summary>What a view may know: 0 or 1 for what a team sees, -1 for everything. Every table and event asks here and nowhere else.</summary>
internal readonly unsafe struct SightOf(MobaWorld world, int view)
{
    public const int Everything = -1;

    public int View => view;

    public bool IsAll => view < 0;

    /// <summary>Whether a unit that is there is seen.</summary>
    public bool Sees(in WorldState s, int unit) => view < 0 || (s.Visible[unit] >> view & 1) != 0 || s.Team[unit] == view;

    /// <summary>Whether a unit's own affairs (gold, cooldowns, command) may be known.</summary>
    public bool Owns(in WorldState s, int unit) => view < 0 || s.Team[unit] == view;

    /// <summary>The unit itself if it is there and seen, else -1.</summary>
    public int Seen(in WorldState s, int unit) => (uint)unit < UnitIndex.Count && s.Alive[unit] != 0 && Sees(in s, unit) ? unit : -1;

    /// <summary>A projectile is seen with who launched it, where it flies at somebody seen, and where it is in sight itself.</summary>
    public bool SeesProjectile(in WorldState s, int place)
    {
        if (view < 0 || s.ProjectileTeam[place] == view)
            return true;
        int target = s.ProjectileTarget[place];
        return Sees(in s, s.ProjectileOwner[place]) || (target >= 0 && s.Team[target] == view && UnitIndex.IsHero(target)) || InSight(in s, s.ProjectileX[place], s.ProjectileY[place]);
    }

    public bool SeesZone(in WorldState s, int place)
        => view < 0 || s.ZoneTeam[place] == view || Sees(in s, s.ZoneOwner[place]) || InSight(in s, s.ZoneX[place], s.ZoneY[place]);

    /// <summary>Whether a living hero of the team has a place in sight: the same rule by which bots know of projectiles and zones.</summary>
    private bool InSight(in WorldState s, float x, float y)
    {
        float sight = world.Rules.HeroSight;
        for (int h = view * UnitIndex.HeroesPerTeam; h < (view + 1) * UnitIndex.HeroesPerTeam; h++)
        {
            float dx = s.X[h] - x;
            float dy = s.Y[h] - y;
            if (s.Alive[h] != 0 && dx * dx + dy * dy <= sight * sight && world.Map.LineOfSight(s.X[h], s.Y[h], x, y))
                return true;
        }
        return false;
    }
}
