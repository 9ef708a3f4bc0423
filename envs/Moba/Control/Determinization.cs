using SelfPlayArena.Core;
using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

/// <summary>
/// Replaces what a team cannot know by a sample: hidden enemy heroes stand somewhere they could have walked to since they were seen, out of
/// sight, with what they summoned; their wards stand somewhere else that is out of sight (how many there are is kept). Enemies' cooldowns of
/// skills, spells, items and triggers, their ward charges, mana and intentions (orders that wait, macro commands), and the outcome of future
/// chances, are drawn anew or forgotten. Draws are made in the team's frame, so that both sides are treated alike.
/// </summary>
internal static unsafe class Determinization
{
    private const int Attempts = 16;

    /// <summary>Ticks for which one remembers that a hero vanished.</summary>
    private const int StealthKnown = 3 * RulesDefinition.TicksPerSecond;

    /// <summary>A hidden hero walks away in one straight line only so long.</summary>
    private const float Farthest = 24f;

    public static void Sample(MobaWorld world, WorldState* s, int team, ref Rng rng)
    {
        s->Seed ^= rng.NextUInt64();
        for (int i = 0; i < world.HeroesPerTeam; i++)
        {
            int hero = UnitIndex.Hero(1 - team, i);
            bool seen = s->Alive[hero] != 0 && (s->Visible[hero] >> team & 1) != 0;
            SampleCooldowns(world, s, hero, ref rng);
            SampleBag(world, s, hero, ref rng);
            Intend(s, hero);
            if (seen || s->Alive[hero] == 0)
                continue;
            Forget(s, hero);
            Place(world, s, hero, team, ref rng);
            FollowOwner(s, hero, team);
            float mana = 0.25f + 0.75f * rng.NextSingle();
            s->Mana[hero] = s->MaxMana[hero] * mana;
        }
        for (int slot = 0; slot < UnitIndex.WardsPerTeam; slot++)
            PlaceWard(world, s, UnitIndex.Ward(1 - team, slot), team, ref rng);
    }

    /// <summary>Triggers, and any number of ward charges.</summary>
    private static void SampleBag(MobaWorld world, WorldState* s, int hero, ref Rng rng)
    {
        SampleTrigger(s, hero * WorldState.TriggerSlots, world.Content.Heroes[s->Kind[hero]].Trigger, ref rng);
        for (int slot = 0; slot < WorldState.ItemSlots; slot++)
        {
            int item = s->Items[hero * WorldState.ItemSlots + slot];
            SampleTrigger(s, hero * WorldState.TriggerSlots + 1 + slot, item == 0 ? null : world.Content.Items[item - 1].Trigger, ref rng);
        }
        int most = world.Rules.Ward.Charges;
        s->WardCharges[hero] = (byte)rng.Next(most + 1);
        s->WardReady[hero] = s->WardCharges[hero] < most ? (ushort)(s->Tick + 1 + rng.Next(world.Rules.Ward.Recharge)) : (ushort)0;
    }

    private static void SampleTrigger(WorldState* s, int at, TriggerDefinition? trigger, ref Rng rng)
    {
        float share = rng.NextSingle() * 2f - 1f;
        float count = rng.NextSingle();
        if (trigger is null)
            return;
        s->TriggerReady[at] = Wait(s, share, trigger.Cooldown);
        s->TriggerCount[at] = (byte)(count * trigger.Every);
    }

    /// <summary>Nobody knows what an enemy is up to.</summary>
    private static void Intend(WorldState* s, int hero)
    {
        s->Macro[hero] = (byte)MacroCommand.None;
        s->MacroSince[hero] = (ushort)s->Tick;
        s->MacroGoal[hero] = MacroGoal.None;
        s->RecentOrders[hero] = 0;
        for (int i = hero * WorldState.PendingOrders; i < (hero + 1) * WorldState.PendingOrders; i++)
        {
            s->PendingVerb[i] = (byte)Verb.Stay;
            s->PendingTarget[i] = 0;
            s->PendingX[i] = s->PendingY[i] = 0f;
        }
    }

    /// <summary>Hidden summoned units are where their hidden owner is thought to be.</summary>
    private static void FollowOwner(WorldState* s, int hero, int team)
    {
        for (int slot = 0; slot < UnitIndex.SummonsPerTeam; slot++)
        {
            int u = UnitIndex.Summon(1 - team, slot);
            if (s->Alive[u] == 0 || s->OwnerHero[u - UnitIndex.FirstSummon] != hero || (s->Visible[u] >> team & 1) != 0)
                continue;
            s->X[u] = s->X[hero];
            s->Y[u] = s->Y[hero];
            s->AttackTarget[u] = -1;
            s->WindUpEnd[u] = 0;
        }
    }

