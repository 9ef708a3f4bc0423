using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SelfPlayArena.Moba.Systems;

/// <summary>
/// Who of a team sees a place, asked of all of its units at once: for each eight of them distances and lines of sight without a branch. Made
/// anew each tick. Brush, stealth and wards have rules of their own, which only take away from what is seen in the open.
/// </summary>
internal unsafe struct Watch
{
    // A team's viewers as bits, in the order in which they are asked: heroes, creeps by lane and slot, structures, summoned units, wards.
    private const int FirstCreep = UnitIndex.HeroesPerTeam;
    private const int FirstStructure = FirstCreep + UnitIndex.CreepsPerTeam;
    private const int FirstSummon = FirstStructure + UnitIndex.StructuresPerTeam;
    private const int FirstWard = FirstSummon + UnitIndex.SummonsPerTeam;
    private const int Viewers = 64;

    /// <summary>Units by team and bit.</summary>
    private static readonly byte[] Units = [.. UnitsOf(0), .. UnitsOf(1)];

    private const int Rows = GameMap.Blocks + 8;

    private fixed int _cell[UnitIndex.Count];
    private fixed ulong _alive[UnitIndex.Teams];

    /// <summary>By team and row of blocks, three empty ones before the first: bit x + 3 for a column in which a living unit of the team stands.</summary>
    private fixed ulong _stands[UnitIndex.Teams * Rows];

    /// <summary>1 if no brush grows where a unit stands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Open(MobaWorld w, Watch* k, int u) => w.Map.IsBare(k->_cell[u]);

    // The block of a unit's cell.
    private const int RowShift = 7 + GameMap.BlockShift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Row(Watch* k, int u) => k->_cell[u] >> RowShift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Column(Watch* k, int u) => k->_cell[u] >> GameMap.BlockShift & GameMap.Blocks - 1;

    private static byte[] UnitsOf(int team)
    {
        int[] units =
        [
            .. Enumerable.Range(UnitIndex.Hero(team, 0), UnitIndex.HeroesPerTeam), .. Enumerable.Range(UnitIndex.Creep(team, 0, 0), UnitIndex.CreepsPerTeam),
            .. Enumerable.Range(UnitIndex.FirstStructure + team * UnitIndex.StructuresPerTeam, UnitIndex.StructuresPerTeam),
            .. Enumerable.Range(UnitIndex.Summon(team, 0), UnitIndex.SummonsPerTeam), .. Enumerable.Range(UnitIndex.Ward(team, 0), UnitIndex.WardsPerTeam),
        ];
        byte[] table = new byte[Viewers];
        for (int i = 0; i < units.Length; i++)
            table[i] = (byte)units[i];
        return table;
    }

