using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SelfPlayArena.Core;
using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

internal sealed unsafe partial class ObservationWriter
{
    /// <summary>Numbers are put side by side and quantised sixteen at a time; flags and categories are written over them.</summary>
    [SkipLocalsInit]
    private void WriteOwn(WorldState* s, TeamSight* t, int self, int u, byte* o)
    {
        o[0] = 1;
        byte* p = o + 1;
        float* v = stackalloc float[Sizes.OwnRow];
        int tick = s->Tick;
        int level = s->Level[u];
        int[] levels = _world.Rules.LevelXp;
        int alive = Combat.One(s->Alive[u] != 0);
        v[0] = alive * (s->Hp[u] / s->MaxHp[u]);
        v[1] = s->MaxMana[u] > 0f ? s->Mana[u] / s->MaxMana[u] : 0f;
        v[2] = level * (1f / RulesDefinition.MaxLevel);
        v[3] = level >= RulesDefinition.MaxLevel || level < 1 ? 1f : (s->Xp[u] - levels[level - 1]) / (float)(levels[level] - levels[level - 1]);
        v[4] = s->Gold[u] * (1f / Sizes.Gold);
        ref float mana = ref _mana[s->Kind[u] * WorldState.Skills * Levels];
        v[26] = s->SkillPoints[u] * (1f / 4f);
        int castable = 0;
        for (int k = 0; k < WorldState.Skills; k++)
        {
            int learnt = s->SkillLevel[u * 4 + k];
            int wait = s->Remaining(s->SkillReady[u * 4 + k]);
            v[5 + k] = wait * (PerSecond / Sizes.CooldownSeconds);
            v[27 + k] = learnt * (1f / 4f);
            castable |= (127 & -Combat.One(learnt != 0 & wait == 0 & s->Mana[u] >= Unsafe.Add(ref mana, k * Levels + learnt - Combat.One(learnt != 0)))) << 8 * k;
        }
        v[13] = s->RecallTicks[u] * _perRecall;
        v[14] = (1 - alive) * ((s->RespawnTick[u] - tick) * (PerSecond / Sizes.RespawnSeconds));
        v[17] = s->Remaining(s->AttackReady[u]) * (PerSecond / 2f);
        v[18] = t->HeroX[self] * (1f / Sizes.Far);
        v[19] = t->HeroY[self] * (1f / Sizes.Far);
        v[21] = Combat.One(s->ShieldUntil[u] > tick) * (s->Shield[u] * (1f / Sizes.HeroHp));
        v[24] = s->Remaining(s->StunUntil[u]) * (PerSecond / 2f);
        int since = tick - s->LastHurtTick[u];
        v[25] = Combat.One(s->LastHurtTick[u] >= 0 & since < 45) * (1f - since * (1f / 45f));
        int spellReady0 = s->Remaining(s->SpellReady[u * WorldState.Spells]);
        int spellReady1 = s->Remaining(s->SpellReady[u * WorldState.Spells + 1]);
        v[33] = spellReady0 * (PerSecond / Sizes.SpellSeconds);
        v[34] = spellReady1 * (PerSecond / Sizes.SpellSeconds);
        uint bag = Bag(s, u, out int free, out int soonest);
        v[37] = (soonest & -Combat.One(soonest != int.MaxValue)) * (PerSecond / Sizes.ItemSeconds);
        v[39] = s->WardCharges[u] * (1f / 4f);
        v[40] = s->Remaining(s->WardReady[u]) * (PerSecond / Sizes.ItemSeconds);
        v[41] = s->Remaining(s->StealthUntil[u]) * (PerSecond / Sizes.StealthSeconds);
        v[42] = s->Power[u] * (1f / Sizes.HeroAttack);
        v[43] = s->Armor[u] * (1f / Sizes.Resistance);
        v[44] = s->MagicResist[u] * (1f / Sizes.Resistance);
        v[45] = s->Haste[u];
        v[46] = s->CritChance[u];
        v[47] = s->LifeSteal[u];
        v[48] = s->AttackInterval[u] * (PerSecond / Sizes.AttackSeconds);
        v[49] = s->Remaining(s->RootUntil[u]) * (PerSecond / 2f);
        v[51] = free * (1f / WorldState.ItemSlots);
        Sixteen(v, p);
        Sixteen(v + 16, p + 16);
        Sixteen(v + 32, p + 32);
        Sixteen(v + Sizes.OwnRow - 16, p + Sizes.OwnRow - 16);

        *(int*)(p + 9) = castable;
        int targeted = 0;
        for (int k = 0; k < Sizes.Structures / 2; k++)
        {
            int there = Combat.One(t->StructureUnit[k] != TargetSlots.None);
            targeted |= there & Combat.One(s->AttackTarget[t->StructureUnit[k] & -there] == u);
        }
        p[15] = (byte)(127 & -targeted);
        p[16] = Flag(_world.Map.Brush(s->X[u], s->Y[u]) != 0);
        float fx = s->X[u] - _world.Map.FountainX[t->Team];
        float fy = s->Y[u] - _world.Map.FountainY[t->Team];
        p[20] = Flag(fx * fx + fy * fy <= _world.Map.FountainRadius * _world.Map.FountainRadius);
        p[22] = Flag(s->SilenceUntil[u] > tick);
        p[23] = Flag(s->CastSkill[u] >= 0 | s->WindUpEnd[u] != 0);
        bool spells = _world.Content.Spells.Length != 0;
        p[31] = s->Spell[u * WorldState.Spells];
        p[32] = s->Spell[u * WorldState.Spells + 1];
        p[35] = Flag(spells & spellReady0 == 0);
        p[36] = Flag(spells & spellReady1 == 0);
        p[38] = Flag(soonest == 0);
        p[50] = s->OrderVerb[u];
        p[52] = (byte)bag;
        p[53] = (byte)(bag >> 8);
        p[54] = (byte)(bag >> 16);
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
            int wait = s->Remaining(s->ItemReady[slot]) | (int.MaxValue & (Combat.One(_usable[item]) - 1));
            soonest = wait < soonest ? wait : soonest;
        }
        return bits;
    }

    /// <summary><see cref="Quantize.Scalar8"/> of sixteen values at once, to the same bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sixteen(float* normalised, byte* p)
    {
        Vector256<short> half = Vector256.Narrow(Eight(Vector256.Load(normalised)), Eight(Vector256.Load(normalised + 8)));
        Vector128.Narrow(half.GetLower(), half.GetUpper()).AsByte().Store(p);
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
