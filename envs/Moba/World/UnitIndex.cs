using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SelfPlayArena.Moba;

/// <summary>The fixed ranges of the unit index space. Index order within a team is the same for both teams, so that reflecting a match keeps it.</summary>
public static class UnitIndex
{
    public const int Teams = 2;
    public const int Neutral = 2;
    public const int Lanes = 3;

    public const int HeroesPerTeam = 5;
    public const int FirstHero = 0;
    public const int Heroes = 10;

    /// <summary>Per team: lane × (outer, inner, base) towers, then the ancient.</summary>
    public const int StructuresPerTeam = 10;
    public const int AncientOfTeam = 9;
    public const int FirstStructure = 10;
    public const int Structures = 20;

    public const int CreepsPerLane = 12;
    public const int CreepsPerTeam = 36;
    public const int FirstCreep = 30;
    public const int Creeps = 72;

    /// <summary>Monster i and monster i ^ 8 (i below 16) are reflections of one another; the last two places are for epic monsters.</summary>
    public const int FirstMonster = 102;
    public const int Monsters = 18;

    /// <summary>The two places of epic monsters, which stand on the mirror line.</summary>
    public const int FirstEpic = FirstMonster + 16;

    /// <summary>Summoned units; place i of one team and i of the other are reflections.</summary>
    public const int FirstSummon = 120;
    public const int SummonsPerTeam = 4;
    public const int Summons = 8;

    public const int FirstWard = 128;
    public const int WardsPerTeam = 4;
    public const int Wards = 8;

    public const int Count = 136;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Hero(int team, int slot) => team * HeroesPerTeam + slot;

    /// <param name="tier">0 outer, 1 inner, 2 base.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Tower(int team, int lane, int tier) => FirstStructure + team * StructuresPerTeam + lane * 3 + tier;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Ancient(int team) => FirstStructure + team * StructuresPerTeam + AncientOfTeam;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Creep(int team, int lane, int slot) => FirstCreep + team * CreepsPerTeam + lane * CreepsPerLane + slot;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsHero(int unit) => (uint)unit < Heroes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsStructure(int unit) => (uint)(unit - FirstStructure) < Structures;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsCreep(int unit) => (uint)(unit - FirstCreep) < Creeps;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsMonster(int unit) => (uint)(unit - FirstMonster) < Monsters;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSummon(int unit) => (uint)(unit - FirstSummon) < Summons;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWard(int unit) => (uint)(unit - FirstWard) < Wards;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Summon(int team, int slot) => FirstSummon + team * SummonsPerTeam + slot;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Ward(int team, int slot) => FirstWard + team * WardsPerTeam + slot;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LaneOfCreep(int unit) => (unit - FirstCreep) % CreepsPerTeam / CreepsPerLane;

    /// <summary>The unit that stands where <paramref name="unit"/> stands once the match is reflected.</summary>
    public static int Mirror(int unit) => unit switch
    {
        < FirstStructure => (unit + HeroesPerTeam) % Heroes,
        < FirstCreep => FirstStructure + (unit - FirstStructure + StructuresPerTeam) % Structures,
        < FirstMonster => FirstCreep + (unit - FirstCreep + CreepsPerTeam) % Creeps,
        < FirstEpic => FirstMonster + ((unit - FirstMonster) ^ 8),
        < FirstSummon => unit,
        < FirstWard => FirstSummon + ((unit - FirstSummon) ^ SummonsPerTeam),
        _ => FirstWard + ((unit - FirstWard) ^ WardsPerTeam),
    };
}

/// <summary>The 16 directions: index d stands for the angle d · 22.5° counter-clockwise from +x.</summary>
public static class Directions
{
    public const int Count = 16;

    private const float A = 0.92387953f;
    private const float B = 0.70710678f;
    private const float C = 0.38268343f;

    private static readonly float[] XTable = [1, A, B, C, 0, -C, -B, -A, -1, -A, -B, -C, 0, C, B, A];
    private static readonly float[] YTable = [0, C, B, A, 1, A, B, C, 0, -C, -B, -A, -1, -A, -B, -C];

    public static float X(int direction) => XTable[direction & 15];

    public static float Y(int direction) => YTable[direction & 15];

    /// <summary>x of eight directions from one on (0 or 8).</summary>
    internal static Vector256<float> EightX(int from) => Vector256.LoadUnsafe(ref XTable[0], (nuint)from);

    /// <summary>y of eight directions from one on (0 or 8).</summary>
    internal static Vector256<float> EightY(int from) => Vector256.LoadUnsafe(ref YTable[0], (nuint)from);

    /// <summary>The direction seen in the reflected frame (x, y) → (-y, -x).</summary>
    public static int Mirror(int direction) => (12 - direction) & 15;

    /// <summary>Index of the direction nearest to a vector (0 for the zero vector).</summary>
    public static int Nearest(float x, float y)
    {
        int best = 0;
        float most = float.NegativeInfinity;
        for (int d = 0; d < Count; d++)
        {
            float along = x * XTable[d] + y * YTable[d];
            if (along > most)
            {
                most = along;
                best = d;
            }
        }
        return best;
    }
}
