using System.Numerics;
using System.Runtime.Intrinsics;
using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Systems;

/// <summary>Carries out standing orders other than walking: basic attacks, casts, recall, and what a finished dash does.</summary>
internal static unsafe class HeroActions
{
    private const float CritFactor = 1.75f;

    /// <summary>Cells by which a target may run out of range during a wind-up.</summary>
    private const float WindUpSlack = 1.5f;

    /// <summary>
    /// First everybody decides, then everything takes effect: a stun or silence of this tick cannot forestall a cast of the same tick,
    /// whoever comes first in the list.
    /// </summary>
    public static void Run(MobaWorld w, WorldState* s, Scratch* t)
    {
        short* dash = stackalloc short[UnitIndex.Heroes];
        uint alive = Near.Alive(s, 0) & Near.Heroes;
        uint acts = alive & Near.Set(t->CanAct, 0);
        uint arrives = alive & ~Near.Negative(s->DashEffect, 0) & ~Near.Ahead(s, s->ForcedUntil, 0);
        for (uint m = arrives; m != 0; m &= m - 1)
        {
            int h = BitOperations.TrailingZeroCount(m);
            dash[h] = s->DashEffect[h];
            s->DashEffect[h] = -1;
        }
        uint casts = 0;
        for (uint m = alive & ~acts; m != 0; m &= m - 1)
        {
            int h = BitOperations.TrailingZeroCount(m);
            casts |= (uint)Combat.One(Held(w, s, h)) << h;
        }
        Obey(w, s, t, acts & ~Near.Casting(s));
        for (uint m = acts & Near.Casting(s); m != 0; m &= m - 1)
        {
            int h = BitOperations.TrailingZeroCount(m);
            casts |= (uint)Combat.One(Casts(s, h)) << h;
        }
        for (uint m = arrives | casts; m != 0; m &= m - 1)
        {
            int h = BitOperations.TrailingZeroCount(m);
            if ((arrives >> h & 1) != 0)
                Arrive(w, s, t, h, dash[h]);
            if ((casts >> h & 1) != 0)
                Cast(w, s, t, h);
        }
    }

    /// <summary>A hero that cannot act. True if a cast takes effect in this tick.</summary>
    private static bool Held(MobaWorld w, WorldState* s, int h)
    {
        s->WindUpEnd[h] = 0;
        s->RecallTicks[h] = 0;
        bool stunned = s->StunUntil[h] > s->Tick;
        if (stunned && s->CastSkill[h] >= 0 && !Frees(w, s, h))
            s->CastSkill[h] = -1;
        if (stunned && s->CastSkill[h] < 0 && (Verb)s->OrderVerb[h] is Verb.Spell1 or Verb.Spell2)
            StartCast(w, s, h, Abilities.OfVerb((Verb)s->OrderVerb[h]));
        // In a forced movement a cast waits; what frees from a stun does not.
        return stunned && s->CastSkill[h] >= 0 && s->CastEnd[h] <= s->Tick;
    }

    /// <summary>A hero with a cast under way. True if it takes effect in this tick.</summary>
    private static bool Casts(WorldState* s, int h)
    {
        s->WindUpEnd[h] = 0;
        s->RecallTicks[h] = 0;
        if (s->CastSkill[h] >= Abilities.Spell || s->SilenceUntil[h] <= s->Tick)
            return s->CastEnd[h] <= s->Tick;
        s->CastSkill[h] = -1;
        return false;
    }

    /// <summary>Whether the cast under way is one that a stun does not break off.</summary>
    private static bool Frees(MobaWorld w, WorldState* s, int h)
        => s->CastSkill[h] is >= Abilities.Spell and < Abilities.Item && Abilities.Of(w, in *s, h, s->CastSkill[h]) is { Frees: true };

