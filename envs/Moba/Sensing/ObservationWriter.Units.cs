using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

internal sealed unsafe partial class ObservationWriter
{
    /// <summary>Rows as the team knows them, and in each what depends on who looks: place and reach, worked out for a team's five at once.</summary>
    [SkipLocalsInit]
    private static void WriteHeroes(WorldState* s, TeamSight* t, int self, int u, byte* o)
    {
        float x = t->HeroX[self];
        float y = t->HeroY[self];
        ulong* places = stackalloc ulong[2 * Vector256<int>.Count];
        ulong* enemies = places + Vector256<int>.Count;
        Places(t->HeroX, t->HeroY, x, y, Sizes.HeroDistance, out Vector256<int> near, out Vector256<int> distance);
        Vector256<int> placed = Ones(t->HeroPlaced);
        Join(near & placed, distance & placed, places);

        const int Enemy = UnitIndex.HeroesPerTeam;
        int first = t->HeroUnit[Enemy];
        Vector256<float> square = Places(t->HeroX + Enemy, t->HeroY + Enemy, x, y, Sizes.HeroDistance, out near, out distance);
        placed = Ones(t->HeroPlaced + Enemy);
        float range = s->AttackRange[u] + Combat.Body(u);
        Vector256<float> its = Vector256.Load(s->AttackRange + first) + Vector256.Create(Combat.Body(u));
        Vector256<int> mine = Vector256.LessThanOrEqual(square, Vector256.Create(range * range)).AsInt32();
        Vector256<int> theirs = Vector256.LessThanOrEqual(square, its * its).AsInt32();
        Vector128<short> aims = Vector128.Equals(Vector128.Load(s->AttackTarget + first), Vector128.Create((short)u));
        Vector128<byte> verbs = Vector128.Equals(Vector128.LoadUnsafe(ref s->OrderVerb[first]), Vector128.Create((byte)Verb.Attack));
        Vector128<short> strikes = aims & Vector128.WidenLower(verbs.AsSByte());
        Vector256<int> at = Vector256.Create(Vector128.WidenLower(strikes), Vector128.WidenUpper(strikes));
        Vector256<int> seen = Ones(t->HeroSeen + Enemy) & Vector256.Create(-Combat.One(s->Alive[u] != 0)) & placed;
        Vector256<int> flags = (mine & Vector256.Create(127 << 8)) | (theirs & Vector256.Create(127 << 16)) | (at & Vector256.Create(127 << 24));
        Join(near & placed, (distance & placed) | (flags & seen), enemies);

        o[Sizes.SelfAt] = 1;
        Unsafe.CopyBlockUnaligned(o + Sizes.SelfAt + 1, TeamSight.Row(t, self), Sizes.HeroRow);
        for (int i = 0, slot = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            if (i == self)
                continue;
            WriteHero(s, t, i, slot++, places[i], o + Sizes.AllyAt, Sizes.Allies);
        }
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
            WriteHero(s, t, Enemy + i, i, enemies[i], o + Sizes.EnemyAt, Sizes.Enemies);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteHero(WorldState* s, TeamSight* t, int i, int slot, ulong place, byte* block, int slots)
    {
        if (s->Present[t->HeroUnit[i]] == 0)
            return;
        block[slot] = 1;
        byte* p = block + slots + slot * Sizes.HeroRow;
        Unsafe.CopyBlockUnaligned(p, TeamSight.Row(t, i), Sizes.HeroRow);
        *(ulong*)(p + 1) = place;
    }

    /// <summary>Eight flags of 0 or 1 as lanes of zeros or ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Ones(byte* flags)
    {
        Vector128<ushort> half = Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)flags).AsByte());
        return -Vector256.Create(Vector128.WidenLower(half), Vector128.WidenUpper(half)).AsInt32();
    }

    /// <summary>Stores eight times two ints side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join(Vector256<int> low, Vector256<int> high, ulong* into)
    {
        (Vector256.WidenLower(low.AsUInt32()) | Vector256.WidenLower(high.AsUInt32()) << 32).Store(into);
        (Vector256.WidenUpper(low.AsUInt32()) | Vector256.WidenUpper(high.AsUInt32()) << 32).Store(into + 4);
    }

    private static void WriteCreeps(WorldState* s, TeamSight* t, int self, int u, TargetSlots* slots, byte* o)
    {
        float range = s->AttackRange[u] + Combat.Body(UnitIndex.FirstCreep);
        range *= range;
        for (uint m = slots->Filled & ((1u << Sizes.Creeps) - 1); m != 0; m &= m - 1)
        {
            int i = BitOperations.TrailingZeroCount(m);
            int v = slots->Unit[Sizes.CreepSlot + i];
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

    /// <summary>Rows of what does not stand are empty: they are written all the same, since nobody can predict which.</summary>
    [SkipLocalsInit]
    private static void WriteStructures(WorldState* s, TeamSight* t, int self, int u, byte* rows, byte* o)
    {
        ulong* places = stackalloc ulong[Vector256<int>.Count];
        float* squares = stackalloc float[Vector256<float>.Count];
        Places(t->StructureX, t->StructureY, t->HeroX[self], t->HeroY[self], Sizes.Far, out Vector256<int> near, out Vector256<int> distance).Store(squares);
        Join(near, distance, places);
        for (int k = 0; k < Sizes.Structures; k++)
        {
            int any = Combat.One(t->StructureUnit[k] != TargetSlots.None);
            int v = t->StructureUnit[k] & -any;
            int stands = any & Combat.One(s->Alive[v] != 0);
            o[k] = (byte)stands;
            byte* p = o + Sizes.Structures + k * Sizes.StructureRow;
            ulong* row = (ulong*)(rows + k * StructureStride);
            ulong shown = (ulong)-(long)stands;
            // Five bytes of the place, then the row's; together they are a row of fourteen.
            *(ulong*)p = (row[0] | (places[k] & 0xFF_FFFF_FFFF)) & shown;
            *(uint*)(p + 8) = (uint)(row[1] & shown);
            *(ushort*)(p + 12) = (ushort)((row[1] & shown) >> 32);
            if (k >= Sizes.Structures / 2)
                continue;
            float d = squares[k];
            float its = s->AttackRange[v] + Combat.Body(u);
            float mine = s->AttackRange[u] + Combat.Body(v);
            p[7] = (byte)(Flag(d <= its * its) & (int)shown);
            p[8] = (byte)(Flag(d <= mine * mine) & (int)shown);
            p[9] = (byte)(Flag(s->AttackTarget[v] == u) & (int)shown);
        }
    }

    private static void WriteMonsters(WorldState* s, TeamSight* t, int self, int u, TargetSlots* slots, byte* o)
    {
        for (uint m = slots->Filled >> Sizes.MonsterSlot - Sizes.CreepSlot & ((1u << Sizes.Monsters) - 1); m != 0; m &= m - 1)
        {
            int i = BitOperations.TrailingZeroCount(m);
            int v = slots->Unit[Sizes.MonsterSlot + i];
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
        for (int from = 0; from < t->Effects; from += 8)
        {
            for (uint m = Concerns(t, from, u, x, y); m != 0; m &= m - 1)
            {
                int k = from + BitOperations.TrailingZeroCount(m);
                n = Insert(found, best, n, t->Effect[k], t->EffectX[k] - x, t->EffectY[k] - y);
            }
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

    /// <summary>Bits of those among eight effects that are near a hero, and if they fly at somebody, at it. Hardly ever is there any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Concerns(TeamSight* t, int from, int u, float x, float y)
    {
        Vector256<float> dx = Vector256.Load(t->EffectX + from) - Vector256.Create(x);
        Vector256<float> dy = Vector256.Load(t->EffectY + from) - Vector256.Create(y);
        Vector256<float> near = Vector256.LessThan(dx * dx + dy * dy, Vector256.Create(Sizes.EffectHorizon * Sizes.EffectHorizon));
        Vector256<int> target = Vector256.Load(t->EffectTarget + from);
        Vector256<int> concerns = Vector256.LessThan(target, Vector256<int>.Zero) | Vector256.Equals(target, Vector256.Create(u));
        int left = t->Effects - from;
        return (near.AsInt32() & concerns).ExtractMostSignificantBits() & (1u << (left < 8 ? left : 8)) - 1;
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
