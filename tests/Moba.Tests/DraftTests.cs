using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests;

public sealed class DraftTests
{
    private const int Heroes = 20;

    [Theory]
    [InlineData("1-2-2-2-2-1", 5, "0110011001")]
    [InlineData("1-2-2-1-1-2-2-1-1-2", 5, "0110011001")]
    [InlineData("1-1-1-1-1-1-1-1-1-1", 5, "0101010101")]
    [InlineData("2-1-2-1-2-1-2-1-2-1", 5, "1010101010")]
    [InlineData("1-2-2-1", 3, "011001")]
    [InlineData("1-1", 1, "01")]
    public void PicksComeInTheOrderThatIsWritten(string text, int heroesPerTeam, string sides)
    {
        DraftOrder order = DraftOrder.Parse(text, heroesPerTeam, bans: 2);
        Assert.Equal(4 + 2 * heroesPerTeam, order.Turns);
        Assert.Equal("0101" + sides, string.Concat(Enumerable.Range(0, order.Turns).Select(t => order.SideOf(t))));
        Assert.All(Enumerable.Range(0, order.Turns), t => Assert.Equal(t < 4, order.IsBan(t)));
    }

    [Theory]
    [InlineData("1-2-2-2-2", 5)]
    [InlineData("1-2-2-2-2-1", 3)]
    [InlineData("1-2-2-1-1-2-2-1-2-1-2", 5)]
    [InlineData("", 5)]
    [InlineData("1-x", 1)]
    [InlineData("0-1-2", 1)]
    public void OtherOrdersAreRefusedSayingWhatIsAllowed(string text, int heroesPerTeam)
        => Assert.Contains(DraftOrder.Standard(heroesPerTeam), Assert.Throws<ArgumentException>(() => DraftOrder.Parse(text, heroesPerTeam)).Message, StringComparison.Ordinal);

    /// <summary>Chance draws mode, order, bans, who begins and every single pick.</summary>
    [Fact]
    public void AnySequenceOfLegalPicksGivesLegalLineUps() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var rng = new Rng((ulong)(uint)seed);
        int per = 1 + rng.Next(5);
        int bans = rng.Next(MobaOptions.MaxBans + 1);
        var order = DraftOrder.Parse(rng.Next(2) == 0 ? DraftOrder.Standard(per) : string.Join('-', Enumerable.Repeat("1-2", per)), per, bans);
        int heroes = order.Turns + rng.Next(Heroes - order.Turns + 1);
        var state = new DraftState(order, heroes, rng.Next(2));
        var seen = new HashSet<int>();
        var picked = new List<int>[] { [], [] };
        while (!state.IsOver)
        {
            Assert.Equal(heroes - state.Turn, BitOperations.PopCount(state.Legal));
            int hero = Pick(state.Legal, ref rng);
            Assert.True(seen.Add(hero));
            DraftState before = state;
            (int team, bool ban) = (state.Team, state.IsBan);
            state = state.Apply(hero);
            Assert.Equal(before.Turn + 1, state.Turn);
            Assert.True(before.IsLegal(hero));
            Assert.False(state.IsLegal(hero));
            Assert.Throws<ArgumentException>(() => state.Apply(hero));
            Assert.Equal(hero, state.TakenAt(before.Turn));
            Assert.Equal(!ban, state.IsPickOf(team, before.Turn));
            if (!ban)
                picked[team].Add(hero);
        }
        Assert.Equal(0u, state.Legal);
        Assert.Equal(-1, state.Team);
        byte[] lineups = new byte[UnitIndex.Heroes];
        state.LineUps(lineups);
        for (int team = 0; team < UnitIndex.Teams; team++)
            Assert.Equal(picked[team], lineups.Skip(team * UnitIndex.HeroesPerTeam).Take(per).Select(h => (int)h));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(2026, 4053));

    [Fact]
    public void ADraftThatIsNotOverHasNoLineUps()
    {
        var state = new DraftState(DraftOrder.Parse("1-1", 1), Heroes, 1);
        Assert.Equal(1, state.Team);
        Assert.Throws<InvalidOperationException>(() => state.LineUps(new byte[UnitIndex.Heroes]));
        Assert.Throws<ArgumentException>(() => state.Apply(Heroes));
        Assert.Throws<ArgumentException>(() => new DraftState(DraftOrder.Parse("1-1", 1, 5), 11, 0));
    }

    [Theory]
    [InlineData("5v5", "1-2-2-2-2-1")]
    [InlineData("5v5", "1-2-2-1-1-2-2-1-1-2")]
    [InlineData("1v1", "1-1")]
    public void DraftedMatchesHaveEachHeroOnceAndRepeat(string mode, string draft)
    {
        int per = mode == "1v1" ? 1 : 5;
        int bans = Math.Min(MobaOptions.MaxBans, MobaContent.Default.Heroes.Length / 2 - per);
        var options = new MobaOptions { Mode = mode, Draft = draft, Bans = bans };
        var arena = new Arena(options, 2, 3);
        var all = new HashSet<string>();
        for (ulong seed = 0; seed < 40; seed++)
        {
            arena.Env.Reset(0, seed);
            arena.Env.Reset(1, seed);
            string[] names = LineUp(arena, 0);
            Assert.Equal(2 * per, names.Distinct().Count());
            Assert.Equal(names, LineUp(arena, 1));
            all.UnionWith(names);
        }
        Assert.Equal(MobaContent.Default.Heroes.Length, all.Count);
    }

    [Fact]
    public void TheScriptedDrafterFillsRoles()
    {
        MobaContent content = MobaContent.Default;
        int roles = content.Heroes.Select(h => h.Role).Distinct().Count();
        byte[] lineups = new byte[UnitIndex.Heroes];
        int sum = 0;
        for (ulong seed = 0; seed < 100; seed++)
        {
            RoleDrafter.Draft(content, DraftOrder.Parse(DraftOrder.Standard(5), 5), seed, lineups);
            sum += lineups.Take(5).Select(h => content.Heroes[h].Role).Distinct().Count();
        }
        Assert.True(sum >= 95 * Math.Min(5, roles), $"{sum / 100.0} roles a team");
    }

    private static string[] LineUp(Arena arena, int match)
        => [.. Enumerable.Range(0, arena.Agents).Select(a => arena.Env.World.HeroOf(in arena.Env.State(match), arena.HeroOf(a)).Name)];

    private static int Pick(uint legal, ref Rng rng)
    {
        for (int skip = rng.Next(BitOperations.PopCount(legal)); skip > 0; skip--)
            legal &= legal - 1;
        return BitOperations.TrailingZeroCount(legal);
    }
}
