using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

/// <summary>The goal of each macro command, from what the hero's team knows.</summary>
internal static unsafe class MacroGoals
{
    /// <summary>Cells from a lane's way within which a hero counts as being in the lane.</summary>
    public const float LaneWidth = 9f;

    /// <summary>Cells kept from the range of a tower that is not attacked.</summary>
    private const float TowerMargin = 1.5f;

    /// <summary>Lane of a hold, push or gank command (0 top, 1 middle, 2 bottom), -1 for others.</summary>
    public static int LaneOf(MacroCommand command) => command switch
    {
        MacroCommand.HoldTop or MacroCommand.PushTop or MacroCommand.GankTop => 0,
        MacroCommand.HoldMiddle or MacroCommand.PushMiddle or MacroCommand.GankMiddle => 1,
        MacroCommand.HoldBottom or MacroCommand.PushBottom or MacroCommand.GankBottom => 2,
        _ => -1,
    };

    public static MacroCommand Hold(int lane) => MacroCommand.HoldTop + (byte)lane;

    public static MacroCommand Push(int lane) => MacroCommand.PushTop + (byte)lane;

    public static MacroCommand Gank(int lane) => MacroCommand.GankTop + (byte)lane;

    public static MacroGoal Of(MobaWorld w, WorldState* s, TeamView* v, int hero, MacroCommand command)
    {
        switch (command)
        {
            case MacroCommand.HoldTop or MacroCommand.HoldMiddle or MacroCommand.HoldBottom:
                return HoldPlace(w, s, v, LaneOf(command));
            case MacroCommand.PushTop or MacroCommand.PushMiddle or MacroCommand.PushBottom:
                return At(s, v, v->EnemyTower[LaneOf(command)]);
            case MacroCommand.Farm:
                int monster = NearestCamp(w, s, v, hero);
                return monster >= 0 ? Camp(w, v, monster) : Here(v, hero);
            case MacroCommand.GankTop or MacroCommand.GankMiddle or MacroCommand.GankBottom:
                int prey = Prey(w, v, LaneOf(command));
                return prey >= 0 ? new MacroGoal(prey, v->X[prey], v->Y[prey]) : HoldPlace(w, s, v, LaneOf(command));
            case MacroCommand.Group:
                return HoldPlace(w, s, v, MeetingLane(w, v));
            case MacroCommand.ObjectiveBuff or MacroCommand.ObjectivePush:
                int epic = Epic(w, command);
                return epic >= 0 ? Camp(w, v, epic) : Here(v, hero);
            case MacroCommand.Defend:
                int lane = ThreatenedLane(w, s, v);
                return At(s, v, v->OwnTower[lane >= 0 ? lane : NearestLane(w, v, hero)]);
            case MacroCommand.Recall:
                float fx = v->Team == 0 ? w.Map.FountainX[0] : -w.Map.FountainY[1];
                float fy = v->Team == 0 ? w.Map.FountainY[0] : -w.Map.FountainX[1];
                return new MacroGoal(-1, fx, fy);
            default:
                return Here(v, hero);
        }
    }

    /// <summary>Unit of the epic monster that an objective command is about, -1 if the map has none.</summary>
    public static int Epic(MobaWorld w, MacroCommand command)
    {
        int place = UnitIndex.FirstEpic - UnitIndex.FirstMonster + (command == MacroCommand.ObjectivePush ? 1 : 0);
        return w.Mode.Jungle && place < w.Map.MonsterCount ? UnitIndex.FirstMonster + place : -1;
    }

    /// <summary>The nearest standing monster of the own half that is not an epic one, -1 for none.</summary>
    public static int NearestCamp(MobaWorld w, WorldState* s, TeamView* v, int hero)
    {
        int best = -1;
        float near = float.MaxValue;
        for (int i = 0; i < 8; i++)
        {
            int unit = UnitIndex.FirstMonster + i + 8 * v->Team;
            if (s->Alive[unit] == 0)
                continue;
            MacroGoal at = Camp(w, v, unit);
            float dx = at.X - v->X[hero];
            float dy = at.Y - v->Y[hero];
            float square = dx * dx + dy * dy;
            if (square >= near)
                continue;
            near = square;
            best = unit;
        }
        return best;
    }

