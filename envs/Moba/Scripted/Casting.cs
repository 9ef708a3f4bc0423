using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

/// <summary>What a thinking hero wants of its skills.</summary>
internal enum Intent : byte
{
    Fight,
    Flee,
    Clear,
    Help,
}

/// <summary>Chooses the skill of most worth, by its plan alone. Worth is counted in hp.</summary>
internal static unsafe class Casting
{
    /// <summary>A stun's worth a tick.</summary>
    private const float ControlWorth = 5f;
    private const float KillWorth = 250f;

    private ref struct Choice
    {
        public float Worth;
        public int Ability;
        public int Direction;
        public int Distance;
        public int Slot;
    }

    /// <summary>Casts what is worth most, if anything is worth enough.</summary>
    /// <param name="focus">Enemy hero that is fought, -1 for none.</param>
    public static bool Cast(ref Mind m, Intent intent, int focus)
    {
        WorldState* s = m.S;
        if (s->SilenceUntil[m.Hero] > s->Tick)
            return false;
        var best = new Choice { Ability = -1 };
        for (int k = 0; k < Abilities.Count; k++)
        {
            if (!Ready(ref m, k))
                continue;
            ref readonly SkillPlan p = ref m.World.Playbook.Of(m.World, s, m.Hero, k);
            var c = new Choice { Ability = k };
            switch (intent)
            {
                case Intent.Fight:
                    Fight(ref m, in p, ref c, focus);
                    break;
                case Intent.Flee:
                    Flee(ref m, in p, ref c);
                    break;
                case Intent.Clear:
                    Clear(ref m, in p, ref c);
                    break;
                default:
                    Mend(ref m, in p, ref c);
                    break;
            }
            if (c.Worth > best.Worth)
                best = c;
        }
        if (best.Ability < 0)
            return false;
        EasyPlayer.Set(m.Action, VerbOf(best.Ability), best.Direction, best.Distance, best.Slot);
        return true;
    }

    private static Verb VerbOf(int ability) => ability < Abilities.Spell ? Verb.Skill1 + (byte)ability
        : ability < Abilities.Item ? Verb.Spell1 + (byte)(ability - Abilities.Spell) : Verb.Item;

    private static bool Ready(ref Mind m, int ability) => (int)VerbOf(ability) < Sizes.Verbs && Legality.CanCast(m.World, in *m.S, m.Hero, ability);

    /// <summary>Damage before resistance to a victim.</summary>
    private static float Damage(ref Mind m, in SkillPlan p, int ability, int victim)
    {
        WorldState* s = m.S;
        int level = Abilities.Level(in *s, m.Hero, ability);
        float damage = p.Damage[level - 1] + p.AttackShare * s->Attack[m.Hero] + p.PowerShare * s->Power[m.Hero] + p.HpShare * s->MaxHp[m.Hero];
        if (victim >= 0)
            damage += p.MissingShare * (s->MaxHp[victim] - s->Hp[victim]);
        return damage;
    }

    /// <summary>Worth of a skill's effects on one enemy hero.</summary>
    private static float WorthOn(ref Mind m, in SkillPlan p, int ability, int foe, Intent intent)
    {
        WorldState* s = m.S;
        float resist = p.Type == DamageType.Physical ? s->Armor[foe] : p.Type == DamageType.Magic ? s->MagicResist[foe] : 0f;
        float damage = Damage(ref m, in p, ability, foe) * 100f / (100f + resist);
        float control = s->StunUntil[foe] > s->Tick + 5 ? 0.2f * p.Control : p.Control;
        if (intent == Intent.Flee)
            return 2f * ControlWorth * control + 0.2f * damage;
        float hp = s->Hp[foe] + (s->ShieldUntil[foe] > s->Tick ? s->Shield[foe] : 0f);
        float share = damage / hp;
        if (share >= 1f)
            return hp + KillWorth;
        // What brings a foe nearer to its end is worth more.
        return damage * (1f + share) + ControlWorth * control * (1f + 0.5f * m.AlliesNear);
    }

