using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

/// <summary>
/// When a macro command may be given, when it has done its work and when it cannot any more. Everything is judged by what the hero's team
/// knows. A dead hero's commands are hopeless, save recall, which its return finishes.
/// </summary>
internal static unsafe class MacroRules
{
    public const int Count = (int)MacroCommand.Recall + 1;

    /// <summary>Cells around a goal in which heroes count for and against it.</summary>
    private const float Around = 14f;

    /// <summary>Enemies so many times as strong as the own side make a command hopeless.</summary>
    private const float Hopelessly = 1.8f;
    private const int GankMost = 30 * RulesDefinition.TicksPerSecond;
    private const int GankLeast = 4 * RulesDefinition.TicksPerSecond;
    private const float Healed = 0.92f;

    /// <summary>Whether a hero may be given a command: its lane, camps or epic monster exist, and for group and gank there are team mates.</summary>
    public static bool IsLegal(MobaWorld w, WorldState* s, int hero, MacroCommand command)
    {
        if (s->Present[hero] == 0)
            return false;
        int lane = MacroGoals.LaneOf(command);
        if (lane >= 0)
            return w.HasLane(lane) && (command < MacroCommand.GankTop || w.HeroesPerTeam > 1);
        return command switch
        {
            MacroCommand.None or MacroCommand.Defend or MacroCommand.Recall => true,
            MacroCommand.Farm => w.Mode.Jungle,
            MacroCommand.Group => w.HeroesPerTeam > 1,
            MacroCommand.ObjectiveBuff or MacroCommand.ObjectivePush => MacroGoals.Epic(w, command) is >= 0 and int epic && s->Alive[epic] != 0,
            _ => false,
        };
    }

    /// <summary>
    /// Gives a command: notes it with the tick and the unit it is about. Giving the command that a hero has already changes nothing; one that is
    /// not legal is taken as none.
    /// </summary>
    public static void Give(MobaWorld w, WorldState* s, int hero, MacroCommand command)
    {
        if (!IsLegal(w, s, hero, command))
            command = MacroCommand.None;
        if (s->Macro[hero] == (byte)command)
            return;
        s->Macro[hero] = (byte)command;
        s->MacroSince[hero] = (ushort)s->Tick;
        TeamView view;
        TeamView.Gather(w, s, s->Team[hero], &view);
        int unit = MacroGoals.Of(w, s, &view, hero, command).Unit;
        s->MacroGoal[hero] = unit < 0 ? MacroGoal.None : (byte)unit;
    }

    /// <summary>
    /// Whether a hero's command has done its work. Hold: the own wave stands at the enemy's front structure. Push: the structure it was given
    /// for has fallen. Farm: no camp of the own half stands. Gank: after four seconds nobody is known in the lane any more, or whom it was given
    /// for has died. Group: all living heroes of the team are within 12 cells of the meeting place. Objectives: the epic monster is slain.
    /// Defend: no enemy hero or creep is known near an own front structure. Recall: at the fountain with hp and mana.
    /// </summary>
    public static bool IsFinished(MobaWorld w, WorldState* s, TeamView* v, int hero)
    {
        var command = (MacroCommand)s->Macro[hero];
        int about = s->MacroGoal[hero];
        int lane = MacroGoals.LaneOf(command);
        switch (command)
        {
            case MacroCommand.HoldTop or MacroCommand.HoldMiddle or MacroCommand.HoldBottom:
                return v->Holding[lane] > 1 && v->EnemyCreeps[lane] == 0;
            case MacroCommand.PushTop or MacroCommand.PushMiddle or MacroCommand.PushBottom:
                return about != MacroGoal.None && s->Alive[about] == 0;
            case MacroCommand.Farm:
                return MacroGoals.NearestCamp(w, s, v, hero) < 0;
            case MacroCommand.GankTop or MacroCommand.GankMiddle or MacroCommand.GankBottom:
                return (about != MacroGoal.None && UnitIndex.IsHero(about) && s->Alive[about] == 0)
                    || (s->Tick - s->MacroSince[hero] > GankLeast && MacroGoals.Prey(w, v, lane) < 0);
            case MacroCommand.Group:
                return Gathered(w, s, v, hero);
            case MacroCommand.ObjectiveBuff or MacroCommand.ObjectivePush:
                return MacroGoals.Epic(w, command) is >= 0 and int epic && s->Alive[epic] == 0;
            case MacroCommand.Defend:
                return MacroGoals.ThreatenedLane(w, s, v) < 0;
            case MacroCommand.Recall:
                return s->Alive[hero] == 0 || AtFountain(w, s, v, hero);
            default:
                return false;
        }
    }

