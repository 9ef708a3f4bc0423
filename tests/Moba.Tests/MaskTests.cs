using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests;

public sealed unsafe class MaskTests
{
    [Theory]
    [InlineData("1v1", "auto", "none")]
    [InlineData("5v5", "auto", "none")]
    [InlineData("5v5", "policy", "policy")]
    public void EveryOfferedVerbHasAnOptionInEachHeadItUses(string mode, string shopping, string macro)
    {
        var arena = new Arena(new MobaOptions { Mode = mode, Shopping = shopping, Macro = macro }, 1, 21);
        for (int i = 0; i < 400; i++)
        {
            arena.Choose(homeEasy: i % 2 == 0);
            for (int a = 0; a < arena.Agents; a++)
            {
                byte[] mask = arena.MaskOf(0, a).ToArray();
                Assert.All(mask, b => Assert.InRange(b, 0, 1));
                Assert.Equal(1, mask[0]);
                for (int verb = 0; verb < Sizes.Verbs; verb++)
                {
                    for (int h = 1; h < arena.Spec.Heads.Count; h++)
                    {
                        int row = arena.Spec.Heads[h].MaskRows[verb];
                        if (mask[verb] != 0 && row >= 0)
                            Assert.Contains((byte)1, mask.AsSpan(arena.Spec.MaskOffset(h, row), arena.Spec.Heads[h].Size).ToArray());
                    }
                }
                if (arena.Env.State(0).Alive[arena.HeroOf(a)] == 0)
                    Assert.Equal(1, mask.AsSpan(0, (int)Verb.Buy).ToArray().Sum(b => b));
            }
            arena.Step();
        }
    }

    [Theory]
    [InlineData("1v1", "auto", "none")]
    [InlineData("5v5", "auto", "none")]
    [InlineData("1v1", "policy", "policy")]
    [InlineData("5v5", "policy", "none")]
    public void AnActionIsPlayedExactlyWhenTheMaskOffersIt(string mode, string shopping, string macro)
    {
        var arena = new Arena(new MobaOptions { Mode = mode, Shopping = shopping, Macro = macro }, 1, 22);
        var rng = new Rng(5);
        int offered = 0;
        int refused = 0;
        for (int i = 0; i < 500; i++)
        {
            arena.Choose(homeEasy: true);
            short[] chosen = arena.Actions.ToArray();
            ref WorldState s = ref arena.Env.State(0);
            for (int a = 0; a < arena.Agents; a++)
            {
                short[] action =
                [
                    (short)rng.Next(Sizes.Verbs), (short)rng.Next(16), (short)rng.Next(4), (short)rng.Next(Sizes.Targets), (short)rng.Next(Sizes.Choices), -1,
                ];
                if (rng.Next(2) == 0)
                    RandomPlayer.Act(arena.Spec, arena.MaskOf(0, a), action, ref rng);
                action.CopyTo(arena.ActionOf(0, a));
            }
            byte[] snapshot = new byte[arena.Env.SnapshotBytes];
            arena.Env.Snapshot(0, snapshot);
            bool[] legal = new bool[arena.Agents];
            for (int a = 0; a < arena.Agents; a++)
                legal[a] = Offered(arena.Spec, arena.MaskOf(0, a), arena.ActionOf(0, a));
            int[] verbs = arena.Env.OrdersGivenBy(0, arena.Actions);
            for (int a = 0; a < arena.Agents; a++)
            {
                int verb = arena.ActionOf(0, a)[0];
                Assert.Equal(legal[a] ? verb : (int)Verb.Stay, verbs[a]);
                offered += legal[a] && verb != 0 ? 1 : 0;
                refused += legal[a] ? 0 : 1;
            }
            arena.Env.Restore(0, snapshot);
            chosen.CopyTo(arena.Actions, 0);
            arena.Step();
        }
        Assert.True(offered > 100 && refused > 100, $"{offered} offered, {refused} refused");
    }

    [Fact]
    public void BuyingAndLearningAreOfferedOnlyToPoliciesThatShop()
    {
        var auto = new Arena("5v5", 1, 23);
        var shops = new Arena(new MobaOptions { Shopping = MobaOptions.Policy }, 1, 23);
        int offered = 0;
        for (int i = 0; i < 300; i++)
        {
            auto.Choose(homeEasy: true);
            shops.Choose(homeEasy: true);
            for (int a = 0; a < auto.Agents; a++)
            {
                Assert.Equal(0, auto.MaskOf(0, a)[(int)Verb.Buy] + auto.MaskOf(0, a)[(int)Verb.Learn]);
                offered += shops.MaskOf(0, a)[(int)Verb.Buy] + shops.MaskOf(0, a)[(int)Verb.Learn];
            }
            auto.Step();
            shops.Step();
        }
        Assert.True(offered > 10, $"{offered} offers");
        ref WorldState s = ref shops.Env.State(0);
        for (int h = 0; h < UnitIndex.HeroesPerTeam; h++)
        {
            Assert.True(s.GoldSpent[h] > 0, $"hero {h} bought nothing");
            Assert.Equal(0, s.SkillPoints[h]);
        }
    }

