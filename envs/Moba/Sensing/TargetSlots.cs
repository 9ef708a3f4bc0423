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
    public fixed byte Unit[36];

    /// <summary>Bit i: the slot <see cref="Sizes.CreepSlot"/> + i is not empty; of creeps, monsters and wards.</summary>
    public uint Filled;

    /// <summary>By hero: itself, its allies and its enemies, in the order of their slots, and empty ones behind.</summary>
    private static readonly ulong[] Heroes = [.. Enumerable.Range(0, UnitIndex.Heroes).SelectMany(HeroesOf)];

    private static ulong[] HeroesOf(int hero)
    {
        int[] own = [.. Enumerable.Range(hero / UnitIndex.HeroesPerTeam * UnitIndex.HeroesPerTeam, UnitIndex.HeroesPerTeam)];
        int[] order = [hero, .. own.Where(h => h != hero), .. own.Select(h => (h + UnitIndex.HeroesPerTeam) % UnitIndex.Heroes)];
        byte[] slots = [.. order.Select(h => (byte)h), .. Enumerable.Repeat(None, 2 * sizeof(ulong) - UnitIndex.Heroes)];
        return [.. MemoryMarshal.Cast<byte, ulong>(slots)];
    }

    /// <summary>Fills the slots of a team's heroes, all of them together; see <see cref="Nearby"/>.</summary>
    /// <param name="slots">[heroes] of the team's first heroes.</param>
    [SkipLocalsInit]
    public static void Fill(TeamSight* t, int heroes, TargetSlots* slots)
    {
        Unsafe.SkipInit(out Nearby nearby);
        Nearby* near = &nearby;
        near->Gather(t, heroes);
        for (int self = 0; self < heroes; self++)
        {
            if (near->Count[self] <= Nearby.Most)
                near->Sort(self);
        }
        for (int self = 0; self < heroes; self++)
        {
            if (near->Count[self] <= Nearby.Most)
                Fill(t, self, slots + self, near->Kind(self, 0), near->Kind(self, 1), near->Kind(self, 2), near->Kind(self, 3));
            else
                FillOne(t, self, slots + self);
        }
    }

    /// <summary>Fills one hero's slots, however many units are near.</summary>
    private static void FillOne(TeamSight* t, int self, TargetSlots* slots)
    {
        // Enemy creeps, own creeps, monsters, enemy wards.
        const int Kinds = 4;
        ulong* nearest = stackalloc ulong[Kinds];
        for (int kind = 0; kind < Kinds; kind++)
            nearest[kind] = ulong.MaxValue;
        Nearest(t, t->HeroX[self], t->HeroY[self], nearest);
        Fill(t, self, slots, nearest[0], nearest[1], nearest[2], nearest[3]);
    }

    /// <summary>Of each kind up to eight units, a byte each, the nearest first; <see cref="None"/> behind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fill(TeamSight* t, int self, TargetSlots* slots, ulong enemyCreeps, ulong ownCreeps, ulong monsters, ulong wards)
    {
        byte* units = slots->Unit;
        ref ulong heroes = ref Heroes[2 * t->HeroUnit[self]];
        // In this order: each block is written as a whole word, of which the next ones write over what is too much.
        *(ulong*)units = heroes;
        *(ulong*)(units + 8) = Unsafe.Add(ref heroes, 1);
        *(ulong*)(units + Sizes.CreepSlot) = enemyCreeps;
        *(ulong*)(units + Sizes.OwnCreepSlot) = ownCreeps;
        *(ulong*)(units + Sizes.StructureSlot) = *(ulong*)t->StructureUnit;
        *(uint*)(units + Sizes.MonsterSlot) = (uint)monsters;
        *(uint*)(units + Sizes.WardSlot) = (uint)wards | 0xFFFF_0000;
        slots->Filled = Bits(enemyCreeps, Sizes.EnemyCreeps, Sizes.CreepSlot) | Bits(ownCreeps, Sizes.OwnCreeps, Sizes.OwnCreepSlot)
            | Bits(monsters, Sizes.Monsters, Sizes.MonsterSlot) | Bits(wards, Sizes.EnemyWards, Sizes.WardSlot);
    }

    /// <summary>A bit for each byte of a word, among the first few, that is not <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bits(ulong bytes, int count, int slot)
        => (~Vector128.Equals(Vector128.CreateScalar(bytes).AsByte(), Vector128<byte>.AllBitsSet).ExtractMostSignificantBits() & (1u << count) - 1) << slot - Sizes.CreepSlot;

    /// <summary>
    /// Of each kind the nearest candidates within the horizon, nearest first, equal ones in order. Each one's rank among its kind is counted
    /// rather than sorted for, and all kinds are ranked together: how far units lie apart and how many there are is nothing that a branch
    /// predictor could learn.
    /// </summary>
    /// <param name="nearest">By kind eight units, a byte each; <see cref="None"/> at first.</param>
    [SkipLocalsInit]
    private static void Nearest(TeamSight* t, float x, float y, ulong* nearest)
    {
        const int Room = (TeamSight.Most + 15) & ~7;
        float* near = stackalloc float[Room];
        int* kinds = stackalloc int[Room];
        byte* candidates = stackalloc byte[Room];
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
        Vector256.Create(float.PositiveInfinity).Store(near + n);
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
            ulong taken = (ulong)-(long)Systems.Combat.One(rank < sizeof(ulong)) & (ulong)(candidates[i] ^ None);
            nearest[kinds[i]] ^= taken << 8 * rank;
        }
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