    /// <summary>A hidden ward stands anywhere out of sight, for any part of its time; if no place is found, it is gone.</summary>
    private static void PlaceWard(MobaWorld world, WorldState* s, int ward, int team, ref Rng rng)
    {
        if (s->Alive[ward] == 0 || (s->Visible[ward] >> team & 1) != 0)
            return;
        s->ExpireTick[ward - UnitIndex.FirstSummon] = (ushort)(s->Tick + 1 + rng.Next(world.Rules.Ward.Duration));
        for (int n = 0; n < Attempts; n++)
        {
            float right = (rng.NextSingle() * 2f - 1f) * GameMap.Half;
            float up = (rng.NextSingle() * 2f - 1f) * GameMap.Half;
            s->X[ward] = team == 0 ? right : -up;
            s->Y[ward] = team == 0 ? up : -right;
            if (world.Map.Walkable(s->X[ward], s->Y[ward]) && !Vision.SeenBy(world, s, ward, team))
                return;
        }
        s->Alive[ward] = 0;
        s->Hp[ward] = 0f;
    }

    private static void SampleCooldowns(MobaWorld world, WorldState* s, int hero, ref Rng rng)
    {
        SkillDefinition[] skills = world.Content.Heroes[s->Kind[hero]].Skills;
        for (int k = 0; k < WorldState.Skills; k++)
        {
            int at = hero * WorldState.Skills + k;
            float share = rng.NextSingle() * 2f - 1f;
            if (s->SkillLevel[at] == 0 || s->CastSkill[hero] == k)
                continue;
            s->SkillReady[at] = Wait(s, share, skills[k].Cooldown[s->SkillLevel[at] - 1]);
        }
        for (int k = 0; k < WorldState.Spells; k++)
        {
            int at = hero * WorldState.Spells + k;
            float share = rng.NextSingle() * 2f - 1f;
            if (s->CastSkill[hero] != Abilities.Spell + k)
                s->SpellReady[at] = Wait(s, share, world.Content.Spells[s->Spell[at]].Cooldown[Abilities.Level(in *s, hero, Abilities.Spell + k) - 1]);
        }
        for (int k = 0; k < WorldState.ItemSlots; k++)
        {
            int at = hero * WorldState.ItemSlots + k;
            float share = rng.NextSingle() * 2f - 1f;
            if (s->Items[at] != 0 && s->CastSkill[hero] != Abilities.Item && world.Content.Items[s->Items[at] - 1].Active is { } active)
                s->ItemReady[at] = Wait(s, share, active.Cooldown[Abilities.Level(in *s, hero, Abilities.Item) - 1]);
        }
    }

    private static ushort Wait(WorldState* s, float share, int cooldown)
        => (ushort)(s->Tick + (share > 0f ? (int)(share * cooldown) : 0));

    /// <summary>
    /// Puts a hero where the team does not see it. Where no such place is found it stays: what the team knows then leaves so little room that
    /// nothing is given away.
    /// </summary>
    private static void Place(MobaWorld world, WorldState* s, int hero, int team, ref Rng rng)
    {
        bool ever = s->LastSeenTick[hero] >= 0;
        float x0 = ever ? s->LastSeenX[hero] : world.Map.FountainX[1 - team];
        float y0 = ever ? s->LastSeenY[hero] : world.Map.FountainY[1 - team];
        int since = s->Tick - (ever ? s->LastSeenTick[hero] : 0);
        float reach = since * s->MoveSpeed[hero];
        reach = reach > Farthest ? Farthest : reach;
        float x = s->X[hero];
        float y = s->Y[hero];
        for (int n = 0; n < Attempts; n++)
        {
            float right = (rng.NextSingle() * 2f - 1f) * reach;
            float up = (rng.NextSingle() * 2f - 1f) * reach;
            s->X[hero] = x0 + (team == 0 ? right : -up);
            s->Y[hero] = y0 + (team == 0 ? up : -right);
            if (right * right + up * up <= reach * reach && world.Map.Walkable(s->X[hero], s->Y[hero]) && !Vision.SeenBy(world, s, hero, team))
                return;
        }
        s->X[hero] = x;
        s->Y[hero] = y;
    }

    private static void Forget(WorldState* s, int hero)
    {
        s->OrderVerb[hero] = (byte)Verb.Stay;
        s->OrderTarget[hero] = -1;
        s->OrderX[hero] = 0f;
        s->OrderY[hero] = 0f;
        s->AttackTarget[hero] = -1;
        s->WindUpEnd[hero] = 0;
        s->CastSkill[hero] = -1;
        s->RecallTicks[hero] = 0;
        s->ForcedUntil[hero] = 0;
        s->DashEffect[hero] = -1;
        s->RevealedUntil[hero] = 0;
        if (s->Tick - s->LastSeenTick[hero] > StealthKnown)
            s->StealthUntil[hero] = 0;
    }
}
