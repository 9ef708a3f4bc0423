using SelfPlayArena.Moba;
using Spectre.Console;

namespace SelfPlayArena.Cli.Watching;

/// <summary>Teams and heroes in numbers.</summary>
internal static unsafe class MobaScoreboard
{
    public static Table Draw(MobaWorld world, ref WorldState s, MobaNames names)
    {
        var table = new Table { Border = TableBorder.None };
        table.AddColumns(
            new TableColumn("").NoWrap(), Right("lv"), new TableColumn("[grey]hp[/]").NoWrap(), Right("k/d/a"), Right("hits"), Right("gold"));
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            int kills = 0, gold = 0;
            for (int h = team * UnitIndex.HeroesPerTeam; h < (team + 1) * UnitIndex.HeroesPerTeam; h++)
            {
                kills += s.Kills[h];
                gold += s.GoldEarned[h];
            }
            string colour = MobaNames.Colour(team);
            table.AddRow(
                $"[bold {colour}]{MobaNames.Team(team)}[/]", "", $"[grey]towers {Numbers.Text(Standing(ref s, team))}[/]",
                $"[bold]{Numbers.Text(kills)}[/]", "", $"[bold]{Numbers.Text(gold)}[/]");
            for (int i = 0; i < world.HeroesPerTeam; i++)
            {
                int h = UnitIndex.Hero(team, i);
                string life = s.Alive[h] != 0
                    ? Terminal.Sparkline.Bar(s.MaxHp[h] > 0 ? s.Hp[h] / s.MaxHp[h] : 0, 8)
                    : $"[grey]back {Numbers.Duration(s.Remaining(s.RespawnTick[h]) / (double)RulesDefinition.TicksPerSecond),-4}[/]";
                table.AddRow(
                    $"[{colour}]{Markup.Escape(names.Letter(h).ToString())} {Markup.Escape(names.Hero(h))}[/]", Numbers.Text(s.Level[h]), life,
                    $"{Numbers.Text(s.Kills[h])}/{Numbers.Text(s.Deaths[h])}/{Numbers.Text(s.Assists[h])}", Numbers.Text(s.LastHits[h]), Numbers.Text(s.GoldEarned[h]));
            }
        }
        return table;
    }

    private static TableColumn Right(string name) => new TableColumn($"[grey]{name}[/]").RightAligned().NoWrap();

    private static int Standing(ref WorldState s, int team)
    {
        int towers = 0;
        for (int k = 0; k < UnitIndex.AncientOfTeam; k++)
            towers += s.Alive[UnitIndex.FirstStructure + team * UnitIndex.StructuresPerTeam + k];
        return towers;
    }
}
