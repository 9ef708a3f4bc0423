using SelfPlayArena.Moba;

namespace SelfPlayArena.Moba.Tests;

/// <summary>Spells, items' actives, hiding and seeing, and whom blows are credited to.</summary>
public sealed unsafe class AbilityTests
{
    private const int Me = EffectScene.Me;
    private const int Friend = EffectScene.Friend;
    private const int Foe = EffectScene.Foe;

    private static readonly Lazy<MobaContent> Loaded = new(() => TestContent.With(
        ("striker", [
            TestContent.Skill("target", """{"kind":"damage","type":"true","amount":[100]}"""),
            TestContent.Skill("direction", """{"kind":"dash","distance":3,"speed":15}"""),
            TestContent.Skill("none", """{"kind":"stealth","to":"self","duration":20}"""),
            TestContent.Skill("target", """{"kind":"summon","unit":"turret","duration":20}"""),
        ], ""),
        ("caller", [
            TestContent.Skill("none", """{"kind":"summon","unit":"turret","duration":20}"""),
            TestContent.Skill("none", """{"kind":"summon","unit":"spiritwolf","count":3,"duration":20}"""),
            TestContent.Skill("none", """{"kind":"summon","unit":"spiritwolf","duration":4}"""),
            TestContent.Skill("none", """{"kind":"damage","type":"true","radius":5,"amount":[50]}"""),
        ], ""),
        ("stunner", [], """{ "on": "attack", "effects": [{ "kind": "stun", "duration": 1 }] }""")));

    private static EffectScene Scene(string me = "striker", float distance = 4f) => new(Loaded.Value, me, "", distance);

    private static byte Spell(EffectScene scene, string name) => (byte)Array.FindIndex(scene.World.Content.Spells, s => s.Name == name);

    private static int Summon(int slot) => UnitIndex.Summon(0, slot);

    [Fact]
    public void A_spell_needs_no_mana_and_is_ready_again_after_its_cooldown()
    {
        EffectScene scene = Scene();
        scene.S.Spell[0] = Spell(scene, "ignite");
        scene.S.Mana[Me] = 0f;
        scene.S.Haste[Me] = 1f;
        scene.Give(Me, new Order(Verb.Spell1, Foe));
        scene.Run(1);
        Assert.True(scene.S.DotUntil[Foe] > scene.S.Tick);
        Assert.False(Legality.IsLegal(scene.World, in scene.S, Me, new Order(Verb.Spell1, Foe)));
        // Haste is for skills.
        Assert.Equal(scene.World.Content.Spells[scene.S.Spell[0]].Cooldown[0] - 1, scene.S.Remaining(scene.S.SpellReady[0]));
    }

    [Fact]
    public void A_spell_aimed_at_creeps_and_monsters_only_is_not_aimed_at_heroes()
    {
        EffectScene scene = Scene(distance: 2f);
        scene.S.Spell[1] = Spell(scene, "smite");
        Assert.False(Legality.IsLegal(scene.World, in scene.S, Me, new Order(Verb.Spell2, Foe)));
        scene.Give(Me, new Order(Verb.Spell2, scene.Creep));
        scene.Run(1);
        Assert.Equal(750f, scene.S.Hp[scene.Creep]);
    }

    [Fact]
    public void Silence_stops_skills_but_not_spells()
    {
        EffectScene scene = Scene();
        scene.S.Spell[0] = Spell(scene, "barrier");
        scene.S.SilenceUntil[Me] = 60;
        Assert.False(Legality.CanCast(scene.World, in scene.S, Me, 0));
        scene.Give(Me, new Order(Verb.Spell1));
        scene.Run(1);
        Assert.Equal(130f, scene.S.Shield[Me]);
    }

    [Fact]
    public void Of_all_abilities_only_a_cleansing_spell_is_cast_while_stunned()
    {
        EffectScene scene = Scene();
        scene.S.Spell[0] = Spell(scene, "barrier");
        scene.S.Spell[1] = Spell(scene, "purge");
        scene.S.StunUntil[Me] = scene.S.RootUntil[Me] = 60;
        Assert.False(Legality.CanCast(scene.World, in scene.S, Me, 0));
        Assert.False(Legality.CanCast(scene.World, in scene.S, Me, Abilities.Spell));
        Assert.False(Legality.CanCast(scene.World, in scene.S, Me, Abilities.Item));
        scene.Give(Me, new Order(Verb.Spell2));
        scene.Run(1);
        Assert.True(Legality.CanMove(in scene.S, Me));
        scene.Run(1);
        Assert.Equal(0.4f, scene.S.Tenacity[Me], 0.001f);
    }