    public static void Begin(WorldState* s, Watch* k)
    {
        for (int u = 0; u < UnitIndex.Count; u += 8)
        {
            (Near.Axis(Vector256.Load(s->Y + u)) * GameMap.Size + Near.Axis(Vector256.Load(s->X + u))).Store(k->_cell + u);
        }
        for (int i = 0; i < UnitIndex.Teams * Rows; i += 4)
            Vector256<ulong>.Zero.Store(k->_stands + i);
        ulong others = Near.Alive(s, UnitIndex.FirstSummon);
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            ulong alive = (Near.Alive(s, UnitIndex.Hero(team, 0)) & ((1u << UnitIndex.HeroesPerTeam) - 1))
                | Near.Creeps(s, team) << FirstCreep
                | (ulong)(Near.Alive(s, UnitIndex.FirstStructure + team * UnitIndex.StructuresPerTeam) & ((1u << UnitIndex.StructuresPerTeam) - 1)) << FirstStructure
                | Own(others, team, FirstSummon) | Own(others >> UnitIndex.Summons, team, FirstWard);
            k->_alive[team] = alive;
            ulong* rows = k->_stands + team * Rows + 3;
            ref byte units = ref Units[team * Viewers];
            for (ulong m = alive; m != 0; m &= m - 1)
            {
                int u = Unsafe.Add(ref units, BitOperations.TrailingZeroCount(m));
                rows[Row(k, u)] |= 8ul << Column(k, u);
            }
        }
    }

    /// <summary>A team's own four among eight summoned units or wards, as bits from one on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Own(ulong both, int team, int from) => (both >> team * UnitIndex.SummonsPerTeam & 15) << from;

    /// <summary>
    /// 1 if any unit of the team stands where walls leave a line of sight to a unit, at whatever distance the tables reach. Most units that a team
    /// does not see are told by that alone.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Faces(MobaWorld w, Watch* k, int team, int u)
    {
        int bx = Column(k, u);
        int by = Row(k, u);
        ulong* rows = k->_stands + team * Rows + by;
        Vector128<ushort> sight = Vector128.WidenLower(Vector128.CreateScalar(w.Map.SightRows(bx, by)).AsByte());
        Vector128<uint> low = Vector128.WidenLower(sight);
        Vector128<uint> high = Vector128.WidenUpper(sight);
        Vector256<ulong> near = (Vector256.Load(rows) >> bx) & Vector256.Create(Vector128.WidenLower(low), Vector128.WidenUpper(low));
        Vector256<ulong> far = (Vector256.Load(rows + 4) >> bx) & Vector256.Create(Vector128.WidenLower(high), Vector128.WidenUpper(high));
        return Combat.One((near | far) != Vector256<ulong>.Zero);
    }

    /// <summary>1 if the unit of the team that saw another one last still sees it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Still(MobaWorld w, WorldState* s, Watch* k, int team, int u)
    {
        int last = s->Viewer[team * UnitIndex.Count + u];
        float dx = s->X[last] - s->X[u];
        float dy = s->Y[last] - s->Y[u];
        int row = Row(k, last) - Row(k, u) + 3 & 7;
        int column = Column(k, last) - Column(k, u) + 3 & 7;
        int line = (int)(w.Map.SightRows(Column(k, u), Row(k, u)) >> (row << 3) + column) & 1;
        return line & Combat.One(s->Team[last] == team) & Combat.One(s->Alive[last] != 0) & Combat.One(dx * dx + dy * dy <= Unsafe.Add(ref w.SightSquares[0], last));
    }

    /// <summary>1 if a unit of the team sees another unit where it stands; the first one that does is noted.</summary>
    public static int Sees(MobaWorld w, WorldState* s, Watch* k, int team, int u)
    {
        var look = new Look(s->X[u], s->Y[u], Column(k, u) - 3, Row(k, u) - 3, w.Map.SightRows(Column(k, u), Row(k, u)));
        ref float limits = ref w.SightSquares[0];
        int structures = UnitIndex.FirstStructure + team * UnitIndex.StructuresPerTeam;
        int first = UnitIndex.Creep(team, 0, 0);
        ulong creeps = 0;
        if (UnitIndex.IsCreep(u))
        {
            // Creeps are seen by creeps of their own lane only.
            int lane = UnitIndex.LaneOfCreep(u) * UnitIndex.CreepsPerLane;
            ulong own = look.From(s, k, ref limits, first + lane) | look.From(s, k, ref limits, first + lane + 8) << 8;
            creeps = (own & ((1u << UnitIndex.CreepsPerLane) - 1)) << lane;
        }
        else
        {
            for (int i = 0; i < UnitIndex.CreepsPerTeam; i += 8)
                creeps |= (ulong)look.From(s, k, ref limits, first + i) << i;
        }
        ulong seen = look.From(s, k, ref limits, UnitIndex.Hero(team, 0)) & ((1u << UnitIndex.HeroesPerTeam) - 1)
            | (creeps & ((1ul << UnitIndex.CreepsPerTeam) - 1)) << FirstCreep
            | (ulong)((look.From(s, k, ref limits, structures) | look.From(s, k, ref limits, structures + 8) << 8) & ((1u << UnitIndex.StructuresPerTeam) - 1)) << FirstStructure
            | Own(look.From(s, k, ref limits, UnitIndex.FirstSummon), team, FirstSummon) | Own(look.From(s, k, ref limits, UnitIndex.FirstWard), team, FirstWard);
        seen &= k->_alive[team];
        int any = Combat.One(seen != 0);
        byte* viewer = s->Viewer + team * UnitIndex.Count + u;
        int found = Unsafe.Add(ref Units[team * Viewers], BitOperations.TrailingZeroCount(seen) & Viewers - 1);
        *viewer = (byte)((found & -any) | (*viewer & (any - 1)));
        return any;
    }

    /// <summary>One place looked at.</summary>
    private readonly struct Look
    {
        private readonly Vector256<float> _x;
        private readonly Vector256<float> _y;
        private readonly Vector256<int> _bx;
        private readonly Vector256<int> _by;
        private readonly Vector256<int> _rows;

        public Look(float x, float y, int bx, int by, ulong sight)
        {
            _x = Vector256.Create(x);
            _y = Vector256.Create(y);
            _bx = Vector256.Create(bx);
            _by = Vector256.Create(by);
            _rows = Vector256.WidenLower(Vector256.WidenLower(Vector256.CreateScalar(sight).AsByte())).AsInt32();
        }

        /// <summary>Bit i: unit first + i, alive or not, is near enough and has a line of sight.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public uint From(WorldState* s, Watch* k, ref float limits, int first)
        {
            Vector256<float> dx = Vector256.Load(s->X + first) - _x;
            Vector256<float> dy = Vector256.Load(s->Y + first) - _y;
            Vector256<float> near = Vector256.LessThanOrEqual(dx * dx + dy * dy, Vector256.LoadUnsafe(ref limits, (nuint)first));
            // Whoever is near enough is at most four blocks away; row and column 7 are empty.
            Vector256<int> cell = Vector256.Load(k->_cell + first);
            Vector256<int> column = (cell >> GameMap.BlockShift) - _bx & Vector256.Create(7);
            Vector256<int> row = (cell >> RowShift) - _by & Vector256.Create(7);
            Vector256<int> line = Vector256.ShuffleNative(_rows, row) & Vector256.ShuffleNative(Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128), column);
            return Vector256.AndNot(near, Vector256.Equals(line, Vector256<int>.Zero).AsSingle()).ExtractMostSignificantBits();
        }
    }
}
