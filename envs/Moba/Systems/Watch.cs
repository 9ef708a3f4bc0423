using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SelfPlayArena.Moba.Systems;

/// <summary>
/// Who of a team sees a place, asked of all of its units at once: for each eight of them distances and lines of sight without a branch. Made
/// anew each tick. Only for what stands in the open: brush, stealth and wards have rules of their own.
/// </summary>
internal unsafe struct Watch
{
    // A team's viewers as bits, in the order in which they are asked: heroes, creeps by lane and slot, structures.
    private const int FirstCreep = 8;
    private const int FirstStructure = 48;

    private fixed int _blockX[UnitIndex.Count];
    private fixed int _blockY[UnitIndex.Count];
    private fixed ulong _alive[UnitIndex.Teams];

    /// <summary>By team: bit i for unit FirstSummon + i.</summary>
    private fixed uint _others[UnitIndex.Teams];

    public static void Begin(WorldState* s, Watch* k)
    {
        for (int u = 0; u < UnitIndex.Count; u += 8)
        {
            (Near.Axis(Vector256.Load(s->X + u)) >> GameMap.BlockShift).Store(k->_blockX + u);
            (Near.Axis(Vector256.Load(s->Y + u)) >> GameMap.BlockShift).Store(k->_blockY + u);
        }
        uint others = Near.Alive(s, UnitIndex.FirstSummon);
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            ulong alive = Near.Alive(s, UnitIndex.Hero(team, 0)) & ((1u << UnitIndex.HeroesPerTeam) - 1);
            for (int lane = 0; lane < UnitIndex.Lanes; lane++)
                alive |= (ulong)s->LaneAlive[team * UnitIndex.Lanes + lane] << FirstCreep + lane * UnitIndex.CreepsPerLane;
            ulong structures = Near.Alive(s, UnitIndex.FirstStructure + team * UnitIndex.StructuresPerTeam) & ((1u << UnitIndex.StructuresPerTeam) - 1);
            k->_alive[team] = alive | structures << FirstStructure;
            k->_others[team] = others & 0x0F0Fu << team * UnitIndex.SummonsPerTeam;
        }
    }

    /// <summary>Whether a unit of the team sees another unit where it stands. Who saw it last is asked first, and noted if it is somebody else now.</summary>
    public static bool Sees(MobaWorld w, WorldState* s, Watch* k, int team, int u)
    {
        int bx = k->_blockX[u] - 3;
        int by = k->_blockY[u] - 3;
        float x = s->X[u];
        float y = s->Y[u];
        ulong sight = w.Map.SightRows(k->_blockX[u], k->_blockY[u]);
        byte* viewer = s->Viewer + team * UnitIndex.Count + u;
        int last = *viewer;
        ref float limits = ref w.SightSquares[0];
        float dx = s->X[last] - x;
        float dy = s->Y[last] - y;
        ulong line = sight >> (((k->_blockY[last] - by & 7) << 3) + (k->_blockX[last] - bx & 7)) & 1;
        if (s->Team[last] == team & s->Alive[last] != 0 & dx * dx + dy * dy <= Unsafe.Add(ref limits, last) & line != 0)
            return true;

        var look = new Look(x, y, bx, by, sight);
        int heroes = UnitIndex.Hero(team, 0);
        int structures = UnitIndex.FirstStructure + team * UnitIndex.StructuresPerTeam;
        ulong seen = look.From(s, k, ref limits, heroes)
            | (ulong)look.From(s, k, ref limits, structures) << FirstStructure
            | (ulong)look.From(s, k, ref limits, structures + 8) << FirstStructure + 8;
        int creeps = UnitIndex.Creep(team, 0, 0);
        if (UnitIndex.IsCreep(u))
        {
            // Creeps are seen by creeps of their own lane only.
            int lane = UnitIndex.LaneOfCreep(u) * UnitIndex.CreepsPerLane;
            ulong own = look.From(s, k, ref limits, creeps + lane) | look.From(s, k, ref limits, creeps + lane + 8) << 8;
            seen |= (own & ((1u << UnitIndex.CreepsPerLane) - 1)) << FirstCreep + lane;
        }
        else
        {
            for (int i = 0; i < UnitIndex.CreepsPerTeam; i += 8)
                seen |= (ulong)look.From(s, k, ref limits, creeps + i) << FirstCreep + i;
        }
        seen &= k->_alive[team];
        if (seen != 0)
        {
            int bit = BitOperations.TrailingZeroCount(seen);
            *viewer = (byte)(bit + (bit < FirstCreep ? heroes : bit < FirstStructure ? creeps - FirstCreep : structures - FirstStructure));
            return true;
        }
        uint others = k->_others[team];
        if (others != 0)
            others &= look.From(s, k, ref limits, UnitIndex.FirstSummon) | look.From(s, k, ref limits, UnitIndex.FirstWard) << 8;
        if (others == 0)
            return false;
        *viewer = (byte)(UnitIndex.FirstSummon + BitOperations.TrailingZeroCount(others));
        return true;
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
            Vector256<int> column = Vector256.Load(k->_blockX + first) - _bx & Vector256.Create(7);
            Vector256<int> row = Vector256.Load(k->_blockY + first) - _by & Vector256.Create(7);
            Vector256<int> line = Vector256.ShuffleNative(_rows, row) & Vector256.ShuffleNative(Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128), column);
            return Vector256.AndNot(near, Vector256.Equals(line, Vector256<int>.Zero).AsSingle()).ExtractMostSignificantBits();
        }
    }
}
