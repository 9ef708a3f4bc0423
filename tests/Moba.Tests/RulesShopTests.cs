namespace SelfPlayArena.Moba.Tests;

public sealed unsafe class RulesShopTests
{
    private const int Me = RulesScene.Me;

    private static readonly ItemDefinition[] Items = MobaContent.Default.Items;

    /// <summary>An item of several parts, one that is no part, parts of it, and how much it all costs are taken from the content.</summary>
    private static ItemDefinition Made => Array.Find(Items, i => i.From.Length == 2 && !Array.Exists(Items, o => o.From.Contains(i.Index)))!;

    private static RulesScene Rich(string rules = "quick")
    {
        var scene = new RulesScene(rules: rules);
        Pay(scene, 30_000);
        return scene;
    }

    private static void Pay(RulesScene scene, int gold)
    {
        scene.S.Gold[Me] += gold;
        scene.S.GoldEarned[Me] += gold;
    }

    private static List<int> Owned(RulesScene scene)
    {
        var owned = new List<int>();
        for (int slot = 0; slot < WorldState.ItemSlots; slot++)
        {
            if (scene.S.Items[Me * WorldState.ItemSlots + slot] is > 0 and var item)
                owned.Add(item - 1);
        }
        return owned;
    }

    private static int Buy(RulesScene scene, int item)
    {
        int gold = scene.S.Gold[Me];
        scene.Give(Me, new Order(Verb.Buy, item));
        Assert.Equal(scene.S.GoldEarned[Me] - scene.S.GoldSpent[Me], scene.S.Gold[Me]);
        return gold - scene.S.Gold[Me];
    }

    [Fact]
    public void Components_are_handed_in_and_count_for_their_price()
    {
        RulesScene scene = Rich();
        int paid = 0;
        foreach (int part in Made.From)
            paid += Buy(scene, part);
        Assert.Equal(Made.From.Sum(f => Items[f].Price), paid);
        Assert.Equal(Made.From.Order(), Owned(scene).Order());
        Assert.Equal(Made.Price - paid, Shop.Cost(scene.World, in scene.S, Me, Made.Index));
        Assert.Equal(Made.Price - paid, Buy(scene, Made.Index));
        Assert.Equal([Made.Index], Owned(scene));
    }

    [Fact]
    public void An_item_costs_the_same_gold_bought_at_once_and_gives_its_stats()
    {
        ItemDefinition sword = Array.Find(Items, i => i.Stats[(int)Stat.Attack] > 0f && i.From.Length == 0)!;
        RulesScene scene = Rich();
        float attack = scene.S.Attack[Me];
        Assert.Equal(sword.Price, Buy(scene, sword.Index));
        Assert.Equal(attack + sword.Stats[(int)Stat.Attack], scene.S.Attack[Me], 0.001f);
        Assert.Equal(Made.Price, Buy(Rich(), Made.Index));
    }

    [Fact]
    public void Only_a_component_is_owned_twice()
    {
        RulesScene scene = Rich();
        Buy(scene, Made.Index);
        Assert.False(Shop.CanBuy(scene.World, in scene.S, Me, Made.Index));
        Buy(scene, Made.From[0]);
        Buy(scene, Made.From[0]);
        Assert.Equal(2, Owned(scene).Count(i => i == Made.From[0]));
    }

    [Fact]
    public void With_six_items_only_what_is_made_from_one_of_them_fits()
    {
        RulesScene scene = Rich();
        for (int i = 0; i < WorldState.ItemSlots; i++)
            Buy(scene, Made.From[0]);
        for (int item = 0; item < Items.Length; item++)
            Assert.Equal(Items[item].From.Contains(Made.From[0]), Shop.CanBuy(scene.World, in scene.S, Me, item));
        Buy(scene, Made.Index);
        Assert.Equal(1, Owned(scene).Count(i => i == Made.Index));
    }

    [Fact]
    public void Gold_that_is_not_there_buys_nothing_and_an_unknown_item_does_not_exist()
    {
        var scene = new RulesScene();
        scene.S.Gold[Me] = Items[0].Price - 1;
        Assert.False(Shop.CanBuy(scene.World, in scene.S, Me, 0));
        Pay(scene, 30_000);
        Assert.False(Shop.CanBuy(scene.World, in scene.S, Me, -1));
        Assert.False(Shop.CanBuy(scene.World, in scene.S, Me, Items.Length));
        scene.World.Control(ref scene.S, Me, shop: false, skills: false);
        Assert.False(Shop.CanBuy(scene.World, in scene.S, Me, 0));
    }

    [Fact]
    public void Full_rules_sell_at_the_fountain_and_to_the_dead_quick_ones_anywhere()
    {
        RulesScene full = Rich("full");
        RulesScene quick = Rich();
        Assert.True(Shop.CanBuy(full.World, in full.S, Me, 0));
        full.Put(Me, -20f, 22f);
        quick.Put(Me, -20f, 22f);
        Assert.False(Shop.CanBuy(full.World, in full.S, Me, 0));
        Assert.True(Shop.CanBuy(quick.World, in quick.S, Me, 0));
        full.S.Alive[Me] = 0;
        Assert.True(Shop.CanBuy(full.World, in full.S, Me, 0));
    }

    [Fact]
    public void Shopping_and_learning_leave_the_standing_order_in_place()
    {
        RulesScene scene = Rich();
        scene.World.Control(ref scene.S, Me, shop: true, skills: true);
        scene.Give(Me, new Order(Verb.Move, -1, 1f, 0f));
        Buy(scene, 0);
        scene.Give(Me, new Order(Verb.Learn, 1));
        Assert.Equal((byte)Verb.Move, scene.S.OrderVerb[Me]);
        Assert.False(Orders.Give(scene.World, ref scene.S, Me, new Order(Verb.Learn, 1)));
        Assert.Equal((byte)Verb.Stay, scene.S.OrderVerb[Me]);
    }

    [Fact]
    public void Every_recommended_build_buys_itself_and_costs_what_its_items_cost()
    {
        foreach (HeroDefinition hero in MobaContent.Default.Heroes)
        {
            var scene = new RulesScene(hero.Name);
            scene.World.Control(ref scene.S, Me, shop: false, skills: false);
            int price = hero.Build.Sum(i => Items[i].Price);
            int first = Items[hero.Build[0]].Price;
            bool parts = false;
            for (int paid = scene.S.Gold[Me]; paid < price + 1000; paid += 150)
            {
                Pay(scene, 150);
                fixed (WorldState* s = &scene.S)
                    Shop.FollowBuild(scene.World, s, Me);
                parts |= scene.S.GoldSpent[Me] > 0 && scene.S.GoldSpent[Me] < first;
                Assert.Equal(scene.S.GoldEarned[Me] - scene.S.GoldSpent[Me], scene.S.Gold[Me]);
            }
            Assert.Equal(hero.Build.Order(), Owned(scene).Order());
            Assert.Equal(price, scene.S.GoldSpent[Me]);
            Assert.True(parts || Items[hero.Build[0]].From.Length == 0 || first <= scene.World.Rules.StartGold + 150, $"{hero.Name} saved up for its first item");
        }
    }
}
