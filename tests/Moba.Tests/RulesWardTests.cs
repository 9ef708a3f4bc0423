namespace SelfPlayArena.Moba.Tests;

public sealed unsafe class RulesWardTests
{
    private const int Me = RulesScene.Me;
    private const int Foe = RulesScene.Foe;

    private static RulesScene OnRiver()
    {
        var scene = new RulesScene();
        scene.Put(Me, -14f, 14f);
        return scene;
    }

    private static int Place(RulesScene scene, float x, float y)
    {
        scene.S.WardCharges[Me] = 1;
        scene.Give(Me, new Order(Verb.Ward, -1, x, y));
        int before = scene.S.WardsPlaced[Me];
        scene.Run(1);
        Assert.Equal(before + 1, scene.S.WardsPlaced[Me]);
        int newest = UnitIndex.FirstWard;
        for (int u = UnitIndex.FirstWard; u < UnitIndex.Count; u++)
        {
            if (scene.S.Alive[u] != 0 && scene.S.ExpireTick[u - UnitIndex.FirstSummon] > scene.S.ExpireTick[newest - UnitIndex.FirstSummon])
                newest = u;
        }
        return newest;
    }

    [Fact]
    public void It_lies_four_cells_ahead_or_before_the_wall()
    {
        RulesScene scene = OnRiver();
        int ward = Place(scene, 0.70710678f, -0.70710678f);
        Assert.Equal(-14f + 4f * 0.70710678f, scene.S.X[ward], 0.01f);
        for (int d = 0; d < Directions.Count; d++)
        {
            ward = Place(scene, Directions.X(d), Directions.Y(d));
            float dx = scene.S.X[ward] + 14f;
            float dy = scene.S.Y[ward] - 14f;
            Assert.True(scene.World.Map.Walkable(scene.S.X[ward], scene.S.Y[ward]));
            Assert.InRange(dx * dx + dy * dy, 0f, 16.01f);
        }
    }

    [Fact]
    public void The_fifth_takes_the_place_of_the_oldest_and_each_ends_by_itself()
    {
        RulesScene scene = OnRiver();
        int first = Place(scene, 1f, 0f);
        for (int i = 1; i < UnitIndex.WardsPerTeam; i++)
            Assert.NotEqual(first, Place(scene, 0f, 1f));
        int replaced = Place(scene, 0f, -1f);
        Assert.Equal(first, replaced);
        Assert.Equal(UnitIndex.WardsPerTeam, Alive(scene));
        scene.Run(scene.World.Rules.Ward.Duration + 1);
        Assert.Equal(0, Alive(scene));
    }

    private static int Alive(RulesScene scene)
    {
        int alive = 0;
        for (int u = UnitIndex.FirstWard; u < UnitIndex.Count; u++)
            alive += scene.S.Alive[u];
        return alive;
    }

    [Fact]
    public void Charges_are_spent_and_come_back_one_at_a_time()
    {
        RulesScene scene = OnRiver();
        WardRules r = scene.World.Rules.Ward;
        Assert.Equal(r.Charges, scene.S.WardCharges[Me]);
        for (int i = 0; i < r.Charges; i++)
        {
            scene.Give(Me, new Order(Verb.Ward, -1, 1f, 0f));
            scene.Run(1);
        }
        Assert.False(Legality.IsLegal(scene.World, in scene.S, Me, new Order(Verb.Ward, -1, 1f, 0f)));
        scene.Run(r.Recharge - r.Charges);
        Assert.Equal(0, scene.S.WardCharges[Me]);
        scene.Run(2);
        Assert.Equal(1, scene.S.WardCharges[Me]);
        scene.Run(r.Recharge * r.Charges);
        Assert.Equal(r.Charges, scene.S.WardCharges[Me]);
    }

    [Fact]
    public void It_shows_who_passes_and_falls_to_as_many_blows_as_the_rules_say()
    {
        RulesScene scene = OnRiver();
        int ward = Place(scene, 0.70710678f, -0.70710678f);
        scene.Put(Me, -50f, -50f);
        scene.Put(Foe, scene.S.X[ward] + 1.2f, scene.S.Y[ward] + 1.2f);
        scene.S.Visible[Foe] = 2;
        scene.Run(4);
        Assert.Equal(3, scene.S.Visible[Foe]);
        scene.S.Visible[ward] = 3;
        int gold = scene.S.GoldEarned[Foe];
        scene.Give(Foe, new Order(Verb.Attack, ward));
        int blows = 0;
        float hp = scene.S.Hp[ward];
        Assert.Equal(scene.World.Rules.Ward.Hits, hp);
        scene.Until(() =>
        {
            blows += scene.S.Hp[ward] < hp ? 1 : 0;
            hp = scene.S.Hp[ward];
            return scene.S.Alive[ward] == 0;
        }, 200);
        Assert.Equal(scene.World.Rules.Ward.Hits, blows);
        Assert.InRange(scene.S.GoldEarned[Foe] - gold, scene.World.Rules.Ward.Gold, scene.World.Rules.Ward.Gold + 200);
        Assert.Equal(0, scene.S.LastHits[Foe]);
    }
}
