using SelfPlayArena.Moba;

namespace SelfPlayArena.Moba.Tests;

public sealed unsafe class RulesObjectiveTests
{
    private const int Me = RulesScene.Me;
    private const int Foe = RulesScene.Foe;

    private static void Besiege(RulesScene scene, int structure, float hp)
    {
        int i = structure - UnitIndex.FirstStructure;
        float x = scene.World.Map.StructureX[i];
        float y = scene.World.Map.StructureY[i];
        scene.Put(Me, x - 1.5f, y - 0.5f);
        scene.S.Hp[Me] = scene.S.MaxHp[Me];
        scene.S.Hp[structure] = hp;
    }

    [Fact]
    public void Towers_fall_in_order_and_the_ancient_opens_with_the_first_base_tower()
    {
        var scene = new RulesScene();
        int ancient = UnitIndex.Ancient(1);
        for (int tier = 0; tier < 3; tier++)
        {
            int tower = UnitIndex.Tower(1, 1, tier);
            Assert.False(Legality.IsAttackable(in scene.S, Me, ancient));
            for (int later = tier + 1; later < 3; later++)
                Assert.False(Legality.IsAttackable(in scene.S, Me, UnitIndex.Tower(1, 1, later)));
            Besiege(scene, tower, 5f);
            scene.Give(Me, new Order(Verb.Attack, tower));
            scene.Until(() => scene.S.Alive[tower] == 0, 60);
        }
        Assert.Equal(3, scene.S.StructuresLost[1]);
        Assert.True(Legality.IsAttackable(in scene.S, Me, ancient));
        Assert.False(Legality.IsAttackable(in scene.S, Me, UnitIndex.Tower(1, 0, 1)));
        Assert.Equal(3f, scene.S.TowerCredit[Me], 0.001f);

        Besiege(scene, ancient, 5f);
        scene.Give(Me, new Order(Verb.Attack, ancient));
        scene.Until(() => scene.S.Finished != 0, 60);
        Assert.Equal(0, scene.S.Winner);
        Assert.Equal(EndReason.Ancient, scene.S.Reason);
    }

    [Fact]
    public void Without_creeps_near_a_tower_takes_the_reduced_share()
    {
        float Dealt(bool creep)
        {
            var scene = new RulesScene();
            int tower = UnitIndex.Tower(1, 1, 0);
            Besiege(scene, tower, 1500f);
            if (creep)
                scene.S.Attack[scene.Creep(0, 1, 0, scene.S.X[Me], scene.S.Y[Me])] = 0f;
            scene.Give(Me, new Order(Verb.Attack, tower));
            scene.Until(() => scene.S.DamageToStructures[Me] > 0f, 40);
            return scene.S.DamageToStructures[Me];
        }

        Assert.Equal(Dealt(true) * new MobaWorld("5v5", "quick").Rules.TowerBackdoor, Dealt(false), 0.01f);
    }

    [Fact]
    public void A_tower_prefers_creeps_until_a_hero_strikes_a_hero_under_it()
    {
        var scene = new RulesScene();
        int tower = UnitIndex.Tower(1, 1, 0);
        float x = scene.S.X[tower];
        float y = scene.S.Y[tower];
        scene.Put(Me, x - 3f, y - 3f);
        int creep = scene.Creep(0, 1, 0, x - 4f, y - 1f, 5000f);
        scene.S.StunUntil[creep] = 1000;
        scene.Put(Foe, x - 2f, y - 2f);
        scene.Run(20);
        Assert.Equal(creep, scene.S.AttackTarget[tower]);
        scene.Give(Me, new Order(Verb.Attack, Foe));
        scene.Until(() => scene.S.DamageToHeroes[Me] > 0f, 60);
        scene.Run(2);
        Assert.Equal(Me, scene.S.AttackTarget[tower]);
        scene.Give(Me, new Order(Verb.Stay));
        scene.Put(Me, x - 12f, y - 12f);
        scene.Run(5);
        Assert.Equal(creep, scene.S.AttackTarget[tower]);
    }

