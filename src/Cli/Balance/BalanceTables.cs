using Spectre.Console;

namespace SelfPlayArena.Cli.Balance;

/// <summary>A balance report as tables for the terminal.</summary>
internal static class BalanceTables
{
    public static void Print(BalanceReport report, TextWriter output)
    {
        IAnsiConsole console = Consoles.For(output);
        console.Write(Heroes(report));
        if (report.Items.Any(i => i.Picks > 0))
            console.Write(Items(report));
        foreach (string line in Summary(report))
            output.WriteLine(line);
    }

    /// <summary>Sentences about sides, length and flagged heroes.</summary>
    internal static IEnumerable<string> Summary(BalanceReport r)
    {
        if (r.Matches < r.Asked)
            yield return $"interrupted after {r.Matches} of {r.Asked} matches; short matches are over-represented";
        yield return $"side      team 0 won {Rate(r.Side)}; {r.Draws} draws";
        yield return $"length    median {Numbers.Text(r.Minutes.Median, "0.0")} game minutes, half between {Numbers.Text(r.Minutes.P25, "0.0")} and {Numbers.Text(r.Minutes.P75, "0.0")}, "
            + $"nine in ten between {Numbers.Text(r.Minutes.P5, "0.0")} and {Numbers.Text(r.Minutes.P95, "0.0")}; {Numbers.Percent(r.TimeLimitShare)} ended by the time limit";
        BalanceHeroLine[] flagged = [.. r.Flagged];
        yield return flagged.Length == 0
            ? $"no hero's interval lies outside {Numbers.Percent(BalanceReport.Lowest, "0")} to {Numbers.Percent(BalanceReport.Highest, "0")}"
            : $"outside {Numbers.Percent(BalanceReport.Lowest, "0")} to {Numbers.Percent(BalanceReport.Highest, "0")}: {string.Join(", ", flagged.Select(h => h.Name))}";
    }

    internal static string Rate(BalanceRate rate) => $"{Numbers.Percent(rate.Rate)} ({Numbers.Percent(rate.Low, "0")} to {Numbers.Percent(rate.High, "0")})";

    private static Table Heroes(BalanceReport report)
    {
        Table table = Start($"{report.Environment}, {report.Rules} rules, {report.Players} against itself, {report.Matches} matches, seed {report.Seed}", "hero", "role");
        Right(table, "matches", "win rate (95%)", "", "kills", "deaths", "assists", "gold", "damage", "level");
        foreach (BalanceHeroLine h in report.Heroes)
        {
            table.AddRow(
                h.Name, h.Role, $"{h.Picks}", Rate(h.WinRate), h.Flagged ? "!" : "", Numbers.Text(h.Kills, "0.0"), Numbers.Text(h.Deaths, "0.0"), Numbers.Text(h.Assists, "0.0"),
                Numbers.Text(h.Gold, "0"), Numbers.Text(h.Damage, "0"), Numbers.Text(h.Level, "0.0"));
        }
        return table;
    }

    private static Table Items(BalanceReport report)
    {
        Table table = Start("items held at the end; the winners are richer, so compare items of like price", "item");
        Right(table, "price", "held", "win rate (95%)");
        foreach (BalanceItemLine i in report.Items.Where(i => i.Picks > 0))
            table.AddRow(i.Name, $"{i.Price}", $"{i.Picks}", Rate(i.WinRate));
        return table;
    }

    private static Table Start(string title, params ReadOnlySpan<string> columns)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Markup.Escape(title)) };
        foreach (string column in columns)
            table.AddColumn(column);
        return table;
    }

    private static void Right(Table table, params ReadOnlySpan<string> columns)
    {
        foreach (string column in columns)
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap());
    }
}
