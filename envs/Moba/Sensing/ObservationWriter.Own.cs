using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SelfPlayArena.Core;
using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

internal sealed unsafe partial class ObservationWriter
{
    /// <summary>Bytes from one row of <see cref="DescribeOwn"/> to the next: whole vectors.</summary>
    public const int OwnStride = 64;

    /// <summary>Where such a row tells which skills can be cast, four flags.</summary>
    public const int CastableAt = 9;

    /// <summary>
    /// Writes the rows [10 units, <see cref="OwnStride"/>] that heroes see of themselves, all but whether a structure aims at them. The state holds
    /// numbers by hero side by side, so eight heroes' are worked out at once, and four or eight features of theirs are joined to a word.
    /// </summary>
    [SkipLocalsInit]
    /// <param name="grounds">[10 units] from <see cref="Surroundings.Of"/>.</param>
    public void DescribeOwn(WorldState* s, ulong* grounds, byte* rows)
    {
        const int Last = UnitIndex.Heroes - 8;
        DescribeEight(s, 0, rows);
        DescribeEight(s, Last, rows);
        const int Skills = UnitIndex.Heroes * WorldState.Skills, Spells = UnitIndex.Heroes * WorldState.Spells;
        byte* waits = stackalloc byte[Skills];
        byte* learnt = stackalloc byte[Skills];
        byte* castable = stackalloc byte[Skills];
        byte* spellWaits = stackalloc byte[Spells + 4];
        byte* spellReady = stackalloc byte[Spells + 4];
        for (int i = 0; i < Skills; i += 8)
            DescribeSkills(s, i, waits, learnt, castable);
        Vector256<int> spells = Vector256.Create(127 & -Combat.One(_world.Content.Spells.Length != 0));
        for (int i = 0; i < Spells; i += 8)
        {
            Vector256<int> wait = Left(s, s->SpellReady + i);
            Bytes(Eight(Vector256.ConvertToSingle(wait) * (PerSecond / Sizes.SpellSeconds)), spellWaits + i);
            Bytes(Vector256.Equals(wait, Vector256<int>.Zero) & spells, spellReady + i);
        }
        int[] levels = _world.Rules.LevelXp;
        for (int u = 0; u < UnitIndex.Heroes; u++)
        {
            byte* p = rows + u * OwnStride;
            int level = s->Level[u];
            p[3] = level >= RulesDefinition.MaxLevel || level < 1 ? (byte)127 : Q((s->Xp[u] - levels[level - 1]) / (float)(levels[level] - levels[level - 1]));
            *(uint*)(p + 5) = *(uint*)(waits + u * WorldState.Skills);
            *(uint*)(p + CastableAt) = *(uint*)(castable + u * WorldState.Skills);
            p[16] = (byte)(127 & -Surroundings.Brush(grounds[u]));
            *(uint*)(p + 27) = *(uint*)(learnt + u * WorldState.Skills);
            *(ushort*)(p + 31) = *(ushort*)(s->Spell + u * WorldState.Spells);
            *(ushort*)(p + 33) = *(ushort*)(spellWaits + u * WorldState.Spells);
            *(ushort*)(p + 35) = *(ushort*)(spellReady + u * WorldState.Spells);
            uint bag = Bag(s, u, out int free, out int soonest);
            p[37] = Q((soonest & -Combat.One(soonest != int.MaxValue)) * (PerSecond / Sizes.ItemSeconds));
            p[38] = Flag(soonest == 0);
            p[51] = Q(free * (1f / WorldState.ItemSlots));
            *(uint*)(p + 52) = bag;
        }
    }

