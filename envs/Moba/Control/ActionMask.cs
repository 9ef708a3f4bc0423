using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SelfPlayArena.Moba;

/// <summary>
/// Writes one hero's legal mask: for each head its rows, as <see cref="Sizes"/> places them. An ability that does not use a head has exactly one
/// legal option (index 0) in its row, so that a learner sees a forced choice. Asks the same questions as <see cref="Legality"/>.
/// </summary>
internal static unsafe class ActionMask
{
    /// <summary>A direction is legal if one can stand this many cells ahead: about two decisions' walk, so that walls are left early. Less than <see cref="Surroundings.OpenReach"/>.</summary>
    private const float Look = 1.25f;

    /// <summary>Entries of <see cref="Know"/>: one for every byte, so that an empty slot needs no question.</summary>
    public const int Units = 256;

    private const int Attackable = 1;
    private const int Present = 2;

    /// <summary>What a team's masks ask of units, by unit: whether it may be attacked (<see cref="Legality.IsAttackable"/>), and whether it is alive and seen.</summary>
    public static void Know(WorldState* s, int team, byte* known)
    {
        Vector128<byte> bit = Vector128.Create((byte)(1 << team));
        for (int first = 0; first < UnitIndex.Count; first += Systems.Near.Wide)
        {
            int u = first <= UnitIndex.Count - Systems.Near.Wide ? first : UnitIndex.Count - Systems.Near.Wide;
            Vector128<byte> absent = Vector128.Equals(Vector128.Load(s->Alive + u), Vector128<byte>.Zero) | Vector128.Equals(Vector128.Load(s->Visible + u) & bit, Vector128<byte>.Zero);
            Vector128<byte> own = Vector128.Equals(Vector128.Load(s->Team + u), Vector128.Create((byte)team));
            Vector128<byte> all = Vector128.AndNot(Vector128.Create((byte)Attackable), own) | Vector128.Create((byte)Present);
            Vector128.AndNot(all, absent).Store(known + u);
        }
        for (int k = 0; k < UnitIndex.Structures; k += Systems.Near.Wide)
        {
            int at = k == 0 ? 0 : UnitIndex.Structures - Systems.Near.Wide;
            Vector128<byte> hurt = Vector128.Equals(Vector128.Load(s->Protected + at), Vector128<byte>.Zero) | Vector128.Create((byte)Present);
            (Vector128.Load(known + UnitIndex.FirstStructure + at) & hurt).Store(known + UnitIndex.FirstStructure + at);
        }
        known[TargetSlots.None] = 0;
    }

    /// <param name="known">From <see cref="Know"/>.</param>
    /// <param name="own">The hero's own row, see <see cref="ObservationWriter.DescribeOwn"/>: it tells which skills are learnt, ready and paid for.</param>
    /// <param name="due">Whether the hero's player may choose another macro command; else only the one in force is offered.</param>
    /// <param name="ground">The hero's word of <see cref="Surroundings"/>.</param>
    public static void Write(MobaWorld world, ulong ground, WorldState* s, int hero, TargetSlots* slots, byte* known, byte* own, bool due, byte* m)
    {
        Unsafe.InitBlockUnaligned(m, 0, Sizes.MaskBytes);
        m[(int)Verb.Stay] = 1;
        m[Sizes.MacroMask + s->Macro[hero]] = 1;
        for (int c = 0; due && c < MacroRules.Count; c++)
            m[Sizes.MacroMask + c] |= MacroRules.IsLegal(world, s, hero, (MacroCommand)c) ? (byte)1 : (byte)0;
        if (s->ManualShop[hero] != 0)
            m[(int)Verb.Buy] = Choices(world, s, hero, Verb.Buy, m + Sizes.ChoiceMask);
        if (s->ManualSkills[hero] != 0)
            m[(int)Verb.Learn] = Choices(world, s, hero, Verb.Learn, m + Sizes.ChoiceMask + Sizes.Choices);
        if (s->Alive[hero] == 0)
            return;
        for (uint ready = Ready(world, s, hero, own); ready != 0; ready &= ready - 1)
        {
            int a = BitOperations.TrailingZeroCount(ready);
            if (Legality.Castable(world, in *s, hero, a) is { } d)
                m[(int)VerbOf(a)] = Ability(s, hero, a, d, slots, known, m);
        }
        if (!Legality.CanAct(in *s, hero))
            return;
        if (Legality.CanMove(in *s, hero))
            m[(int)Verb.Move] = WalkRow(world, ground, s, hero, s->Team[hero], m + Sizes.DirectionMask);
        m[(int)Verb.Attack] = AttackTargets(slots, known, m + Sizes.TargetMask);
        m[(int)Verb.Recall] = Legality.CanRecall(in *s, hero) ? (byte)1 : (byte)0;
        if (!Systems.Wards.CanPlace(in *s, hero))
            return;
        m[(int)Verb.Ward] = 1;
        Unsafe.InitBlockUnaligned(m + Sizes.DirectionMask + Sizes.WardRow * Directions.Count, 1, Directions.Count);
    }

