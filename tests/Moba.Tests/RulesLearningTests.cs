namespace SelfPlayArena.Moba.Tests;

public sealed unsafe class RulesLearningTests
{
    private const int Me = RulesScene.Me;

    private static void Rise(RulesScene scene, int level)
    {
        fixed (WorldState* s = &scene.S)
            Systems.HeroUpkeep.EarnXp(scene.World, s, Me, scene.World.Rules.LevelXp[level - 1] - scene.S.Xp[Me]);
        Assert.Equal(level, scene.S.Level[Me]);
    }

    /// <summary>Hero level at which each further level of a skill becomes legal, points aplenty.</summary>
    [Theory]
    [InlineData(0, new[] { 1, 3, 5, 7 })]
    [InlineData(2, new[] { 1, 3, 5, 7 })]
    [InlineData(3, new[] { 6, 10, 14 })]
    public void A_skills_next_level_waits_for_the_heros(int skill, int[] expected)
    {
        var scene = new RulesScene();
        scene.World.Control(ref scene.S, Me, shop: false, skills: true);
        var learnt = new List<int>();
        for (int level = 1; level <= RulesDefinition.MaxLevel; level++)
        {
            if (level > 1)
                Rise(scene, level);
            while (Learning.CanLearn(in scene.S, Me, skill))
            {
                scene.Give(Me, new Order(Verb.Learn, skill));
                learnt.Add(level);
            }
        }
        Assert.Equal(expected, learnt);
        Assert.Equal(RulesDefinition.MaxLevel - expected.Length, scene.S.SkillPoints[Me]);
        Assert.False(Learning.CanLearn(in scene.S, Me, WorldState.Skills));
    }

    [Fact]
    public void Every_heros_points_are_spent_at_once_in_its_recommended_order()
    {
        foreach (HeroDefinition hero in MobaContent.Default.Heroes)
        {
            var scene = new RulesScene(hero.Name);
            var levels = new int[WorldState.Skills];
            for (int level = 1; level <= RulesDefinition.MaxLevel; level++)
            {
                if (level > 1)
                    Rise(scene, level);
                levels[hero.SkillOrder[level - 1]]++;
                Assert.Equal(0, scene.S.SkillPoints[Me]);
                for (int k = 0; k < levels.Length; k++)
                    Assert.Equal(levels[k], scene.S.SkillLevel[Me * WorldState.Skills + k]);
            }
        }
    }

    [Fact]
    public void Who_learns_by_orders_starts_with_a_point_and_gets_the_rest_spent_when_giving_it_up()
    {
        var scene = new RulesScene();
        scene.World.Control(ref scene.S, Me, shop: false, skills: true);
        Assert.Equal(1, scene.S.SkillPoints[Me]);
        Rise(scene, 4);
        Assert.Equal(4, scene.S.SkillPoints[Me]);
        scene.World.Control(ref scene.S, Me, shop: false, skills: false);
        Assert.Equal(0, scene.S.SkillPoints[Me]);
    }
}
