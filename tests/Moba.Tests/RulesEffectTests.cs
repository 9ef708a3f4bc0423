using SelfPlayArena.Moba;

namespace SelfPlayArena.Moba.Tests;

public sealed unsafe class RulesEffectTests
{
    private const int Me = RulesScene.Me;
    private const int Friend = RulesScene.Friend;
    private const int Foe = RulesScene.Foe;

    private static RulesScene Facing(string hero, float distance)
    {
        var scene = new RulesScene(hero);
        // The river's middle line: both stand on it, nothing else within sight.
        scene.Put(Me, -20f, 22f);
        scene.Put(Foe, -20f + distance * 0.70710678f, 22f - distance * 0.70710678f);
        return scene;
    }

    private static Order Towards(RulesScene scene, Verb verb)
    {
        float dx = scene.S.X[Foe] - scene.S.X[Me];
        float dy = scene.S.Y[Foe] - scene.S.Y[Me];
        float length = MathF.Sqrt(dx * dx + dy * dy);
        return new Order(verb, -1, dx / length, dy / length);
    }

    [Fact]
    public void Damage_is_reduced_by_resistance_and_a_stun_stops_orders()
    {
        RulesScene scene = Facing("bulwark", 2f);
        scene.Learn(Me, 0);
        float before = scene.S.Hp[Foe] = scene.S.MaxHp[Foe];
        float raw = 60f + 0.5f * scene.S.Power[Me] + 0.04f * scene.S.MaxHp[Me];
        scene.Give(Me, new Order(Verb.Skill1, Foe));
        scene.Until(() => scene.S.Hp[Foe] < before);
        Assert.Equal(raw * 100f / (100f + scene.S.Armor[Foe]), before - scene.S.Hp[Foe], 0.01f);
        Assert.True(scene.S.StunUntil[Foe] > scene.S.Tick);
        Assert.False(Orders.Give(scene.World, ref scene.S, Foe, new Order(Verb.Move, -1, 1f, 0f)));
        scene.Run(16);
        Assert.True(Orders.Give(scene.World, ref scene.S, Foe, new Order(Verb.Move, -1, 1f, 0f)));
    }

    [Fact]
    public void A_dash_carries_the_caster_and_knocks_back_on_arrival()
    {
        RulesScene scene = Facing("bulwark", 7.5f);
        scene.Learn(Me, 1);
        float x = scene.S.X[Me];
        float foeX = scene.S.X[Foe];
        scene.Give(Me, Towards(scene, Verb.Skill2));
        scene.Run(20);
        float dx = scene.S.X[Me] - x;
        Assert.InRange(dx * 1.41421356f, 6.9f, 7.1f);
        Assert.InRange((scene.S.X[Foe] - foeX) * 1.41421356f, 1.9f, 2.1f);
        Assert.True(scene.S.DamageToHeroes[Me] > 0f);
    }

    [Fact]
    public void A_shield_absorbs_before_hp_and_a_buff_ends()
    {
        RulesScene scene = Facing("bulwark", 1.5f);
        scene.Learn(Me, 2);
        float armor = scene.S.Armor[Me];
        scene.Give(Me, new Order(Verb.Skill3));
        scene.Run(2);
        Assert.Equal(armor + 15f, scene.S.Armor[Me], 0.01f);
        float shield = scene.S.Shield[Me];
        Assert.True(shield > 100f);
        float hp = scene.S.Hp[Me];
        scene.Give(Foe, new Order(Verb.Attack, Me));
        scene.Until(() => scene.S.Shield[Me] < shield, 40);
        Assert.True(scene.S.Hp[Me] >= hp);
        scene.Give(Foe, new Order(Verb.Stay));
        scene.Run(70);
        Assert.Equal(armor, scene.S.Armor[Me], 0.01f);
        Assert.Equal(0f, scene.S.Shield[Me]);
    }

    [Fact]
    public void A_heal_helps_an_ally_and_never_beyond_its_maximum()
    {
        RulesScene scene = Facing("warden", 11f);
        scene.Put(Friend, -22f, 24f);
        scene.Learn(Me, 0);
        scene.S.Hp[Friend] = 100f;
        scene.Give(Me, new Order(Verb.Skill1, Friend));
        scene.Run(6);
        Assert.InRange(scene.S.Hp[Friend], 185f, 220f);
        Assert.True(scene.S.Healing[Me] > 85f);
        scene.S.Hp[Friend] = scene.S.MaxHp[Friend] - 5f;
        scene.S.SkillReady[Me * WorldState.Skills] = 0;
        scene.Give(Me, new Order(Verb.Skill1, Friend));
        scene.Run(6);
        Assert.Equal(scene.S.MaxHp[Friend], scene.S.Hp[Friend]);
        Assert.False(Legality.IsTargetable(scene.World, in scene.S, Me, 0, Foe));
    }

    [Fact]
    public void A_piercing_projectile_hits_everybody_once_and_another_only_the_first()
    {
        RulesScene scene = Facing("shade", 5f);
        scene.Learn(Me, 0);
        int near = scene.Creep(1, 1, 0, -18f, 20f, 5000f);
        scene.S.StunUntil[near] = 500;
        scene.Give(Me, Towards(scene, Verb.Skill1));
        scene.Run(15);
        Assert.True(scene.S.Hp[near] < 5000f);
        Assert.True(scene.S.DamageToHeroes[Me] > 0f);
        float once = scene.S.DamageToCreeps[Me];
        Assert.InRange(once, 50f, 110f);

        RulesScene stopped = Facing("warden", 5f);
        stopped.Learn(Me, 1);
        int first = stopped.Creep(1, 1, 0, -18f, 20f, 5000f);
        stopped.Give(Me, Towards(stopped, Verb.Skill2));
        stopped.Run(15);
        Assert.True(stopped.S.DamageToCreeps[Me] > 0f);
        Assert.True(stopped.S.StunUntil[first] > 0);
        Assert.Equal(0f, stopped.S.DamageToHeroes[Me]);
    }

