using FsCheck;
using FsCheck.Fluent;

namespace SelfPlayArena.Moba.Tests.Exactness;

/// <summary>Everything that a played match depends on: what the properties are asked about, and what a failure prints to be played again.</summary>
/// <param name="Mode">One of <see cref="MobaOptions.Modes"/>.</param>
/// <param name="Rules">One of <see cref="MobaOptions.RuleSets"/>.</param>
/// <param name="Hands">0 as usual, 1 with shopping, learning and macro commands left to the players, 2 with slow hands, 3 with both.</param>
/// <param name="Seed">Of the match and of the players' choices.</param>
/// <param name="LineUps">Seed of the line-ups, heroes drawn freely (twins allowed), and of their spells; 0 leaves it to the match.</param>
/// <param name="Riches">Levels and thousands of gold with which everybody starts, so that short matches show late game too.</param>
/// <param name="Home">Who plays team 0: 0 at random through the masks, then the scripted players in order, last a mixture that changes on the way.</param>
/// <param name="Away">Who plays team 1.</param>
/// <param name="Skip">Decisions played before anything is looked at.</param>
/// <param name="Decisions">Decisions that are looked at.</param>
internal sealed record MatchCase(string Mode, string Rules, int Hands, int Seed, int LineUps, int Riches, int Home, int Away, int Skip, int Decisions)
{
    public static int Players(string mode) => MobaEnvironment.SpecFor(new MobaOptions { Mode = mode }).ScriptedPlayers.Count + 2;

    /// <summary>Every fourth line-up is the same for both teams: then many things happen at once.</summary>
    public bool Twins => LineUps % 4 == 3;

    public MobaOptions Options => new()
    {
        Mode = Mode,
        Rules = Rules,
        Shopping = (Hands & 1) == 0 ? MobaOptions.Auto : MobaOptions.Policy,
        Macro = (Hands & 1) == 0 ? MobaOptions.None : MobaOptions.Policy,
        ReactionDelay = (Hands & 2) == 0 ? [0] : [2],
        ActionRate = (Hands & 2) == 0 ? [0] : [3],
    };

    public override string ToString()
        => $"new MatchCase(\"{Mode}\", \"{Rules}\", {Hands}, {Seed}, {LineUps}, {Riches}, {Home}, {Away}, {Skip}, {Decisions})";

    /// <summary>Matches of all modes and rule sets; most decisions are skipped to, so that late game is seen as often as early game.</summary>
    /// <param name="skip">At most so many decisions before the look.</param>
    /// <param name="decisions">At most so many decisions looked at, at least 1.</param>
    public static Arbitrary<MatchCase> Any(int skip, int decisions)
    {
        Gen<MatchCase> gen =
            from mode in Gen.Elements(MobaOptions.Modes.ToArray())
            from rules in Gen.Elements(MobaOptions.RuleSets.ToArray())
            from hands in Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(1, 3)))
            from seed in Gen.Choose(0, int.MaxValue)
            from lineups in Gen.Frequency((1, Gen.Constant(0)), (3, Gen.Choose(1, int.MaxValue)))
            from riches in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(1, 14)))
            from home in Gen.Choose(0, Players(mode) - 1)
            from away in Gen.Choose(0, Players(mode) - 1)
            from before in Gen.Choose(0, skip)
            from looked in Gen.Choose(1, decisions)
            select new MatchCase(mode, rules, hands, seed, lineups, riches, home, away, before, looked);
        return Arb.From(gen, Smaller);
    }

    /// <summary>Shorter first, then fewer heroes, then plainer players.</summary>
    private static IEnumerable<MatchCase> Smaller(MatchCase c)
    {
        if (c.Skip > 0)
        {
            yield return c with { Skip = 0 };
            yield return c with { Skip = c.Skip / 2 };
            yield return c with { Skip = c.Skip - 1 - c.Skip / 16 };
        }
        if (c.Decisions > 1)
        {
            yield return c with { Decisions = c.Decisions / 2 };
            yield return c with { Decisions = c.Decisions - 1 - c.Decisions / 16 };
        }
        int mode = MobaOptions.Modes.ToList().IndexOf(c.Mode);
        foreach (string other in MobaOptions.Modes)
        {
            if (new MobaOptions { Mode = other }.HeroesPerTeam < new MobaOptions { Mode = MobaOptions.Modes[mode] }.HeroesPerTeam)
                yield return c with { Mode = other };
        }
        if (c.Hands != 0)
            yield return c with { Hands = 0 };
        if (c.Riches != 0)
            yield return c with { Riches = 0 };
        if (c.LineUps != 0)
            yield return c with { LineUps = 0 };
        if (c.Home != 0)
            yield return c with { Home = 0 };
        if (c.Away != 0)
            yield return c with { Away = 0 };
    }
}

/// <summary>Puts a property to FsCheck.</summary>
internal static class Property
{
    /// <summary>A case to play alone, as a failure prints it: set EXACTNESS_CASE to what stands between the brackets.</summary>
    private static readonly string? Only = Environment.GetEnvironmentVariable("EXACTNESS_CASE");

    /// <summary>
    /// Asks about so many cases, in an order that is the same in every run; a failing one is made as small as it goes and printed. To look
    /// elsewhere, set EXACTNESS_SEED to any number; to play one case again, EXACTNESS_CASE to it.
    /// </summary>
    public static void Holds(Arbitrary<MatchCase> cases, int tests, Action<MatchCase> property)
    {
        if (!string.IsNullOrEmpty(Only))
        {
            string[] f = [.. Only.Split(',').Select(v => v.Trim(' ', '"'))];
            int[] n = [.. f.Skip(2).Select(v => int.Parse(v, System.Globalization.CultureInfo.InvariantCulture))];
            property(new MatchCase(f[0], f[1], n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]));
            return;
        }
        ulong seed = ulong.TryParse(Environment.GetEnvironmentVariable("EXACTNESS_SEED"), out ulong given) ? given : 2026;
        Config config = Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(seed, 2 * seed + 1);
        Prop.ForAll(cases, property).Check(config);
    }
}
