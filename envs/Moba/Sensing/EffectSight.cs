using System.Numerics;
using System.Runtime.Intrinsics;

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
        uint laid = ~Vector128.Equals(Vector128.Load(s->ZoneAlive + zones), Vector128<byte>.Zero).ExtractMostSignificantBits();
        for (uint m = laid & ((1u << WorldState.ZonesPerTeam) - 1); m != 0; m &= m - 1)
        {
            int i = zones + BitOperations.TrailingZeroCount(m);
            if (Sees(world, s, t->Team, s->ZoneOwner[i], s->ZoneX[i], s->ZoneY[i]))
                Add(t, n++, WorldState.MaxProjectiles + i, s->ZoneX[i], s->ZoneY[i], -1);
        }
        int first = (1 - t->Team) * WorldState.ProjectilesPerTeam;
        for (uint m = ~Vector256.Equals(Vector256.Load(s->ProjectileAlive + first), Vector256<byte>.Zero).ExtractMostSignificantBits(); m != 0; m &= m - 1)
        {
            int i = first + BitOperations.TrailingZeroCount(m);
            // Shots at creeps and the like are of no concern; there are many of them.
            int target = s->ProjectileTarget[i];
            if (target < 0 ? Sees(world, s, t->Team, s->ProjectileOwner[i], s->ProjectileX[i], s->ProjectileY[i]) : UnitIndex.IsHero(target))
                Add(t, n++, i, s->ProjectileX[i], s->ProjectileY[i], target);
        }
        t->Effects = n;
    }

    private static void Add(TeamSight* t, int n, int effect, float x, float y, int target)
    {
        t->Effect[n] = (byte)effect;
        t->EffectX[n] = x;
        t->EffectY[n] = y;
        t->EffectTarget[n] = target;
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
