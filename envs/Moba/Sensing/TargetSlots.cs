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
        float x = t->HeroX[self];
        float y = t->HeroY[self];
        Nearest(t->CreepUnit, t->CreepX, t->CreepY, 0, t->EnemyCreeps, x, y, units + Sizes.CreepSlot, Sizes.EnemyCreeps);
        Nearest(t->CreepUnit, t->CreepX, t->CreepY, t->EnemyCreeps, t->Creeps, x, y, units + Sizes.OwnCreepSlot, Sizes.OwnCreeps);
        Nearest(t->MonsterUnit, t->MonsterX, t->MonsterY, 0, t->Monsters, x, y, units + Sizes.MonsterSlot, Sizes.Monsters);
        Nearest(t->WardUnit, t->WardX, t->WardY, 0, t->Wards, x, y, units + Sizes.WardSlot, Sizes.EnemyWards);
        *(ulong*)(units + Sizes.StructureSlot) = *(ulong*)t->StructureUnit;
    }

    /// <summary>
    /// The <paramref name="places"/> nearest candidates within the horizon, nearest first, equal ones in order. Each one's rank is counted
    /// rather than sorted for: how far units lie apart is nothing that a branch predictor could learn.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [SkipLocalsInit]
    private static void Nearest(byte* unit, float* xs, float* ys, int from, int to, float x, float y, byte* into, int places)
    {
        const int Room = (UnitIndex.Creeps + UnitIndex.Summons) / 2 + 8;
        float* near = stackalloc float[Room];
        byte* candidates = stackalloc byte[Room];
        byte* ranked = stackalloc byte[Room];
        ulong within = 0;
        float* all = stackalloc float[Room];
        for (int i = from; i < to; i += 8)
        {
            Vector256<float> dx = Vector256.Load(xs + i) - Vector256.Create(x);
            Vector256<float> dy = Vector256.Load(ys + i) - Vector256.Create(y);
            Vector256<float> square = dx * dx + dy * dy;
            square.Store(all + i - from);
            within |= (ulong)Vector256.LessThan(square, Vector256.Create(Sizes.UnitHorizon * Sizes.UnitHorizon)).ExtractMostSignificantBits() << i - from;
        }
        int n = 0;
        for (within &= (1ul << to - from) - 1; within != 0; within &= within - 1)
        {
            int i = BitOperations.TrailingZeroCount(within);
            near[n] = all[i];
            candidates[n++] = unit[from + i];
        }
        if (n == 0)
            return;
        Vector256.Create(float.PositiveInfinity).Store(near + n);
        Unsafe.InitBlockUnaligned(ranked, None, Sizes.EnemyCreeps);
        for (int i = 0; i < n; i++)
        {
            Vector256<float> own = Vector256.Create(near[i]);
            ulong before = (1ul << i) - 1;
            int rank = 0;
            for (int k = 0; k < n; k += 8)
            {
                Vector256<float> others = Vector256.Load(near + k);
                uint nearer = Vector256.LessThan(others, own).ExtractMostSignificantBits();
                uint equal = Vector256.Equals(others, own).ExtractMostSignificantBits() & (uint)(before >> k);
                rank += BitOperations.PopCount(nearer | equal);
            }
            ranked[rank] = candidates[i];
        }
        for (int k = 0; k < places; k++)
            into[k] = ranked[k];
    }
}
