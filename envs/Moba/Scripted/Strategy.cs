using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

/// <summary>
/// Which macro command a thinking hero gives itself. Team mates agree without talking: each works out the same plan from the same view.
/// </summary>
internal static unsafe class Strategy
{
    /// <summary>Ticks between two reviews of a command that goes well.</summary>
    private const int Review = 30;

    /// <summary>Gold for which a hurt hero goes home to shop, where that is the only shop.</summary>
    private const int Rich = 1400;

    /// <summary>Seconds that an epic monster may take.</summary>
    private const float LongestSlaying = 14f;

    /// <summary>Share of the time limit for which everybody keeps to the own lane.</summary>
    private const float LaningShare = 0.05f;

    /// <summary>The same for a plain player, who follows pushes only late.</summary>
    private const float FollowingShare = 0.3f;

    /// <summary>A plain player's command: hold, push, defend, recall.</summary>
    public static MacroCommand Plain(ref Mind m)
    {
        if (NeedsRest(ref m))
            return MacroCommand.Recall;
        int lane = m.V->Seat[m.Hero % UnitIndex.HeroesPerTeam];
        int threatened = MacroGoals.ThreatenedLane(m.World, m.S, m.V);
        if (threatened >= 0 && threatened != lane && Called(ref m, threatened))
            return MacroCommand.Defend;
        if (m.V->Floats[m.Hero % UnitIndex.HeroesPerTeam] != 0 && m.S->Tick > m.World.Rules.TimeLimit * FollowingShare)
            return MacroGoals.Push(SiegeLane(ref m));
        return Pushes(ref m, lane) ? MacroGoals.Push(lane) : MacroGoals.Hold(lane);
    }

    /// <summary>A master's command.</summary>
    public static MacroCommand Choose(ref Mind m)
    {
        var current = (MacroCommand)m.S->Macro[m.Hero];
        if (NeedsRest(ref m))
            return MacroCommand.Recall;
        bool over = current is MacroCommand.None or MacroCommand.Recall
            || MacroRules.IsFinished(m.World, m.S, m.V, m.Hero) || MacroRules.IsHopeless(m.World, m.S, m.V, m.Hero);
        if (!over && (m.S->Tick + 6 * (m.Hero % UnitIndex.HeroesPerTeam)) % Review >= m.Traits.ThinkTicks)
            return current;
        return Fresh(ref m);
    }

    /// <summary>Lane of a slot in the laning phase: two on top, one in the middle, two at the bottom, or as many as there are.</summary>
    public static int Lane(MobaWorld w, int hero)
    {
        int slot = hero % UnitIndex.HeroesPerTeam;
        int lane = w.HeroesPerTeam switch
        {
            1 => 1,
            3 => slot,
            _ => slot switch { 0 or 1 => 0, 2 => 1, _ => 2 },
        };
        for (int i = 0; i < UnitIndex.Lanes; i++)
        {
            if (w.HasLane((lane + i) % UnitIndex.Lanes))
                return (lane + i) % UnitIndex.Lanes;
        }
        return lane;
    }

    private static MacroCommand Fresh(ref Mind m)
    {
        MobaWorld w = m.World;
        int threatened = MacroGoals.ThreatenedLane(w, m.S, m.V);
        if (threatened >= 0 && Called(ref m, threatened))
            return MacroCommand.Defend;
        if (w.HeroesPerTeam == 1)
            return Pushes(ref m, 1) ? MacroCommand.PushMiddle : MacroCommand.HoldMiddle;
        if (Objective(ref m) is not MacroCommand.None and var objective)
            return objective;
        int lane = m.V->Seat[m.Hero % UnitIndex.HeroesPerTeam];
        if (m.V->Floats[m.Hero % UnitIndex.HeroesPerTeam] != 0 && m.S->Tick > w.Rules.TimeLimit * LaningShare)
            return MacroGoals.Push(SiegeLane(ref m));
        if (Gank(ref m, lane) is >= 0 and int prey)
            return MacroGoals.Gank(prey);
        bool safe = m.V->Besieging[lane] == 0 && m.V->Raiders[lane] == 0;
        if (safe && Quiet(ref m, lane) && CampNear(ref m, 22f))
            return MacroCommand.Farm;
        return Pushes(ref m, lane) ? MacroGoals.Push(lane) : MacroGoals.Hold(lane);
    }

    /// <summary>Low on hp, or on mana and not well, with nobody near to break the recall off.</summary>
    private static bool NeedsRest(ref Mind m)
    {
        if (m.AtFountain)
            return m.Health < 0.95f || m.ManaShare < 0.8f;
        bool tired = m.Health < m.Traits.RecallBelow || (m.Health < 0.6f && m.ManaShare < 0.15f);
        bool already = m.S->RecallTicks[m.Hero] > 0 && m.Health < 0.7f;
        bool rich = m.Traits.Roams && !m.World.Rules.ShopAnywhere && m.S->Gold[m.Hero] > Rich && m.Health < 0.8f && m.FoesNear == 0;
        return tired || already || rich;
    }

