using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

/// <summary>Fighting enemy heroes: whom, when, from where; and getting away from them.</summary>
internal static unsafe class Fighting
{
    /// <summary>Cells beyond its reach at which a hero goes after an enemy.</summary>
    private const float Chase = 4.5f;

    /// <summary>Whether the hero should get away now.</summary>
    public static bool MustRun(ref Mind m)
    {
        if (m.ShotByTower && m.Holders == 0 && !(m.S->Hp[m.Tower] < 0.1f * m.S->MaxHp[m.Tower] && m.Health > 0.5f))
            return true;
        if (m.ShotByTower && m.Health < 0.45f)
            return true;
        if (m.Foe < 0 || m.FoeDistance > 13f)
            return false;
        if (m.Ratio < m.Traits.Retreat)
            return true;
        return m.Health < 0.3f && m.Ratio < 2.2f && m.V->Toughness[m.Hero] < 0.8f * m.Menace;
    }

    /// <summary>Gets away: leaps, slows pursuers, heals, walks.</summary>
    public static void Run(ref Mind m)
    {
        if (Casting.Cast(ref m, Intent.Flee, -1))
            return;
        if (m.Foe >= 0 && m.FoeDistance < 6f)
        {
            if (Walking.From(ref m, m.V->X[m.Foe], m.V->Y[m.Foe]))
                return;
        }
        if (!Walking.Home(ref m))
            m.Stay();
    }

    /// <summary>Fights to the end if there is somebody to bring down and it pays.</summary>
    public static bool Fight(ref Mind m)
    {
        if (m.Foe < 0)
            return false;
        int focus = Focus(ref m, out float share, out float distance);
        if (focus < 0)
            return false;
        bool brawl = m.FoesNear + m.AlliesNear >= 3;
        bool commits = (m.Ratio >= m.Traits.Engage && (brawl || share > 0.55f)) || (share > 0.9f && m.Ratio > m.Traits.Retreat);
        if (!commits)
            return false;
        if (Casting.Cast(ref m, Intent.Fight, focus))
            return true;
        if (m.InTowerRange(m.X, m.Y, 0.3f) && m.Health < 0.6f && !Kills(ref m, focus))
            return false;
        if (m.Traits.Kites && Kite(ref m, focus, distance))
            return true;
        return m.Attack(focus);
    }

    /// <summary>Hurts an enemy in passing: by skills while there is mana, by a blow if it is in reach and few creeps would answer.</summary>
    public static bool Trade(ref Mind m)
    {
        if (m.Foe < 0 || m.Ratio < 0.85f)
            return false;
        int focus = Focus(ref m, out _, out float distance);
        if (focus < 0)
            return false;
        if (m.ManaShare > 0.5f && Casting.Cast(ref m, Intent.Fight, focus))
            return true;
        if (distance > m.Reach || m.Ratio < 0.95f || m.InTowerRange(m.X, m.Y, 1f))
            return false;
        return m.Attack(focus);
    }

    /// <summary>Whom to strike: whom the side around can bring down soonest, who is dangerous, near, and struck by others already.</summary>
    /// <param name="share">Part of its toughness that the side around can take in the next seconds.</param>
    private static int Focus(ref Mind m, out float share, out float distance)
    {
        WorldState* s = m.S;
        int best = -1;
        float score = float.MinValue;
        share = 0f;
        distance = 0f;
        float help = m.Traits.Focuses ? 0.6f * m.AlliesNear : 0f;
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            int h = UnitIndex.Hero(1 - m.Team, i);
            if (m.V->Seen[h] == 0 || !Legality.IsAttackable(in *s, m.Hero, h))
                continue;
            float d = m.Distance(m.V->X[h], m.V->Y[h]);
            if (d > m.Reach + Chase)
                continue;
            float part = m.V->Damage[m.Hero] * (1f + help) / m.V->Toughness[h];
            float v = (part > 1.5f ? 1.5f : part) + 0.3f * m.V->Damage[h] / m.V->Toughness[m.Hero];
            if (d > m.Reach)
                v -= 0.12f * (d - m.Reach);
            if (m.InTowerRange(m.V->X[h], m.V->Y[h], d > m.Reach ? 0.5f - m.Reach : -20f) && !Kills(ref m, h))
                continue;
            for (int a = 0; m.Traits.Focuses && a < UnitIndex.HeroesPerTeam; a++)
            {
                int ally = UnitIndex.Hero(m.Team, a);
                v += ally != m.Hero && s->LastStruckHero[ally] == h && s->Tick - s->LastStrikeTick[ally] < 20 ? 0.2f : 0f;
            }
            if (v <= score)
                continue;
            score = v;
            share = part;
            best = h;
            distance = d;
        }
        return best;
    }

    /// <summary>Whether one or two blows will end it, and the hero can bear a tower's shots meanwhile.</summary>
    private static bool Kills(ref Mind m, int foe)
    {
        WorldState* s = m.S;
        float blow = s->Attack[m.Hero] * 100f / (100f + s->Armor[foe]);
        return s->Hp[foe] < 2f * blow && m.Health > 0.5f;
    }

    /// <summary>Between two shots a hero with reach steps back from those who must come close.</summary>
    private static bool Kite(ref Mind m, int focus, float distance)
    {
        WorldState* s = m.S;
        if (m.Reach < 4f || s->WindUpEnd[m.Hero] != 0 || s->AttackReady[m.Hero] <= s->Tick + m.World.Rules.DecisionTicks + 1)
            return false;
        float danger = s->AttackRange[m.Foe] + 2.2f;
        if (m.FoeDistance > danger || danger > m.Reach + 0.5f)
            return false;
        return distance < m.Reach + 0.5f && Walking.From(ref m, m.V->X[m.Foe], m.V->Y[m.Foe]);
    }
}
