using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SelfPlayArena.Moba.Systems;

/// <summary>
/// Moves everybody at once: all steps are computed from the places where the tick began, then taken. A step ends in a free cell, or slides
/// along one axis, or is not taken. Units do not stand in one another's way; only creeps of a lane make room for one another.
/// </summary>
internal static unsafe class Movement
{
    /// <summary>Beyond this a hero goes to a structure by its flow field.</summary>
    private const float FieldDistance = 9f;
    private const float Crowd = 0.9f;

    /// <summary>Cells from its place at which a monster is at home.</summary>
    private const float Home = 0.2f;

    /// <summary>Cells at which a summoned unit stays with its owner.</summary>
    private const float Company = 2f;

    public static void Run(MobaWorld w, WorldState* s, Scratch* t)
    {
        Heroes(w, s, t);
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            for (int lane = 0; lane < UnitIndex.Lanes; lane++)
                Lane(w, s, t, team, lane);
        }
        uint monsters = Restless(w, s);
        for (uint m = monsters; m != 0; m &= m - 1)
            Monster(w, s, t, BitOperations.TrailingZeroCount(m));
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            if (!Combat.AnySummon(s, team))
                continue;
            for (int u = UnitIndex.Summon(team, 0); u < UnitIndex.Summon(team, UnitIndex.SummonsPerTeam); u++)
                Summoned(w, s, t, u);
        }

        for (uint m = Near.Alive(s, 0) & ((1u << UnitIndex.Heroes) - 1); m != 0; m &= m - 1)
            Place(s, t, BitOperations.TrailingZeroCount(m));
        for (int l = 0; l < 2 * UnitIndex.Lanes; l++)
        {
            int first = UnitIndex.Creep(l / UnitIndex.Lanes, l % UnitIndex.Lanes, 0);
            uint alive = s->LaneAlive[l];
            Place(s, t, first, alive);
            if (alive > 255)
                Place(s, t, first + 8, alive >> 8);
        }
        for (uint m = monsters; m != 0; m &= m - 1)
            Place(s, t, UnitIndex.FirstMonster + BitOperations.TrailingZeroCount(m));
        for (uint m = Near.Alive(s, UnitIndex.FirstSummon) & ((1u << UnitIndex.Summons) - 1); m != 0; m &= m - 1)
            Place(s, t, UnitIndex.FirstSummon + BitOperations.TrailingZeroCount(m));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Place(WorldState* s, Scratch* t, int u)
    {
        s->X[u] = t->NextX[u];
        s->Y[u] = t->NextY[u];
    }

    /// <summary>Bit i: monster i is alive and may move. One that is at home, has no prey and is not pushed about stays, and that is most of them.</summary>
    private static uint Restless(MobaWorld w, WorldState* s)
    {
        uint bits = 0;
        for (int i = 0; i < w.Map.MonsterCount; i += 8)
        {
            int u = UnitIndex.FirstMonster + i;
            Vector256<float> dx = Vector256.LoadUnsafe(ref w.Map.HomeX[0], (nuint)i) - Vector256.Load(s->X + u);
            Vector256<float> dy = Vector256.LoadUnsafe(ref w.Map.HomeY[0], (nuint)i) - Vector256.Load(s->Y + u);
            uint away = ~Vector256.LessThanOrEqual(dx * dx + dy * dy, Vector256.Create(Home * Home)).ExtractMostSignificantBits();
            uint busy = ~Near.Negative(s->AttackTarget, u) | Near.Ahead(s, s->ForcedUntil, u);
            bits |= ((away | busy) & Near.Alive(s, u) & 255) << i;
        }
        return bits & ((1u << w.Map.MonsterCount) - 1);
    }

    /// <summary>Eight units, of which bits say which are meant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Place(WorldState* s, Scratch* t, int u, uint bits)
    {
        Vector256<float> meant = Near.Lanes(bits);
        Vector256.ConditionalSelect(meant, Vector256.Load(t->NextX + u), Vector256.Load(s->X + u)).Store(s->X + u);
        Vector256.ConditionalSelect(meant, Vector256.Load(t->NextY + u), Vector256.Load(s->Y + u)).Store(s->Y + u);
    }

    /// <summary>
    /// Those that walk in a direction are moved eight at once, and one by one only those with a target, those that meet a wall and those moved by
    /// force: which hero is which is nothing that a branch predictor could learn.
    /// </summary>
    [SkipLocalsInit]
    private static void Heroes(MobaWorld w, WorldState* s, Scratch* t)
    {
        const int Last = UnitIndex.Heroes - 8;
        uint alive = Near.Alive(s, 0) & Near.Heroes;
        uint blinking = alive & Near.Set(t->Blinks, 0);
        uint forced = alive & ~blinking & Near.Ahead(s, s->ForcedUntil, 0);
        uint bound = Near.Ahead(s, s->StunUntil, 0) | Near.Ahead(s, s->RootUntil, 0) | Near.Casting(s) | ~Near.Zero(s->WindUpEnd, 0);
        uint free = alive & ~blinking & ~forced & ~bound & Near.Set(t->CanAct, 0);
        uint attacking = free & Near.Ordered(s, Verb.Attack) & ~Near.Negative(s->OrderTarget, 0);
        uint slowed = Near.Ahead(s, s->SlowUntil, 0);
        uint walking = free & Near.Ordered(s, Verb.Move);
        Unsafe.SkipInit(out HeroSteps steps);
        HeroSteps* l = &steps;
        walking = Walking(s, l, 0, walking, slowed) | Walking(s, l, Last, walking >> Last, slowed >> Last) << Last;
        uint walls = 0;
        for (int h = 0; h < UnitIndex.Heroes; h++)
            walls |= (uint)w.Map.IsWall(l->Cell[h]) << h;
        Step(s, t, l, 0, walking & ~walls);
        Step(s, t, l, Last, (walking & ~walls) >> Last);
        for (uint m = walking & walls; m != 0; m &= m - 1)
        {
            int h = BitOperations.TrailingZeroCount(m);
            Slide(w, t, h, s->X[h], s->Y[h], l->X[h], l->Y[h]);
        }
        for (uint m = attacking; m != 0; m &= m - 1)
            Attacker(w, s, t, BitOperations.TrailingZeroCount(m));
        uint moved = Moved(s, t, 0) | Moved(s, t, Last) << Last;
        moved &= walking | attacking;
        for (int h = 0; h < UnitIndex.Heroes; h++)
            s->Moving[h] = (byte)(moved >> h & 1);
        for (uint m = forced; m != 0; m &= m - 1)
            Forced(w, s, t, BitOperations.TrailingZeroCount(m));
        for (uint m = blinking; m != 0; m &= m - 1)
        {
            int h = BitOperations.TrailingZeroCount(m);
            t->NextX[h] = t->BlinkX[h];
            t->NextY[h] = t->BlinkY[h];
        }
    }

    /// <summary>Where eight heroes' orders lead, and where those that bits mean look.</summary>
    /// <returns>Bits of those that go anywhere.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Walking(WorldState* s, HeroSteps* l, int h, uint bits, uint slowed)
    {
        Vector256<float> dx = Vector256.Load(s->OrderX + h);
        Vector256<float> dy = Vector256.Load(s->OrderY + h);
        Vector256<float> square = dx * dx + dy * dy;
        bits &= ~Vector256.LessThan(square, Vector256.Create(1e-6f)).ExtractMostSignificantBits() & 255;
        Vector256<float> length = Vector256.Sqrt(square);
        Vector256<float> moveSpeed = Vector256.Load(s->MoveSpeed + h);
        Vector256<float> speed = Vector256.ConditionalSelect(Near.Lanes(slowed), moveSpeed * (Vector256<float>.One - Vector256.Load(s->SlowAmount + h)), moveSpeed);
        Vector256<float> f = speed / length;
        Vector256<float> x = dx * f;
        Vector256<float> y = dy * f;
        x.Store(l->X + h);
        y.Store(l->Y + h);
        (Near.Axis(Vector256.Load(s->Y + h) + y) * GameMap.Size + Near.Axis(Vector256.Load(s->X + h) + x)).Store(l->Cell + h);
        Vector256<float> meant = Near.Lanes(bits);
        Vector256<float> unit = Vector256<float>.One / length;
        Vector256.ConditionalSelect(meant, dx * unit, Vector256.Load(s->FaceX + h)).Store(s->FaceX + h);
        Vector256.ConditionalSelect(meant, dy * unit, Vector256.Load(s->FaceY + h)).Store(s->FaceY + h);
        return bits;
    }

    /// <summary>Steps of those among eight heroes that bits mean; the others stay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(WorldState* s, Scratch* t, HeroSteps* l, int h, uint bits)
    {
        Vector256<float> meant = Near.Lanes(bits);
        Vector256<float> x = Vector256.Load(s->X + h);
        Vector256<float> y = Vector256.Load(s->Y + h);
        Vector256.ConditionalSelect(meant, x + Vector256.Load(l->X + h), x).Store(t->NextX + h);
        Vector256.ConditionalSelect(meant, y + Vector256.Load(l->Y + h), y).Store(t->NextY + h);
    }

    /// <summary>Bits of those among eight heroes that will be elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Moved(WorldState* s, Scratch* t, int h)
    {
        Vector256<float> same = Vector256.Equals(Vector256.Load(s->X + h), Vector256.Load(t->NextX + h)) & Vector256.Equals(Vector256.Load(s->Y + h), Vector256.Load(t->NextY + h));
        return ~same.ExtractMostSignificantBits() & 255;
    }

    /// <summary>Towards the target until it is in reach.</summary>
    private static void Attacker(MobaWorld w, WorldState* s, Scratch* t, int h)
    {
        int target = s->OrderTarget[h];
        float dx = s->X[target] - s->X[h];
        float dy = s->Y[target] - s->Y[h];
        float reach = s->AttackRange[h] + Combat.Body(target);
        float square = dx * dx + dy * dy;
        if (square <= reach * reach)
            return;
        float distance = MathF.Sqrt(square);
        float most = distance - reach + 0.05f;
        if (distance > FieldDistance && UnitIndex.IsStructure(target))
        {
            int d = w.Map.StructureDirection(target - UnitIndex.FirstStructure, s->X[h], s->Y[h]);
            dx = Directions.X(d);
            dy = Directions.Y(d);
        }
        float length = dx * dx + dy * dy;
        if (length < 1e-6f)
            return;
        float step = Speed(s, h);
        step = step < most ? step : most;
        float f = step / MathF.Sqrt(length);
        HeroActions.Look(s, h, dx, dy);
        Walk(w, s, t, h, dx * f, dy * f);
    }

    /// <summary>
    /// A lane's creeps: those with a target go up to it, the others along the lane. Steps are computed eight at once, also of places without a
    /// living creep; that costs less than branches that differ from creep to creep.
    /// </summary>
    [SkipLocalsInit]
    private static void Lane(MobaWorld w, WorldState* s, Scratch* t, int team, int lane)
    {
        uint alive = s->LaneAlive[team * UnitIndex.Lanes + lane];
        if (alive == 0)
            return;
        int first = UnitIndex.Creep(team, lane, 0);
        Unsafe.SkipInit(out LaneSteps steps);
        LaneSteps* l = &steps;
        uint aimless = Near.Negative(s->AttackTarget, first);
        ref byte way = ref MemoryMarshal.GetReference(w.Map.Lane(team, lane));
        uint slowed = Near.Ahead(s, s->SlowUntil, first);
        uint still = ~Near.Zero(s->WindUpEnd, first);
        for (int i = 0; i < Near.Wide; i += 8)
        {
            Vector256<float>.Zero.Store(l->WayX + i);
            Vector256<float>.Zero.Store(l->WayY + i);
            GameMap.Tiles(Near.Axis(Vector256.Load(s->X + first + i)), Near.Axis(Vector256.Load(s->Y + first + i))).Store(l->Cell + i);
        }
        for (uint m = alive & aimless; m != 0; m &= m - 1)
        {
            int slot = BitOperations.TrailingZeroCount(m);
            int d = Unsafe.Add(ref way, l->Cell[slot]);
            l->WayX[slot] = Directions.X(d);
            l->WayY[slot] = Directions.Y(d);
        }
        Eight(s, t, l, first, 0, slowed, still, aimless);
        // Hardly ever are more than eight of a lane alive.
        bool many = alive > 255;
        if (many)
            Eight(s, t, l, first, 8, slowed, still, aimless);
        Push(s, l, first, alive, s->Tick & 1);

        uint forced = alive & Near.Ahead(s, s->ForcedUntil, first);
        uint free = alive & ~forced & ~Near.Ahead(s, s->StunUntil, first) & ~Near.Ahead(s, s->RootUntil, first);
        Goals(s, l, first, 0);
        if (many)
            Goals(s, l, first, 8);
        uint walls = 0;
        for (uint m = free; m != 0; m &= m - 1)
        {
            int slot = BitOperations.TrailingZeroCount(m);
            walls |= (uint)(Unsafe.Add(ref way, l->Cell[slot]) >> 7) << slot;
        }
        Step(s, t, l, first, 0, free & ~walls);
        if (many)
            Step(s, t, l, first, 8, free & ~walls);
        for (uint m = free & walls; m != 0; m &= m - 1)
        {
            int slot = BitOperations.TrailingZeroCount(m);
            Slide(w, t, first + slot, s->X[first + slot], s->Y[first + slot], l->X[slot], l->Y[slot]);
        }
        for (uint m = forced; m != 0; m &= m - 1)
            Forced(w, s, t, first + BitOperations.TrailingZeroCount(m));
    }

    /// <summary>In which cells the steps of eight creeps end, as <see cref="GameMap.Lane"/> has them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Goals(WorldState* s, LaneSteps* l, int first, int slot)
    {
        Vector256<int> column = Near.Axis(Vector256.Load(s->X + first + slot) + Vector256.Load(l->X + slot));
        Vector256<int> row = Near.Axis(Vector256.Load(s->Y + first + slot) + Vector256.Load(l->Y + slot));
        GameMap.Tiles(column, row).Store(l->Cell + slot);
    }

    /// <summary>Steps of those among eight creeps that bits mean; the others stay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(WorldState* s, Scratch* t, LaneSteps* l, int first, int slot, uint bits)
    {
        Vector256<float> steps = Near.Lanes(bits >> slot);
        Vector256<float> x = Vector256.Load(s->X + first + slot);
        Vector256<float> y = Vector256.Load(s->Y + first + slot);
        Vector256.ConditionalSelect(steps, x + Vector256.Load(l->X + slot), x).Store(t->NextX + first + slot);
        Vector256.ConditionalSelect(steps, y + Vector256.Load(l->Y + slot), y).Store(t->NextY + first + slot);
    }

    /// <summary>Steps of eight creeps.</summary>
    /// <param name="still">Bits of those that wind up a blow; they stay if they have a target.</param>
    /// <param name="aimless">Bits of those without a target.</param>
    private static void Eight(WorldState* s, Scratch* t, LaneSteps* l, int first, int slot, uint slowed, uint still, uint aimless)
    {
        int u = first + slot;
        int aim = u - UnitIndex.FirstCreep;
        Vector256<float> moveSpeed = Vector256.Load(s->MoveSpeed + u);
        Vector256<float> speed = Vector256.ConditionalSelect(Near.Lanes(slowed >> slot), moveSpeed * (Vector256<float>.One - Vector256.Load(s->SlowAmount + u)), moveSpeed);
        Vector256<float> tx = Vector256.Load(t->AimX + aim) - Vector256.Load(s->X + u);
        Vector256<float> ty = Vector256.Load(t->AimY + aim) - Vector256.Load(s->Y + u);
        Vector256<float> reach = Vector256.Load(s->AttackRange + u) + Vector256.Load(t->AimBody + aim);
        Vector256<float> square = tx * tx + ty * ty;
        Vector256<float> goes = Vector256.AndNot(Vector256.GreaterThan(square, reach * reach), Near.Lanes(still >> slot));
        Vector256<float> f = speed / Vector256.Sqrt(square);
        Vector256<float> ahead = Near.Lanes(aimless >> slot);
        Vector256.ConditionalSelect(ahead, Vector256.Load(l->WayX + slot) * speed, goes & (tx * f)).Store(l->X + slot);
        Vector256.ConditionalSelect(ahead, Vector256.Load(l->WayY + slot) * speed, goes & (ty * f)).Store(l->Y + slot);
    }

    /// <summary>
    /// Creeps of a lane make room for one another, every second one in each tick. The sum is in whole numbers, so its order does not matter.
    /// Half a lane fits into one vector, so the others are gone through, and only those alive.
    /// </summary>
    /// <param name="odd">1 where creeps of odd slots move aside.</param>
    private static void Push(WorldState* s, LaneSteps* l, int first, uint alive, int odd)
    {
        if ((alive & alive - 1) == 0)
            return;
        Vector256<int> slots = Vector256.Create(0, 2, 4, 6, 8, 10, 12, 14) + Vector256.Create(odd);
        Vector256<float> x = Half(s->X + first, odd);
        Vector256<float> y = Half(s->Y + first, odd);
        Vector256<int> px = Vector256<int>.Zero;
        Vector256<int> py = Vector256<int>.Zero;
        for (uint m = alive; m != 0; m &= m - 1)
        {
            int other = BitOperations.TrailingZeroCount(m);
            Vector256<int> it = Vector256.Create(other);
            Vector256<float> ex = x - Vector256.Create(s->X[first + other]);
            Vector256<float> ey = y - Vector256.Create(s->Y[first + other]);
            Vector256<float> square = ex * ex + ey * ey;
            Vector256<float> close = Vector256.AndNot(Vector256.LessThan(square, Vector256.Create(Crowd * Crowd)), Vector256.Equals(it, slots).AsSingle());
            // Two on one spot part by slot, along the diagonal that the reflection leaves as it is.
            Vector256<float> same = Vector256.LessThan(square, Vector256.Create(1e-6f));
            Vector256<float> apart = Vector256.ConditionalSelect(Vector256.GreaterThan(it, slots).AsSingle(), Vector256.Create(0.1f), Vector256.Create(-0.1f));
            ex = Vector256.ConditionalSelect(same, apart, ex);
            ey = Vector256.ConditionalSelect(same, -apart, ey);
            square = Vector256.ConditionalSelect(same, Vector256.Create(0.02f), square);
            Vector256<float> f = close & ((Vector256.Create(Crowd) - Vector256.Sqrt(square)) * 65536f * 0.35f);
            px += Vector256.ConvertToInt32Native(ex * f);
            py += Vector256.ConvertToInt32Native(ey * f);
        }
        float* pushed = stackalloc float[2 * Vector256<float>.Count];
        (Vector256.ConvertToSingle(px) * (1f / 65536f)).Store(pushed);
        (Vector256.ConvertToSingle(py) * (1f / 65536f)).Store(pushed + 8);
        for (int i = 0; i < UnitIndex.CreepsPerLane / 2; i++)
        {
            l->X[2 * i + odd] += pushed[i];
            l->Y[2 * i + odd] += pushed[8 + i];
        }
    }

    /// <summary>Every second of sixteen numbers, from the first or the second on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Half(float* of, int odd)
        => Vector256.Create(of[odd], of[2 + odd], of[4 + odd], of[6 + odd], of[8 + odd], of[10 + odd], 0f, 0f);

    private static void Monster(MobaWorld w, WorldState* s, Scratch* t, int i)
    {
        int u = UnitIndex.FirstMonster + i;
        if (s->Alive[u] == 0)
            return;
        t->NextX[u] = s->X[u];
        t->NextY[u] = s->Y[u];
        if (s->ForcedUntil[u] > s->Tick)
        {
            Forced(w, s, t, u);
            return;
        }
        if (s->StunUntil[u] > s->Tick || s->RootUntil[u] > s->Tick || s->WindUpEnd[u] != 0)
            return;
        int target = s->AttackTarget[u];
        float dx = (target >= 0 ? s->X[target] : w.Map.MonsterX[i]) - s->X[u];
        float dy = (target >= 0 ? s->Y[target] : w.Map.MonsterY[i]) - s->Y[u];
        float reach = target >= 0 ? s->AttackRange[u] + Combat.Body(target) : Home;
        float square = dx * dx + dy * dy;
        if (square <= reach * reach)
            return;
        float distance = MathF.Sqrt(square);
        float step = Speed(s, u);
        float f = (step < distance ? step : distance) / distance;
        Walk(w, s, t, u, dx * f, dy * f);
    }

    /// <summary>To its prey, else to its owner, in a straight line: what a wall keeps from following waits there.</summary>
    private static void Summoned(MobaWorld w, WorldState* s, Scratch* t, int u)
    {
        if (s->Alive[u] == 0)
            return;
        t->NextX[u] = s->X[u];
        t->NextY[u] = s->Y[u];
        if (s->ForcedUntil[u] > s->Tick)
        {
            Forced(w, s, t, u);
            return;
        }
        int target = s->AttackTarget[u];
        int owner = s->OwnerHero[u - UnitIndex.FirstSummon];
        if (s->MoveSpeed[u] <= 0f || s->StunUntil[u] > s->Tick || s->RootUntil[u] > s->Tick || s->WindUpEnd[u] != 0 || (target < 0 && s->Alive[owner] == 0))
            return;
        int to = target >= 0 ? target : owner;
        float dx = s->X[to] - s->X[u];
        float dy = s->Y[to] - s->Y[u];
        float reach = target >= 0 ? s->AttackRange[u] + Combat.Body(target) : Company;
        float square = dx * dx + dy * dy;
        if (square <= reach * reach)
            return;
        float f = Speed(s, u) / MathF.Sqrt(square);
        Walk(w, s, t, u, dx * f, dy * f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Speed(WorldState* s, int u)
        => s->SlowUntil[u] > s->Tick ? s->MoveSpeed[u] * (1f - s->SlowAmount[u]) : s->MoveSpeed[u];

    /// <summary>Knock-backs and dashes stop at walls.</summary>
    private static void Forced(MobaWorld w, WorldState* s, Scratch* t, int u)
    {
        float x = s->X[u] + s->ForcedX[u];
        float y = s->Y[u] + s->ForcedY[u];
        // Half way is tested too: a step may be longer than a wall is thick.
        if (w.Map.Walkable(x, y) && w.Map.Walkable(s->X[u] + 0.5f * s->ForcedX[u], s->Y[u] + 0.5f * s->ForcedY[u]))
        {
            t->NextX[u] = x;
            t->NextY[u] = y;
            return;
        }
        s->ForcedUntil[u] = (ushort)(s->Tick + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Walk(MobaWorld w, WorldState* s, Scratch* t, int u, float dx, float dy)
    {
        float x = s->X[u];
        float y = s->Y[u];
        if (w.Map.Walkable(x + dx, y + dy))
        {
            t->NextX[u] = x + dx;
            t->NextY[u] = y + dy;
            return;
        }
        Slide(w, t, u, x, y, dx, dy);
    }

    /// <summary>Along the longer component if it is free, else along the other. Between equals the farther coordinate decides, which keeps reflections alike.</summary>
    private static void Slide(MobaWorld w, Scratch* t, int u, float x, float y, float dx, float dy)
    {
        float ax = dx < 0f ? -dx : dx;
        float ay = dy < 0f ? -dy : dy;
        bool alongX = dx != 0f && w.Map.Walkable(x + dx, y);
        bool alongY = dy != 0f && w.Map.Walkable(x, y + dy);
        if (alongX && alongY)
        {
            if (ax == ay)
            {
                ax = x < 0f ? -x : x;
                ay = y < 0f ? -y : y;
            }
            if (ax == ay)
                return;
            alongX = ax > ay;
            alongY = !alongX;
        }
        if (alongX)
            t->NextX[u] = x + dx;
        else if (alongY)
            t->NextY[u] = y + dy;
    }

    /// <summary>What heroes are about to do.</summary>
    private struct HeroSteps
    {
        public fixed float X[UnitIndex.Heroes];
        public fixed float Y[UnitIndex.Heroes];

        /// <summary>Where their steps end.</summary>
        public fixed int Cell[UnitIndex.Heroes];
    }

    /// <summary>What a lane's creeps are about to do, by slot; the last places only fill up the vectors.</summary>
    private struct LaneSteps
    {
        public fixed float X[Near.Wide];
        public fixed float Y[Near.Wide];
        public fixed float WayX[Near.Wide];
        public fixed float WayY[Near.Wide];

        /// <summary>Where they stand, then where their steps end.</summary>
        public fixed int Cell[Near.Wide];
    }
}