    /// <summary>Enemy hero in a lane that is easiest to catch: weak and far from its base. -1 for none.</summary>
    public static int Prey(MobaWorld w, TeamView* v, int lane)
    {
        int best = -1;
        float least = float.MaxValue;
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            int h = UnitIndex.Hero(1 - v->Team, i);
            if (v->Placed[h] == 0 || !InLane(w, v->X[h], v->Y[h], lane))
                continue;
            float hardness = v->Toughness[h] + 12f * (v->X[h] + v->Y[h]);
            if (hardness >= least)
                continue;
            least = hardness;
            best = h;
        }
        return best;
    }

    /// <summary>Whether a place of the own frame lies in a lane.</summary>
    public static bool InLane(MobaWorld w, float x, float y, int lane)
    {
        (float lx, float ly) = w.Map.Waypoints.OnLane(lane, x + y);
        return (lx - x) * (lx - x) + (ly - y) * (ly - y) < LaneWidth * LaneWidth;
    }

    /// <summary>Lane of the most threatened own structure, -1 if none is threatened.</summary>
    public static int ThreatenedLane(MobaWorld w, WorldState* s, TeamView* v)
    {
        int best = -1;
        int most = 0;
        for (int i = 0; i < UnitIndex.Lanes; i++)
        {
            // The middle comes first between equals.
            int lane = i == 0 ? 1 : i == 1 ? 0 : 2;
            if (!w.HasLane(lane))
                continue;
            int weight = v->Besieging[lane] == 0 && v->Raiders[lane] == 0 ? 0
                : (v->Besieging[lane] + 3 * v->Raiders[lane]) * (1 + s->Kind[v->OwnTower[lane]]);
            if (weight <= most)
                continue;
            most = weight;
            best = lane;
        }
        return best;
    }

    /// <summary>Lane in which the team meets: where its wave stands farthest forward of what it may lose; the middle between equals.</summary>
    public static int MeetingLane(MobaWorld w, TeamView* v)
    {
        int best = -1;
        int most = -1;
        for (int i = 0; i < UnitIndex.Lanes; i++)
        {
            int lane = i == 0 ? 1 : i == 1 ? 0 : 2;
            if (!w.HasLane(lane))
                continue;
            int heroes = 0;
            for (int k = 0; k < UnitIndex.HeroesPerTeam; k++)
            {
                int h = UnitIndex.Hero(v->Team, k);
                heroes += v->Seen[h] != 0 && InLane(w, v->X[h], v->Y[h], lane) ? 1 : 0;
            }
            if (heroes <= most)
                continue;
            most = heroes;
            best = lane;
        }
        return best;
    }

    public static int NearestLane(MobaWorld w, TeamView* v, int hero)
    {
        int best = 1;
        float near = float.MaxValue;
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            if (!w.HasLane(lane))
                continue;
            (float x, float y) = w.Map.Waypoints.OnLane(lane, v->X[hero] + v->Y[hero]);
            float square = (x - v->X[hero]) * (x - v->X[hero]) + (y - v->Y[hero]) * (y - v->Y[hero]);
            if (square >= near)
                continue;
            near = square;
            best = lane;
        }
        return best;
    }

    /// <summary>Where to stand in a lane that is held: behind the foremost own creep, else at the own front tower; never in an enemy tower's range.</summary>
    private static MacroGoal HoldPlace(MobaWorld w, WorldState* s, TeamView* v, int lane)
    {
        int own = v->OwnTower[lane];
        int enemy = v->EnemyTower[lane];
        float tower = TeamView.OwnX(s, v->Team, own) + TeamView.OwnY(s, v->Team, own);
        float along = v->OwnCreeps[lane] > 0 && v->OwnFront[lane] - 2f > tower ? v->OwnFront[lane] - 2f : tower;
        float limit = TeamView.OwnX(s, v->Team, enemy) + TeamView.OwnY(s, v->Team, enemy) - s->AttackRange[enemy] - TowerMargin;
        (float x, float y) = w.Map.Waypoints.OnLane(lane, along < limit ? along : limit);
        return new MacroGoal(-1, x, y);
    }

    private static MacroGoal At(WorldState* s, TeamView* v, int unit)
        => new(unit, TeamView.OwnX(s, v->Team, unit), TeamView.OwnY(s, v->Team, unit));

    private static MacroGoal Here(TeamView* v, int hero) => new(-1, v->X[hero], v->Y[hero]);

    /// <summary>A monster's place is known; where it chases somebody is not, unless it is seen.</summary>
    private static MacroGoal Camp(MobaWorld w, TeamView* v, int unit)
    {
        float x = w.Map.MonsterX[unit - UnitIndex.FirstMonster];
        float y = w.Map.MonsterY[unit - UnitIndex.FirstMonster];
        return v->Team == 0 ? new MacroGoal(unit, x, y) : new MacroGoal(unit, -y, -x);
    }
}
