using SelfPlayArena.Moba;

namespace SelfPlayArena.Cli.Balance;

/// <summary>One finished match, as the balance report needs it.</summary>
/// <param name="Number">Matches 2k and 2k + 1 have one seed and exchanged line-ups.</param>
/// <param name="Winner">Team, or -1 for a draw.</param>
internal sealed record BalanceMatch(int Number, int Winner, EndReason Reason, int Ticks, IReadOnlyList<BalanceHero> Heroes)
{
    public double Minutes => (double)Ticks / RulesDefinition.TicksPerSecond / 60;
}

/// <summary>What one hero did in a match.</summary>
/// <param name="Hero">Index of the definition.</param>
/// <param name="Score">1 won, 0.5 drawn, 0 lost.</param>
/// <param name="Gold">Earned.</param>
/// <param name="Damage">To heroes.</param>
/// <param name="Items">Indices of the items held at the end, each once.</param>
internal sealed record BalanceHero(int Hero, double Score, int Kills, int Deaths, int Assists, int Gold, double Damage, int Level, IReadOnlyList<int> Items)
{
    public static unsafe BalanceHero Of(in WorldState s, int hero)
    {
        var items = new List<int>();
        for (int i = 0; i < WorldState.ItemSlots; i++)
        {
            int item = s.Items[hero * WorldState.ItemSlots + i] - 1;
            if (item >= 0 && !items.Contains(item))
                items.Add(item);
        }
        double score = s.Winner < 0 ? 0.5 : s.Winner == hero / UnitIndex.HeroesPerTeam ? 1 : 0;
        return new BalanceHero(
            s.Kind[hero], score, s.Kills[hero], s.Deaths[hero], s.Assists[hero], s.GoldEarned[hero], s.DamageToHeroes[hero], s.Level[hero], items);
    }
}
