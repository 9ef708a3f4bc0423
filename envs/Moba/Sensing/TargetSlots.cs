using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SelfPlayArena.Moba;

/// <summary>
/// Which unit stands behind each option of one hero's target head. Observation rows, masks and the decoding of actions all use it, so that
/// a pointer always means what was seen. A function of the state alone.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TargetSlots
{
    /// <summary>Stands for an empty slot.</summary>
    public const byte None = 255;

    /// <summary>Unit by option, padded to a round size.</summary>
    public fixed byte Unit[40];

    /// <summary>Fills the slots of an own hero (0 to 4).</summary>
    public static void Fill(TeamSight* t, int self, TargetSlots* slots)
    {
        byte* units = slots->Unit;
        *(ulong*)units = ulong.MaxValue;
        *(ulong*)(units + 8) = ulong.MaxValue;
        *(ulong*)(units + 16) = ulong.MaxValue;
        *(ulong*)(units + 24) = ulong.MaxValue;
        *(ulong*)(units + 32) = ulong.MaxValue;
        units[0] = t->HeroUnit[self];
        for (int i = 0, at = Sizes.AllySlot; i < UnitIndex.HeroesPerTeam; i++)
        {
            if (i != self)
                units[at++] = t->HeroUnit[i];
        }
        for (int i = 0; i < Sizes.Enemies; i++)
            units[Sizes.EnemySlot + i] = t->HeroUnit[UnitIndex.HeroesPerTeam + i];
        Nearest(t, t->HeroX[self], t->HeroY[self], units);
        *(ulong*)(units + Sizes.StructureSlot) = *(ulong*)t->StructureUnit;
    }

    /// <summary>
    /// Of each kind the nearest candidates within the horizon, nearest first, equal ones in order. Each one's rank among its kind is counted
    /// rather than sorted for, and all kinds are ranked together: how far units lie apart and how many there are is nothing that a branch
    /// predictor could learn.
    /// </summary>
    [SkipLocalsInit]
    private static void Nearest(TeamSight* t, float x, float y, byte* units)
    {
        const int Kinds = 4, Room = (TeamSight.Most + 15) & ~7;
        float* near = stackalloc float[Room];
        int* kinds = stackalloc int[Room];
        byte* candidates = stackalloc byte[Room];
        byte* ranked = stackalloc byte[Kinds * Room];
        int n = 0;
        for (int from = 0; from < t->Units; from += 64)
        {
            int to = t->Units - from < 64 ? t->Units : from + 64;
            for (ulong within = Within(t, from, to, x, y); within != 0; within &= within - 1)
            {
                int i = from + BitOperations.TrailingZeroCount(within);
                float dx = t->UnitX[i] - x;
                float dy = t->UnitY[i] - y;
                near[n] = dx * dx + dy * dy;
                kinds[n] = Systems.Combat.One(i >= t->EnemyCreeps) + Systems.Combat.One(i >= t->Creeps) + Systems.Combat.One(i >= t->Monsters);
                candidates[n++] = t->Unit[i];
            }
        }
        if (n == 0)
            return;
        Vector256.Create(float.PositiveInfinity).Store(near + n);
        ulong* first = (ulong*)ranked;
        for (int kind = 0; kind < Kinds; kind++)
            first[kind * Room / sizeof(ulong)] = ulong.MaxValue;
        for (int i = 0; i < n; i++)
        {
            Vector256<float> own = Vector256.Create(near[i]);
            Vector256<int> kind = Vector256.Create(kinds[i]);
            int rank = 0;
            for (int k = 0; k < n; k += 8)
            {
                Vector256<float> others = Vector256.Load(near + k);
                uint nearer = Vector256.LessThan(others, own).ExtractMostSignificantBits();
                uint before = i >= k + 8 ? 255u : (1u << (i > k ? i - k : 0)) - 1;
                uint equal = Vector256.Equals(others, own).ExtractMostSignificantBits() & before;
                uint alike = Vector256.Equals(Vector256.Load(kinds + k), kind).ExtractMostSignificantBits();
                rank += BitOperations.PopCount((nearer | equal) & alike);
            }
            ranked[kinds[i] * Room + rank] = candidates[i];
        }
        for (int k = 0; k < Sizes.EnemyCreeps; k++)
            units[Sizes.CreepSlot + k] = ranked[k];
        for (int k = 0; k < Sizes.OwnCreeps; k++)
            units[Sizes.OwnCreepSlot + k] = ranked[Room + k];
        for (int k = 0; k < Sizes.Monsters; k++)
            units[Sizes.MonsterSlot + k] = ranked[2 * Room + k];
        for (int k = 0; k < Sizes.EnemyWards; k++)
            units[Sizes.WardSlot + k] = ranked[3 * Room + k];
    }

    /// <summary>Bit i: candidate from + i is within the horizon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Within(TeamSight* t, int from, int to, float x, float y)
    {
        ulong within = 0;
        for (int i = from; i < to; i += 8)
        {
            Vector256<float> dx = Vector256.Load(t->UnitX + i) - Vector256.Create(x);
            Vector256<float> dy = Vector256.Load(t->UnitY + i) - Vector256.Create(y);
            within |= (ulong)Vector256.LessThan(dx * dx + dy * dy, Vector256.Create(Sizes.UnitHorizon * Sizes.UnitHorizon)).ExtractMostSignificantBits() << i - from;
        }
        return within & (ulong.MaxValue >> 64 - (to - from));
    }
}
