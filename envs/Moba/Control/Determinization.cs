using SelfPlayArena.Core;
using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

/// <summary>
/// Replaces what a team cannot know by a sample: hidden enemy heroes stand somewhere they could have walked to since they were seen, out of
/// sight; enemies' cooldowns, mana and intentions, and the outcome of future chances, are drawn anew. Draws are made in the team's frame, so that
/// both sides are treated alike.
/// </summary>
internal static unsafe class Determinization
{
    private const int Attempts = 16;

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
            if (seen || s->Alive[hero] == 0)
                continue;
            Forget(s, hero);
            Place(world, s, hero, team, ref rng);
            float mana = 0.25f + 0.75f * rng.NextSingle();
            s->Mana[hero] = s->MaxMana[hero] * mana;
        }
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
        s->StealthUntil[hero] = 0;
        s->RevealedUntil[hero] = 0;
        for (int i = hero * WorldState.PendingOrders; i < (hero + 1) * WorldState.PendingOrders; i++)
        {
            s->PendingVerb[i] = (byte)Verb.Stay;
            s->PendingTarget[i] = 0;
            s->PendingX[i] = 0f;
            s->PendingY[i] = 0f;
        }
    }
}
