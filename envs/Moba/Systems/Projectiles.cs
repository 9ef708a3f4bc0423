using System.Numerics;
using System.Runtime.CompilerServices;

namespace SelfPlayArena.Moba.Systems;

/// <summary>Flies projectiles: homing ones to their target, straight ones until they hit, meet a wall or end.</summary>
internal static unsafe class Projectiles
{
    public static void Run(MobaWorld w, WorldState* s, Scratch* t)
    {
        // Most places are empty: eight are looked at together. What projectiles do launches no others.
        for (int first = 0; first < WorldState.MaxProjectiles; first += 8)
        {
            for (ulong m = Unsafe.ReadUnaligned<ulong>(s->ProjectileAlive + first); m != 0; m &= m - 1)
            {
                int p = first + (BitOperations.TrailingZeroCount(m) >> 3);
                if (s->ProjectileTarget[p] >= 0)
                    Home(w, s, t, p);
                else
                    Fly(w, s, t, p);
            }
        }
    }

    private static void Home(MobaWorld w, WorldState* s, Scratch* t, int p)
    {
        int target = s->ProjectileTarget[p];
        if (s->Alive[target] == 0)
        {
            End(s, p);
            return;
        }
        float dx = s->X[target] - s->ProjectileX[p];
        float dy = s->Y[target] - s->ProjectileY[p];
        float speed = s->ProjectileSpeed[p];
        float square = dx * dx + dy * dy;
        if (square > speed * speed)
        {
            float f = speed / MathF.Sqrt(square);
            s->ProjectileVX[p] = dx * f;
            s->ProjectileVY[p] = dy * f;
            s->ProjectileX[p] += dx * f;
            s->ProjectileY[p] += dy * f;
            return;
        }
        s->ProjectileX[p] = s->X[target];
        s->ProjectileY[p] = s->Y[target];
        if (s->ProjectileEffect[p] < 0)
            t->Damage(s->ProjectileOwner[p], target, s->ProjectileDamage[p], DamageType.Physical, Scratch.Basic);
        else
            Strike(w, s, t, p, target);
        End(s, p);
    }

    private static void Fly(MobaWorld w, WorldState* s, Scratch* t, int p)
    {
        float x = s->ProjectileX[p] + s->ProjectileVX[p];
        float y = s->ProjectileY[p] + s->ProjectileVY[p];
        int enemy = 1 - s->ProjectileTeam[p];
        int best = -1;
        float near = float.MaxValue;
        for (int h = enemy * UnitIndex.HeroesPerTeam; h < (enemy + 1) * UnitIndex.HeroesPerTeam; h++)
            Meet(w, s, t, p, h, x, y, ref near, ref best);
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            int first = UnitIndex.Creep(enemy, lane, 0);
            for (uint m = s->LaneAlive[enemy * UnitIndex.Lanes + lane]; m != 0; m &= m - 1)
                Meet(w, s, t, p, first + BitOperations.TrailingZeroCount(m), x, y, ref near, ref best);
        }
        for (int u = UnitIndex.FirstMonster; u < UnitIndex.FirstSummon; u++)
            Meet(w, s, t, p, u, x, y, ref near, ref best);
        if (Combat.AnySummon(s, enemy))
        {
            for (int u = UnitIndex.Summon(enemy, 0); u < UnitIndex.Summon(enemy, UnitIndex.SummonsPerTeam); u++)
                Meet(w, s, t, p, u, x, y, ref near, ref best);
        }
        s->ProjectileX[p] = x;
        s->ProjectileY[p] = y;
        s->ProjectileRange[p] -= s->ProjectileSpeed[p];
        if (best >= 0)
            Strike(w, s, t, p, best);
        if (best >= 0 || s->ProjectileRange[p] <= 0f || !w.Map.Walkable(x, y))
            End(s, p);
    }

    /// <summary>Hits at once what a piercing projectile passes; for another finds what it meets first.</summary>
    private static void Meet(MobaWorld w, WorldState* s, Scratch* t, int p, int u, float x, float y, ref float near, ref int best)
    {
        if (s->Alive[u] == 0)
            return;
        float reach = s->ProjectileWidth[p] + Combat.Body(u);
        float vx = s->ProjectileVX[p];
        float vy = s->ProjectileVY[p];
        float dx = s->X[u] - s->ProjectileX[p];
        float dy = s->Y[u] - s->ProjectileY[p];
        float far = reach + s->ProjectileSpeed[p];
        if (dx * dx + dy * dy > far * far)
            return;
        float along = (dx * vx + dy * vy) / (s->ProjectileSpeed[p] * s->ProjectileSpeed[p]);
        float at = along < 0f ? 0f : along > 1f ? 1f : along;
        float ex = dx - at * vx;
        float ey = dy - at * vy;
        if (ex * ex + ey * ey > reach * reach)
            return;
        if (s->ProjectilePierces[p] == 0)
        {
            if (along < near)
            {
                near = along;
                best = u;
            }
            return;
        }
        ulong* hit = u < 64 ? &s->ProjectileHitLow[p] : &s->ProjectileHitHigh[p];
        ulong bit = 1ul << (u & 63);
        if ((*hit & bit) != 0)
            return;
        *hit |= bit;
        Strike(w, s, t, p, u);
    }

    private static void Strike(MobaWorld w, WorldState* s, Scratch* t, int p, int target)
    {
        EffectDefinition e = w.Content.Effects[s->ProjectileEffect[p]];
        var hit = new Hit
        {
            Owner = s->ProjectileOwner[p],
            Skill = s->ProjectileSkill[p],
            Unit = target,
            X = s->X[target],
            Y = s->Y[target],
            AimX = s->ProjectileVX[p],
            AimY = s->ProjectileVY[p],
        };
        Effects.Apply(w, s, t, in hit, e.FirstChild, e.Children);
    }

    private static void End(WorldState* s, int p)
    {
        s->ProjectileAlive[p] = 0;
        s->ProjectileTarget[p] = -1;
        s->ProjectileEffect[p] = -1;
    }
}
