using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

/// <summary>
/// What observations and masks ask about the ground where a hero stands, as its team sees it: one word for each cell and team, made once per map.
/// Heroes of many matches stand in many places, so each table of its own would be one more line of memory that lies far away.
/// </summary>
internal sealed unsafe class Surroundings
{
    /// <summary>Side of the window of walkability.</summary>
    public const int Side = 7;
    private const int Stride = 2;

    /// <summary>Cells all around that are free where the ground is open.</summary>
    public const int OpenReach = 2;

    // The word's bits.
    private const int Window = Side * Side;
    private const int LaneBits = 4;
    private const int OpenBit = Window + LaneBits * UnitIndex.Lanes;
    private const int BrushBit = OpenBit + 1;

    private const int Cells = GameMap.Size * GameMap.Size;

    private readonly ulong[] _words = new ulong[UnitIndex.Teams * Cells];

    public Surroundings(GameMap map)
    {
        for (int y = 0; y < GameMap.Size; y++)
        {
            for (int x = 0; x < GameMap.Size; x++)
            {
                for (int team = 0; team < UnitIndex.Teams; team++)
                    _words[team * Cells + y * GameMap.Size + x] = Word(map, team, x, y);
            }
        }
    }

    /// <summary>Bit j * 7 + i tells whether one can stand (i - 3) * 2 cells to the right and (j - 3) * 2 cells up in the team's frame.</summary>
    public static ulong Terrain(ulong word) => word & ((1ul << Window) - 1);

    /// <summary>Direction (0 to 15), in the team's frame, in which its creeps go on along a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Lane(ulong word, int lane) => (int)(word >> Window + LaneBits * lane) & (1 << LaneBits) - 1;

    /// <summary>Whether there is no wall within <see cref="OpenReach"/>.</summary>
    public static bool IsOpen(ulong word) => (word >> OpenBit & 1) != 0;

    /// <summary>1 in brush.</summary>
    public static int Brush(ulong word) => (int)(word >> BrushBit) & 1;

    /// <summary>Words [10 units] of all heroes, asked for together: they are waited for together, too.</summary>
    public void Of(WorldState* s, ulong* words)
    {
        const int Last = UnitIndex.Heroes - 8;
        int* cells = stackalloc int[UnitIndex.Heroes];
        for (int u = 0; u <= Last; u += Last)
            (Near.Axis(Vector256.Load(s->Y + u)) * GameMap.Size + Near.Axis(Vector256.Load(s->X + u))).Store(cells + u);
        ref ulong first = ref _words[0];
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            words[i] = Unsafe.Add(ref first, cells[i]);
            words[UnitIndex.HeroesPerTeam + i] = Unsafe.Add(ref first, Cells + cells[UnitIndex.HeroesPerTeam + i]);
        }
    }

    private static ulong Word(GameMap map, int team, int x, int y)
    {
        ReadOnlySpan<byte> ground = map.Ground;
        ulong word = 0;
        for (int k = 0; k < Window; k++)
        {
            int right = (k % Side - Side / 2) * Stride;
            int up = (k / Side - Side / 2) * Stride;
            bool free = team == 0 ? Free(ground, x + right, y + up) : Free(ground, x - up, y - right);
            word |= (ulong)Combat.One(free) << k;
        }
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            int d = map.LaneDirection(team, lane, x, y);
            word |= (ulong)(team == 0 ? d : Directions.Mirror(d)) << Window + LaneBits * lane;
        }
        bool open = true;
        for (int dy = -OpenReach; dy <= OpenReach; dy++)
        {
            for (int dx = -OpenReach; dx <= OpenReach; dx++)
                open &= Free(ground, x + dx, y + dy);
        }
        byte here = ground[y * GameMap.Size + x];
        return word | (ulong)Combat.One(open) << OpenBit | (ulong)Combat.One(here is not 0 and not GameMap.Wall) << BrushBit;
    }

    private static bool Free(ReadOnlySpan<byte> ground, int x, int y)
        => (uint)x < GameMap.Size && (uint)y < GameMap.Size && ground[y * GameMap.Size + x] != GameMap.Wall;
}