    [Fact]
    public void Consecutive_shots_at_a_hero_hurt_more()
    {
        var scene = new RulesScene();
        int tower = UnitIndex.Tower(1, 1, 0);
        scene.S.MaxHp[Me] = scene.S.Hp[Me] = 9000f;
        scene.Put(Me, scene.S.X[tower] - 4f, scene.S.Y[tower] - 4f);
        var blows = new List<float>();
        float taken = 0f;
        for (int i = 0; i < 100; i++)
        {
            scene.Run(1);
            if (scene.S.DamageTaken[Me] > taken)
            {
                blows.Add(scene.S.DamageTaken[Me] - taken);
                taken = scene.S.DamageTaken[Me];
            }
        }
        Assert.True(blows.Count >= 4);
        Assert.Equal(blows[0] * 1.3f, blows[1], 0.01f);
        Assert.Equal(blows[0] * 1.6f, blows[2], 0.01f);
    }

    [Theory]
    [InlineData("quick", 5f, 15f)]
    [InlineData("full", 20f, 30f)]
    public void Waves_come_on_time_and_every_third_brings_a_siege_creep(string rules, float first, float every)
    {
        var world = new MobaWorld("5v5", rules);
        var state = new WorldState[1];
        ref WorldState s = ref state[0];
        world.Reset(ref s, 3);
        int normal = world.Rules.MeleePerWave + world.Rules.RangedPerWave;
        int before = 0;
        var seen = new List<(int Tick, int Count)>();
        while (seen.Count < 3)
        {
            world.Tick(ref s);
            int alive = 0;
            for (int u = UnitIndex.FirstCreep; u < UnitIndex.FirstMonster; u++)
                alive += s.Alive[u];
            if (alive > before)
                seen.Add((s.Tick - 1, alive - before));
            before = alive;
        }
        Assert.Equal((int)(first * 15), seen[0].Tick);
        Assert.Equal((int)((first + every) * 15), seen[1].Tick);
        Assert.Equal((int)((first + 2 * every) * 15), seen[2].Tick);
        Assert.Equal(6 * normal, seen[0].Count);
        Assert.Equal(3, s.WaveCount);
    }

    [Fact]
    public void Without_heroes_waves_meet_in_the_middle_and_the_match_is_drawn()
    {
        var world = new MobaWorld("5v5", "quick");
        var state = new WorldState[1];
        ref WorldState s = ref state[0];
        world.Reset(ref s, 5);
        while (s.Finished == 0)
            world.Tick(ref s);
        Assert.Equal(EndReason.TimeLimit, s.Reason);
        Assert.Equal(-1, s.Winner);
        Assert.Equal(0, s.StructuresLost[0]);
    }

    [Fact]
    public void A_killer_is_paid_its_assistant_too_and_the_dead_come_back_at_home()
    {
        var scene = new RulesScene("reaver");
        scene.Put(Me, -20f, 22f);
        scene.Put(Foe, -19f, 21f);
        scene.S.Hp[Foe] = 10f;
        scene.S.HurtByTick[Foe * 5 + 2] = 0;
        int gold = scene.S.GoldEarned[Me];
        scene.Give(Me, new Order(Verb.Attack, Foe));
        scene.Until(() => scene.S.Alive[Foe] == 0, 60);
        Assert.Equal(1, scene.S.Kills[Me]);
        Assert.Equal(1, scene.S.Deaths[Foe]);
        Assert.Equal(1, scene.S.Assists[2]);
        Assert.Equal(0, scene.S.Assists[3]);
        RulesDefinition r = scene.World.Rules;
        Assert.InRange(scene.S.GoldEarned[Me] - gold, r.KillGold + r.KillGoldPerLevel + r.FirstBloodGold, r.KillGold + r.KillGoldPerLevel + r.FirstBloodGold + 10);
        Assert.Equal(r.RespawnBase + r.RespawnPerLevel, scene.S.RespawnTick[Foe] - scene.S.Tick);
        int wait = scene.Until(() => scene.S.Alive[Foe] != 0);
        Assert.InRange(wait, r.RespawnBase, r.RespawnBase + r.RespawnPerLevel + 2);
        Assert.Equal(scene.S.MaxHp[Foe], scene.S.Hp[Foe]);
        Assert.InRange(scene.S.X[Foe], 50f, 60f);
    }

