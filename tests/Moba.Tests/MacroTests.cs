namespace SelfPlayArena.Moba.Tests;

public sealed unsafe class MacroTests
{
    private const int Second = RulesDefinition.TicksPerSecond;

    [Fact]
    public void Without_a_command_nothing_ends()
    {
        var c = new Commanded(MacroCommand.None);
        Assert.False(c.Finished || c.Hopeless);
    }

    [Theory]
    [InlineData(MacroCommand.HoldTop, 0)]
    [InlineData(MacroCommand.HoldMiddle, 1)]
    [InlineData(MacroCommand.HoldBottom, 2)]
    public void Holding_ends_with_the_wave_at_the_enemys_tower_and_is_lost_with_the_own_towers(MacroCommand command, int lane)
    {
        var c = new Commanded(command);
        Assert.False(c.Finished || c.Hopeless);
        int enemy = UnitIndex.Tower(1, lane, 0);
        c.Scene.Creep(0, lane, 0, c.S.X[enemy], c.S.Y[enemy]);
        Assert.False(c.Finished);
        c.Scene.Creep(0, lane, 1, c.S.X[enemy], c.S.Y[enemy]);
        Assert.True(c.Finished);
        for (int tier = 0; tier < 3; tier++)
            c.S.Alive[UnitIndex.Tower(0, lane, tier)] = 0;
        Assert.True(c.Hopeless);
    }

    [Theory]
    [InlineData(MacroCommand.PushTop, 0)]
    [InlineData(MacroCommand.PushMiddle, 1)]
    [InlineData(MacroCommand.PushBottom, 2)]
    public void Pushing_ends_with_the_tower_it_was_given_for_and_is_hopeless_for_the_hurt(MacroCommand command, int lane)
    {
        var c = new Commanded(command);
        Assert.Equal(UnitIndex.Tower(1, lane, 0), c.S.MacroGoal[0]);
        Assert.False(c.Finished || c.Hopeless);
        c.S.Hp[0] = 0.2f * c.S.MaxHp[0];
        Assert.True(c.Hopeless);
        c.S.Alive[UnitIndex.Tower(1, lane, 0)] = 0;
        Assert.True(c.Finished);
    }

    [Fact]
    public void Farming_ends_when_no_own_camp_stands_and_is_hopeless_for_the_hurt_and_against_a_stronger_enemy_at_the_camp()
    {
        var c = new Commanded(MacroCommand.Farm);
        Assert.True(c.Finished);
        c.S.Alive[UnitIndex.FirstMonster] = 1;
        Assert.False(c.Finished || c.Hopeless);
        float x = c.World.Map.MonsterX[0];
        float y = c.World.Map.MonsterY[0];
        for (int foe = 5; foe < 8; foe++)
            c.Scene.Put(foe, x + foe - 6, y);
        Assert.True(c.Hopeless);
        for (int foe = 5; foe < 8; foe++)
            c.S.Visible[foe] = 2;
        Assert.False(c.Hopeless);
        c.S.Hp[0] = 0.2f * c.S.MaxHp[0];
        Assert.True(c.Hopeless);
    }

    [Theory]
    [InlineData(MacroCommand.GankTop, 0)]
    [InlineData(MacroCommand.GankMiddle, 1)]
    [InlineData(MacroCommand.GankBottom, 2)]
    public void Ganking_ends_with_its_prey_or_when_nobody_is_known_in_the_lane_and_is_hopeless_after_long(MacroCommand command, int lane)
    {
        var c = new Commanded(command, give: false);
        (float x, float y) = c.World.Map.Waypoints.OnLane(lane, 0f);
        c.Scene.Put(RulesScene.Foe, x, y);
        c.Give(command);
        Assert.Equal(RulesScene.Foe, c.S.MacroGoal[0]);
        Assert.False(c.Finished || c.Hopeless);
        c.S.Tick += 31 * Second;
        Assert.True(c.Hopeless);
        c.S.Visible[RulesScene.Foe] = 2;
        Assert.True(c.Finished);
        c.S.Visible[RulesScene.Foe] = 3;
        Assert.False(c.Finished);
        c.S.Alive[RulesScene.Foe] = 0;
        Assert.True(c.Finished);
    }

