namespace SelfPlayArena.Moba;

/// <summary>Holding and pushing a lane: last hits, standing behind the wave, besieging towers that creeps hold.</summary>
internal static unsafe class Laning
{
    /// <summary>Ticks for which a hero waits by a creep that is about to fall to it.</summary>
    private const float Patience = 18f;

    /// <summary>Works in a lane.</summary>
    /// <param name="push">The structure comes first once creeps hold it; else the wave.</param>
    public static void Work(ref Mind m, int lane, bool push)
    {
        if (push && Besiege(ref m, lane, 2))
            return;
        if (m.Traits.Kites && StepBack(ref m))
            return;
        if (Creep(ref m))
            return;
        if (Besiege(ref m, lane, 1))
            return;
        Advance(ref m, lane);
    }

    /// <summary>Hits the structure nearby if creeps hold it, or if it is about to fall.</summary>
    public static bool Besiege(ref Mind m, int lane, int holders)
    {
        int tower = m.V->EnemyTower[lane];
        if (tower != m.Tower || m.TowerDistance > m.Reach + 8f)
            return false;
        bool falling = m.S->Hp[tower] < 0.2f * m.S->MaxHp[tower] && m.Health > 0.55f && m.FoesNear <= m.AlliesNear;
        if (m.Holders < holders && !falling)
            return false;
        if (m.ShotByTower && m.Health < 0.5f && !falling)
            return false;
        return m.Attack(tower);
    }

    /// <summary>Strikes a creep that falls by it, if there is one.</summary>
    public static bool LastHit(ref Mind m)
    {
        int unit = m.Slots->Unit[Sizes.CreepSlot];
        if (unit == TargetSlots.None || m.Distance(unit) > m.Reach + 6f)
            return false;
        Look(ref m, out int last, out _, out _, out _);
        return last >= 0 && m.Attack(last);
    }

    /// <summary>Strikes a creep that falls by it, waits by one that soon will, else wears the wave down.</summary>
    public static bool Creep(ref Mind m)
    {
        WorldState* s = m.S;
        Look(ref m, out int last, out int soon, out float soonest, out int wear);
        if (last >= 0)
            return m.Attack(last);
        if (soon >= 0)
        {
            if (m.Distance(soon) > m.Reach)
                return Walking.To(ref m, TeamView.OwnX(s, m.Team, soon), TeamView.OwnY(s, m.Team, soon));
            // Waiting, it may as well strike another if that leaves time.
            if (wear >= 0 && wear != soon && soonest > s->AttackInterval[m.Hero])
                return m.Attack(wear);
            m.Stay();
            return true;
        }
        return wear >= 0 && m.Attack(wear);
    }

    /// <summary>Between two shots a hero with reach keeps off the enemy's creeps.</summary>
    private static bool StepBack(ref Mind m)
    {
        WorldState* s = m.S;
        int unit = m.Slots->Unit[Sizes.CreepSlot];
        if (m.Reach < 4f || unit == TargetSlots.None || s->WindUpEnd[m.Hero] != 0 || s->AttackReady[m.Hero] <= s->Tick + m.World.Rules.DecisionTicks + 1)
            return false;
        return m.Distance(unit) < 0.6f * m.Reach && Walking.From(ref m, TeamView.OwnX(s, m.Team, unit), TeamView.OwnY(s, m.Team, unit));
    }

    /// <summary>Looks over the creeps near.</summary>
    /// <param name="last">One that falls by a blow now.</param>
    /// <param name="soon">The one that will first do so without the hero's doing, within <paramref name="soonest"/> ticks.</param>
    /// <param name="wear">The one nearest to falling otherwise.</param>
    private static void Look(ref Mind m, out int last, out int soon, out float soonest, out int wear)
    {
        WorldState* s = m.S;
        HeroDefinition d = m.World.Content.Heroes[s->Kind[m.Hero]];
        float ready = s->AttackReady[m.Hero] > s->Tick ? s->AttackReady[m.Hero] - s->Tick : 0f;
        float flight = d.ProjectileSpeed > 0f ? 1f / d.ProjectileSpeed : 0f;
        float pace = 1f / s->MoveSpeed[m.Hero];
        int first = UnitIndex.Creep(1 - m.Team, 0, 0);
        last = -1;
        float lastWorth = 0f;
        soon = -1;
        soonest = Patience;
        wear = -1;
        float least = float.MaxValue;
        for (int i = Sizes.CreepSlot; i < Sizes.OwnCreepSlot; i++)
        {
            int unit = m.Slots->Unit[i];
            if (unit == TargetSlots.None || !Legality.IsAttackable(in *s, m.Hero, unit))
                continue;
            float distance = m.Distance(unit);
            if (distance > m.Reach + 6f || Exposed(ref m, unit, distance))
                continue;
            float blow = s->Attack[m.Hero] * 100f / (100f + s->Armor[unit]);
            float walk = distance > m.Reach ? (distance - m.Reach) * pace : 0f;
            float time = (ready > walk ? ready : walk) + d.WindUp + (distance < m.Reach ? distance : m.Reach) * flight;
            float doom = UnitIndex.IsCreep(unit) ? m.V->Doom[unit - first] : 0f;
            float left = s->Hp[unit] - doom * time;
            if (left > 0f && left <= blow)
            {
                float worth = 100f + 20f * s->Kind[unit] - distance;
                if (worth > lastWorth)
                {
                    lastWorth = worth;
                    last = unit;
                }
            }
            else if (left > blow)
            {
                float wait = doom > 0f ? (left - blow) / doom : float.MaxValue;
                if (wait < soonest)
                {
                    soonest = wait;
                    soon = unit;
                }
                float blows = left / blow + (distance > m.Reach ? 0.6f * (distance - m.Reach) : 0f);
                if (blows < least)
                {
                    least = blows;
                    wear = unit;
                }
            }
        }
    }

    /// <summary>Goes to where the lane is held: as far behind the wave as the hero's reach allows.</summary>
    public static void Advance(ref Mind m, int lane)
    {
        MacroGoal goal = MacroGoals.Of(m.World, m.S, m.V, m.Hero, MacroGoals.Hold(lane));
        float x = goal.X;
        float y = goal.Y;
        float along = m.V->EnemyFront[lane] - m.Reach;
        if (along < x + y)
            (x, y) = m.World.Map.Waypoints.OnLane(lane, along);
        float dx = x - m.X;
        float dy = y - m.Y;
        if (dx * dx + dy * dy < 1.5f || !Walking.To(ref m, x, y))
            m.Stay();
    }

    /// <summary>Whether hitting a unit means standing where a tower would shoot.</summary>
    private static bool Exposed(ref Mind m, int unit, float distance)
    {
        if (m.Tower < 0 || m.Holders > 0)
            return false;
        float share = distance <= m.Reach ? 1f : m.Reach / distance;
        float ux = TeamView.OwnX(m.S, m.Team, unit);
        float uy = TeamView.OwnY(m.S, m.Team, unit);
        return m.Hot(ux + (m.X - ux) * share, uy + (m.Y - uy) * share);
    }
}
