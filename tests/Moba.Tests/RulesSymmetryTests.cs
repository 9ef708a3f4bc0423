using SelfPlayArena.Core;
using SelfPlayArena.Moba;

namespace SelfPlayArena.Moba.Tests;

public sealed unsafe class RulesSymmetryTests
{
    [Theory]
    [InlineData("5v5", "quick", 11ul)]
    [InlineData("5v5", "quick", 12ul)]
    [InlineData("1v1", "quick", 13ul)]
    [InlineData("5v5", "full", 14ul)]
    public void A_reflected_match_is_the_reflection_at_every_tick(string mode, string rules, ulong seed)
    {
        var world = new MobaWorld(mode, rules);
        var states = new WorldState[2];
        var rng = new Rng(seed);
        Span<byte> lineup = stackalloc byte[UnitIndex.Heroes];
        Span<byte> swapped = stackalloc byte[UnitIndex.Heroes];
        for (int h = 0; h < UnitIndex.Heroes; h++)
            lineup[h] = (byte)rng.Next(world.Content.Heroes.Length);
        for (int h = 0; h < UnitIndex.Heroes; h++)
            swapped[UnitIndex.Mirror(h)] = lineup[h];
        world.Reset(ref states[0], seed, lineup);
        world.Reset(ref states[1], seed, swapped);
        while (states[0].Finished == 0 && states[0].Tick < 6000)
        {
            for (int h = 0; h < UnitIndex.Heroes; h++)
            {
                Order order = RandomPlay.Choose(world, ref states[0], h, ref rng);
                bool legal = Orders.Give(world, ref states[0], h, order);
                Assert.Equal(legal, Orders.Give(world, ref states[1], UnitIndex.Mirror(h), Reflect(order)));
            }
            for (int k = 0; k < 2; k++)
            {
                world.Tick(ref states[0]);
                world.Tick(ref states[1]);
                AssertReflected(ref states[0], ref states[1]);
            }
        }
        Assert.Equal(states[0].Finished, states[1].Finished);
        Assert.Equal(states[0].Winner < 0 ? -1 : 1 - states[0].Winner, states[1].Winner);
        Assert.Equal(states[0].StructuresLost[0], states[1].StructuresLost[1]);
        Assert.True(states[0].Deaths[0] + states[0].Deaths[5] > 0, "nothing happened");
    }

    private static Order Reflect(Order o) => o with { Target = o.Target < 0 ? -1 : UnitIndex.Mirror(o.Target), X = -o.Y, Y = -o.X };

    private static void AssertReflected(ref WorldState a, ref WorldState b)
    {
        for (int u = 0; u < UnitIndex.Count; u++)
        {
            int v = UnitIndex.Mirror(u);
            if (a.Alive[u] == b.Alive[v] && (a.Alive[u] == 0 || (a.X[u] == -b.Y[v] && a.Y[u] == -b.X[v] && a.Hp[u] == b.Hp[v] && Swap(a.Visible[u]) == b.Visible[v])))
                continue;
            Assert.Fail($"tick {a.Tick}, unit {u}: alive {a.Alive[u]}/{b.Alive[v]}, at ({a.X[u]}, {a.Y[u]}) and reflected ({-b.Y[v]}, {-b.X[v]}), hp {a.Hp[u]}/{b.Hp[v]}, seen by {a.Visible[u]}/{b.Visible[v]}");
        }
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            int m = UnitIndex.Mirror(h);
            Assert.Equal((a.GoldEarned[h], a.XpEarned[h], a.Mana[h], a.Kills[h], a.LastHits[h]), (b.GoldEarned[m], b.XpEarned[m], b.Mana[m], b.Kills[m], b.LastHits[m]));
        }
    }

    private static int Swap(byte visible) => visible >> 1 | (visible & 1) << 1;
}

/// <summary>Orders that make things happen: mostly sensible, partly random.</summary>
internal static unsafe class RandomPlay
{
    public static Order Choose(MobaWorld w, ref WorldState s, int h, ref Rng rng)
    {
        int dice = rng.Next(16);
        int any = rng.Next(UnitIndex.Count);
        int d = rng.Next(Directions.Count);
        int skill = rng.Next(WorldState.Skills);
        float along = rng.NextSingle() * 9f;
        if (s.Present[h] == 0 || s.Alive[h] == 0)
            return new Order(Verb.Stay);
        int team = h / UnitIndex.HeroesPerTeam;
        int near = Nearest(ref s, h, 9f);
        if (dice == 0)
            return new Order((Verb)rng.Next(8), any, Directions.X(d), Directions.Y(d));
        if (dice == 1 && h % 5 == 3)
            return new Order(Verb.Recall);
        if (dice < 6 && near >= 0 && Legality.CanCast(w, in s, h, skill))
        {
            float dx = s.X[near] - s.X[h];
            float dy = s.Y[near] - s.Y[h];
            float f = 1f / MathF.Sqrt(dx * dx + dy * dy + 1e-6f);
            SkillDefinition k = w.HeroOf(in s, h).Skills[skill];
            return k.Aim switch
            {
                Aim.Target => new Order(Verb.Skill1 + (byte)skill, k.Side == Side.Enemies ? near : h),
                Aim.Direction => new Order(Verb.Skill1 + (byte)skill, -1, dx * f, dy * f),
                Aim.Point => new Order(Verb.Skill1 + (byte)skill, -1, s.X[h] + dx * f * along, s.Y[h] + dy * f * along),
                _ => new Order(Verb.Skill1 + (byte)skill),
            };
        }
        if (near >= 0 && dice < 14)
            return new Order(Verb.Attack, near);
        if (dice < 10)
        {
            int lane = w.HeroesPerTeam == 1 ? 1 : h % 5 % 3;
            d = w.Map.LaneDirection(team, lane, s.X[h], s.Y[h]);
        }
        return new Order(Verb.Move, -1, Directions.X(d), Directions.Y(d));
    }

    private static int Nearest(ref WorldState s, int h, float range)
    {
        int best = -1;
        float near = range * range;
        for (int u = 0; u < UnitIndex.Count; u++)
        {
            float dx = s.X[u] - s.X[h];
            float dy = s.Y[u] - s.Y[h];
            float square = dx * dx + dy * dy;
            if (square >= near || !Legality.IsAttackable(in s, h, u))
                continue;
            near = square;
            best = u;
        }
        return best;
    }
}