    /// <summary>What eight heroes' rows hold of numbers that the state has by hero.</summary>
    [SkipLocalsInit]
    private void DescribeEight(WorldState* s, int u, byte* rows)
    {
        const int Words = 5;
        Vector256<float> none = Vector256<float>.Zero;
        Vector256<int> tick = Vector256.Create(s->Tick);
        Vector256<float> alive = Vector256.ConvertToSingle(Wide(s->Alive + u));
        Vector256<float> maxMana = Vector256.Load(s->MaxMana + u);
        Vector256<float> x = Vector256.Load(s->X + u);
        Vector256<float> y = Vector256.Load(s->Y + u);
        Vector256<float> first = Vector256.LessThan(Vector256.Create(u) + Vector256<int>.Indices, Vector256.Create(UnitIndex.HeroesPerTeam)).AsSingle();
        ulong* words = stackalloc ulong[Words * 8];

        Join(
            Four(
                alive * (Vector256.Load(s->Hp + u) / Vector256.Load(s->MaxHp + u)),
                Vector256.GreaterThan(maxMana, none) & (Vector256.Load(s->Mana + u) / maxMana),
                Vector256.ConvertToSingle(Wide(s->Level + u)) * (1f / RulesDefinition.MaxLevel),
                none),
            Four(Vector256.ConvertToSingle(Vector256.Load(s->Gold + u)) * (1f / Sizes.Gold), none, none, none),
            words);

        Vector256<int> dead = Vector256<int>.One - Wide(s->Alive + u);
        Vector256<float> fx = x - Vector256.ConditionalSelect(first, Vector256.Create(_world.Map.FountainX[0]), Vector256.Create(_world.Map.FountainX[1]));
        Vector256<float> fy = y - Vector256.ConditionalSelect(first, Vector256.Create(_world.Map.FountainY[0]), Vector256.Create(_world.Map.FountainY[1]));
        float radius = _world.Map.FountainRadius;
        Join(
            Four(
                Vector256.ConvertToSingle(Wide(s->RecallTicks + u)) * _perRecall,
                Vector256.ConvertToSingle(dead) * (Vector256.ConvertToSingle(Wide(s->RespawnTick + u) - tick) * (PerSecond / Sizes.RespawnSeconds)),
                none,
                none),
            Four(
                Vector256.ConvertToSingle(Left(s, s->AttackReady + u)) * (PerSecond / 2f),
                Vector256.ConditionalSelect(first, x, -y) * (1f / Sizes.Far),
                Vector256.ConditionalSelect(first, y, -x) * (1f / Sizes.Far),
                Vector256.LessThanOrEqual(fx * fx + fy * fy, Vector256.Create(radius * radius)) & Vector256<float>.One),
            words + 8);

        Vector256<int> since = tick - Vector256.Load(s->LastHurtTick + u);
        Vector256<int> lately = Vector256.GreaterThanOrEqual(Vector256.Load(s->LastHurtTick + u), Vector256<int>.Zero) & Vector256.LessThan(since, Vector256.Create(45));
        Vector256<int> busy = ~(Near.Lanes(~Near.Casting(s) >> u).AsInt32() & Vector256.Equals(Wide(s->WindUpEnd + u), Vector256<int>.Zero));
        Join(
            Four(
                Vector256.ConvertToSingle(Vector256.GreaterThan(Wide(s->ShieldUntil + u), tick) & Vector256<int>.One) * (Vector256.Load(s->Shield + u) * (1f / Sizes.HeroHp)),
                Vector256.GreaterThan(Wide(s->SilenceUntil + u), tick).AsSingle() & Vector256<float>.One,
                busy.AsSingle() & Vector256<float>.One,
                Vector256.ConvertToSingle(Left(s, s->StunUntil + u)) * (PerSecond / 2f)),
            Four(
                Vector256.ConvertToSingle(lately & Vector256<int>.One) * (Vector256<float>.One - Vector256.ConvertToSingle(since) * (1f / 45f)),
                Vector256.ConvertToSingle(Wide(s->SkillPoints + u)) * (1f / 4f),
                none,
                none),
            words + 16);

        Join(
            Four(
                Vector256.ConvertToSingle(Wide(s->WardCharges + u)) * (1f / 4f),
                Vector256.ConvertToSingle(Left(s, s->WardReady + u)) * (PerSecond / Sizes.ItemSeconds),
                Vector256.ConvertToSingle(Left(s, s->StealthUntil + u)) * (PerSecond / Sizes.StealthSeconds),
                Vector256.Load(s->Power + u) * (1f / Sizes.HeroAttack)),
            Four(
                Vector256.Load(s->Armor + u) * (1f / Sizes.Resistance),
                Vector256.Load(s->MagicResist + u) * (1f / Sizes.Resistance),
                Vector256.Load(s->Haste + u),
                Vector256.Load(s->CritChance + u)),
            words + 24);

        Join(
            Four(
                Vector256.Load(s->LifeSteal + u),
                Vector256.ConvertToSingle(Wide(s->AttackInterval + u)) * (PerSecond / Sizes.AttackSeconds),
                Vector256.ConvertToSingle(Left(s, s->RootUntil + u)) * (PerSecond / 2f),
                none) | Wide(s->OrderVerb + u) << 24,
            Vector256<int>.Zero,
            words + 32);

        for (int i = 0; i < 8; i++)
        {
            byte* p = rows + (u + i) * OwnStride;
            *(ulong*)p = words[i];
            *(ulong*)(p + 13) = words[8 + i];
            *(ulong*)(p + 21) = words[16 + i];
            *(ulong*)(p + 39) = words[24 + i];
            *(uint*)(p + 47) = (uint)words[32 + i];
        }
    }

    /// <summary>Waits, levels and readiness of eight skills, which are two heroes'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void DescribeSkills(WorldState* s, int i, byte* waits, byte* learnt, byte* castable)
    {
        float* costs = stackalloc float[8];
        for (int k = 0; k < 8; k++)
        {
            int hero = (i + k) / WorldState.Skills;
            int of = s->SkillLevel[i + k];
            costs[k] = _mana[(s->Kind[hero] * WorldState.Skills + (k & WorldState.Skills - 1)) * Levels + of - Combat.One(of != 0)];
        }
        Vector256<int> level = Wide(s->SkillLevel + i);
        Vector256<int> wait = Left(s, s->SkillReady + i);
        Vector256<float> mana = Vector256.Create(Vector128.Create(s->Mana[i / WorldState.Skills]), Vector128.Create(s->Mana[i / WorldState.Skills + 1]));
        Vector256<int> ready = Vector256.Equals(wait, Vector256<int>.Zero) & Vector256.GreaterThan(level, Vector256<int>.Zero) & Vector256.GreaterThanOrEqual(mana, Vector256.Load(costs)).AsInt32();
        Bytes(Eight(Vector256.ConvertToSingle(wait) * (PerSecond / Sizes.CooldownSeconds)), waits + i);
        Bytes(Eight(Vector256.ConvertToSingle(level) * (1f / 4f)), learnt + i);
        Bytes(ready & Vector256.Create(127), castable + i);
    }