    /// <summary>Carries out the orders of those that bits mean, verb by verb: what each does next is nothing that a branch predictor could learn.</summary>
    private static void Obey(MobaWorld w, WorldState* s, Scratch* t, uint heroes)
    {
        uint attacking = heroes & Near.Ordered(s, Verb.Attack);
        uint recalling = heroes & Near.Ordered(s, Verb.Recall);
        Vector128<byte> verb = Vector128.Load(s->OrderVerb) - Vector128.Create((byte)Verb.Skill1);
        uint casting = heroes & ~recalling & Vector128.LessThanOrEqual(verb, Vector128.Create((byte)(Verb.Item - Verb.Skill1))).ExtractMostSignificantBits();
        // A blow once begun is finished before any other order but a cast is looked at, as a cast is: whoever decides many times a second
        // would otherwise cancel each blow by the next order.
        uint winding = heroes & ~casting & ~Near.Zero(s->WindUpEnd, 0);
        recalling &= ~winding;
        Near.Clear(s->WindUpEnd, casting);
        Near.Clear(s->RecallTicks, heroes & ~recalling);
        for (uint m = attacking | winding; m != 0; m &= m - 1)
        {
            int h = BitOperations.TrailingZeroCount(m);
            int under = -(int)(winding >> h & 1);
            Attack(w, s, t, h, (s->AttackTarget[h] & under) | (s->OrderTarget[h] & ~under));
        }
        for (uint m = recalling; m != 0; m &= m - 1)
            Recall(w, s, t, BitOperations.TrailingZeroCount(m));
        for (uint m = casting; m != 0; m &= m - 1)
        {
            int h = BitOperations.TrailingZeroCount(m);
            StartCast(w, s, h, Abilities.OfVerb((Verb)s->OrderVerb[h]));
        }
    }

    private static void Attack(MobaWorld w, WorldState* s, Scratch* t, int h, int target)
    {
        if (target < 0 || !Legality.IsAttackable(in *s, h, target))
        {
            s->WindUpEnd[h] = 0;
            if (s->OrderVerb[h] != (byte)Verb.Attack || s->OrderTarget[h] != target)
                return;
            s->OrderVerb[h] = (byte)Verb.Stay;
            s->OrderTarget[h] = -1;
            return;
        }
        HeroDefinition d = w.Content.Heroes[s->Kind[h]];
        bool winding = s->WindUpEnd[h] != 0 && s->AttackTarget[h] == target;
        if (!Combat.InReach(s, h, target, winding ? WindUpSlack : 0f))
        {
            s->WindUpEnd[h] = 0;
            return;
        }
        Look(s, h, s->X[target] - s->X[h], s->Y[target] - s->Y[h]);
        int windUp = Math.Min(d.WindUp, s->AttackInterval[h] - 1);
        if (!winding)
        {
            s->AttackTarget[h] = (short)target;
            s->WindUpEnd[h] = s->AttackReady[h] <= s->Tick ? (ushort)(s->Tick + windUp) : (ushort)0;
            return;
        }
        if (s->WindUpEnd[h] > s->Tick)
            return;
        s->WindUpEnd[h] = 0;
        s->AttackReady[h] = (ushort)(s->Tick + s->AttackInterval[h] - windUp);
        s->RevealedUntil[h] = (ushort)(s->Tick + 2 * RulesDefinition.TicksPerSecond);
        s->StealthUntil[h] = 0;
        float damage = s->Attack[h];
        if (UnitIndex.IsStructure(target))
            damage += w.Rules.StructurePower * s->Power[h];
        if (s->CritChance[h] > 0f && Chance(s, h) < s->CritChance[h])
            damage *= CritFactor;
        Combat.Launch(s, t, h, target, damage, d.ProjectileSpeed);
    }

    /// <summary>Uniform in [0, 1): a function of seed, tick and slot, alike for both teams, so that a reflected match draws alike.</summary>
    private static float Chance(WorldState* s, int h)
    {
        ulong state = s->Seed ^ (ulong)(s->Tick * UnitIndex.HeroesPerTeam + h % UnitIndex.HeroesPerTeam) * 0x9E3779B97F4A7C15;
        return (Seeds.Mix(ref state) >> 40) * (1f / (1 << 24));
    }

    private static void Recall(MobaWorld w, WorldState* s, Scratch* t, int h)
    {
        if (s->LastHurtTick[h] >= s->Tick - 1)
        {
            s->RecallTicks[h] = 0;
            return;
        }
        s->RecallTicks[h]++;
        if (s->RecallTicks[h] < w.Rules.RecallTicks)
            return;
        s->RecallTicks[h] = 0;
        s->OrderVerb[h] = (byte)Verb.Stay;
        (t->BlinkX[h], t->BlinkY[h]) = HeroUpkeep.Place(w, s->Team[h], h);
        t->Blinks[h] = 1;
    }

