using SelfPlayArena.Core;

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
            Place(world, s, hero, team, ref rng);
            Forget(s, hero);
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
            int wait = share > 0f ? (int)(share * skills[k].Cooldown[s->SkillLevel[at] - 1]) : 0;
            s->SkillReady[at] = (ushort)(s->Tick + wait);
        }
    }

    private static void Place(MobaWorld world, WorldState* s, int hero, int team, ref Rng rng)
    {
        bool ever = s->LastSeenTick[hero] >= 0;
        float x0 = ever ? s->LastSeenX[hero] : world.Map.FountainX[1 - team];
        float y0 = ever ? s->LastSeenY[hero] : world.Map.FountainY[1 - team];
        int since = s->Tick - (ever ? s->LastSeenTick[hero] : 0);
        float reach = since * s->MoveSpeed[hero];
        reach = reach > Farthest ? Farthest : reach;
        float x = x0;
        float y = y0;
        for (int n = 0; n < Attempts; n++)
        {
            float right = (rng.NextSingle() * 2f - 1f) * reach;
            float up = (rng.NextSingle() * 2f - 1f) * reach;
            float tryX = x0 + (team == 0 ? right : -up);
            float tryY = y0 + (team == 0 ? up : -right);
            if (right * right + up * up > reach * reach || !world.Map.Walkable(tryX, tryY) || InSight(world, s, team, tryX, tryY))
                continue;
            x = tryX;
            y = tryY;
            break;
        }
        s->X[hero] = x;
        s->Y[hero] = y;
    }

    private static bool InSight(MobaWorld world, WorldState* s, int team, float x, float y)
    {
        float sight = world.Rules.HeroSight;
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            int hero = UnitIndex.Hero(team, i);
            float dx = s->X[hero] - x;
            float dy = s->Y[hero] - y;
            if (s->Alive[hero] != 0 && dx * dx + dy * dy < sight * sight && world.Map.LineOfSight(s->X[hero], s->Y[hero], x, y) && world.Map.Brush(x, y) == 0)
                return true;
        }
        return false;
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
    }
}
