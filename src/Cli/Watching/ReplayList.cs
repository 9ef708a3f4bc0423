using SelfPlayArena.Core.Replays;
using Spectre.Console;

namespace SelfPlayArena.Cli.Watching;

/// <summary>What a folder of replays holds.</summary>
internal static class ReplayList
{
    public static int Print(string folder, bool json, TextWriter output)
    {
        ReplayReport[] reports = [.. ReplayFolder.OldestFirst(folder).AsEnumerable().Reverse().Select(ReplayReport.Of)];
        if (json)
        {
            foreach (ReplayReport report in reports)
                output.WriteLine(JsonOutput.Line(report));
            return 0;
        }
        if (reports.Length == 0)
        {
            output.WriteLine($"No replays in {Path.GetFullPath(folder)}. Record some with: arena league --record 1%, or arena eval --record FOLDER");
            return 0;
        }
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Markup.Escape($"{folder}, newest first")) };
        table.AddColumns(new TableColumn("file").NoWrap(), new TableColumn("game"), new TableColumn("players"), new TableColumn("length").RightAligned(), new TableColumn("result"), new TableColumn("KiB").RightAligned());
        foreach (ReplayReport r in reports)
        {
            string name = Markup.Escape(Path.GetFileName(r.File));
            string size = Numbers.Text(r.Bytes / 1024.0, "0.0");
            if (r.Players is null)
            {
                table.AddRow(name, "", $"[red]{Markup.Escape(Reason(r))}[/]", "", "", size);
                continue;
            }
            string players = string.Join(" : ", r.Players.Chunk(r.Players.Count / r.Teams!.Value).Select(t => string.Join(", ", t.Distinct())));
            string result = r.Winner < 0 ? $"draw, {r.Reason}" : $"{Side(r.Winner!.Value)} wins, {r.Reason}";
            table.AddRow(
                name, Markup.Escape(r.Game ?? ""), Markup.Escape(players), Numbers.Duration(r.Seconds),
                r.Obstacle is null ? Markup.Escape(result) : $"{Markup.Escape(result)}\n[yellow]{Markup.Escape(Reason(r))}[/]", size);
        }
        Consoles.For(output).Write(table);
        return 0;
    }

    /// <summary>The table names the file already.</summary>
    private static string Reason(ReplayReport report) => report.Obstacle!.Replace(report.File, "", StringComparison.Ordinal).TrimStart(' ', ':');

    private static string Side(int team) => team == 0 ? "first team" : "second team";
}
