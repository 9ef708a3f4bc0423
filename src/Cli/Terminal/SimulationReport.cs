using SelfPlayArena.Cli.Measuring;
using Spectre.Console;

namespace SelfPlayArena.Cli.Terminal;

/// <summary>A simulation bench's results as tables for people.</summary>
internal static class SimulationReport
{
    public static void Print(IReadOnlyList<SimulationBench.Result> results, TextWriter output)
    {
        IAnsiConsole console = Consoles.For(output);
        SimulationBench.Result first = results[0];
        console.Write(Rates(results));
        output.WriteLine("hero-steps/s leave choosing out; shares are of the whole time, choosing included; a hero-step is one hero deciding once; alloc: managed bytes a batch step");
        output.WriteLine("calm: the rate of those batch steps that other processes did not disturb (20th percentile of their times)");
        output.WriteLine($"a match         {first.TicksPerDecision} ticks a decision; {Bytes(first.ObservationBytes)} of observation and {Bytes(first.MaskBytes)} of masks a hero; {Bytes(first.StateBytes)} of state");
        foreach (SimulationBench.Result r in results.Where(r => r.Alive.Count > 0))
            output.WriteLine($"alive, {r.Matches,4}     {string.Join(", ", r.Alive.Select(a => $"{a.Key} {Numbers.Text(a.Value, "0.0")}"))}");
        if (first.ThinkingTicks.Count > 0)
            output.WriteLine($"ticks between   {string.Join(", ", first.ThinkingTicks.Select(t => $"{t.Key} {t.Value}"))}");
        output.WriteLine($"snapshot        {Numbers.Text(first.Snapshot.MicrosecondsHot, "0.00")} µs hot, {Numbers.Text(first.Snapshot.MicrosecondsCold, "0.00")} µs cold, {Bytes(first.Snapshot.Bytes)}");
        foreach (SimulationBench.Result r in results)
        {
            if (r.RollOut is { } o)
                output.WriteLine($"roll-outs, {r.Matches,4} {Numbers.Short(o.MatchTicksPerSecond)} match-ticks/s with {o.Players} choosing, {Numbers.Short(o.MatchTicksPerSecondWithoutChoice)} without its time");
        }
        if (first.Profile is not null)
            console.Write(Profile(results));
    }

    private static Table Rates(IReadOnlyList<SimulationBench.Result> results)
    {
        SimulationBench.Result first = results[0];
        var table = new Table
        {
            Border = TableBorder.Rounded,
            Title = new TableTitle(Markup.Escape($"{first.Environment}, {first.Rules} rules, {first.Players} players, one thread, median of {first.Repeats} × {Numbers.Text(first.Seconds)} s")),
        };
        table.AddColumn("matches");
        foreach (string name in new[] { "hero-steps/s", "of first", "calm", "hero-ticks/s", "ns", "with choice", "observe", "step", "choose", "spread", "alloc" })
            table.AddColumn(new TableColumn(name).RightAligned().NoWrap());
        if (first.ThreadRatio is not null)
            table.AddColumn(new TableColumn($"{first.Threads} threads").RightAligned());
        foreach (SimulationBench.Result r in results)
        {
            List<string> row =
            [
                $"{r.Matches}", Numbers.Short(r.HeroStepsPerSecond), Numbers.Percent(r.RateOfFirst, "0"), Numbers.Short(r.HeroStepsPerSecondCalm), Numbers.Short(r.HeroTicksPerSecond), Numbers.Text(r.NanosecondsPerHeroStep, "0"),
                Numbers.Short(r.HeroStepsPerSecondWithChoice), Numbers.Percent(r.ShareObserve, "0"), Numbers.Percent(r.ShareStep, "0"), Numbers.Percent(r.ShareChoose, "0"),
                Numbers.Percent(r.Spread, "0"), Numbers.Text(r.BytesAllocatedPerStep, "0.#"),
            ];
            if (r.ThreadRatio is { } ratio)
                row.Add($"× {Numbers.Text(ratio, "0.00")}");
            table.AddRow([.. row]);
        }
        return table;
    }

    private static Table Profile(IReadOnlyList<SimulationBench.Result> results)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle("ns a match and decision, and share") };
        table.AddColumn("part");
        foreach (SimulationBench.Result r in results)
            table.AddColumn(new TableColumn($"{r.Matches} match{(r.Matches == 1 ? "" : "es")}").RightAligned());
        foreach (string part in results[0].Profile!.Keys)
            table.AddRow([part, .. results.Select(r => Entry(r.Profile![part], r.Profile.Values.Sum()))]);
        table.AddRow(["all", .. results.Select(r => Entry(r.Profile!.Values.Sum(), r.Profile.Values.Sum()))]);
        return table;
    }

    private static string Entry(double nanoseconds, double all) => $"{Numbers.Text(nanoseconds, "0")}  {Numbers.Percent(nanoseconds / all),6}";

    private static string Bytes(int bytes) => $"{bytes.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)} bytes";
}