    /// <summary>
    /// Whether a hero's command cannot succeed any more. For all but recall: the hero is dead. Hold: all towers of the lane have fallen, or the
    /// enemies known around are 1.8 times as strong as the own side. Push, gank, group, objectives and defend: the same strength around the
    /// goal; push also when a hurt hero (below 30% hp) would have to go on; gank also after 30 seconds; group also with nobody else alive. Farm:
    /// below 30% hp, or an enemy hero is known near the camp and stronger. Recall: an enemy hero is so near that it will be broken off.
    /// </summary>
    public static bool IsHopeless(MobaWorld w, WorldState* s, TeamView* v, int hero)
    {
        var command = (MacroCommand)s->Macro[hero];
        if (command == MacroCommand.None)
            return false;
        if (command == MacroCommand.Recall)
            return s->Alive[hero] != 0 && NearestEnemy(v, v->X[hero], v->Y[hero]) < 7f && !AtFountain(w, s, v, hero);
        if (s->Alive[hero] == 0)
            return true;
        int lane = MacroGoals.LaneOf(command);
        bool hurt = s->Hp[hero] < 0.3f * s->MaxHp[hero];
        switch (command)
        {
            case MacroCommand.HoldTop or MacroCommand.HoldMiddle or MacroCommand.HoldBottom:
                if (s->Kind[v->OwnTower[lane]] == 3)
                    return true;
                break;
            case MacroCommand.PushTop or MacroCommand.PushMiddle or MacroCommand.PushBottom or MacroCommand.Farm:
                if (hurt)
                    return true;
                break;
            case MacroCommand.GankTop or MacroCommand.GankMiddle or MacroCommand.GankBottom:
                if (s->Tick - s->MacroSince[hero] > GankMost)
                    return true;
                break;
            case MacroCommand.Group:
                if (v->OwnAlive < 2)
                    return true;
                break;
        }
        MacroGoal goal = MacroGoals.Of(w, s, v, hero, command);
        return Outmatched(v, hero, goal.X, goal.Y);
    }

    /// <summary>
    /// The next step of a hero's command, as an order in the world's frame that is legal now or <see cref="Verb.Stay"/>: walk to the goal, attack
    /// what the command is about once it is in reach, recall.
    /// </summary>
    public static Order Step(MobaWorld w, WorldState* s, TeamView* v, int hero, MacroCommand command)
    {
        if (!Legality.CanAct(in *s, hero))
            return new Order(Verb.Stay);
        MacroGoal goal = MacroGoals.Of(w, s, v, hero, command);
        float dx = goal.X - v->X[hero];
        float dy = goal.Y - v->Y[hero];
        float square = dx * dx + dy * dy;
        if (command == MacroCommand.Recall)
            return new Order(square <= w.Map.FountainRadius * w.Map.FountainRadius ? Verb.Stay : Verb.Recall);
        if (goal.Unit >= 0 && s->Team[goal.Unit] != v->Team && square < 9f * 9f && Legality.IsAttackable(in *s, hero, goal.Unit))
            return new Order(Verb.Attack, goal.Unit);
        if (square < 1f || !Legality.CanMove(in *s, hero))
            return new Order(Verb.Stay);
        int own = w.Map.Waypoints.Direction(v->X[hero], v->Y[hero], goal.X, goal.Y);
        int d = v->Team == 0 ? own : Directions.Mirror(own);
        return new Order(Verb.Move, -1, Directions.X(d), Directions.Y(d));
    }

    /// <summary>At the fountain with hp and mana restored.</summary>
    private static bool AtFountain(MobaWorld w, WorldState* s, TeamView* v, int hero)
    {
        MacroGoal home = MacroGoals.Of(w, s, v, hero, MacroCommand.Recall);
        float dx = home.X - v->X[hero];
        float dy = home.Y - v->Y[hero];
        return dx * dx + dy * dy <= w.Map.FountainRadius * w.Map.FountainRadius
            && s->Hp[hero] >= Healed * s->MaxHp[hero] && s->Mana[hero] >= Healed * s->MaxMana[hero];
    }

    private static bool Gathered(MobaWorld w, WorldState* s, TeamView* v, int hero)
    {
        MacroGoal goal = MacroGoals.Of(w, s, v, hero, MacroCommand.Group);
        for (int k = 0; k < UnitIndex.HeroesPerTeam; k++)
        {
            int h = UnitIndex.Hero(v->Team, k);
            float dx = goal.X - v->X[h];
            float dy = goal.Y - v->Y[h];
            if (v->Seen[h] != 0 && dx * dx + dy * dy > 12f * 12f)
                return false;
        }
        return v->OwnAlive > 1;
    }

    private static float NearestEnemy(TeamView* v, float x, float y)
    {
        float near = float.MaxValue;
        for (int k = 0; k < UnitIndex.HeroesPerTeam; k++)
        {
            int h = UnitIndex.Hero(1 - v->Team, k);
            if (v->Seen[h] == 0)
                continue;
            float square = (x - v->X[h]) * (x - v->X[h]) + (y - v->Y[h]) * (y - v->Y[h]);
            near = square < near ? square : near;
        }
        return MathF.Sqrt(near);
    }

    /// <summary>Whether the enemies known around a place are far stronger than the own side there, the hero counted in.</summary>
    private static bool Outmatched(TeamView* v, int hero, float x, float y)
    {
        float ownDamage = 0f;
        float ownToughness = 0f;
        float foeDamage = 0f;
        float foeToughness = 0f;
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            if (v->Placed[h] == 0)
                continue;
            float square = (x - v->X[h]) * (x - v->X[h]) + (y - v->Y[h]) * (y - v->Y[h]);
            if (h != hero && square > Around * Around)
                continue;
            if (h / UnitIndex.HeroesPerTeam == v->Team)
            {
                ownDamage += v->Damage[h];
                ownToughness += v->Toughness[h];
            }
            else
            {
                foeDamage += v->Damage[h];
                foeToughness += v->Toughness[h];
            }
        }
        return foeDamage * foeToughness > Hopelessly * Hopelessly * ownDamage * ownToughness;
    }
}
