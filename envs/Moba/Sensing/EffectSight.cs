namespace SelfPlayArena.Moba;

/// <summary>
/// Which of the other team's projectiles and zones a team knows of: those that fly at one of its heroes, those whose owner it sees, and those
/// that a living hero of it has in sight.
/// </summary>
internal static unsafe class EffectSight
{
    /// <summary>Effects are numbered by their place: projectiles, then zones from <see cref="WorldState.MaxProjectiles"/> on.</summary>
    public static void Gather(MobaWorld world, WorldState* s, TeamSight* t)
    {
        int n = 0;
        int zones = (1 - t->Team) * WorldState.ZonesPerTeam;
        for (int i = zones; i < zones + WorldState.ZonesPerTeam; i++)
        {
            if (s->ZoneAlive[i] != 0 && Sees(world, s, t->Team, s->ZoneOwner[i], s->ZoneX[i], s->ZoneY[i]))
                t->Effect[n++] = (byte)(WorldState.MaxProjectiles + i);
        }
        int first = (1 - t->Team) * WorldState.ProjectilesPerTeam;
        for (int i = first; i < first + WorldState.ProjectilesPerTeam; i++)
        {
            if (s->ProjectileAlive[i] == 0)
                continue;
            // Shots at creeps and the like are of no concern; there are many of them.
            int target = s->ProjectileTarget[i];
            if (target < 0 ? Sees(world, s, t->Team, s->ProjectileOwner[i], s->ProjectileX[i], s->ProjectileY[i]) : UnitIndex.IsHero(target))
                t->Effect[n++] = (byte)i;
        }
        t->Effects = n;
    }

    private static bool Sees(MobaWorld world, WorldState* s, int team, int owner, float x, float y)
    {
        if ((s->Visible[owner] >> team & 1) != 0)
            return true;
        float sight = world.Rules.HeroSight;
        for (int h = team * UnitIndex.HeroesPerTeam; h < (team + 1) * UnitIndex.HeroesPerTeam; h++)
        {
            float dx = s->X[h] - x;
            float dy = s->Y[h] - y;
            if (s->Alive[h] != 0 && dx * dx + dy * dy <= sight * sight && world.Map.LineOfSight(s->X[h], s->Y[h], x, y))
                return true;
        }
        return false;
    }
}