    private static void Fight(ref Mind m, in SkillPlan p, ref Choice c, int focus)
    {
        WorldState* s = m.S;
        if (p.Hostile && p.OnHeroes)
        {
            if (p.Moves && (m.Ratio < m.Traits.Engage + 0.1f || (focus >= 0 && m.InTowerRange(m.V->X[focus], m.V->Y[focus], 1f))))
                return;
            Hostile(ref m, in p, ref c, Intent.Fight, focus);
            if (c.Worth > 0f && c.Ability == WorldState.Skills - 1 && !WorthTheUltimate(ref m, in p, ref c, focus))
                c.Worth = 0f;
            if (c.Worth > 0f || !p.Friendly)
                return;
        }
        if (p.Friendly && !p.Moves && !p.Hostile)
        {
            Mend(ref m, in p, ref c);
            if (c.Worth <= 0f && p.Strengthens && !p.Hides && focus >= 0 && m.V->Seen[focus] != 0 && m.Distance(focus) < m.Reach + 2.5f)
                Friend(ref m, in p, ref c, m.Hero, 60f);
            return;
        }
        if (p.Summons && focus >= 0 && m.Distance(focus) < 7f)
        {
            Point(ref m, in p, ref c, m.V->X[focus], m.V->Y[focus]);
            c.Worth = 70f;
            return;
        }
        if (!p.Moves || (p.Uses & Uses.Engage) == Uses.None || focus < 0 || m.Ratio < m.Traits.Engage + 0.2f)
            return;
        float distance = m.Distance(m.V->X[focus], m.V->Y[focus]);
        if (distance < m.Reach + 2f || distance > p.Dash + m.Reach || m.InTowerRange(m.V->X[focus], m.V->Y[focus], 1f))
            return;
        Point(ref m, in p, ref c, m.V->X[focus], m.V->Y[focus]);
        c.Worth = 50f;
    }

    /// <summary>A master keeps the ultimate until it reaches several, ends a life, or decides a fight that is open.</summary>
    private static bool WorthTheUltimate(ref Mind m, in SkillPlan p, ref Choice c, int focus)
    {
        if (!m.Traits.Focuses)
            return focus >= 0 && m.S->Hp[focus] < 0.75f * m.S->MaxHp[focus];
        if (c.Worth >= KillWorth)
            return true;
        if (m.FoesNear >= 2 && m.Ratio is > 0.5f and < 3f && (p.Radius == 0f || c.Worth > 1.4f * WorthOn(ref m, in p, c.Ability, focus >= 0 ? focus : m.Foe, Intent.Fight)))
            return true;
        // Alone against one: if what the side has at hand will do.
        return focus >= 0 && m.V->Damage[m.Hero] * (1f + m.AlliesNear) > m.V->Toughness[focus];
    }

    private static void Flee(ref Mind m, in SkillPlan p, ref Choice c)
    {
        if (m.Foe < 0 || m.FoeDistance > 9f)
            return;
        if (p.Moves && (p.Uses & Uses.Escape) != Uses.None)
        {
            int home = Walking.HomeDirection(ref m);
            float far = p.Dash > 0f ? p.Dash : 4f;
            if (m.FoeDistance > 7f || !m.World.Map.Walkable(WorldX(ref m, far, home), WorldY(ref m, far, home)))
                return;
            if (p.Aim is Aim.Direction or Aim.Point)
            {
                c.Direction = home;
                c.Distance = p.Aim == Aim.Point ? Sizes.Distances - 1 : 0;
                c.Worth = 300f;
            }
            return;
        }
        if (p.Moves)
            return;
        if (p.Hostile && p.OnHeroes && p.Control > 0f)
            Hostile(ref m, in p, ref c, Intent.Flee, m.Foe);
        if (c.Worth > 0f || !p.Friendly)
            return;
        Mend(ref m, in p, ref c);
        if (c.Worth <= 0f && m.FoeDistance < 7f && (p.Hides || (p.Strengthens && (p.Uses & Uses.Escape) != Uses.None)))
            Friend(ref m, in p, ref c, m.Hero, 80f);
    }

