using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

internal sealed unsafe partial class ObservationWriter
{
    private static void WriteHeroes(WorldState* s, TeamSight* t, int self, int u, byte* o)
    {
        float x = t->HeroX[self];
        float y = t->HeroY[self];
        float range = s->AttackRange[u] + Combat.Body(u);
        range *= range;
        bool alive = s->Alive[u] != 0;
        byte* places = stackalloc byte[2 * PlaceBytes];
        float* squares = stackalloc float[2 * Vector256<float>.Count];
        Places(t->HeroX, t->HeroY, x, y, Sizes.HeroDistance, places, squares);
        Places(t->HeroX + Vector256<float>.Count, t->HeroY + Vector256<float>.Count, x, y, Sizes.HeroDistance, places + PlaceBytes, squares + Vector256<float>.Count);
        o[Sizes.SelfAt] = 1;
        Unsafe.CopyBlockUnaligned(o + Sizes.SelfAt + 1, TeamSight.Row(t, self), Sizes.HeroRow);
        int ally = 0;
        for (int i = 0; i < UnitIndex.Heroes; i++)
        {
            if (i == self)
                continue;
            int v = t->HeroUnit[i];
            bool enemy = i >= UnitIndex.HeroesPerTeam;
            int slot = enemy ? i - UnitIndex.HeroesPerTeam : ally++;
            if (s->Present[v] == 0)
                continue;
            byte* block = o + (enemy ? Sizes.EnemyAt : Sizes.AllyAt);
            block[slot] = 1;
            byte* p = block + (enemy ? Sizes.Enemies : Sizes.Allies) + slot * Sizes.HeroRow;
            Unsafe.CopyBlockUnaligned(p, TeamSight.Row(t, i), Sizes.HeroRow);
            if (t->HeroPlaced[i] == 0)
                continue;
            float d = squares[i];
            Place(places, i, p + 1);
            if (!enemy || t->HeroSeen[i] == 0 || !alive)
                continue;
            p[6] = Flag(d <= range);
            float its = s->AttackRange[v] + Combat.Body(u);
            p[7] = Flag(d <= its * its);
            p[8] = Flag(s->AttackTarget[v] == u & s->OrderVerb[v] == (byte)Verb.Attack);
        }
    }

    private static void WriteCreeps(WorldState* s, TeamSight* t, int self, int u, TargetSlots* slots, byte* o)
    {
        float range = s->AttackRange[u] + Combat.Body(UnitIndex.FirstCreep);
        range *= range;
        for (int i = 0; i < Sizes.Creeps; i++)
        {
            int v = slots->Unit[Sizes.CreepSlot + i];
            if (v == TargetSlots.None)
                continue;
            o[i] = 1;
            byte* p = o + Sizes.Creeps + i * Sizes.CreepRow;
            float hp = s->Hp[v];
            float d = Relative(s, t, self, v, hp / s->MaxHp[v], p);
            bool enemy = i < Sizes.EnemyCreeps;
            p[4] = Q(hp * (1f / Sizes.CreepHp));
            p[5] = Flag(enemy & hp * (100f + s->Armor[v]) <= s->Attack[u] * 100f);
            p[6] = Flag(enemy);
            p[9] = Flag(d <= range);
            p[10] = Flag(s->AttackTarget[v] == u);
            if (UnitIndex.IsSummon(v))
            {
                p[12] = 127;
                p[13] = Q(s->Remaining(s->ExpireTick[v - UnitIndex.FirstSummon]) * (PerSecond / Sizes.SummonSeconds));
                continue;
            }
            p[7] = Flag(s->Kind[v] == 1);
            p[8] = Flag(s->Kind[v] == 2);
            p[11] = Flag(s->Kind[v] == 3);
        }
    }

    private static void WriteStructures(WorldState* s, TeamSight* t, int self, int u, byte* rows, byte* o)
    {
        byte* places = stackalloc byte[PlaceBytes];
        float* squares = stackalloc float[Vector256<float>.Count];
        Places(t->StructureX, t->StructureY, t->HeroX[self], t->HeroY[self], Sizes.Far, places, squares);
        for (int k = 0; k < Sizes.Structures; k++)
        {
            int v = t->StructureUnit[k];
            if (v == TargetSlots.None || s->Alive[v] == 0)
                continue;
            o[k] = 1;
            byte* p = o + Sizes.Structures + k * Sizes.StructureRow;
            float d = squares[k];
            Unsafe.CopyBlockUnaligned(p, rows + k * Sizes.StructureRow, Sizes.StructureRow);
            Place(places, k, p);
            if (k >= Sizes.Structures / 2)
                continue;
            float its = s->AttackRange[v] + Combat.Body(u);
            float mine = s->AttackRange[u] + Combat.Body(v);
            p[7] = Flag(d <= its * its);
            p[8] = Flag(d <= mine * mine);
            p[9] = Flag(s->AttackTarget[v] == u);
        }
    }