    [Fact]
    public void MacroCommandsAreOfferedWhenOneIsDueAndThenHoldForFiveSeconds()
    {
        var arena = new Arena(new MobaOptions { Macro = MobaOptions.Policy }, 1, 24);
        int head = arena.Spec.Heads.ToList().FindIndex(h => h.Name == "macro");
        int changes = 0;
        for (int i = 0; i < 400; i++)
        {
            arena.Choose();
            ref WorldState s = ref arena.Env.State(0);
            byte[] before = [.. Enumerable.Range(0, UnitIndex.Heroes).Select(h => arena.Env.State(0).Macro[h])];
            for (int a = 0; a < arena.Agents; a++)
            {
                byte[] row = arena.MaskOf(0, a).Slice(arena.Spec.MaskOffset(head, 0), MacroRules.Count).ToArray();
                int hero = arena.HeroOf(a);
                Assert.Equal(1, row[s.Macro[hero]]);
                bool due = ContractTests.Read(arena, a, "macro", 0, "due") != 0f;
                bool ends = ContractTests.Read(arena, a, "macro", 0, "finished") + ContractTests.Read(arena, a, "macro", 0, "hopeless") != 0f;
                Assert.Equal(due, row.Sum(b => b) > 1);
                Assert.Equal(ends || s.Macro[hero] == 0 || s.Tick - s.MacroSince[hero] >= 5 * RulesDefinition.TicksPerSecond, due);
            }
            arena.Step();
            for (int a = 0; a < arena.Agents; a++)
            {
                Assert.Equal(arena.ActionOf(0, a)[head], s.Macro[arena.HeroOf(a)]);
                changes += s.Macro[arena.HeroOf(a)] != before[arena.HeroOf(a)] ? 1 : 0;
            }
        }
        Assert.True(changes > 100, $"{changes} changes");
    }

    [Fact]
    public void WithoutMacroPlayALearnerSeesOneForcedChoice()
    {
        var arena = new Arena("5v5", 1, 25);
        int head = arena.Spec.Heads.ToList().FindIndex(h => h.Name == "macro");
        for (int i = 0; i < 200; i++)
        {
            arena.Choose(homeEasy: true);
            for (int a = 0; a < arena.Agents; a++)
            {
                byte[] row = arena.MaskOf(0, a).Slice(arena.Spec.MaskOffset(head, 0), MacroRules.Count).ToArray();
                Assert.Equal(1, row.Sum(b => b));
                Assert.Equal(1, row[arena.Env.State(0).Macro[arena.HeroOf(a)]]);
            }
            arena.Step();
        }
    }

    [Fact]
    public void NonsenseInActionsIsPlayedAsStay()
    {
        var arena = new Arena(matches: 2);
        arena.Env.Reset(1, 1);
        arena.Env.Reset(0, 1);
        var rng = new Rng(8);
        for (int i = 0; i < 100; i++)
        {
            for (int a = 0; a < arena.Agents; a++)
            {
                Span<short> action = arena.ActionOf(0, a);
                for (int h = 0; h < action.Length; h++)
                    action[h] = rng.Next(2) == 0 ? (short)(1000 + rng.Next(30000)) : (short)(-2 - rng.Next(30000));
                arena.ActionOf(1, a).Clear();
                arena.ActionOf(1, a)[0] = 0;
            }
            arena.Step();
        }
        Assert.Equal(arena.Env.StateHash(1), arena.Env.StateHash(0));
    }

    private static bool Offered(EnvironmentSpec spec, ReadOnlySpan<byte> mask, ReadOnlySpan<short> action)
    {
        int verb = action[0];
        if ((uint)verb >= Sizes.Verbs || mask[verb] == 0)
            return false;
        for (int h = 1; h < spec.Heads.Count; h++)
        {
            int row = spec.Heads[h].MaskRows[verb];
            // A command that is not legal leaves the one in force and the rest of the action as it is.
            if (spec.Heads[h].Name != "macro" && row >= 0 && mask[spec.MaskOffset(h, row) + action[h]] == 0)
                return false;
        }
        return true;
    }
}