    [Fact]
    public void Grouping_ends_when_all_the_living_have_met_and_is_hopeless_alone()
    {
        var c = new Commanded(MacroCommand.Group);
        MacroGoal goal = c.Goal;
        Assert.False(c.Finished || c.Hopeless);
        for (int h = 0; h < 4; h++)
            c.Scene.Put(h, goal.X - 2f + h, goal.Y + 2f - h);
        Assert.False(c.Finished);
        c.S.Alive[4] = 0;
        Assert.True(c.Finished);
        for (int h = 1; h < 4; h++)
            c.S.Alive[h] = 0;
        Assert.True(c.Hopeless);
    }

    [Theory]
    [InlineData(MacroCommand.ObjectiveBuff, 0)]
    [InlineData(MacroCommand.ObjectivePush, 1)]
    public void An_objective_may_be_given_while_it_stands_ends_with_it_and_is_hopeless_against_stronger_enemies(MacroCommand command, int place)
    {
        var c = new Commanded(command, give: false);
        int epic = UnitIndex.FirstEpic + place;
        Assert.False(c.Legal(command));
        c.S.Alive[epic] = 1;
        Assert.True(c.Legal(command));
        c.Give(command);
        Assert.Equal(epic, c.S.MacroGoal[0]);
        Assert.False(c.Finished || c.Hopeless);
        for (int foe = 5; foe < 10; foe++)
            c.Scene.Put(foe, c.World.Map.MonsterX[epic - UnitIndex.FirstMonster], c.World.Map.MonsterY[epic - UnitIndex.FirstMonster]);
        Assert.True(c.Hopeless);
        c.S.Alive[epic] = 0;
        Assert.True(c.Finished);
    }

    [Fact]
    public void Defending_ends_when_nobody_threatens_and_is_hopeless_against_far_stronger_enemies()
    {
        var c = new Commanded(MacroCommand.Defend);
        Assert.True(c.Finished);
        int tower = UnitIndex.Tower(0, 0, 0);
        c.Scene.Creep(1, 0, 0, c.S.X[tower], c.S.Y[tower] + 4f);
        Assert.False(c.Finished || c.Hopeless);
        Assert.Equal(tower, c.Goal.Unit);
        for (int foe = 5; foe < 10; foe++)
            c.Scene.Put(foe, c.S.X[tower], c.S.Y[tower] + 3f);
        Assert.True(c.Hopeless);
    }

    [Fact]
    public void Recall_ends_at_the_fountain_in_health_and_is_hopeless_beside_an_enemy()
    {
        var c = new Commanded(MacroCommand.Recall);
        Assert.True(c.Finished);
        c.S.Hp[0] = 0.5f * c.S.MaxHp[0];
        Assert.False(c.Finished);
        c.Scene.Put(0, 0f, 0f);
        Assert.False(c.Finished || c.Hopeless);
        c.Scene.Put(RulesScene.Foe, 4f, 0f);
        Assert.True(c.Hopeless);
        c.S.Alive[0] = 0;
        Assert.True(c.Finished);
    }

    [Fact]
    public void Every_command_but_recall_is_hopeless_for_the_dead()
    {
        foreach (MacroCommand command in Enum.GetValues<MacroCommand>())
        {
            var c = new Commanded(command, give: false);
            c.S.Alive[UnitIndex.FirstEpic] = c.S.Alive[UnitIndex.FirstEpic + 1] = 1;
            c.Give(command);
            c.S.Alive[0] = 0;
            Assert.Equal(command is not (MacroCommand.None or MacroCommand.Recall), c.Hopeless);
        }
    }