    /// <summary>Whether to push a lane: the side there is the stronger, or nobody is there to stop it.</summary>
    private static bool Pushes(ref Mind m, int lane)
    {
        int foes = 0;
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            int h = UnitIndex.Hero(1 - m.Team, i);
            foes += m.V->Placed[h] != 0 && MacroGoals.InLane(m.World, m.V->X[h], m.V->Y[h], lane) ? 1 : 0;
        }
        return foes == 0 || m.Ratio > 1.15f || m.V->OwnCreeps[lane] > m.V->EnemyCreeps[lane] + 2;
    }

    /// <summary>Whether a hero is among the nearest who are needed at a threatened structure.</summary>
    private static bool Called(ref Mind m, int lane)
    {
        int tower = m.V->OwnTower[lane];
        int tier = m.S->Kind[tower];
        int needed = m.V->Raiders[lane] + (tier > 0 && m.V->Raiders[lane] > 0 ? 1 : 0) + (m.V->Besieging[lane] > 2 ? 1 : 0);
        if (m.V->Raiders[lane] == 0 && tier < 2)
            needed = m.V->Besieging[lane] > 3 ? 1 : 0;
        if (tier == 0 && m.V->Raiders[lane] == 1)
            needed = m.V->Seat[m.Hero % UnitIndex.HeroesPerTeam] == lane ? needed : 0;
        float x = TeamView.OwnX(m.S, m.Team, tower);
        float y = TeamView.OwnY(m.S, m.Team, tower);
        float own = Journey(ref m, m.Hero, x, y);
        if (own > (tier < 2 ? 45f : 120f))
            return false;
        int nearer = 0;
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            int h = UnitIndex.Hero(m.Team, i);
            nearer += h != m.Hero && m.V->Seen[h] != 0 && Journey(ref m, h, x, y) < own ? 1 : 0;
        }
        return nearer < needed;
    }

    /// <summary>Whether a place is reached sooner by recalling and walking from the fountain.</summary>
    public static bool BetterByRecall(ref Mind m, float x, float y)
        => m.Distance(x, y) * 1.2f > Journey(ref m, m.Hero, x, y) + 5f;

    /// <summary>Cells to a place as the crow flies, or what a recall and the way from the fountain come to, if that is less.</summary>
    private static float Journey(ref Mind m, int hero, float x, float y)
    {
        float dx = m.V->X[hero] - x;
        float dy = m.V->Y[hero] - y;
        float walk = MathF.Sqrt(dx * dx + dy * dy) * 1.2f;
        MacroGoal home = MacroGoals.Of(m.World, m.S, m.V, hero, MacroCommand.Recall);
        float recall = m.World.Rules.RecallTicks * m.S->MoveSpeed[hero]
            + MathF.Sqrt((home.X - x) * (home.X - x) + (home.Y - y) * (home.Y - y)) * 1.2f;
        return walk < recall ? walk : recall;
    }

    /// <summary>An epic monster, when those who are free to go can slay it without great loss and the enemies known around are weaker.</summary>
    private static MacroCommand Objective(ref Mind m)
    {
        for (int i = 1; i >= 0; i--)
        {
            MacroCommand command = i == 1 ? MacroCommand.ObjectivePush : MacroCommand.ObjectiveBuff;
            if (!MacroRules.IsLegal(m.World, m.S, m.Hero, command))
                continue;
            MacroGoal goal = MacroGoals.Of(m.World, m.S, m.V, m.Hero, command);
            if (!Free(ref m, m.Hero, goal))
                continue;
            float damage = 0f;
            float toughness = 0f;
            for (int k = 0; k < UnitIndex.HeroesPerTeam; k++)
            {
                int h = UnitIndex.Hero(m.Team, k);
                if (!Free(ref m, h, goal))
                    continue;
                damage += m.V->Damage[h];
                toughness += m.V->Toughness[h];
            }
            WorldState* s = m.S;
            int epic = goal.Unit;
            bool seen = (s->Visible[epic] >> m.Team & 1) != 0;
            float time = (seen ? s->Hp[epic] : s->MaxHp[epic]) * (100f + s->Armor[epic]) * 0.01f / (damage * (0.7f / 3f));
            if (time > LongestSlaying || s->Attack[epic] * RulesDefinition.TicksPerSecond / s->AttackInterval[epic] * time > 0.4f * toughness)
                continue;
            float foes = 0f;
            for (int k = 0; k < UnitIndex.HeroesPerTeam; k++)
            {
                int h = UnitIndex.Hero(1 - m.Team, k);
                float dx = goal.X - m.V->X[h];
                float dy = goal.Y - m.V->Y[h];
                foes += m.V->Placed[h] != 0 && dx * dx + dy * dy < 20f * 20f ? m.V->Toughness[h] : 0f;
            }
            if (foes < 0.6f * toughness)
                return command;
        }
        return MacroCommand.None;
    }

    /// <summary>Whether a hero may leave its work for an epic monster: well, and near, or one of those who help where they are needed.</summary>
    private static bool Free(ref Mind m, int hero, MacroGoal goal)
    {
        if (m.V->Seen[hero] == 0 || m.S->Hp[hero] < 0.5f * m.S->MaxHp[hero])
            return false;
        float dx = goal.X - m.V->X[hero];
        float dy = goal.Y - m.V->Y[hero];
        float far = m.V->Floats[hero % UnitIndex.HeroesPerTeam] != 0 ? 38f : 20f;
        return dx * dx + dy * dy < far * far;
    }

    /// <summary>Lane in which help takes a tower soonest: far advanced, the structure hurt, creeps at it, few to defend it.</summary>
    private static int SiegeLane(ref Mind m)
    {
        int best = 0;
        float most = float.MinValue;
        for (int i = 0; i < UnitIndex.Lanes; i++)
        {
            int lane = i == 0 ? 1 : i == 1 ? 0 : 2;
            if (!m.World.HasLane(lane))
                continue;
            int tower = m.V->EnemyTower[lane];
            float v = 20f * m.S->Kind[tower] + 40f * (1f - m.S->Hp[tower] / m.S->MaxHp[tower]) + 5f * m.V->Holding[lane] + 0.2f * m.V->OwnFront[lane];
            for (int k = 0; k < UnitIndex.HeroesPerTeam; k++)
            {
                int h = UnitIndex.Hero(1 - m.Team, k);
                v -= m.V->Placed[h] != 0 && MacroGoals.InLane(m.World, m.V->X[h], m.V->Y[h], lane) ? 20f : 0f;
            }
            if (m.S->Macro[m.Hero] == (byte)MacroGoals.Push(lane))
                v += 15f;
            if (v <= most)
                continue;
            most = v;
            best = lane;
        }
        return best;
    }

    /// <summary>A neighbouring lane in which an enemy stands far forward and could be caught, -1 for none.</summary>
    private static int Gank(ref Mind m, int own)
    {
        if (m.Health < 0.65f || m.S->Level[m.Hero] < 4 || m.V->EnemyCreeps[own] > m.V->OwnCreeps[own])
            return -1;
        for (int i = 0; i < UnitIndex.Lanes; i++)
        {
            int lane = (own + 1 + i) % UnitIndex.Lanes;
            if (lane == own || !m.World.HasLane(lane))
                continue;
            int prey = MacroGoals.Prey(m.World, m.V, lane);
            if (prey < 0 || m.V->Seen[prey] == 0)
                continue;
            float distance = m.Distance(m.V->X[prey], m.V->Y[prey]);
            float along = m.V->X[prey] + m.V->Y[prey];
            if (distance > 34f || along > 14f || m.V->Toughness[prey] > 1.2f * m.V->Toughness[m.Hero])
                continue;
            return lane;
        }
        return -1;
    }

    /// <summary>Nothing is to be won in the lane for a while: no enemy creep is near, and the next own wave is far behind.</summary>
    private static bool Quiet(ref Mind m, int lane)
        => m.V->EnemyCreeps[lane] == 0 && m.FoesNear == 0 && m.V->OwnFront[lane] < m.X + m.Y - 35f;

    /// <summary>Whether a camp of the own half is near that the hero can slay without great loss.</summary>
    private static bool CampNear(ref Mind m, float within)
    {
        if (!m.World.Mode.Jungle || m.Health < 0.5f)
            return false;
        int unit = MacroGoals.NearestCamp(m.World, m.S, m.V, m.Hero);
        if (unit < 0)
            return false;
        MacroGoal goal = MacroGoals.Of(m.World, m.S, m.V, m.Hero, MacroCommand.Farm);
        if (m.Distance(goal.X, goal.Y) > within)
            return false;
        WorldState* s = m.S;
        int camp = m.World.Map.MonsterCamp[unit - UnitIndex.FirstMonster];
        float hp = 0f;
        float blows = 0f;
        for (int i = 0; i < m.World.Map.MonsterCount; i++)
        {
            int u = UnitIndex.FirstMonster + i;
            if (m.World.Map.MonsterCamp[i] != camp || s->Alive[u] == 0)
                continue;
            // What a hidden monster has left is not known; full is.
            hp += s->MaxHp[u] * (100f + s->Armor[u]) * 0.01f;
            blows += s->Attack[u] / s->AttackInterval[u];
        }
        float time = hp / (m.V->Damage[m.Hero] * 0.8f / (3f * RulesDefinition.TicksPerSecond));
        return blows * time * 0.7f * 100f / (100f + s->Armor[m.Hero]) < 0.5f * s->Hp[m.Hero];
    }
}