    private static void WriteMonsters(WorldState* s, TeamSight* t, int self, int u, TargetSlots* slots, byte* o)
    {
        for (int i = 0; i < Sizes.Monsters; i++)
        {
            int v = slots->Unit[Sizes.MonsterSlot + i];
            if (v == TargetSlots.None)
                continue;
            o[i] = 1;
            byte* p = o + Sizes.Monsters + i * Sizes.MonsterRow;
            float d = Relative(s, t, self, v, s->Hp[v] / s->MaxHp[v], p);
            p[4] = Q(s->Hp[v] * (1f / Sizes.MonsterHp));
            p[5] = Q(s->Attack[v] * (1f / Sizes.HeroAttack));
            float mine = s->AttackRange[u] + Combat.Body(v);
            p[6] = Flag(d <= mine * mine);
            p[7] = Flag(s->AttackTarget[v] == u);
            if (v < UnitIndex.FirstEpic)
                continue;
            p[8 + v - UnitIndex.FirstEpic] = 127;
            p[10] = Q(s->Hp[v] * (1f / Sizes.EpicHp));
        }
    }

    private static void WriteWards(WorldState* s, TeamSight* t, int self, int u, TargetSlots* slots, byte* o)
    {
        for (int i = 0; i < Sizes.EnemyWards; i++)
        {
            int v = slots->Unit[Sizes.WardSlot + i];
            if (v == TargetSlots.None)
                return;
            o[i] = 1;
            byte* p = o + Sizes.EnemyWards + i * Sizes.EnemyWardRow;
            float d = Relative(s, t, self, v, s->Hp[v] / s->MaxHp[v], p);
            float mine = s->AttackRange[u] + Combat.Body(v);
            p[4] = Flag(d <= mine * mine);
        }
    }

    private static void WriteEffects(WorldState* s, TeamSight* t, int self, int u, byte* o)
    {
        int team = t->Team;
        float x = s->X[u];
        float y = s->Y[u];
        int* found = stackalloc int[Sizes.Effects + 1];
        float* best = stackalloc float[Sizes.Effects + 1];
        int n = 0;
        for (int k = 0; k < t->Effects; k++)
        {
            int e = t->Effect[k];
            if (e >= WorldState.MaxProjectiles)
                n = Insert(found, best, n, e, s->ZoneX[e - WorldState.MaxProjectiles] - x, s->ZoneY[e - WorldState.MaxProjectiles] - y);
            else if (s->ProjectileTarget[e] < 0 | s->ProjectileTarget[e] == u)
                n = Insert(found, best, n, e, s->ProjectileX[e] - x, s->ProjectileY[e] - y);
        }
        for (int k = 0; k < n; k++)
        {
            o[k] = 1;
            byte* p = o + Sizes.Effects + k * Sizes.EffectRow;
            int e = found[k];
            bool zone = e >= WorldState.MaxProjectiles;
            int i = zone ? e - WorldState.MaxProjectiles : e;
            float dx = (zone ? s->ZoneX[i] : s->ProjectileX[i]) - x;
            float dy = (zone ? s->ZoneY[i] : s->ProjectileY[i]) - y;
            float vx = zone ? 0f : s->ProjectileVX[i];
            float vy = zone ? 0f : s->ProjectileVY[i];
            p[0] = Q((team == 0 ? dx : -dy) * (1f / Sizes.Near));
            p[1] = Q((team == 0 ? dy : -dx) * (1f / Sizes.Near));
            p[2] = Q((team == 0 ? vx : -vy) * (PerTickToPerSecond / Sizes.EffectSpeed));
            p[3] = Q((team == 0 ? vy : -vx) * (PerTickToPerSecond / Sizes.EffectSpeed));
            p[4] = Q((zone ? s->ZoneRadius[i] : s->ProjectileWidth[i]) * (1f / Sizes.EffectRadius));
            float left = zone ? s->ZoneUntil[i] - s->Tick
                : s->ProjectileTarget[i] < 0 && s->ProjectileSpeed[i] > 0f ? s->ProjectileRange[i] / s->ProjectileSpeed[i] : 0f;
            p[5] = Q(left * (PerSecond / Sizes.EffectSeconds));
            p[6] = Flag(zone);
            p[7] = Flag(!zone && s->ProjectileTarget[i] == u);
        }
    }

    private static int Insert(int* found, float* best, int n, int effect, float dx, float dy)
    {
        float d = dx * dx + dy * dy;
        if (d >= Sizes.EffectHorizon * Sizes.EffectHorizon || (n == Sizes.Effects && d >= best[n - 1]))
            return n;
        int at = n;
        while (at > 0 && best[at - 1] > d)
        {
            best[at] = best[at - 1];
            found[at] = found[at - 1];
            at--;
        }
        best[at] = d;
        found[at] = effect;
        return n < Sizes.Effects ? n + 1 : n;
    }
}
