using SelfPlayArena.Moba;

namespace SelfPlayArena.Cli.Watching;

/// <summary>What teams, heroes and buildings of a match are called, and in which colour. Line-ups do not change within a match.</summary>
internal sealed class MobaNames
{
    private static readonly string[] Lanes = ["top", "middle", "bottom"];
    private static readonly string[] Tiers = ["outer", "inner", "base"];
    private readonly string[] _heroes = new string[UnitIndex.Heroes];
    private readonly char[] _letters = new char[UnitIndex.Heroes];

    /// <param name="environment">In any state of the match.</param>
    public unsafe MobaNames(MobaEnvironment environment)
    {
        ref WorldState s = ref environment.State(0);
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            if (s.Present[h] == 0)
            {
                _heroes[h] = "";
                continue;
            }
            string name = environment.World.HeroOf(in s, h).Name;
            _heroes[h] = char.ToUpperInvariant(name[0]) + name[1..];
            int first = h / UnitIndex.HeroesPerTeam * UnitIndex.HeroesPerTeam;
            char[] taken = _letters[first..h];
            char letter = name.Append('?').Concat("0123456789").First(c => !taken.Contains(Cased(c, h)));
            _letters[h] = Cased(letter, h);
        }
    }

    public static string Team(int team) => team == 0 ? "Blue" : "Red";

    /// <summary>A colour's name in the terminal; grey for nobody's.</summary>
    public static string Colour(int team) => team switch
    {
        0 => "deepskyblue1",
        1 => "indianred1",
        _ => "grey",
    };

    public string Hero(int hero) => _heroes[hero];

    /// <summary>With the team, as in "Blue Ember".</summary>
    public string Full(int hero) => $"{Team(hero / UnitIndex.HeroesPerTeam)} {_heroes[hero]}";

    /// <summary>One letter, distinct within the team: capitals for team 0, small letters for team 1, so that it can be read without colours.</summary>
    public char Letter(int hero) => _letters[hero];

    /// <param name="structure">0 to 19.</param>
    public static string Structure(int structure)
    {
        int k = structure % UnitIndex.StructuresPerTeam;
        string name = k == UnitIndex.AncientOfTeam ? "ancient" : $"{Tiers[k % 3]} {Lanes[k / 3]} tower";
        return $"{Team(structure / UnitIndex.StructuresPerTeam)}'s {name}";
    }

    private static char Cased(char c, int hero) => hero < UnitIndex.HeroesPerTeam ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c);
}