    /// <summary>Bits of the abilities that may be castable: what waits is most of them, and easily told.</summary>
    private static uint Ready(MobaWorld world, WorldState* s, int hero, byte* own)
    {
        // Four flags of one byte each become four bits.
        uint skills = ((*(uint*)(own + ObservationWriter.CastableAt) & 0x01010101) * 0x10204080 >> 28) & (uint)-Systems.Combat.One(s->SilenceUntil[hero] <= s->Tick);
        uint others = 0;
        for (int a = 0; a < WorldState.Spells; a++)
            others |= (uint)Systems.Combat.One(s->SpellReady[hero * WorldState.Spells + a] <= s->Tick) << Abilities.Spell + a;
        ref byte usable = ref world.Usable[0];
        int item = 0;
        for (int slot = hero * WorldState.ItemSlots; slot < (hero + 1) * WorldState.ItemSlots; slot++)
            item |= Unsafe.Add(ref usable, s->Items[slot]) & Systems.Combat.One(s->ItemReady[slot] <= s->Tick);
        return (skills | others | (uint)item << Abilities.Item) & (uint)-Systems.Combat.One(s->CastSkill[hero] < 0);
    }

    public static Verb VerbOf(int ability)
        => ability < Abilities.Spell ? (Verb)((int)Verb.Skill1 + ability) : ability < Abilities.Item ? (Verb)((int)Verb.Spell1 + ability - Abilities.Spell) : Verb.Item;

    private static byte Ability(WorldState* s, int hero, int ability, SkillDefinition d, TargetSlots* slots, byte* known, byte* m)
    {
        Vector128<byte> directed = Vector128.Create((byte)-Systems.Combat.One(d.Aim is Aim.Direction or Aim.Point)) | Vector128.CreateScalar(byte.MaxValue);
        (directed & Vector128<byte>.One).Store(m + Sizes.DirectionMask + (1 + ability) * Directions.Count);
        // Only skills choose how far: spells and items aimed at a point take effect at their range.
        if (ability < Sizes.SkillRows)
            *(uint*)(m + Sizes.DistanceMask + ability * Sizes.Distances) = d.Aim is Aim.Point ? 0x01010101 : 1u;
        byte* target = m + Sizes.TargetMask + (1 + ability) * Sizes.Targets;
        if (d.Aim == Aim.Target)
            return AbilityTargets(s, hero, d, slots, known, target);
        target[0] = 1;
        return 1;
    }

    private static byte Choices(MobaWorld world, WorldState* s, int hero, Verb verb, byte* row)
    {
        byte any = 0;
        int options = verb == Verb.Buy ? world.Content.Items.Length : WorldState.Skills;
        for (int i = 0; i < options; i++)
        {
            if (!Legality.IsLegal(world, in *s, hero, new Order(verb, i)))
                continue;
            row[i] = 1;
            any = 1;
        }
        return any;
    }

    /// <summary>Whether a hero may walk in a direction of the world's frame.</summary>
    public static bool CanWalk(MobaWorld world, WorldState* s, int hero, int direction)
        => world.Map.Walkable(s->X[hero] + Directions.X(direction) * Look, s->Y[hero] + Directions.Y(direction) * Look);

