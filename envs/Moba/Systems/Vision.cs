using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SelfPlayArena.Moba.Systems;

/// <summary>
/// Which team sees which unit: some living unit of the team has it within its sight, with no wall between, and, if it stands in brush, from
/// within the same brush or from close by. Stealthed heroes are seen only by heroes, creeps and summoned units within
/// <see cref="StealthNear"/> cells, and by structures and wards within <see cref="StealthFar"/>; wards only by heroes, creeps and summoned
/// units within <see cref="WardNear"/> and by structures within <see cref="StealthFar"/>; brush does not hide who just struck or cast. Each unit is looked at every few ticks, starting with the viewer that saw it last.
/// </summary>
internal static unsafe class Vision
{
    internal const int Every = 4;
    internal const int HeroesEvery = 2;
    private const float Farthest = 12f;
    private const float StealthNear = 2.5f;
    private const float StealthFar = 6f;
    private const float WardNear = 3f;

    /// <summary>
    /// First all questions of the tick are written down, then those that remain open after each step: every step is a loop without conditions,
    /// because what each unit's answers are is nothing that a branch predictor could learn.
    /// </summary>
    [SkipLocalsInit]
    public static void Run(MobaWorld w, WorldState* s, bool everything = false)
    {
        Unsafe.SkipInit(out Watch watch);
        Unsafe.SkipInit(out Questions questions);
        Watch* k = &watch;
        Questions* q = &questions;
        q->Open = q->Hidden = 0;
        Watch.Begin(s, k);
        for (int slot = 0; slot < UnitIndex.HeroesPerTeam; slot++)
        {
            if (!everything && (s->Tick + slot) % HeroesEvery != 0)
                continue;
            for (int team = 0; team < UnitIndex.Teams; team++)
            {
                int u = UnitIndex.Hero(team, slot);
                int alive = s->Alive[u];
                int open = InOpen(w, s, k, u) & Combat.One(s->StealthUntil[u] <= s->Tick);
                s->Visible[u] = (byte)(1 << team);
                Ask(w, k, q, 1 - team, u, alive, open);
            }
        }
        uint quarter = 0x1111u << ((Every - s->Tick % Every) % Every);
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            for (ulong m = Near.Creeps(s, team) & (quarter | (ulong)quarter << Near.Wide | (ulong)quarter << 2 * Near.Wide); m != 0; m &= m - 1)
            {
                int u = UnitIndex.Creep(team, 0, BitOperations.TrailingZeroCount(m));
                s->Visible[u] = (byte)(1 << team);
                Ask(w, k, q, 1 - team, u, 1, InOpen(w, s, k, u));
            }
        }
        for (int i = (Every - s->Tick % Every) % Every; i < w.Map.MonsterCount; i += Every)
        {
            int u = UnitIndex.FirstMonster + i;
            int open = InOpen(w, s, k, u);
            s->Visible[u] = 0;
            Ask(w, k, q, 0, u, s->Alive[u], open);
            Ask(w, k, q, 1, u, s->Alive[u], open);
        }
        if (Combat.AnySummon(s, 0) | Combat.AnySummon(s, 1) | Combat.AnyWard(s, 0) | Combat.AnyWard(s, 1))
        {
            for (int u = UnitIndex.FirstSummon + s->Tick % Every; u < UnitIndex.Count; u += Every)
            {
                int team = s->Team[u];
                s->Visible[u] = (byte)(1 << team);
                Ask(w, k, q, 1 - team, u, s->Alive[u], InOpen(w, s, k, u) & Combat.One(!UnitIndex.IsWard(u)));
            }
        }
        Answer(w, s, k, q);
        Remember(s);
        if (everything)
        {
            for (int u = UnitIndex.FirstStructure; u < UnitIndex.FirstCreep; u++)
                s->Visible[u] = 3;
        }
    }

    /// <summary>1 if no brush hides a unit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int InOpen(MobaWorld w, WorldState* s, Watch* k, int u)
        => Watch.Open(w, k, u) | Combat.One(s->RevealedUntil[u] > s->Tick);

    /// <summary>Writes down whether a team sees a unit, unless nobody of the team could.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ask(MobaWorld w, Watch* k, Questions* q, int team, int u, int alive, int open)
    {
        int asked = alive & Watch.Faces(w, k, team, u);
        q->OpenUnit[q->Open] = q->HiddenUnit[q->Hidden] = (byte)u;
        q->OpenTeam[q->Open] = q->HiddenTeam[q->Hidden] = (byte)team;
        q->Open += asked & open;
        q->Hidden += asked & ~open;
    }

    private static void Answer(MobaWorld w, WorldState* s, Watch* k, Questions* q)
    {
        int left = 0;
        for (int i = 0; i < q->Open; i++)
        {
            int u = q->OpenUnit[i];
            int team = q->OpenTeam[i];
            int seen = Watch.Still(w, s, k, team, u);
            s->Visible[u] |= (byte)(seen << team);
            q->OpenUnit[left] = (byte)u;
            q->OpenTeam[left] = (byte)team;
            left += 1 - seen;
        }
        for (int i = 0; i < left; i++)
        {
            int u = q->OpenUnit[i];
            int team = q->OpenTeam[i];
            s->Visible[u] |= (byte)(Watch.Sees(w, s, k, team, u) << team);
        }
        for (int i = 0; i < q->Hidden; i++)
        {
            int u = q->HiddenUnit[i];
            int team = q->HiddenTeam[i];
            s->Visible[u] |= (byte)(Combat.One(SeenBy(w, s, u, team)) << team);
        }
    }

    /// <summary>Cells that a unit sees in the open.</summary>
    public static float SightOf(RulesDefinition r, int viewer)
    {
        float sight = UnitIndex.IsHero(viewer) ? r.HeroSight : UnitIndex.IsStructure(viewer) ? r.StructureSight : UnitIndex.IsWard(viewer) ? r.Ward.Sight : r.CreepSight;
        return sight < Farthest ? sight : Farthest;
    }

    /// <summary>Notes where heroes stand whom the other team sees.</summary>
    private static void Remember(WorldState* s)
    {
        uint seen = (Near.Seen(s, 1, 0) & 0x1F) | (Near.Seen(s, 0, 0) & 0x3E0);
        uint meant = seen & Near.Alive(s, 0);
        Remember(s, meant, 0);
        Remember(s, meant >> UnitIndex.Heroes - 8, UnitIndex.Heroes - 8);
    }

    /// <summary>Eight heroes, of which bits say which are meant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Remember(WorldState* s, uint bits, int u)
    {
        Vector256<float> meant = Near.Lanes(bits);
        Vector256.ConditionalSelect(meant, Vector256.Load(s->X + u), Vector256.Load(s->LastSeenX + u)).Store(s->LastSeenX + u);
        Vector256.ConditionalSelect(meant, Vector256.Load(s->Y + u), Vector256.Load(s->LastSeenY + u)).Store(s->LastSeenY + u);
        Vector256.ConditionalSelect(meant.AsInt32(), Vector256.Create(s->Tick), Vector256.Load(s->LastSeenTick + u)).Store(s->LastSeenTick + u);
    }

    /// <summary>Whether a team sees a unit where it stands.</summary>
    internal static bool SeenBy(MobaWorld w, WorldState* s, int u, int team)
    {
        var look = new Gaze(w, s, u);
        int last = s->Viewer[team * UnitIndex.Count + u];
        if (s->Team[last] == team && s->Alive[last] != 0 && look.From(w, s, last))
            return true;
        const uint Heroes = (1u << UnitIndex.HeroesPerTeam) - 1, Structures = (1u << UnitIndex.StructuresPerTeam) - 1;
        int found = look.FromAny(w, s, UnitIndex.Hero(team, 0), Heroes);
        int ownLane = UnitIndex.IsCreep(u) ? UnitIndex.LaneOfCreep(u) : -1;
        for (int lane = 0; lane < UnitIndex.Lanes && found < 0; lane++)
        {
            if (ownLane < 0 || lane == ownLane)
                found = look.FromAny(w, s, UnitIndex.Creep(team, lane, 0), s->LaneAlive[team * UnitIndex.Lanes + lane]);
        }
        if (found < 0)
            found = look.FromAny(w, s, UnitIndex.FirstStructure + team * UnitIndex.StructuresPerTeam, Structures);
        if (found >= 0)
            return Found(s, u, team, found);
        if (Combat.AnySummon(s, team))
        {
            for (int v = UnitIndex.Summon(team, 0); v < UnitIndex.Summon(team, UnitIndex.SummonsPerTeam); v++)
            {
                if (s->Alive[v] != 0 && look.From(w, s, v))
                    return Found(s, u, team, v);
            }
        }
        if (!UnitIndex.IsWard(u) && Combat.AnyWard(s, team))
        {
            for (int v = UnitIndex.Ward(team, 0); v < UnitIndex.Ward(team, UnitIndex.WardsPerTeam); v++)
            {
                if (s->Alive[v] != 0 && look.From(w, s, v))
                    return Found(s, u, team, v);
            }
        }
        return false;
    }

    private static bool Found(WorldState* s, int u, int team, int viewer)
    {
        s->Viewer[team * UnitIndex.Count + u] = (byte)viewer;
        return true;
    }

    /// <summary>Looks at one unit from several places.</summary>
    private readonly struct Gaze
    {
        private readonly float _x;
        private readonly float _y;
        private readonly int _brush;

        /// <summary>Cells from which units, and structures and wards, see it at most.</summary>
        private readonly float _near;
        private readonly float _far;

        public Gaze(MobaWorld w, WorldState* s, int u)
        {
            _x = s->X[u];
            _y = s->Y[u];
            _brush = s->RevealedUntil[u] > s->Tick ? 0 : w.Map.Brush(_x, _y);
            bool ward = UnitIndex.IsWard(u);
            bool stealthed = UnitIndex.IsHero(u) && s->StealthUntil[u] > s->Tick;
            _near = ward ? WardNear : stealthed ? StealthNear : Farthest;
            _far = ward || stealthed ? StealthFar : Farthest;
        }

        /// <summary>The first among the units that sees it, -1 for none. Bit i of the mask stands for unit first + i.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int FromAny(MobaWorld w, WorldState* s, int first, uint units)
        {
            for (uint m = units & Near.Within(s, first, _x, _y, Farthest * Farthest) & Near.Alive(s, first); m != 0; m &= m - 1)
            {
                int viewer = first + BitOperations.TrailingZeroCount(m);
                if (From(w, s, viewer))
                    return viewer;
            }
            return -1;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool From(MobaWorld w, WorldState* s, int viewer)
        {
            float dx = s->X[viewer] - _x;
            float dy = s->Y[viewer] - _y;
            float square = dx * dx + dy * dy;
            return square <= Farthest * Farthest && FromNear(w, s, viewer, square);
        }

        private bool FromNear(MobaWorld w, WorldState* s, int viewer, float square)
        {
            RulesDefinition r = w.Rules;
            bool fixture = UnitIndex.IsStructure(viewer) || UnitIndex.IsWard(viewer);
            float most = fixture ? _far : _near;
            float sight = UnitIndex.IsHero(viewer) ? r.HeroSight : UnitIndex.IsStructure(viewer) ? r.StructureSight : fixture ? r.Ward.Sight : r.CreepSight;
            sight = sight < most ? sight : most;
            if (_brush != 0 && w.Map.Brush(s->X[viewer], s->Y[viewer]) != _brush)
                sight = r.BrushSight < sight ? r.BrushSight : sight;
            return square <= sight * sight && w.Map.LineOfSight(s->X[viewer], s->Y[viewer], _x, _y);
        }
    }

    /// <summary>Which team is to see which unit: of those in the open, and of those that brush, stealth or being a ward may hide. One place more than are ever asked at once.</summary>
    private struct Questions
    {
        private const int Most = UnitIndex.Heroes + UnitIndex.Creeps / Every + (UnitIndex.Monsters / Every + 1) * UnitIndex.Teams + (UnitIndex.Summons + UnitIndex.Wards) / Every + 1;

        public int Open;
        public int Hidden;
        public fixed byte OpenUnit[Most];
        public fixed byte OpenTeam[Most];
        public fixed byte HiddenUnit[Most];
        public fixed byte HiddenTeam[Most];
    }
}
