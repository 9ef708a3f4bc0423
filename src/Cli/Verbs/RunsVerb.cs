using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SelfPlayArena.Cli.Terminal;
using SelfPlayArena.Rollout;
using Spectre.Console;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena runs</c>: what runs there are and how they stand.</summary>
internal static class RunsVerb
{
    /// <summary>What <c>--json</c> prints for each run.</summary>
    internal sealed record Report(
        string Name, string State, int? Pid, string Environment, string Mode, string Rules, string Network, long TrainedSteps, double Seconds,
        int Versions, double? Elo, double? EloError, IReadOnlyDictionary<string, double> WinRates, DateTime LastActivity, string? Problem)
    {
        internal double[] Curve { get; init; } = [];
    }

    public static Command Create()
    {
        Option<bool> json = CommonOptions.Json("print one line of JSON for each run");
        var command = new Command("runs", "List the runs in runs/ (or $ARENA_RUNS), most recently active first.") { json };
        command.SetAction(parsed =>
        {
            RunCatalog catalog = RunCatalog.Default;
            TextWriter output = parsed.InvocationConfiguration.Output;
            Report[] reports = [.. catalog.Names().Select(n => Describe(catalog.Existing(n), n))];
            if (parsed.GetValue(json))
            {
                foreach (Report report in reports)
                    output.WriteLine(JsonOutput.Line(report));
            }
            else if (reports.Length == 0)
            {
                output.WriteLine($"No runs in {Path.GetFullPath(catalog.Root)}. Start one with: arena league --preset quick-1v1 --minutes 10");
            }
            else
            {
                Print(reports, output);
            }
            return 0;
        });
        return command.WithExample("arena runs", "arena runs --json");
    }

    internal static Report Describe(RunFolder folder, string name)
    {
        int? process = RunCatalog.RunningProcess(folder);
        RunSettings settings;
        try
        {
            settings = folder.ReadSettings();
        }
        catch (InvalidDataException e)
        {
            return new Report(name, "damaged", process, "?", "?", "?", "?", 0, 0, 0, null, null, new Dictionary<string, double>(), RunCatalog.LastActivity(folder), e.Message);
        }
        using JsonDocument? progress = RunCatalog.LastProgress(folder);
        JsonElement? last = progress?.RootElement;
        (double? elo, double? error) = LatestRating(last);
        var rates = new Dictionary<string, double>();
        if (Field(last, "anchors") is { ValueKind: JsonValueKind.Array } anchors)
        {
            foreach (JsonElement a in anchors.EnumerateArray())
            {
                if (Number(a, "games") > 0 && Number(a, "win_rate") is { } rate)
                    rates[a.GetProperty("anchor").GetString() ?? ""] = rate;
            }
        }
        return new Report(
            name, process is null ? "stopped" : "running", process is 0 ? null : process, settings.Environment, settings.Mode, settings.Rules, settings.Network,
            (long)(Number(last, "trained_steps") ?? 0), Number(last, "seconds") ?? 0, RunCatalog.Versions(folder).Count, elo, error, rates,
            RunCatalog.LastActivity(folder), null)
        {
            Curve = Field(last, "elo_curve") is { ValueKind: JsonValueKind.Array } curve
                ? [.. curve.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Number).Select(e => e.GetDouble())]
                : [],
        };
    }

    private static (double? Elo, double? Error) LatestRating(JsonElement? last)
    {
        if (Field(last, "ratings") is not { ValueKind: JsonValueKind.Array } ratings)
            return (null, null);
        foreach (JsonElement r in ratings.EnumerateArray())
        {
            if (Field(r, "player") is { ValueKind: JsonValueKind.String } player && player.GetString()!.EndsWith("@latest", StringComparison.Ordinal) && Number(r, "games") > 0)
                return (Number(r, "elo"), Number(r, "elo_error"));
        }
        return (null, null);
    }

    private static JsonElement? Field(JsonElement? element, string name)
        => element is { ValueKind: JsonValueKind.Object } e && e.TryGetProperty(name, out JsonElement field) ? field : null;

    private static double? Number(JsonElement? element, string name)
        => Field(element, name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    private static void Print(Report[] reports, TextWriter output)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("run", "state", "plays", "network", "trained", "time", "versions", "Elo of the latest", "beats", "last activity");
        foreach (Report r in reports)
        {
            string state = r.State == "running" ? $"running{(r.Pid is { } pid ? $" ({pid})" : "")}" : r.State;
            string elo = r.Elo is { } value ? $"{Numbers.Text(value, "0")} ± {Numbers.Text(r.EloError ?? double.NaN, "0")} {Sparkline.Draw(r.Curve, 12)}" : "–";
            table.AddRow(
                Markup.Escape(r.Name), state, r.Environment == Environments.Moba ? $"{r.Mode} {r.Rules}" : r.Environment, r.Network, Numbers.Short(r.TrainedSteps),
                Numbers.Duration(r.Seconds), r.Versions.ToString(CultureInfo.InvariantCulture), elo,
                Markup.Escape(string.Join(", ", r.WinRates.Select(w => $"{w.Key} {Numbers.Percent(w.Value, "0")}"))),
                r.LastActivity.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
        }
        Consoles.For(output).Write(table);
        foreach (Report r in reports.Where(r => r.Problem is not null))
            output.WriteLine($"{r.Name}: {r.Problem}");
    }
}