    [Theory]
    [InlineData(0, 0, 0f)]
    [InlineData(1, 0, 0f)]
    [InlineData(1, 1, 1f)]
    [InlineData(2, 1, 2f)]
    public void A_lanes_new_creeps_are_stronger_once_the_enemys_inner_and_base_towers_there_fell(int fallen, int super, float strength)
    {
        var scene = new RulesScene();
        for (int tier = 0; tier < fallen + super; tier++)
            scene.S.Alive[UnitIndex.Tower(1, 0, tier)] = 0;
        scene.S.NextWaveTick = scene.S.Tick;
        scene.Run(1);
        RulesDefinition r = scene.World.Rules;
        float share = strength == 0f ? 0f : strength == 1f ? r.SuperInner : r.SuperBase;
        Assert.Equal((int)(r.Creeps[0].MaxHp * (1f + share)), scene.S.MaxHp[UnitIndex.Creep(0, 0, 0)]);
        Assert.Equal(r.Creeps[0].Attack * (1f + share), scene.S.Attack[UnitIndex.Creep(0, 0, 0)], 0.001f);
        Assert.Equal(r.Creeps[0].MaxHp, scene.S.MaxHp[UnitIndex.Creep(0, 1, 0)]);
        Assert.Equal(r.Creeps[0].MaxHp, scene.S.MaxHp[UnitIndex.Creep(1, 0, 0)]);
    }

    /// <summary>Gold for a kill by the victim's kills in a row, and its deaths since it last took part in one.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(4, 0)]
    [InlineData(50, 0)]
    [InlineData(0, 2)]
    [InlineData(0, 100)]
    public void A_streak_makes_a_victim_worth_more_and_dying_often_less(int kills, int deaths)
    {
        var scene = new RulesScene();
        RulesDefinition r = scene.World.Rules;
        scene.S.FirstBlood = 1;
        scene.S.KillStreak[Foe] = (byte)kills;
        scene.S.DeathStreak[Foe] = (byte)deaths;
        scene.S.DeathStreak[Me] = 3;
        scene.Put(Me, -14f, 14f);
        scene.Put(Foe, -13f, 13f);
        scene.S.Hp[Foe] = 1f;
        scene.Give(Me, new Order(Verb.Attack, Foe));
        int gold = scene.S.GoldEarned[Me];
        scene.Until(() => scene.S.Alive[Foe] == 0, 60);
        int counted = Math.Min(kills, r.Bounty.Most);
        int shutdown = counted < r.Bounty.From ? 0 : (counted - r.Bounty.From + 1) * r.Bounty.PerKill;
        int percent = Math.Max(r.Bounty.LeastPercent, 100 - deaths * r.Bounty.PercentPerDeath);
        int worth = (r.KillGold + r.KillGoldPerLevel) * percent / 100 + shutdown;
        Assert.InRange(scene.S.GoldEarned[Me] - gold, worth, worth + 4 * r.GoldPerMinute / 60);
        Assert.Equal(1, scene.S.KillStreak[Me]);
        Assert.Equal(0, scene.S.DeathStreak[Me]);
        Assert.Equal(0, scene.S.KillStreak[Foe]);
        Assert.Equal(deaths + 1, scene.S.DeathStreak[Foe]);
    }

    [Fact]
    public void Two_who_kill_each_other_in_one_tick_are_worth_the_same()
    {
        var scene = new RulesScene();
        scene.Put(Me, -14f, 14f);
        scene.Put(Foe, -13f, 13f);
        scene.S.KillStreak[Me] = scene.S.KillStreak[Foe] = 3;
        // One xp short of a level: a kill paid first must not make the other victim worth more.
        scene.S.Xp[Me] = scene.S.Xp[Foe] = scene.World.Rules.LevelXp[1] - 1;
        scene.S.Hp[Me] = scene.S.Hp[Foe] = 1f;
        scene.Give(Me, new Order(Verb.Attack, Foe));
        scene.Give(Foe, new Order(Verb.Attack, Me));
        scene.Until(() => scene.S.Alive[Foe] == 0, 60);
        Assert.Equal(0, scene.S.Alive[Me]);
        Assert.Equal(1, scene.S.Kills[Me] * scene.S.Kills[Foe]);
        Assert.Equal(scene.S.GoldEarned[Me], scene.S.GoldEarned[Foe]);
        Assert.Equal(scene.S.XpEarned[Me], scene.S.XpEarned[Foe]);
        Assert.Equal(scene.S.KillStreak[Me], scene.S.KillStreak[Foe]);
        Assert.Equal(scene.S.RespawnTick[Me], scene.S.RespawnTick[Foe]);
    }