    /// <summary>Four features of eight heroes, quantised, by hero side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Four(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d)
    {
        Vector256<int> low = Vector256.Create(255);
        return (Eight(a) & low) | (Eight(b) & low) << 8 | (Eight(c) & low) << 16 | Eight(d) << 24;
    }

    /// <summary>The low bytes of eight numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Bytes(Vector256<int> v, byte* p)
    {
        Vector128<short> half = Vector128.Narrow(v.GetLower(), v.GetUpper());
        *(ulong*)p = Vector128.Narrow(half, half).AsUInt64().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<int> Wide(byte* of)
    {
        Vector128<ushort> half = Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)of).AsByte());
        return Vector256.Create(Vector128.WidenLower(half), Vector128.WidenUpper(half)).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Wide(ushort* of)
    {
        Vector128<ushort> half = Vector128.Load(of);
        return Vector256.Create(Vector128.WidenLower(half), Vector128.WidenUpper(half)).AsInt32();
    }

    /// <summary><see cref="WorldState.Remaining"/> of eight times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Left(WorldState* s, ushort* until) => Vector256.Max(Wide(until) - Vector256.Create(s->Tick), Vector256<int>.Zero);

    /// <summary>A hero's own row, and whether a structure that its team knows of aims at it.</summary>
    private static void WriteOwn(TeamSight* t, int u, byte* owns, byte* o)
    {
        o[0] = 1;
        byte* p = o + 1;
        byte* row = owns + u * OwnStride;
        // A few bytes more than a row are copied; what lies there is written later.
        Vector256.Load(row).Store(p);
        Vector256.Load(row + 32).Store(p + 32);
        p[15] = (byte)(127 & -(int)(t->Targeted >> u & 1));
    }

    /// <summary>Bits of the items owned.</summary>
    /// <param name="free">Empty slots.</param>
    /// <param name="soonest">Ticks until an item can be used, the largest number where none can.</param>
    private uint Bag(WorldState* s, int u, out int free, out int soonest)
    {
        uint bits = 0;
        free = 0;
        soonest = int.MaxValue;
        for (int slot = u * WorldState.ItemSlots; slot < (u + 1) * WorldState.ItemSlots; slot++)
        {
            int item = s->Items[slot];
            int any = Combat.One(item != 0);
            free += 1 - any;
            bits |= (uint)any << (item - 1);
            int wait = s->Remaining(s->ItemReady[slot]) | (int.MaxValue & (_world.Usable[item] - 1));
            soonest = wait < soonest ? wait : soonest;
        }
        return bits;
    }

    /// <summary>
    /// Writes the macro command in force; absent where nobody gives any. Its place and its prospects are judged by what the team knows.
    /// </summary>
    /// <param name="view">What the team knows; null where nobody of it has a command.</param>
    /// <returns>Whether a new command is due: there is none, it is finished or hopeless, or it was given five seconds ago.</returns>
    public bool WriteMacro(WorldState* s, TeamView* view, int u, byte* o)
    {
        if (view == null || (s->Macro[u] == 0 && !_commanded))
            return false;
        var command = (MacroCommand)s->Macro[u];
        byte* p = o + Sizes.MacroAt + 1;
        o[Sizes.MacroAt] = 1;
        MacroGoal goal = MacroGoals.Of(_world, s, view, u, command);
        int age = s->Tick - s->MacroSince[u];
        bool finished = MacroRules.IsFinished(_world, s, view, u);
        bool hopeless = MacroRules.IsHopeless(_world, s, view, u);
        bool due = command == MacroCommand.None || finished || hopeless || age >= MacroPeriod;
        p[0] = (byte)command;
        if (command != MacroCommand.None)
        {
            float dx = goal.X - OwnX(s, view->Team, u);
            float dy = goal.Y - OwnY(s, view->Team, u);
            Four(Vector128.Create(age * (PerSecond / Sizes.MacroSeconds), dx * (1f / Sizes.Far), dy * (1f / Sizes.Far), MathF.Sqrt(dx * dx + dy * dy) * (1f / Sizes.Far)), p + 1);
        }
        p[5] = Flag(finished);
        p[6] = Flag(hopeless);
        p[7] = Flag(due && _commanded);
        return due && _commanded;
    }

    private static float OwnX(WorldState* s, int team, int unit) => team == 0 ? s->X[unit] : -s->Y[unit];

    private static float OwnY(WorldState* s, int team, int unit) => team == 0 ? s->Y[unit] : -s->X[unit];
}