    [Fact]
    public void Who_is_rooted_neither_dashes_nor_flashes()
    {
        EffectScene scene = Scene();
        scene.S.Spell[0] = Spell(scene, "flash");
        scene.S.RootUntil[Me] = 60;
        Assert.True(Legality.CanCast(scene.World, in scene.S, Me, 0));
        Assert.False(Legality.CanCast(scene.World, in scene.S, Me, 1));
        Assert.False(Legality.CanCast(scene.World, in scene.S, Me, Abilities.Spell));
    }

    [Fact]
    public void Every_items_active_takes_effect_and_starts_the_cooldown_of_its_own_slot()
    {
        int actives = 0;
        foreach (ItemDefinition item in MobaContent.Default.Items.Where(i => i.Active is not null))
        {
            EffectScene scene = Scene();
            scene.S.Items[4] = (byte)(item.Index + 1);
            scene.S.Hp[Me] = 500f;
            scene.S.RootUntil[Me] = (ushort)(item.Active!.Moves ? 0 : 100);
            Order order = item.Active.Aim switch
            {
                Aim.Target => new Order(Verb.Item, item.Active.Side == Side.Enemies ? Foe : Me),
                Aim.Direction => new Order(Verb.Item, -1, 0.70710678f, -0.70710678f),
                _ => new Order(Verb.Item),
            };
            scene.Run(1);
            float place = scene.S.X[Me];
            scene.Put(Foe, 2f);
            WorldState before = scene.S;
            scene.Give(Me, order);
            scene.Run(1 + item.Active.CastTime);
            Assert.Equal(item.Active.Cooldown[0], scene.S.Remaining(scene.S.ItemReady[4]) + 1 + item.Active.CastTime);
            Assert.Equal(0, scene.S.Remaining(scene.S.ItemReady[3]));
            bool something = scene.S.Hp[Foe] < before.Hp[Foe] || scene.S.Hp[Me] > before.Hp[Me] + 5f || scene.S.X[Me] != place || scene.S.Shield[Me] > 0f
                || scene.S.BuffUntil[WorldState.BuffSlots - 1] > scene.S.Tick || scene.S.StealthUntil[Me] > scene.S.Tick || scene.S.RootUntil[Me] == 0 || scene.S.SlowUntil[Foe] > scene.S.Tick
                || scene.S.Mana[Me] > before.Mana[Me] || scene.S.ZoneAlive[0] != 0 || scene.S.ProjectileAlive[0] != 0;
            Assert.True(something, $"{item.Name} did nothing");
            actives++;
        }
        Assert.True(actives >= 3);
    }

    [Fact]
    public void An_items_stats_count_once_for_each_slot()
    {
        EffectScene with = Scene();
        EffectScene without = Scene();
        ItemDefinition sword = with.World.Content.Items.First(i => i.Name == "short_sword");
        with.S.Items[0] = with.S.Items[5] = (byte)(sword.Index + 1);
        foreach (EffectScene scene in new[] { with, without })
        {
            // A new level has the stats computed.
            scene.S.Xp[Me] = scene.World.Rules.LevelXp[1];
            scene.Run(2 * RulesDefinition.TicksPerSecond);
            Assert.Equal(2, scene.S.Level[Me]);
        }
        Assert.Equal(2f * sword.Stats[(int)Stat.Attack], with.S.Attack[Me] - without.S.Attack[Me]);
    }

    [Fact]
    public void Life_steal_heals_by_its_share_of_what_a_basic_attack_took()
    {
        EffectScene scene = Scene(distance: 1.5f);
        scene.Given("me.life_steal 0.2; me.hp 500; foe.armor 100");
        scene.Give(Me, new Order(Verb.Attack, Foe));
        scene.Until(() => scene.S.Hp[Foe] < 1000f);
        scene.Then("foe.hp is 950; me.hp is 510");
    }