    [Fact]
    public void Structures_have_more_hp_in_larger_teams_and_take_less_damage_at_first()
    {
        var small = new RulesScene(mode: "1v1");
        var large = new RulesScene();
        RulesDefinition r = large.World.Rules;
        int tower = UnitIndex.Tower(1, 1, 0);
        Assert.Equal(r.Structures[0].MaxHp, small.S.MaxHp[tower]);
        Assert.Equal((int)(r.Structures[0].MaxHp * (1f + 4 * r.StructureHpPerHero)), large.S.MaxHp[tower]);

        float Dealt(int tick)
        {
            var scene = new RulesScene();
            scene.S.Tick = tick;
            Besiege(scene, tower, 800f);
            scene.Give(Me, new Order(Verb.Attack, tower));
            scene.Until(() => scene.S.DamageToStructures[Me] > 0f, 40);
            return scene.S.DamageToStructures[Me];
        }

        Assert.Equal(Dealt(r.FortifiedUntil + 15) * r.Fortified, Dealt(0), 0.05f);
    }

    [Fact]
    public void A_recall_takes_its_time_and_a_blow_starts_it_over()
    {
        var scene = new RulesScene();
        scene.Put(Me, -20f, 22f);
        scene.S.Hp[Me] = 100f;
        int needed = scene.World.Rules.RecallTicks;
        scene.Give(Me, new Order(Verb.Recall));
        scene.Run(needed / 2);
        scene.Give(Me, new Order(Verb.Recall));
        scene.S.LastHurtTick[Me] = scene.S.Tick;
        scene.Run(needed - 5);
        Assert.InRange(scene.S.X[Me], -21f, -19f);
        scene.Run(10);
        Assert.InRange(scene.S.X[Me], -60f, -50f);
        scene.Run(150);
        Assert.Equal(scene.S.MaxHp[Me], scene.S.Hp[Me]);
    }

    [Fact]
    public void Monsters_fight_back_up_to_their_leash_then_go_home_and_recover()
    {
        var scene = new RulesScene("longshot");
        scene.S.CampRespawn[0] = scene.S.Tick;
        scene.Run(2);
        int golem = UnitIndex.FirstMonster;
        Assert.Equal(1, scene.S.Alive[golem]);
        float homeX = scene.S.X[golem];
        scene.Put(Me, homeX - 3f, scene.S.Y[golem]);
        scene.S.Visible[golem] = 3;
        scene.Give(Me, new Order(Verb.Attack, golem));
        scene.Until(() => scene.S.DamageTaken[Me] > 0f, 150);
        scene.Give(Me, new Order(Verb.Stay));
        scene.Put(Me, -50f, -50f);
        scene.Until(() => scene.S.CampAwake[0] == 0, 200);
        scene.Run(150);
        Assert.Equal(homeX, scene.S.X[golem], 0.3f);
        Assert.Equal(scene.S.MaxHp[golem], scene.S.Hp[golem]);
    }

    [Fact]
    public void Who_stands_in_brush_is_seen_from_near_or_from_within_only()
    {
        var scene = new RulesScene();
        // The patch of brush on the river's middle line.
        scene.Put(Foe, -20f, 20f);
        Assert.NotEqual(0, scene.World.Map.Brush(-20f, 20f));
        scene.Put(Me, -14f, 14f);
        Assert.Equal(0, scene.World.Map.Brush(-14f, 14f));
        scene.Run(4);
        Assert.Equal(2, scene.S.Visible[Foe]);
        Assert.False(Legality.IsAttackable(in scene.S, Me, Foe));
        scene.Put(Me, -17.8f, 17.8f);
        scene.Run(4);
        Assert.Equal(3, scene.S.Visible[Foe]);
        scene.Put(Me, -14f, 14f);
        scene.Put(Foe, -10f, 10.4f);
        scene.Run(4);
        Assert.Equal(3, scene.S.Visible[Foe]);
    }
}