    private static byte WalkRow(MobaWorld world, ulong here, WorldState* s, int hero, int team, byte* row)
    {
        if (Surroundings.IsOpen(here))
        {
            Unsafe.InitBlockUnaligned(row, 1, Directions.Count);
            return 1;
        }
        byte* free = stackalloc byte[Directions.Count];
        Cells(s->X[hero], s->Y[hero], out Vector256<int> first, out Vector256<int> second);
        ReadOnlySpan<byte> ground = world.Map.Ground;
        for (int d = 0; d < 8; d++)
        {
            free[d] = (byte)Systems.Combat.One(ground[first[d]] != GameMap.Wall);
            free[d + 8] = (byte)Systems.Combat.One(ground[second[d]] != GameMap.Wall);
        }
        Vector128<byte> legal = Vector128.Load(free);
        if (team != 0)
            legal = Vector128.Shuffle(legal, Vector128.Create((byte)12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13));
        legal.Store(row);
        return (byte)Systems.Combat.One(legal != Vector128<byte>.Zero);
    }

    /// <summary>In which cell each of the directions leads, eight at a time.</summary>
    private static void Cells(float x, float y, out Vector256<int> first, out Vector256<int> second)
    {
        first = Cells(x, y, 0);
        second = Cells(x, y, 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Cells(float x, float y, int from)
    {
        Vector256<int> column = Systems.Near.Axis(Vector256.Create(x) + Directions.EightX(from) * Look);
        Vector256<int> row = Systems.Near.Axis(Vector256.Create(y) + Directions.EightY(from) * Look);
        return row * GameMap.Size + column;
    }

    private static byte AttackTargets(TargetSlots* slots, byte* known, byte* row)
    {
        // Own creeps and structures are never attacked.
        int any = Attacked(slots, known, row, Sizes.EnemySlot, Sizes.OwnCreepSlot)
            | Attacked(slots, known, row, Sizes.StructureSlot, Sizes.StructureSlot + Sizes.Structures / 2)
            | Attacked(slots, known, row, Sizes.MonsterSlot, Sizes.Targets);
        return (byte)any;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Attacked(TargetSlots* slots, byte* known, byte* row, int from, int to)
    {
        int any = 0;
        for (int i = from; i < to; i++)
        {
            int legal = known[slots->Unit[i]] & Attackable;
            row[i] = (byte)legal;
            any |= legal;
        }
        return any;
    }

    /// <summary>As <see cref="Legality.IsTargetable"/> has it, asked only of the slots where the ability's side stands.</summary>
    private static byte AbilityTargets(WorldState* s, int hero, SkillDefinition d, TargetSlots* slots, byte* known, byte* row)
    {
        int any = 0;
        if (d.OnHeroes)
        {
            int from = d.Side == Side.Enemies ? Sizes.EnemySlot : 0;
            int to = d.Side == Side.Enemies ? Sizes.CreepSlot : d.Side == Side.Self ? 1 : Sizes.EnemySlot;
            any |= InRange(s, hero, d.Range, slots, known, row, from, to);
        }
        if (d.OnCreeps && d.Side == Side.Enemies)
            any |= InRange(s, hero, d.Range, slots, known, row, Sizes.CreepSlot, Sizes.OwnCreepSlot) | InRange(s, hero, d.Range, slots, known, row, Sizes.MonsterSlot, Sizes.WardSlot);
        else if (d.OnCreeps && d.Side == Side.Allies)
            any |= InRange(s, hero, d.Range, slots, known, row, Sizes.OwnCreepSlot, Sizes.StructureSlot);
        return (byte)any;
    }

    private static int InRange(WorldState* s, int hero, float range, TargetSlots* slots, byte* known, byte* row, int from, int to)
    {
        float x = s->X[hero];
        float y = s->Y[hero];
        int any = 0;
        for (int i = from; i < to; i++)
        {
            int unit = slots->Unit[i];
            int there = known[unit] / Present;
            float dx = s->X[unit & -there] - x;
            float dy = s->Y[unit & -there] - y;
            int legal = there & Systems.Combat.One(dx * dx + dy * dy <= range * range);
            row[i] = (byte)legal;
            any |= legal;
        }
        return any;
    }
}