    private static void StartCast(MobaWorld w, WorldState* s, int h, int ability)
    {
        // The order was legal when given; meanwhile it may not be (mana, range, a dead target): then the hero just stands.
        int target = s->OrderTarget[h];
        var order = new Order((Verb)s->OrderVerb[h], target, s->OrderX[h], s->OrderY[h]);
        s->OrderVerb[h] = (byte)Verb.Stay;
        s->OrderTarget[h] = -1;
        if (!Legality.IsLegal(w, in *s, h, order))
            return;
        SkillDefinition d = Abilities.Of(w, in *s, h, ability)!;
        int level = Abilities.Level(in *s, h, ability);
        int cooldown = d.Cooldown[level - 1];
        s->Mana[h] -= d.Mana[level - 1];
        if (ability < Abilities.Spell)
        {
            if (s->Haste[h] > 0f)
                cooldown = (int)(cooldown / (1f + s->Haste[h]) + 0.5f);
            s->SkillReady[h * WorldState.Skills + ability] = (ushort)(s->Tick + cooldown);
        }
        else if (ability < Abilities.Item)
        {
            s->SpellReady[h * WorldState.Spells + ability - Abilities.Spell] = (ushort)(s->Tick + cooldown);
        }
        else
        {
            int at = h * WorldState.ItemSlots + Abilities.ActiveItem(w, in *s, h);
            s->ItemReady[at] = (ushort)(s->Tick + cooldown);
            s->CastItem[h] = s->Items[at];
        }
        s->CastSkill[h] = (sbyte)ability;
        s->CastEnd[h] = (ushort)(s->Tick + d.CastTime);
        s->CastTarget[h] = d.Aim == Aim.Target ? (short)target : (short)-1;
        s->CastX[h] = order.X;
        s->CastY[h] = order.Y;
        if (d.Aim == Aim.Point)
            ClampPoint(s, h, d.Range);
    }

    private static void ClampPoint(WorldState* s, int h, float range)
    {
        float dx = s->CastX[h] - s->X[h];
        float dy = s->CastY[h] - s->Y[h];
        float square = dx * dx + dy * dy;
        if (square <= range * range)
            return;
        float f = range / MathF.Sqrt(square);
        s->CastX[h] = s->X[h] + dx * f;
        s->CastY[h] = s->Y[h] + dy * f;
    }

    private static void Cast(MobaWorld w, WorldState* s, Scratch* t, int h)
    {
        int skill = s->CastSkill[h];
        s->CastSkill[h] = -1;
        SkillDefinition d = skill == Abilities.Item ? w.Content.Items[s->CastItem[h] - 1].Active! : Abilities.Of(w, in *s, h, skill)!;
        int target = s->CastTarget[h];
        if (d.Aim == Aim.Target && (target < 0 || s->Alive[target] == 0))
            return;
        s->RevealedUntil[h] = (ushort)(s->Tick + RulesDefinition.TicksPerSecond);
        s->StealthUntil[h] = 0;
        if (skill < Abilities.Spell)
            Triggers.Cause(s, t, h, TriggerOn.Cast, target >= 0 ? target : Scratch.Nobody);
        var hit = new Hit { Owner = h, Skill = skill, Unit = target, X = s->X[h], Y = s->Y[h] };
        switch (d.Aim)
        {
            case Aim.Target:
                hit.AimX = s->X[target] - s->X[h];
                hit.AimY = s->Y[target] - s->Y[h];
                hit.X = s->X[target];
                hit.Y = s->Y[target];
                break;
            case Aim.Direction:
                hit.AimX = s->CastX[h];
                hit.AimY = s->CastY[h];
                break;
            case Aim.Point:
                hit.AimX = s->CastX[h] - s->X[h];
                hit.AimY = s->CastY[h] - s->Y[h];
                hit.X = s->CastX[h];
                hit.Y = s->CastY[h];
                break;
            default:
                hit.AimX = s->FaceX[h];
                hit.AimY = s->FaceY[h];
                break;
        }
        Look(s, h, hit.AimX, hit.AimY);
        Effects.Apply(w, s, t, in hit, d.FirstEffect, d.Effects);
    }

    private static void Arrive(MobaWorld w, WorldState* s, Scratch* t, int h, int effect)
    {
        EffectDefinition e = w.Content.Effects[effect];
        int target = s->DashTarget[h];
        var hit = new Hit { Owner = h, Skill = s->DashSkill[h], Unit = target >= 0 && s->Alive[target] != 0 ? target : -1, X = s->X[h], Y = s->Y[h], AimX = s->FaceX[h], AimY = s->FaceY[h] };
        s->DashTarget[h] = -1;
        Effects.Apply(w, s, t, in hit, e.FirstChild, e.Children);
    }

    public static void Look(WorldState* s, int h, float dx, float dy)
    {
        float square = dx * dx + dy * dy;
        if (square < 1e-6f)
            return;
        float f = 1f / MathF.Sqrt(square);
        s->FaceX[h] = dx * f;
        s->FaceY[h] = dy * f;
    }
}
