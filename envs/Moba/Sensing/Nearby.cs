using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

/// <summary>
/// Which candidates for target slots are near each of a team's heroes, in the order of the slots: by kind (see <see cref="TeamSight.Units"/>),
/// then by distance, equal ones in the order in which they are listed. There are as many steps for few units as for many: how many are near, and in which
/// order, is nothing that a branch predictor could learn.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Nearby
{
    /// <summary>More than so many near one hero are not sorted here.</summary>
    public const int Most = 16;

    private const int Room = Most + 8;

    // Keys sort by kind, then by the bits of the squared distance, which sort as the numbers do; a kind's keys span less than a quarter of all numbers. No
    // two places lie so close to each other without being one that their squared distance would be under the least.
    private const int Least = 0x0400_0000;
    private const int Span = 0x4380_0000 - Least;
    private const int Lowest = int.MinValue;
    private const int Nothing = 0x7F00_0000;

    /// <summary>By own hero: how many candidates are near.</summary>
    public fixed int Count[UnitIndex.HeroesPerTeam];

    private fixed int _key[UnitIndex.HeroesPerTeam * Room];
    private fixed byte _unit[UnitIndex.HeroesPerTeam * Room];
    private fixed byte _sorted[UnitIndex.HeroesPerTeam * Room];

    /// <summary>By own hero and kind: where the kind begins among the sorted; the last one's end.</summary>
    private fixed int _from[UnitIndex.HeroesPerTeam * (Kinds + 1)];

    private const int Kinds = 4;

    /// <summary>Lists those near each hero, as the team lists them.</summary>
    public void Gather(TeamSight* t, int heroes)
    {
        for (int self = 0; self < UnitIndex.HeroesPerTeam; self++)
            Count[self] = 0;
        for (int from = 0; from < t->Units; from += 8)
        {
            Vector256<float> x = Vector256.Load(t->UnitX + from);
            Vector256<float> y = Vector256.Load(t->UnitY + from);
            ulong units = *(ulong*)(t->Unit + from);
            Vector256<int> number = Vector256.Create(from) + Vector256<int>.Indices;
            Vector256<int> kind = Vector256.GreaterThanOrEqual(number, Vector256.Create(t->EnemyCreeps)) + Vector256.GreaterThanOrEqual(number, Vector256.Create(t->Creeps))
                + Vector256.GreaterThanOrEqual(number, Vector256.Create(t->Monsters));
            Vector256<int> first = Vector256.Create(unchecked(Lowest - Least)) - kind * Span;
            uint meant = Vector256.LessThan(number, Vector256.Create(t->Units)).ExtractMostSignificantBits();
            for (int self = 0; self < heroes; self++)
            {
                Vector256<float> dx = x - Vector256.Create(t->HeroX[self]);
                Vector256<float> dy = y - Vector256.Create(t->HeroY[self]);
                Vector256<float> square = dx * dx + dy * dy;
                uint near = Vector256.LessThan(square, Vector256.Create(Sizes.UnitHorizon * Sizes.UnitHorizon)).ExtractMostSignificantBits() & meant;
                ulong order = Packed.Order(near);
                int n = Count[self];
                int at = self * Room + (n < Most ? n : Most);
                Packed.Of(Vector256.Max(square.AsInt32(), Vector256.Create(Least)) + first, Packed.Lanes(order)).Store((int*)Unsafe.AsPointer(ref _key[at]));
                Unsafe.WriteUnaligned(ref _unit[at], Packed.Of(units, order));
                Count[self] = n + Packed.Count(near);
            }
        }
    }

    /// <summary>Sorts those near a hero, at most <see cref="Most"/>: each one's rank is how many come before it.</summary>
    [SkipLocalsInit]
    public void Sort(int self)
    {
        Vector256<int> n = Vector256.Create(Count[self]);
        ref int keys = ref _key[self * Room];
        Vector256<int> low = Vector256.ConditionalSelect(Vector256.LessThan(Vector256<int>.Indices, n), Vector256.LoadUnsafe(ref keys), Vector256.Create(Nothing));
        Vector256<int> high = Vector256.ConditionalSelect(Vector256.LessThan(Vector256<int>.Indices + Vector256.Create(8), n), Vector256.LoadUnsafe(ref keys, 8), Vector256.Create(Nothing));
        ref int from = ref _from[self * (Kinds + 1)];
        from = 0;
        for (int kind = 1; kind < Kinds; kind++)
        {
            Vector256<int> end = Vector256.Create(Lowest + kind * Span);
            Unsafe.Add(ref from, kind) = BitOperations.PopCount(Vector256.LessThan(low, end).ExtractMostSignificantBits() | Vector256.LessThan(high, end).ExtractMostSignificantBits() << 8);
        }
        Unsafe.Add(ref from, Kinds) = Count[self];

        int* rank = stackalloc int[Most];
        (Before(low) + Before(low, high)).Store(rank);
        (Before(high) + NotAfter(high, low)).Store(rank + 8);
        ref byte sorted = ref _sorted[self * Room];
        ref byte unit = ref _unit[self * Room];
        for (int i = 0; i < Most; i++)
            Unsafe.Add(ref sorted, rank[i]) = Unsafe.Add(ref unit, i);
    }

    /// <summary>Up to eight units of a kind, a byte each, the nearest first; <see cref="TargetSlots.None"/> behind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Kind(int self, int kind)
    {
        ref int from = ref _from[self * (Kinds + 1) + kind];
        int n = Unsafe.Add(ref from, 1) - from;
        // Half of the bits at a time: all of them at once would be none.
        int half = 4 * (n < 8 ? n : 8);
        return Unsafe.ReadUnaligned<ulong>(ref _sorted[self * Room + from]) | ulong.MaxValue << half << half;
    }

    /// <summary>How many of the same eight come before each, of equals the earlier ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Before(Vector256<int> keys)
    {
        Vector256<int> after = Vector256.LessThan(Turn1(keys), keys + Vector256.Create(0, 0, 0, 0, 0, 0, 0, 1));
        after += Vector256.LessThan(Turn2(keys), keys + Vector256.Create(0, 0, 0, 0, 0, 0, 1, 1));
        after += Vector256.LessThan(Turn3(keys), keys + Vector256.Create(0, 0, 0, 0, 0, 1, 1, 1));
        after += Vector256.LessThan(Turn4(keys), keys + Vector256.Create(0, 0, 0, 0, 1, 1, 1, 1));
        after += Vector256.LessThan(Turn5(keys), keys + Vector256.Create(0, 0, 0, 1, 1, 1, 1, 1));
        after += Vector256.LessThan(Turn6(keys), keys + Vector256.Create(0, 0, 1, 1, 1, 1, 1, 1));
        after += Vector256.LessThan(Turn7(keys), keys + Vector256.Create(0, 1, 1, 1, 1, 1, 1, 1));
        return -after;
    }

    /// <summary>How many of eight others are less than each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Before(Vector256<int> keys, Vector256<int> others)
    {
        Vector256<int> less = Vector256.LessThan(others, keys) + Vector256.LessThan(Turn1(others), keys) + Vector256.LessThan(Turn2(others), keys) + Vector256.LessThan(Turn3(others), keys);
        less += Vector256.LessThan(Turn4(others), keys) + Vector256.LessThan(Turn5(others), keys) + Vector256.LessThan(Turn6(others), keys) + Vector256.LessThan(Turn7(others), keys);
        return -less;
    }

    /// <summary>How many of eight others are no more than each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> NotAfter(Vector256<int> keys, Vector256<int> others) => Before(keys + Vector256<int>.One, others);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Turn1(Vector256<int> v) => Vector256.ShuffleNative(v, Vector256.Create(1, 2, 3, 4, 5, 6, 7, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Turn2(Vector256<int> v) => Vector256.ShuffleNative(v, Vector256.Create(2, 3, 4, 5, 6, 7, 0, 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Turn3(Vector256<int> v) => Vector256.ShuffleNative(v, Vector256.Create(3, 4, 5, 6, 7, 0, 1, 2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Turn4(Vector256<int> v) => Vector256.ShuffleNative(v, Vector256.Create(4, 5, 6, 7, 0, 1, 2, 3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Turn5(Vector256<int> v) => Vector256.ShuffleNative(v, Vector256.Create(5, 6, 7, 0, 1, 2, 3, 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Turn6(Vector256<int> v) => Vector256.ShuffleNative(v, Vector256.Create(6, 7, 0, 1, 2, 3, 4, 5));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Turn7(Vector256<int> v) => Vector256.ShuffleNative(v, Vector256.Create(7, 0, 1, 2, 3, 4, 5, 6));
}