    [Fact]
    public void A_critical_attack_hurts_more()
    {
        EffectScene scene = Scene(distance: 1.5f);
        scene.Given("me.crit_chance 1");
        scene.Give(Me, new Order(Verb.Attack, Foe));
        scene.Until(() => scene.S.Hp[Foe] < 1000f);
        scene.Then("foe.hp is 825");
    }

    [Fact]
    public void A_turret_shoots_for_its_owner_and_what_it_slays_is_the_owners()
    {
        EffectScene scene = Scene("caller");
        scene.Give(Me, new Order(Verb.Skill1));
        scene.Run(2);
        scene.Put(Me, -12f);
        scene.Put(Friend, -13f);
        scene.S.Hp[Foe] = 40f;
        int gold = scene.S.GoldEarned[Me];
        scene.Until(() => scene.S.Alive[Foe] == 0);
        Assert.Equal(1, scene.S.Kills[Me]);
        Assert.True(scene.S.GoldEarned[Me] > gold + 100);
        Assert.InRange(scene.S.DamageToHeroes[Me], 39.9f, 40.1f);
    }

    [Fact]
    public void Wolves_go_along_with_their_owner_attack_what_it_attacks_and_vanish_in_the_end()
    {
        EffectScene scene = Scene("caller", 9f);
        scene.S.StunUntil[Foe] = 400;
        scene.Give(Me, new Order(Verb.Skill2));
        scene.Run(1);
        scene.Put(Me, -9f);
        scene.Run(30);
        Assert.All(Enumerable.Range(0, 3), i => Assert.InRange(scene.S.X[Summon(i)], scene.S.X[Me] - 3f, scene.S.X[Me] + 3f));
        scene.Put(Me, 0f);
        scene.Run(30);
        scene.Put(Me, 6f);
        scene.Give(Me, new Order(Verb.Attack, Foe));
        scene.Run(40);
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(Foe, scene.S.AttackTarget[Summon(i)]));
        scene.Run(220);
        Assert.Equal(0, scene.S.Alive[Summon(0)] + scene.S.Alive[Summon(1)] + scene.S.Alive[Summon(2)]);
    }

    [Fact]
    public void When_all_places_are_taken_the_one_that_ends_first_makes_room()
    {
        EffectScene scene = Scene("caller", 9f);
        scene.Give(Me, new Order(Verb.Skill2));
        scene.Run(2);
        scene.Give(Me, new Order(Verb.Skill3));
        scene.Run(2);
        scene.Give(Me, new Order(Verb.Skill1));
        scene.Run(2);
        int turret = Array.FindIndex(scene.World.Content.Summons, u => u.Name == "turret");
        Assert.Equal(turret, scene.S.Kind[Summon(3)]);
        Assert.All(Enumerable.Range(0, 3), i => Assert.NotEqual(turret, scene.S.Kind[Summon(i)]));
    }

    [Fact]
    public void Summoned_units_are_hit_by_skills_and_drawn_to_by_creeps_and_towers()
    {
        EffectScene scene = Scene("caller");
        scene.Give(Me, new Order(Verb.Skill1));
        scene.Run(2);
        int turret = Summon(0);
        float full = scene.S.Hp[turret];
        scene.S.Kind[Foe] = scene.S.Kind[Me];
        scene.Put(Foe, 3f);
        scene.Give(Foe, new Order(Verb.Ultimate));
        scene.Run(1);
        Assert.Equal(full - 50f, scene.S.Hp[turret]);
        scene.S.AttackRange[scene.Creep] = 1f;
        scene.Put(Me, -20f);
        scene.Put(Friend, -19f);
        scene.S.MoveSpeed[scene.Creep] = 0f;
        scene.Run(8);
        Assert.Equal(turret, scene.S.AttackTarget[scene.Creep]);
        int tower = UnitIndex.Tower(1, 1, 0);
        scene.S.X[turret] = scene.S.X[tower] - 2f;
        scene.S.Y[turret] = scene.S.Y[tower] - 2f;
        scene.Run(8);
        Assert.Equal(turret, scene.S.AttackTarget[tower]);
    }

    [Fact]
    public void A_stealthed_hero_is_seen_from_close_by_and_by_towers_and_whoever_strikes_is_revealed()
    {
        EffectScene scene = Scene(distance: 5f);
        scene.Give(Me, new Order(Verb.Skill3));
        scene.Run(4);
        scene.Then("me.seen is 0");
        Assert.False(Legality.IsAttackable(in scene.S, Foe, Me));
        scene.Put(Foe, 2f);
        scene.Run(4);
        scene.Then("me.seen is 1");
        scene.Put(Foe, 5f);
        scene.Run(4);
        scene.Then("me.seen is 0");
        int tower = UnitIndex.Tower(1, 1, 0);
        (float x, float y) = (scene.S.X[Me], scene.S.Y[Me]);
        scene.S.X[Me] = scene.S.X[tower] - 3.9f;
        scene.S.Y[Me] = scene.S.Y[tower] - 3.9f;
        scene.Run(4);
        scene.Then("me.seen is 1");
        scene.S.X[Me] = scene.S.X[tower] - 4.6f;
        scene.S.Y[Me] = scene.S.Y[tower] - 4.6f;
        scene.Run(4);
        scene.Then("me.seen is 0");
        (scene.S.X[Me], scene.S.Y[Me]) = (x, y);
        scene.Give(Me, new Order(Verb.Skill1, Foe));
        scene.Run(4);
        scene.Then("me.seen is 1; me.stealth is 0");
    }

    [Fact]
    public void A_ward_sees_for_its_team_and_is_seen_only_from_close_by()
    {
        EffectScene scene = Scene();
        int ward = UnitIndex.Ward(0, 0);
        scene.S.Alive[ward] = 1;
        scene.S.MaxHp[ward] = scene.S.Hp[ward] = 3f;
        scene.S.ExpireTick[ward - UnitIndex.FirstSummon] = 5000;
        scene.Put(ward, 0f);
        scene.Put(Me, -17f);
        scene.Put(Friend, -18f);
        scene.Put(scene.Creep, 15f);
        scene.Put(Foe, 5f);
        scene.Run(5);
        Assert.Equal(3, scene.S.Visible[Foe]);
        Assert.Equal(1, scene.S.Visible[ward]);
        scene.Put(Foe, 2f);
        scene.Run(5);
        Assert.Equal(3, scene.S.Visible[ward]);
        scene.S.Alive[ward] = 0;
        scene.Run(5);
        Assert.Equal(2, scene.S.Visible[Foe]);
    }

    [Theory]
    [InlineData(300f, 200f, 0)]
    [InlineData(200f, 300f, 1)]
    [InlineData(250f, 250f, -1)]
    public void A_monster_that_both_teams_strike_at_once_is_slain_by_who_dealt_more(float mine, float theirs, int team)
    {
        int monster = UnitIndex.FirstMonster;
        MobaContent content = TestContent.With(("left", [TestContent.Skill("target", Amount(mine))], ""), ("right", [TestContent.Skill("target", Amount(theirs))], ""));
        var both = new EffectScene(content, "left", "right");
        both.S.Alive[monster] = 1;
        both.S.MaxHp[monster] = both.S.Hp[monster] = 150f;
        both.Put(monster, 2f);
        both.Give(Me, new Order(Verb.Skill1, monster));
        both.Give(Foe, new Order(Verb.Skill1, monster));
        both.Run(1);
        Assert.Equal(0, both.S.Alive[monster]);
        Assert.Equal(team == 0 ? 1 : 0, both.S.MonsterKills[Me]);
        Assert.Equal(team == 1 ? 1 : 0, both.S.MonsterKills[Foe]);

        static string Amount(float damage) => $$"""{"kind":"damage","type":"true","amount":[{{(int)damage}}]}""";
    }

    [Fact]
    public void Triggers_do_not_stun_towers()
    {
        EffectScene scene = Scene("stunner");
        int tower = UnitIndex.Tower(1, 1, 0);
        scene.S.X[Me] = scene.S.X[tower] - 1.6f;
        scene.S.Y[Me] = scene.S.Y[tower] - 1.6f;
        scene.S.Visible[tower] = 3;
        scene.Give(Me, new Order(Verb.Attack, tower));
        scene.Until(() => scene.S.DamageToStructures[Me] > 0f);
        scene.Run(1);
        Assert.Equal(0, scene.S.StunUntil[tower]);
    }
}