    [Theory]
    [InlineData("1v1", "None HoldMiddle PushMiddle Defend Recall")]
    [InlineData("5v5", "None HoldTop HoldMiddle HoldBottom PushTop PushMiddle PushBottom Farm GankTop GankMiddle GankBottom Group Defend Recall")]
    public void Modes_offer_the_commands_that_mean_something_in_them(string mode, string commands)
    {
        var c = new Commanded(MacroCommand.None, mode: mode);
        Assert.Equal(commands, string.Join(' ', Enum.GetValues<MacroCommand>().Where(c.Legal)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void The_steps_of_a_command_lead_to_its_goal(int hero)
    {
        foreach (MacroCommand command in Enum.GetValues<MacroCommand>())
        {
            if (command is MacroCommand.None or MacroCommand.Recall)
                continue;
            var c = new Commanded(command, give: false) { Hero = hero };
            c.S.Alive[UnitIndex.FirstEpic] = c.S.Alive[UnitIndex.FirstEpic + 1] = 1;
            c.S.Alive[UnitIndex.FirstMonster + 4] = c.S.Alive[UnitIndex.FirstMonster + 12] = 1;
            c.Give(command);
            int tick = 0;
            for (; c.Distance > 10f && tick < 60 * Second; tick++)
            {
                c.Scene.Give(hero, c.Step);
                c.Scene.Run(1);
            }
            Assert.True(c.Distance <= 10f, $"{command}: hero {hero} is {c.Distance} cells from the goal after {tick / Second} s, at ({c.S.X[hero]}, {c.S.Y[hero]})");
        }
    }

    [Fact]
    public void A_recall_step_brings_the_hero_home()
    {
        var c = new Commanded(MacroCommand.Recall);
        c.Scene.Put(0, 0f, 0f);
        c.Scene.Give(0, c.Step);
        c.Scene.Run(c.World.Rules.RecallTicks + 2);
        Assert.True(c.Distance < c.World.Map.FountainRadius);
        Assert.Equal(Verb.Stay, c.Step.Verb);
    }

    /// <summary>A scene with one hero under a command.</summary>
    private sealed class Commanded
    {
        public Commanded(MacroCommand command, bool give = true, string mode = "5v5")
        {
            Scene = new RulesScene(mode: mode);
            if (give)
                Give(command);
        }

        public RulesScene Scene { get; }
        public MobaWorld World => Scene.World;
        public ref WorldState S => ref Scene.S;
        public int Hero { get; init; }

        public bool Finished => Ask((w, s, v, h) => MacroRules.IsFinished(w, s, v, h));

        public bool Hopeless => Ask((w, s, v, h) => MacroRules.IsHopeless(w, s, v, h));

        public MacroGoal Goal => Ask((w, s, v, h) => MacroGoals.Of(w, s, v, h, (MacroCommand)s->Macro[h]));

        public Order Step => Ask((w, s, v, h) => MacroRules.Step(w, s, v, h, (MacroCommand)s->Macro[h]));

        public float Distance => Ask((w, s, v, h) =>
        {
            MacroGoal goal = MacroGoals.Of(w, s, v, h, (MacroCommand)s->Macro[h]);
            return MathF.Sqrt((goal.X - v->X[h]) * (goal.X - v->X[h]) + (goal.Y - v->Y[h]) * (goal.Y - v->Y[h]));
        });

        private delegate T Question<T>(MobaWorld w, WorldState* s, TeamView* v, int hero);

        public void Give(MacroCommand command)
        {
            fixed (WorldState* s = &Scene.S)
                MacroRules.Give(World, s, Hero, command);
        }

        public bool Legal(MacroCommand command)
        {
            fixed (WorldState* s = &Scene.S)
                return MacroRules.IsLegal(World, s, Hero, command);
        }

        private T Ask<T>(Question<T> question)
        {
            TeamView view;
            fixed (WorldState* s = &Scene.S)
            {
                TeamView.Gather(World, s, s->Team[Hero], &view);
                return question(World, s, &view, Hero);
            }
        }
    }
}
