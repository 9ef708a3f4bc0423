using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SelfPlayArena.Moba.Systems;

/// <summary>
/// Questions about many units at once, answered without a branch for each: who is near differs from match to match, and a mispredicted
/// branch costs more than sixteen distances. Sixteen units from a first one on; the caller's mask says which of them are meant. Lanes are
/// computed by themselves, so the width of vectors changes no bit.
/// </summary>
internal static unsafe class Near
{
    /// <summary>Units that one question is about.</summary>
    public const int Wide = 16;

    /// <summary>Bit i: unit first + i is alive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Alive(WorldState* s, int first)
        => ~Vector128.Equals(Vector128.Load(s->Alive + first), Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;

    /// <summary>Bit i: unit first + i is seen by the team.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Seen(WorldState* s, int team, int first)
        => ~Vector128.Equals(Vector128.Load(s->Visible + first) & Vector128.Create((byte)(1 << team)), Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;

    /// <summary>Bit i: unit first + i is alive and seen by the team.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Shown(WorldState* s, int team, int first)
        => ~(Vector128.Equals(Vector128.Load(s->Alive + first), Vector128<byte>.Zero) | Vector128.Equals(Vector128.Load(s->Visible + first) & Vector128.Create((byte)(1 << team)), Vector128<byte>.Zero))
            .ExtractMostSignificantBits() & 0xFFFF;

    /// <summary>Bit i: a time by unit lies ahead of the present tick.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Ahead(WorldState* s, ushort* until, int first)
    {
        Vector128<ushort> now = Vector128.Create((ushort)s->Tick);
        Vector128<ushort> low = Vector128.GreaterThan(Vector128.Load(until + first), now);
        Vector128<ushort> high = Vector128.GreaterThan(Vector128.Load(until + first + 8), now);
        return Vector128.Narrow(low, high).ExtractMostSignificantBits();
    }

    /// <summary>Bit i: a number by unit is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Zero(ushort* of, int first)
    {
        Vector128<ushort> low = Vector128.Equals(Vector128.Load(of + first), Vector128<ushort>.Zero);
        Vector128<ushort> high = Vector128.Equals(Vector128.Load(of + first + 8), Vector128<ushort>.Zero);
        return Vector128.Narrow(low, high).ExtractMostSignificantBits();
    }

    /// <summary>Bit i: a number by unit is negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Negative(short* of, int first)
        => Vector128.Load(of + first).ExtractMostSignificantBits() | Vector128.Load(of + first + 8).ExtractMostSignificantBits() << 8;

    /// <summary>Bits of all heroes.</summary>
    public const uint Heroes = (1u << UnitIndex.Heroes) - 1;

    /// <summary>Bit i: the standing order of hero i has this verb. Of heroes only, so other bits mean nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Ordered(WorldState* s, Verb verb)
        => Vector128.Equals(Vector128.Load(s->OrderVerb), Vector128.Create((byte)verb)).ExtractMostSignificantBits() & Heroes;

    /// <summary>Bit i: hero i has a cast under way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Casting(WorldState* s) => ~Vector128.Load(s->CastSkill).ExtractMostSignificantBits() & Heroes;

    /// <summary>Bit i: a flag by unit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Set(byte* of, int first)
        => ~Vector128.Equals(Vector128.Load(of + first), Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;

    /// <summary>Sets a number by hero to 0 for those that bits mean.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Clear(ushort* of, uint bits)
    {
        Vector128<ushort> each = Vector128.Create((ushort)1, 2, 4, 8, 16, 32, 64, 128);
        Vector128.AndNot(Vector128.Load(of), Vector128.Equals(Vector128.Create((ushort)bits) & each, each)).Store(of);
        for (int h = Vector128<ushort>.Count; h < UnitIndex.Heroes; h++)
            of[h] = (ushort)(of[h] & ((int)(bits >> h & 1) - 1));
    }

    /// <summary>Units that the questions about a team's creeps take in: whole vectors, so the caller's mask must leave out those behind the last creep.</summary>
    public const int Team = 40;

    /// <summary>Bit i: creep i of the team, by lane and slot, is alive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Creeps(WorldState* s, int team)
    {
        ushort* lanes = s->LaneAlive + team * UnitIndex.Lanes;
        return lanes[0] | (ulong)lanes[1] << UnitIndex.CreepsPerLane | (ulong)lanes[2] << 2 * UnitIndex.CreepsPerLane;
    }

    /// <summary><see cref="Ahead"/> for a team's creeps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong TeamAhead(WorldState* s, ushort* until, int first)
        => Ahead(s, until, first) | (ulong)Ahead(s, until, first + Wide) << Wide | (ulong)Ahead(s, until, first + 2 * Wide) << 2 * Wide;

    /// <summary><see cref="Zero"/> for a team's creeps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong TeamZero(ushort* of, int first)
        => Zero(of, first) | (ulong)Zero(of, first + Wide) << Wide | (ulong)Zero(of, first + 2 * Wide) << 2 * Wide;

    /// <summary><see cref="Negative"/> for a team's creeps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong TeamNegative(short* of, int first)
        => Negative(of, first) | (ulong)Negative(of, first + Wide) << Wide | (ulong)Negative(of, first + 2 * Wide) << 2 * Wide;

    /// <summary>Bit i: unit first + i is within the distance, alive or not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Within(WorldState* s, int first, float x, float y, float square)
    {
        Vector256<float> most = Vector256.Create(square);
        uint low = Vector256.LessThanOrEqual(Squares(s, first, x, y), most).ExtractMostSignificantBits();
        uint high = Vector256.LessThanOrEqual(Squares(s, first + 8, x, y), most).ExtractMostSignificantBits();
        return low | high << 8;
    }

    /// <summary>The nearest among the candidates (bit i: unit first + i) that is nearer than the limit, the first of equals; -1 for none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Nearest(WorldState* s, int first, uint candidates, float x, float y, float square)
        => Nearest(s, first, candidates, x, y, square, out _);

    /// <inheritdoc cref="Nearest(WorldState*, int, uint, float, float, float)"/>
    /// <param name="found">Its squared distance.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Nearest(WorldState* s, int first, uint candidates, float x, float y, float square, out float found)
    {
        Vector256<float> none = Vector256.Create(float.PositiveInfinity);
        Vector256<float> low = Vector256.ConditionalSelect(Lanes(candidates), Squares(s, first, x, y), none);
        Vector256<float> high = Vector256.ConditionalSelect(Lanes(candidates >> 8), Squares(s, first + 8, x, y), none);
        Vector256<float> eight = Vector256.MinNative(low, high);
        Vector128<float> four = Vector128.MinNative(eight.GetLower(), eight.GetUpper());
        four = Vector128.MinNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        four = Vector128.MinNative(four, Vector128.Shuffle(four, Vector128.Create(1, 0, 3, 2)));
        found = four.ToScalar();
        Vector256<float> least = Vector256.Create(found);
        uint equal = Vector256.Equals(low, least).ExtractMostSignificantBits() | Vector256.Equals(high, least).ExtractMostSignificantBits() << 8;
        return (first + BitOperations.TrailingZeroCount(equal)) | (Combat.One(found < square) - 1);
    }

    /// <summary><see cref="GameMap.Axis"/> of eight coordinates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Axis(Vector256<float> v)
    {
        Vector256<int> cell = Vector256.ConvertToInt32Native(v) + Vector256.Create(GameMap.Half) + Vector256.LessThan(v, Vector256<float>.Zero).AsInt32();
        return Vector256.Min(Vector256.Max(cell, Vector256<int>.Zero), Vector256.Create(GameMap.Size - 1));
    }

    /// <summary>The low eight bits as lanes of ones or zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Lanes(uint bits)
    {
        Vector256<int> each = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);
        return Vector256.Equals(Vector256.Create((int)bits) & each, each).AsSingle();
    }

    /// <summary>Squared distances of eight units. X and Y lie deep inside the state, so reading past a range of units stays inside it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Squares(WorldState* s, int first, float x, float y)
    {
        Vector256<float> dx = Vector256.Load(s->X + first) - Vector256.Create(x);
        Vector256<float> dy = Vector256.Load(s->Y + first) - Vector256.Create(y);
        return dx * dx + dy * dy;
    }
}