    private static float WorldX(ref Mind m, float far, int d) => m.S->X[m.Hero] + far * Directions.X(m.Team == 0 ? d : Directions.Mirror(d));

    private static float WorldY(ref Mind m, float far, int d) => m.S->Y[m.Hero] + far * Directions.Y(m.Team == 0 ? d : Directions.Mirror(d));

    /// <summary>Heals, shields and cleanses the friend in most need.</summary>
    private static void Mend(ref Mind m, in SkillPlan p, ref Choice c)
    {
        WorldState* s = m.S;
        if (!p.Friendly || p.Moves || (p.Mending[0] <= 0f && !p.Cleanses))
            return;
        int level = Abilities.Level(in *s, m.Hero, c.Ability);
        float amount = p.Mending[level - 1] + p.MendingPower * s->Power[m.Hero] + p.MendingHp * s->MaxHp[m.Hero];
        float reach = p.Aim == Aim.None ? p.Radius : p.Range;
        float most = 0f;
        int whom = -1;
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            int h = UnitIndex.Hero(m.Team, i);
            if (m.V->Seen[h] == 0 || (h != m.Hero && (p.Side == Side.Self || reach <= 0f || m.Distance(h) > reach)))
                continue;
            bool pressed = s->Tick - s->LastHurtTick[h] < 30;
            float missing = s->MaxHp[h] - s->Hp[h];
            float health = s->Hp[h] / s->MaxHp[h];
            if (health > (pressed ? 0.75f : 0.55f) || (!pressed && m.ManaShare < 0.4f))
                continue;
            if (p.Mending[0] <= 0f && s->RootUntil[h] <= s->Tick + 8 && (s->SlowUntil[h] <= s->Tick + 8 || health > 0.4f))
                continue;
            float worth = (missing < amount ? missing : amount) * (1.6f - health) + (p.Cleanses ? 40f : 0f);
            if (worth <= most)
                continue;
            most = worth;
            whom = h;
        }
        if (whom >= 0)
            Friend(ref m, in p, ref c, whom, most);
    }

    private static void Friend(ref Mind m, in SkillPlan p, ref Choice c, int whom, float worth)
    {
        switch (p.Aim)
        {
            case Aim.Target:
                if (p.Side == Side.Enemies)
                    return;
                int slot = m.SlotOf(whom);
                if (slot < 0 || !Legality.IsTargetable(m.World, in *m.S, m.Hero, c.Ability, whom))
                    return;
                c.Slot = slot;
                break;
            case Aim.Direction or Aim.Point:
                Point(ref m, in p, ref c, m.V->X[whom], m.V->Y[whom]);
                break;
        }
        c.Worth = worth;
    }

    /// <summary>Sets direction and distance for a place.</summary>
    private static void Point(ref Mind m, in SkillPlan p, ref Choice c, float x, float y)
    {
        if (p.Aim is not (Aim.Direction or Aim.Point))
            return;
        c.Direction = Directions.Nearest(x - m.X, y - m.Y);
        c.Distance = p.Aim == Aim.Point ? Quarter(m.Distance(x, y), p.Range) : 0;
    }

    private static int Quarter(float distance, float range)
    {
        int q = (int)(distance / range * Sizes.Distances + 0.5f) - 1;
        return q < 0 ? 0 : q >= Sizes.Distances ? Sizes.Distances - 1 : q;
    }

    /// <summary>The best way to reach enemy heroes with a skill.</summary>
    private static void Hostile(ref Mind m, in SkillPlan p, ref Choice c, Intent intent, int focus)
    {
        float* x = stackalloc float[UnitIndex.HeroesPerTeam];
        float* y = stackalloc float[UnitIndex.HeroesPerTeam];
        float* worth = stackalloc float[UnitIndex.HeroesPerTeam];
        int* foe = stackalloc int[UnitIndex.HeroesPerTeam];
        int n = 0;
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            int h = UnitIndex.Hero(1 - m.Team, i);
            if (m.V->Seen[h] == 0 || !Legality.IsAttackable(in *m.S, m.Hero, h))
                continue;
            float distance = m.Distance(m.V->X[h], m.V->Y[h]);
            if (distance > p.Reach + 2f)
                continue;
            float time = m.Traits.Leads ? p.Delay + (p.Speed > 0f ? distance / p.Speed : 0f) : 0f;
            foe[n] = h;
            x[n] = m.V->X[h] + time * m.V->VX[h];
            y[n] = m.V->Y[h] + time * m.V->VY[h];
            worth[n] = WorthOn(ref m, in p, c.Ability, h, intent) * (h == focus ? 1.25f : 1f);
            n++;
        }
        for (int i = 0; i < n; i++)
        {
            var t = new Choice { Ability = c.Ability };
            switch (p.Aim)
            {
                case Aim.Target:
                    t.Slot = p.Side == Side.Enemies && Legality.IsTargetable(m.World, in *m.S, m.Hero, c.Ability, foe[i]) ? m.SlotOf(foe[i]) : -1;
                    if (t.Slot < 0)
                        continue;
                    t.Worth = worth[i];
                    for (int j = 0; p.Radius > 0f && j < n; j++)
                        t.Worth += j != i && Square(x[j] - x[i], y[j] - y[i]) < p.Radius * p.Radius ? worth[j] : 0f;
                    break;
                case Aim.None:
                    t.Worth = Around(m.X, m.Y, p.Radius + 0.2f, x, y, worth, n);
                    i = n;
                    break;
                case Aim.Direction:
                    t.Direction = Directions.Nearest(x[i] - m.X, y[i] - m.Y);
                    t.Worth = p.Speed > 0f ? Ray(ref m, in p, t.Direction, x, y, worth, n)
                        : Around(m.X + p.Dash * Directions.X(t.Direction), m.Y + p.Dash * Directions.Y(t.Direction), p.Radius + 0.2f, x, y, worth, n);
                    if (p.Moves && !m.World.Map.Walkable(WorldX(ref m, p.Dash, t.Direction), WorldY(ref m, p.Dash, t.Direction)))
                        continue;
                    break;
                default:
                    t.Direction = Directions.Nearest(x[i] - m.X, y[i] - m.Y);
                    t.Distance = Quarter(m.Distance(x[i], y[i]), p.Range);
                    float far = p.Range * (t.Distance + 1) / Sizes.Distances;
                    t.Worth = p.Speed > 0f && p.Radius == 0f ? Ray(ref m, in p, t.Direction, x, y, worth, n)
                        : Around(m.X + far * Directions.X(t.Direction), m.Y + far * Directions.Y(t.Direction), p.Radius + 0.2f, x, y, worth, n);
                    break;
            }
            if (t.Worth > c.Worth)
                c = t;
        }
    }

    private static float Square(float x, float y) => x * x + y * y;

    /// <summary>Sum over those within a circle. Sums of a few floats in the order of slots: alike for both teams.</summary>
    private static float Around(float cx, float cy, float radius, float* x, float* y, float* worth, int n)
    {
        float sum = 0f;
        for (int j = 0; j < n; j++)
            sum += Square(x[j] - cx, y[j] - cy) < radius * radius ? worth[j] : 0f;
        return sum;
    }

    /// <summary>What a straight projectile would meet. The careless only look whether somebody stands roughly in its way.</summary>
    private static float Ray(ref Mind m, in SkillPlan p, int direction, float* x, float* y, float* worth, int n)
    {
        float ux = Directions.X(direction);
        float uy = Directions.Y(direction);
        float wide = p.Width + (m.Traits.Leads ? 0.35f : 0.9f);
        float near = float.MaxValue;
        float first = 0f;
        float sum = 0f;
        for (int j = 0; j < n; j++)
        {
            float along = (x[j] - m.X) * ux + (y[j] - m.Y) * uy;
            float across = (x[j] - m.X) * uy - (y[j] - m.Y) * ux;
            if (along < 0f || along > p.Reach + 0.3f || across > wide || across < -wide)
                continue;
            sum += worth[j];
            if (along >= near)
                continue;
            near = along;
            first = worth[j];
        }
        if (!p.Blocked || sum == 0f)
            return sum;
        return m.Traits.Leads && CreepInTheWay(ref m, in p, ux, uy, near) ? 0f : first;
    }

    private static bool CreepInTheWay(ref Mind m, in SkillPlan p, float ux, float uy, float before)
    {
        for (int i = Sizes.CreepSlot; i < Sizes.OwnCreepSlot; i++)
        {
            int unit = m.Slots->Unit[i];
            if (unit == TargetSlots.None || m.S->Alive[unit] == 0)
                continue;
            float dx = TeamView.OwnX(m.S, m.Team, unit) - m.X;
            float dy = TeamView.OwnY(m.S, m.Team, unit) - m.Y;
            float along = dx * ux + dy * uy;
            float across = dx * uy - dy * ux;
            // Close enough to the mark its splash still reaches.
            if (along > 0f && along < before - 0.8f * p.Radius && across < p.Width + 0.4f && across > -p.Width - 0.4f)
                return true;
        }
        return false;
    }

    /// <summary>Skills on creeps and monsters: where several are reached, or a strong one.</summary>
    private static void Clear(ref Mind m, in SkillPlan p, ref Choice c)
    {
        WorldState* s = m.S;
        if (!p.Hostile || p.Moves || c.Ability >= WorldState.Skills - 1 || p.Damage[0] <= 0f || m.ManaShare < 0.45f)
            return;
        if (p.Aim == Aim.Target && (!p.OnCreeps || p.Side != Side.Enemies))
            return;
        float best = 0f;
        for (int i = Sizes.CreepSlot; i < Sizes.Targets; i++)
        {
            int unit = m.Slots->Unit[i];
            bool monster = unit != TargetSlots.None && UnitIndex.IsMonster(unit);
            if (unit == TargetSlots.None || !(UnitIndex.IsCreep(unit) || monster) || !Legality.IsAttackable(in *s, m.Hero, unit))
                continue;
            if (monster && s->CampAwake[m.World.Map.MonsterCamp[unit - UnitIndex.FirstMonster]] == 0)
                continue;
            float distance = m.Distance(unit);
            if (distance > p.Reach)
                continue;
            float damage = Damage(ref m, in p, c.Ability, unit);
            float x = TeamView.OwnX(s, m.Team, unit);
            float y = TeamView.OwnY(s, m.Team, unit);
            float worth = monster ? 60f : 0f;
            float area = p.Aim == Aim.Direction && p.Speed > 0f && !p.Blocked ? 2f : p.Radius;
            float cx = p.Aim == Aim.None ? m.X : x;
            float cy = p.Aim == Aim.None ? m.Y : y;
            for (int j = Sizes.CreepSlot; j < Sizes.OwnCreepSlot; j++)
            {
                int other = m.Slots->Unit[j];
                if (other == TargetSlots.None || (other != unit && Square(TeamView.OwnX(s, m.Team, other) - cx, TeamView.OwnY(s, m.Team, other) - cy) > area * area))
                    continue;
                worth += s->Hp[other] < damage ? 30f : 15f;
            }
            if (worth < 45f || worth <= best)
                continue;
            if (p.Aim == Aim.Target)
            {
                int slot = m.SlotOf(unit);
                if (!Legality.IsTargetable(m.World, in *s, m.Hero, c.Ability, unit))
                    continue;
                c.Slot = slot;
            }
            best = worth;
            Point(ref m, in p, ref c, x, y);
        }
        c.Worth = best;
    }
}
