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
    [InlineData("3v3", "quick", 15ul)]
    public void A_reflected_match_is_the_reflection_at_every_tick(string mode, string rules, ulong seed)
    {
        var world = new MobaWorld(mode, rules);
        var states = new WorldState[2];
        var rng = new Rng(seed);
        Span<byte> lineup = stackalloc byte[UnitIndex.Heroes];
        Span<byte> swapped = stackalloc byte[UnitIndex.Heroes];
        for (int h = 0; h < UnitIndex.Heroes; h++)
            lineup[h] = (byte)rng.Next(world.Content.Heroes.Length);
        // One of each team summons, one hides.
        lineup[0] = lineup[6] = With(world, EffectKind.Summon);
        lineup[1] = lineup[8] = With(world, EffectKind.Stealth);
        for (int h = 0; h < UnitIndex.Heroes; h++)
            swapped[UnitIndex.Mirror(h)] = lineup[h];
        world.Reset(ref states[0], seed, lineup);
        world.Reset(ref states[1], seed, swapped);
        for (int h = 0; h < UnitIndex.Heroes; h++)
            Equip(world, ref states[0], ref states[1], h, ref rng);
        var happened = new Happened();
        var reflection = new Exactness.Reflection(world.Map);
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
                if (reflection.Difference(in states[0], in states[1]) is { } difference)
                    Assert.Fail(difference);
            }
            happened.Note(ref states[0]);
        }
        Assert.Equal(states[0].Finished, states[1].Finished);
        Assert.Equal(states[0].Winner < 0 ? -1 : 1 - states[0].Winner, states[1].Winner);
        Assert.Equal(states[0].StructuresLost[0], states[1].StructuresLost[1]);
        Assert.True(states[0].Deaths[0] + states[0].Deaths[5] > 0, "nothing happened");
        happened.AssertAll(mode);
    }

    /// <summary>First hero with such an effect among its skills.</summary>
    private static byte With(MobaWorld world, EffectKind kind)
        => (byte)Array.FindIndex(world.Content.Heroes, h => h.Skills.Any(k => Enumerable.Range(k.FirstEffect, k.Effects).Any(e => world.Content.Effects[e].Kind == kind)));

    /// <summary>The ultimate, spells and items of all sorts from early on, so that a short match shows them all.</summary>
    private static void Equip(MobaWorld world, ref WorldState a, ref WorldState b, int h, ref Rng rng)
    {
        int m = UnitIndex.Mirror(h);
        a.Xp[h] = b.Xp[m] = world.Rules.LevelXp[7];
        for (int k = 0; k < WorldState.Spells; k++)
            a.Spell[h * WorldState.Spells + k] = b.Spell[m * WorldState.Spells + k] = (byte)rng.Next(world.Content.Spells.Length);
        for (int k = 0; k < 3; k++)
            a.Items[h * WorldState.ItemSlots + k] = b.Items[m * WorldState.ItemSlots + k] = (byte)(1 + rng.Next(world.Content.Items.Length));
    }

    private static Order Reflect(Order o) => o with { Target = o.Target < 0 ? -1 : UnitIndex.Mirror(o.Target), X = -o.Y, Y = -o.X };
}

/// <summary>What a match showed so far.</summary>
internal sealed unsafe class Happened
{
    private bool _summon;
    private bool _stealth;
    private bool _spell;
    private bool _item;
    private bool _trigger;

    public void Note(ref WorldState s)
    {
        for (int u = UnitIndex.FirstSummon; u < UnitIndex.FirstWard; u++)
            _summon |= s.Alive[u] != 0;
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            _stealth |= s.StealthUntil[h] > s.Tick;
            _spell |= s.SpellReady[h * WorldState.Spells] > s.Tick;
            for (int i = 0; i < WorldState.ItemSlots; i++)
                _item |= s.ItemReady[h * WorldState.ItemSlots + i] > s.Tick;
            for (int i = 0; i < WorldState.TriggerSlots; i++)
                _trigger |= s.TriggerReady[h * WorldState.TriggerSlots + i] > 0;
        }
    }

    /// <summary>In a duel not everybody who could hide is there.</summary>
    public void AssertAll(string mode)
    {
        Assert.True(_summon && _spell && _trigger, $"summons {_summon}, spells {_spell}, triggers {_trigger}");
        if (mode == "5v5")
            Assert.True(_stealth && _item, $"stealth {_stealth}, items {_item}");
    }
}

/// <summary>Orders that make things happen: mostly sensible, partly random.</summary>
internal static unsafe class RandomPlay
{
    public static Order Choose(MobaWorld w, ref WorldState s, int h, ref Rng rng)
    {
        int dice = rng.Next(16);
        int any = rng.Next(UnitIndex.Count);
        int d = rng.Next(Directions.Count);
        int ability = rng.Next(Abilities.Count);
        float along = rng.NextSingle() * 9f;
        if (s.Present[h] == 0)
            return new Order(Verb.Stay);
        var verb = (Verb)rng.Next(14);
        if (verb is Verb.Buy or Verb.Learn && dice < 8)
            return new Order(verb, verb == Verb.Buy ? any % w.Content.Items.Length : any % WorldState.Skills);
        if (s.Alive[h] == 0)
            return new Order(Verb.Stay);
        if (verb == Verb.Ward && dice < 8)
            return new Order(verb, -1, Directions.X(d), Directions.Y(d));
        int team = h / UnitIndex.HeroesPerTeam;
        int near = Nearest(ref s, h, 9f);
        if (dice == 0)
            return new Order(verb, any, Directions.X(d), Directions.Y(d));
        if (dice == 1 && h % 5 == 3)
            return new Order(Verb.Recall);
        if (dice < 6 && near >= 0 && Legality.CanCast(w, in s, h, ability) && Abilities.Of(w, in s, h, ability) is { } k)
        {
            float dx = s.X[near] - s.X[h];
            float dy = s.Y[near] - s.Y[h];
            float f = 1f / MathF.Sqrt(dx * dx + dy * dy + 1e-6f);
            Verb cast = ability == Abilities.Item ? Verb.Item : ability >= Abilities.Spell ? Verb.Spell1 + (byte)(ability - Abilities.Spell) : Verb.Skill1 + (byte)ability;
            return k.Aim switch
            {
                Aim.Target => new Order(cast, k.Side == Side.Enemies ? near : h),
                Aim.Direction => new Order(cast, -1, dx * f, dy * f),
                Aim.Point => new Order(cast, -1, s.X[h] + dx * f * along, s.Y[h] + dy * f * along),
                _ => new Order(cast),
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
