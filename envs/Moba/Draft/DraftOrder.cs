using System.Globalization;

namespace SelfPlayArena.Moba;

/// <summary>
/// Who takes a turn when: first the bans, one a team in alternation, then the picks. Sides are 0 (the team that begins) and 1. Picks are written
/// in one of two ways: how many each side takes in turn (<c>1-2-2-2-2-1</c>), or the side of each single pick
/// (<c>1-2-2-1-1-2-2-1-1-2</c>, which is the same order).
/// </summary>
public sealed class DraftOrder
{
    private readonly byte[] _sides;

    private DraftOrder(byte[] sides, int bans, int heroesPerTeam)
    {
        _sides = sides;
        Bans = bans;
        HeroesPerTeam = heroesPerTeam;
    }

    /// <summary>Bans of each team.</summary>
    public int Bans { get; }

    public int HeroesPerTeam { get; }

    /// <summary>Turns in all: bans, then picks.</summary>
    public int Turns => 2 * (Bans + HeroesPerTeam);

    /// <summary>The usual order for a number of heroes a team: one, then two by two in alternation, then one.</summary>
    public static string Standard(int heroesPerTeam) => "1-" + string.Concat(Enumerable.Repeat("2-", heroesPerTeam - 1)) + "1";

    /// <exception cref="ArgumentException">Not an order in which both sides pick as many heroes as a team has; says what is allowed.</exception>
    public static DraftOrder Parse(string text, int heroesPerTeam, int bans = 0)
    {
        string[] parts = text.Split('-');
        var counts = new List<byte>();
        var sides = new List<byte>();
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > UnitIndex.HeroesPerTeam)
                throw Wrong(text, heroesPerTeam);
            counts.AddRange(Enumerable.Repeat((byte)(i % 2), number));
            sides.Add((byte)(number - 1));
        }
        foreach (List<byte> order in new[] { counts, sides })
        {
            if (order.Count(s => s == 0) == heroesPerTeam && order.Count(s => s == 1) == heroesPerTeam && order.Count == 2 * heroesPerTeam)
                return new DraftOrder([.. order], bans, heroesPerTeam);
        }
        throw Wrong(text, heroesPerTeam);
    }

    /// <summary>Whether a turn is a ban.</summary>
    public bool IsBan(int turn) => turn < 2 * Bans;

    /// <summary>Side whose turn it is.</summary>
    public int SideOf(int turn) => IsBan(turn) ? turn % 2 : _sides[turn - 2 * Bans];

    /// <summary>This order, if there are heroes enough: each is banned or picked once at most in the whole draft.</summary>
    /// <exception cref="ArgumentException">There are not.</exception>
    internal DraftOrder Checked(int heroes)
        => heroes >= Turns ? this : throw new ArgumentException($"a draft with {Bans} bans a team takes {Turns} heroes, there are {heroes}; allowed: at most {Math.Max(0, heroes / 2 - HeroesPerTeam)} bans");

    private static ArgumentException Wrong(string text, int heroesPerTeam)
        => new($"draft '{text}' is no order of picks for {heroesPerTeam} heroes a team; allowed: {MobaOptions.None}, how many each side takes in turn, as in {Standard(heroesPerTeam)}, or the side of each pick, as in {SidesOf(heroesPerTeam)}");

    private static string SidesOf(int heroesPerTeam)
    {
        DraftOrder standard = Parse(Standard(heroesPerTeam), heroesPerTeam);
        return string.Join('-', standard._sides.Select(s => s + 1));
    }
}
