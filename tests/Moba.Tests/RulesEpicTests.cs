namespace SelfPlayArena.Moba.Tests;

public sealed unsafe class RulesEpicTests
{
    private const int Me = RulesScene.Me;
    private const int Friend = RulesScene.Friend;
    private const int Foe = RulesScene.Foe;
    private const int Drake = UnitIndex.FirstEpic;
    private const int Colossus = UnitIndex.FirstEpic + 1;

    private static RulesScene Slay(int epic, string mode = "5v5")
    {
        var scene = new RulesScene(mode: mode);
        int camp = Systems.Objectives.FirstCamp + epic - Drake;
        scene.S.CampRespawn[camp] = scene.S.Tick;
        scene.Run(1);
        Assert.Equal(1, scene.S.Alive[epic]);
        scene.Put(Me, scene.S.X[epic] - 1f, scene.S.Y[epic] - 1f);
        scene.S.Visible[epic] = 3;
        scene.Give(Me, new Order(Verb.Attack, epic));
        scene.Until(() =>
        {
            // Until the first blow wakes it, it heals.
            scene.S.Hp[epic] = Math.Min(scene.S.Hp[epic], 5f);
            return scene.S.Alive[epic] == 0;
        }, 60);
        return scene;
    }

    [Theory]
    [InlineData("quick", "5v5")]
    [InlineData("full", "3v3")]
    public void They_come_when_the_rules_say_and_stand_on_the_mirror_line(string rules, string mode)
    {
        var world = new MobaWorld(mode, rules);
        var states = new WorldState[1];
        ref WorldState s = ref states[0];
        world.Reset(ref s, 1);
        Assert.Equal(world.Rules.BuffEpic.First, s.CampRespawn[Systems.Objectives.FirstCamp]);
        Assert.Equal(world.Rules.PushEpic.First, s.CampRespawn[Systems.Objectives.FirstCamp + 1]);
        s.Tick = world.Rules.BuffEpic.First;
        world.Tick(ref s);
        Assert.Equal(1, s.Alive[Drake]);
        Assert.Equal(0, s.Alive[Colossus]);
        Assert.Equal(s.X[Drake], -s.Y[Drake]);
        s.Tick = world.Rules.PushEpic.First;
        world.Tick(ref s);
        Assert.Equal(1, s.Alive[Colossus]);
        Assert.Equal(s.X[Colossus], -s.Y[Colossus]);
    }

    [Fact]
    public void The_drake_pays_everybody_of_the_team_and_strengthens_them_for_a_time()
    {
        float before = new RulesScene().S.Attack[Friend];
        RulesScene scene = Slay(Drake);
        EpicRules r = scene.World.Rules.BuffEpic;
        int gold = scene.World.Rules.Monsters[scene.S.Kind[Drake]].Gold;
        Assert.Equal(1, scene.S.EpicsSlain[0]);
        Assert.Equal(0, scene.S.EpicsSlain[1]);
        Assert.Equal(gold, scene.S.GoldEarned[Friend] - scene.S.GoldEarned[Foe]);
        Assert.Equal(scene.S.GoldEarned[Me], scene.S.GoldEarned[Friend]);
        Assert.Equal(1, scene.S.MonsterKills[Me]);
        Assert.True(scene.S.Level[Friend] == scene.S.Level[Me] && scene.S.XpEarned[Friend] > scene.S.XpEarned[Foe]);
        float growth = MobaContent.Default.Heroes[scene.S.Kind[Friend]].Growth[(int)Stat.Attack];
        Assert.Equal(before + r.Stats[(int)Stat.Attack] + growth * (scene.S.Level[Friend] - 1), scene.S.Attack[Friend], 0.001f);
        Assert.Equal(before + growth * (scene.S.Level[Foe] - 1), scene.S.Attack[Foe], 0.001f);
        Assert.Equal(r.Duration, scene.S.TeamBuffUntil[0] - scene.S.Tick);
        scene.Run(r.Duration + 1);
        Assert.Equal(before + growth * (scene.S.Level[Friend] - 1), scene.S.Attack[Friend], 0.001f);
        Assert.Equal(r.Respawn, scene.S.CampRespawn[Systems.Objectives.FirstCamp] - (scene.S.Tick - r.Duration - 2));
    }

    [Fact]
    public void While_the_push_lasts_own_waves_are_stronger_and_bring_champions_in_every_lane()
    {
        RulesScene scene = Slay(Colossus, "3v3");
        EpicRules r = scene.World.Rules.PushEpic;
        Assert.Equal(r.Duration, scene.S.PushUntil[0] - scene.S.Tick);
        int normal = scene.World.Rules.MeleePerWave + scene.World.Rules.RangedPerWave;
        scene.S.NextWaveTick = scene.S.Tick;
        scene.Run(1);
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            bool there = scene.World.HasLane(lane);
            Assert.Equal(there ? normal + 1 : 0, System.Numerics.BitOperations.PopCount(scene.S.LaneAlive[lane]));
            Assert.Equal(there ? normal : 0, System.Numerics.BitOperations.PopCount(scene.S.LaneAlive[lane + UnitIndex.Lanes]));
        }
        Assert.Equal(3, scene.S.Kind[UnitIndex.Creep(0, 0, normal)]);
        float melee = scene.World.Rules.Creeps[0].MaxHp;
        Assert.Equal((int)(melee * (1f + r.Strength)), scene.S.MaxHp[UnitIndex.Creep(0, 0, 0)]);
        Assert.Equal(melee, scene.S.MaxHp[UnitIndex.Creep(1, 0, 0)]);
        scene.S.Tick = scene.S.PushUntil[0];
        scene.S.NextWaveTick = scene.S.Tick;
        int before = System.Numerics.BitOperations.PopCount(scene.S.LaneAlive[2]);
        scene.Run(1);
        Assert.Equal(before + normal, System.Numerics.BitOperations.PopCount(scene.S.LaneAlive[2]));
    }
}
