using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SelfPlayArena.Moba;

/// <summary>
/// The ground: 128 × 128 cells of one unit each, origin in the middle, symmetric under the reflection (x, y) → (-y, -x). Read-only.
/// </summary>
public sealed class GameMap
{
    public const int Size = 128;
    public const int Half = 64;

    /// <summary>Side of the blocks between which lines of sight are tabulated.</summary>
    public const int BlockShift = 2;
    public const int Blocks = Size >> BlockShift;

    private readonly byte[] _ground;
    private readonly ulong[] _sight;
    private readonly ulong[] _sightRows;
    private readonly byte[][] _lanes;
    private readonly ulong[] _walls;
    private readonly ulong[] _bare;
    private readonly byte[][] _structureFields;
    private readonly Lazy<Waypoints> _waypoints;

    internal GameMap(byte[] ground, ulong[] sight, byte[][] laneFields, byte[][] structureFields)
    {
        _ground = ground;
        _sight = sight;
        _sightRows = [.. sight.Select(Rows)];
        _lanes = [.. laneFields.Select(field => Tiled(field, ground))];
        _walls = Bits(ground, static g => g == Wall);
        _bare = Bits(ground, static g => g is 0 or Wall);
        _structureFields = structureFields;
        _waypoints = new Lazy<Waypoints>(() => new Waypoints(this));
    }

    /// <summary>Ways between any two places, worked out when first asked for.</summary>
    internal Waypoints Waypoints => _waypoints.Value;

    /// <summary>Cell index along one axis of a coordinate. Exactly symmetric about 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Axis(float v)
    {
        int c = (int)v + Half - Unsafe.BitCast<bool, byte>(v < 0f);
        return c < 0 ? 0 : c >= Size ? Size - 1 : c;
    }

    /// <summary>Index of the cell (row of y times <see cref="Size"/> plus column of x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Cell(float x, float y) => Axis(y) * Size + Axis(x);

    /// <summary>Whether one can stand there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Walkable(float x, float y) => IsWall(Cell(x, y)) == 0;

    /// <summary>Number (from 1) of the patch of brush there, 0 for none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Brush(float x, float y)
    {
        int g = _ground[Cell(x, y)];
        return g == Wall ? 0 : g;
    }

    /// <summary>Ground by cell: 0 free, 255 wall, else the number of the patch of brush.</summary>
    public ReadOnlySpan<byte> Ground => _ground;

    /// <summary>Value of a wall in <see cref="Ground"/>.</summary>
    public const byte Wall = 255;

    /// <summary>Direction (0 to 15) in which a team's creeps go on along a lane from there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int LaneDirection(int team, int lane, float x, float y) => LaneDirection(team, lane, Axis(x), Axis(y));

    /// <inheritdoc cref="LaneDirection(int, int, float, float)"/>
    internal int LaneDirection(int team, int lane, int column, int row) => Lane(team, lane)[Tile(column, row)] & Directions.Count - 1;

    /// <summary>
    /// By cell (see <see cref="Tiles"/>): <see cref="LaneDirection(int, int, float, float)"/>, plus <see cref="LaneWall"/> in a wall. Creeps of many
    /// matches ask this everywhere along the lanes; in tiles of 8 × 8 cells, a line of memory each, that is a third of what it is in rows.
    /// </summary>
    internal ReadOnlySpan<byte> Lane(int team, int lane) => _lanes[team * UnitIndex.Lanes + lane];

    internal const byte LaneWall = 128;

    /// <summary>Where in <see cref="Lane"/> the cells of eight columns and rows are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<int> Tiles(Vector256<int> column, Vector256<int> row)
    {
        Vector256<int> within = Vector256.Create(7);
        return (row >> 3) << 10 | (column >> 3) << 6 | (row & within) << 3 | (column & within);
    }

    private static int Tile(int column, int row) => (row >> 3) << 10 | (column >> 3) << 6 | (row & 7) << 3 | (column & 7);

    /// <summary>1 if a cell is a wall. A bit each: all of the map's walls are 2 KB, which stay at hand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int IsWall(int cell) => Bit(_walls, cell);

    /// <summary>1 if no brush grows in a cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int IsBare(int cell) => Bit(_bare, cell);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bit(ulong[] bits, int cell) => (int)(Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(bits), cell >> 6) >> cell) & 1;

    private static ulong[] Bits(byte[] ground, Predicate<byte> set)
    {
        var bits = new ulong[ground.Length / 64];
        for (int cell = 0; cell < ground.Length; cell++)
            bits[cell >> 6] |= set(ground[cell]) ? 1ul << cell : 0;
        return bits;
    }

    private static byte[] Tiled(byte[] field, byte[] ground)
    {
        var tiled = new byte[field.Length];
        for (int cell = 0; cell < field.Length; cell++)
            tiled[Tile(cell % Size, cell / Size)] = (byte)(field[cell] | (ground[cell] == Wall ? LaneWall : 0));
        return tiled;
    }

    /// <summary>Direction (0 to 15) of the way from there to a structure (0 to 19).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int StructureDirection(int structure, float x, float y) => _structureFields[structure][Cell(x, y)];

    /// <summary>
    /// Whether walls leave a line of sight between two places at most 12 cells apart. Coarse: between blocks of 4 × 4 cells, precomputed.
    /// Farther places never see one another.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool LineOfSight(float x0, float y0, float x1, float y1)
    {
        int bx = Axis(x0) >> BlockShift;
        int by = Axis(y0) >> BlockShift;
        int dx = (Axis(x1) >> BlockShift) - bx + 3;
        int dy = (Axis(y1) >> BlockShift) - by + 3;
        return (uint)dx <= 6 && (uint)dy <= 6 && (_sight[by * Blocks + bx] >> (dy * 7 + dx) & 1) != 0;
    }

    /// <summary>The blocks that can be seen from one, and that it can be seen from: bit dx + 3 of byte dy + 3; the last column and row are empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong SightRows(int column, int row) => _sightRows[row * Blocks + column];

    private static float[] Padded(float[] places) => [.. places, .. new float[(8 - places.Length % 8) % 8]];

    private static ulong Rows(ulong sight)
    {
        ulong rows = 0;
        for (int i = 0; i < 7; i++)
            rows |= (sight >> 7 * i & 0x7F) << 8 * i;
        return rows;
    }

    /// <summary>[20] positions by structure index.</summary>
    public required float[] StructureX { get; init; }
    public required float[] StructureY { get; init; }

    /// <summary>[2] where heroes appear and are healed, and how far the healing reaches.</summary>
    public required float[] FountainX { get; init; }
    public required float[] FountainY { get; init; }
    public required float FountainRadius { get; init; }

    /// <summary>Monster places: position, camp (-1 for a place that is not used) and kind by monster slot.</summary>
    public required float[] MonsterX
    {
        get;
        init
        {
            field = value;
            HomeX = Padded(value);
        }
    }

    public required float[] MonsterY
    {
        get;
        init
        {
            field = value;
            HomeY = Padded(value);
        }
    }

    /// <summary>Monster places again, padded to whole vectors.</summary>
    internal float[] HomeX { get; private init; } = [];
    internal float[] HomeY { get; private init; } = [];

    public required int[] MonsterCamp { get; init; }
    public required int[] MonsterKind { get; init; }
    public int MonsterCount => MonsterX.Length;

    /// <summary>[6] where creeps of team * 3 + lane appear.</summary>
    public required float[] SpawnX { get; init; }
    public required float[] SpawnY { get; init; }
}
