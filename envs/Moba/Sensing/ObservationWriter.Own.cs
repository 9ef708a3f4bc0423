using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SelfPlayArena.Moba;

internal sealed unsafe partial class ObservationWriter
{
    private void WriteOwn(WorldState* s, TeamSight* t, int self, int u, byte* o)
    {
        o[0] = 1;
        byte* p = o + 1;
        int tick = s->Tick;
        int level = s->Level[u];
        int[] levels = _world.Rules.LevelXp;
        float hp = s->Alive[u] != 0 ? s->Hp[u] / s->MaxHp[u] : 0f;
        float xp = level >= RulesDefinition.MaxLevel || level < 1 ? 1f : (s->Xp[u] - levels[level - 1]) / (float)(levels[level] - levels[level - 1]);
        Four(Vector128.Create(hp, s->MaxMana[u] > 0f ? s->Mana[u] / s->MaxMana[u] : 0f, level * (1f / RulesDefinition.MaxLevel), xp), p);
        p[4] = Q(s->Gold[u] * (1f / Sizes.Gold));
        HeroDefinition hero = _world.Content.Heroes[s->Kind[u]];
        p[26] = Q(s->SkillPoints[u] * (1f / 4f));
        for (int k = 0; k < WorldState.Skills; k++)
        {
            int learnt = s->SkillLevel[u * 4 + k];
            int wait = s->Remaining(s->SkillReady[u * 4 + k]);
            p[5 + k] = Q(wait * (PerSecond / Sizes.CooldownSeconds));
            p[9 + k] = Flag(learnt != 0 & wait == 0 & s->Mana[u] >= hero.Skills[k].Mana[learnt - Systems.Combat.One(learnt != 0)]);
            p[27 + k] = Q(learnt * (1f / 4f));
        }
        p[13] = Q(s->RecallTicks[u] * _perRecall);
        p[14] = s->Alive[u] == 0 ? Q((s->RespawnTick[u] - tick) * (PerSecond / Sizes.RespawnSeconds)) : (byte)0;
        bool targeted = false;
        for (int k = 0; k < Sizes.Structures / 2; k++)
        {
            int tower = t->StructureUnit[k];
            targeted |= tower != TargetSlots.None && s->AttackTarget[tower] == u;
        }
        p[15] = Flag(targeted);
        p[16] = Flag(_world.Map.Brush(s->X[u], s->Y[u]) != 0);
        p[17] = Q(s->Remaining(s->AttackReady[u]) * (PerSecond / 2f));
        p[18] = Q(t->HeroX[self] * (1f / Sizes.Far));
        p[19] = Q(t->HeroY[self] * (1f / Sizes.Far));
        float fx = s->X[u] - _world.Map.FountainX[t->Team];
        float fy = s->Y[u] - _world.Map.FountainY[t->Team];
        p[20] = Flag(fx * fx + fy * fy <= _world.Map.FountainRadius * _world.Map.FountainRadius);
        p[21] = Q(s->ShieldUntil[u] > tick ? s->Shield[u] * (1f / Sizes.HeroHp) : 0f);
        p[22] = Flag(s->SilenceUntil[u] > tick);
        p[23] = Flag(s->CastSkill[u] >= 0 | s->WindUpEnd[u] != 0);
        p[24] = Q(s->Remaining(s->StunUntil[u]) * (PerSecond / 2f));
        int since = tick - s->LastHurtTick[u];
        p[25] = s->LastHurtTick[u] >= 0 && since < 45 ? Q(1f - since * (1f / 45f)) : (byte)0;
        bool spells = _world.Content.Spells.Length != 0;
        for (int k = 0; k < WorldState.Spells; k++)
        {
            int wait = s->Remaining(s->SpellReady[u * WorldState.Spells + k]);
            p[31 + k] = s->Spell[u * WorldState.Spells + k];
            p[33 + k] = Q(wait * (PerSecond / Sizes.SpellSeconds));
            p[35 + k] = Flag(spells & wait == 0);
        }
        WriteBag(s, u, p);
        p[39] = Q(s->WardCharges[u] * (1f / 4f));
        p[40] = Q(s->Remaining(s->WardReady[u]) * (PerSecond / Sizes.ItemSeconds));
        Four(
            Vector128.Create(s->Remaining(s->StealthUntil[u]), s->Power[u], s->Armor[u], s->MagicResist[u])
                * Vector128.Create(PerSecond / Sizes.StealthSeconds, 1f / Sizes.HeroAttack, 1f / Sizes.Resistance, 1f / Sizes.Resistance),
            p + 41);
        Four(Vector128.Create(s->Haste[u], s->CritChance[u], s->LifeSteal[u], s->AttackInterval[u] * (PerSecond / Sizes.AttackSeconds)), p + 45);
        p[49] = Q(s->Remaining(s->RootUntil[u]) * (PerSecond / 2f));
        p[50] = s->OrderVerb[u];
    }

    /// <summary>Which items, how much room, and when the next one can be used.</summary>
    private void WriteBag(WorldState* s, int u, byte* p)
    {
        uint bits = 0;
        int free = 0;
        int soonest = int.MaxValue;
        for (int slot = u * WorldState.ItemSlots; slot < (u + 1) * WorldState.ItemSlots; slot++)
        {
            int item = s->Items[slot];
            if (item == 0)
            {
                free++;
                continue;
            }
            bits |= 1u << (item - 1);
            if (!_usable[item])
                continue;
            int wait = s->Remaining(s->ItemReady[slot]);
            soonest = wait < soonest ? wait : soonest;
        }
        p[37] = soonest is > 0 and < int.MaxValue ? Q(soonest * (PerSecond / Sizes.ItemSeconds)) : (byte)0;
        p[38] = Flag(soonest == 0);
        p[51] = Q(free * (1f / WorldState.ItemSlots));
        p[52] = (byte)bits;
        p[53] = (byte)(bits >> 8);
        p[54] = (byte)(bits >> 16);
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