    [Fact]
    public void A_blink_jumps_to_a_free_place_at_most_its_range_away()
    {
        RulesScene scene = Facing("shade", 11f);
        scene.Learn(Me, 1);
        float x = scene.S.X[Me];
        float y = scene.S.Y[Me];
        scene.Give(Me, new Order(Verb.Skill2, -1, x + 30f, y - 30f));
        scene.Run(4);
        float dx = scene.S.X[Me] - x;
        float dy = scene.S.Y[Me] - y;
        Assert.InRange(MathF.Sqrt(dx * dx + dy * dy), 6f, 6.6f);
        Assert.True(scene.World.Map.Walkable(scene.S.X[Me], scene.S.Y[Me]));
    }

    [Fact]
    public void Damage_over_time_pays_out_over_its_time_and_a_slow_slows()
    {
        RulesScene scene = Facing("shade", 2f);
        scene.Learn(Me, 2);
        scene.S.HpRegen[Foe] = 0f;
        float full = scene.S.Hp[Foe];
        scene.Give(Me, new Order(Verb.Skill3, Foe));
        scene.Until(() => scene.S.SlowUntil[Foe] > scene.S.Tick, 10);
        Assert.Equal(0.25f, scene.S.SlowAmount[Foe]);
        float x = scene.S.X[Foe];
        scene.Give(Foe, new Order(Verb.Move, -1, 0.70710678f, -0.70710678f));
        scene.Run(1);
        Assert.Equal(scene.S.MoveSpeed[Foe] * 0.75f * 0.70710678f, scene.S.X[Foe] - x, 0.001f);
        float early = full - scene.S.Hp[Foe];
        scene.Run(60);
        float total = full - scene.S.Hp[Foe];
        float expected = (70f + 0.3f * scene.S.Attack[Me]) * 100f / (100f + scene.S.MagicResist[Foe]);
        Assert.True(early < 0.2f * total);
        Assert.Equal(expected, total, 0.03f * expected);
    }

    [Fact]
    public void An_execute_hurts_more_the_more_hp_is_missing_and_silence_forbids_casting()
    {
        float Dealt(float share)
        {
            RulesScene scene = Facing("shade", 2f);
            scene.Learn(Me, 3);
            scene.Learn(Foe, 0);
            scene.S.MaxHp[Foe] = 5000f;
            scene.S.Hp[Foe] = 5000f * share;
            scene.Give(Me, new Order(Verb.Ultimate, Foe));
            scene.Until(() => scene.S.DamageToHeroes[Me] > 0f, 10);
            Assert.False(Legality.CanCast(scene.World, in scene.S, Foe, 0));
            return scene.S.DamageToHeroes[Me];
        }

        Assert.True(Dealt(0.3f) > Dealt(1f) * 1.5f);
    }

    [Fact]
    public void A_zone_waits_for_its_delay_then_pulses_until_its_end()
    {
        RulesScene scene = Facing("ember", 6f);
        scene.Learn(Me, 1);
        scene.Give(Me, new Order(Verb.Skill2, -1, scene.S.X[Foe], scene.S.Y[Foe]));
        scene.Until(() => scene.S.ZoneAlive[0] != 0, 10);
        scene.Run(7);
        Assert.Equal(0f, scene.S.DamageToHeroes[Me]);
        scene.Run(3);
        float one = scene.S.DamageToHeroes[Me];
        Assert.True(one > 0f);
        scene.Run(60);
        Assert.Equal(0, scene.S.ZoneAlive[0]);
        Assert.Equal(6f, scene.S.DamageToHeroes[Me] / one, 0.05f);
    }

    [Fact]
    public void A_root_holds_but_lets_attack()
    {
        RulesScene scene = Facing("ember", 5f);
        scene.Learn(Me, 2);
        scene.Give(Me, new Order(Verb.Skill3, Foe));
        scene.Until(() => scene.S.RootUntil[Foe] > scene.S.Tick, 30);
        Assert.False(Legality.IsLegal(scene.World, in scene.S, Foe, new Order(Verb.Move, -1, 1f, 0f)));
        Assert.True(Legality.IsLegal(scene.World, in scene.S, Foe, new Order(Verb.Attack, Me)));
        float x = scene.S.X[Foe];
        scene.Give(Foe, new Order(Verb.Attack, Me));
        scene.Run(5);
        Assert.Equal(x, scene.S.X[Foe]);
    }

    [Fact]
    public void Casting_costs_mana_and_starts_the_cooldown()
    {
        RulesScene scene = Facing("ember", 5f);
        scene.Learn(Me, 0);
        float mana = scene.S.Mana[Me];
        scene.Give(Me, Towards(scene, Verb.Skill1));
        scene.Run(1);
        Assert.InRange(mana - scene.S.Mana[Me], 44f, 45f);
        Assert.False(Legality.CanCast(scene.World, in scene.S, Me, 0));
        scene.Until(() => Legality.CanCast(scene.World, in scene.S, Me, 0), 80);
        Assert.InRange(scene.S.Tick, 74, 77);
        scene.S.Mana[Me] = 44f;
        Assert.False(Legality.CanCast(scene.World, in scene.S, Me, 0));
    }
}
