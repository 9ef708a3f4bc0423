using System.CommandLine;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;
using Spectre.Console;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena env spec</c>: the interface of an environment, from the environment itself.</summary>
internal static class EnvSpecVerb
{
    public static Command Create()
    {
        Option<string> environment = CommonOptions.Among("--env", "environment", Environments.Moba, Environments.Names);
        Option<string> mode = CommonOptions.Mode();
        Option<string> rules = CommonOptions.Rules();
        Option<bool> json = CommonOptions.Json("print the whole layout as JSON, as bundles carry it");
        var markdown = new Option<bool>("--markdown") { Description = "print the whole layout as a page of Markdown" };
        var command = new Command("spec", "Show an environment's observations, actions and rewards: names, units, sizes and offsets.") { environment, mode, rules, json, markdown };
        var play = new PlayOptions();
        play.AddTo(command);
        command.SetAction(parsed =>
        {
            EnvironmentSpec spec = Environments.Create(play.Over(new RunSettings(), parsed) with
            {
                Environment = parsed.GetValue(environment)!,
                Mode = parsed.GetValue(mode)!,
                Rules = parsed.GetValue(rules)!,
            }).Spec;
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
                output.WriteLine(spec.ToJson());
            else if (parsed.GetValue(markdown))
                output.Write(SpecPage.Of(spec, $"arena env spec --markdown{(spec.Name.StartsWith(Environments.Moba, StringComparison.Ordinal) ? $" --mode {parsed.GetValue(mode)}" : $" --env {parsed.GetValue(environment)}")}"));
            else
                Print(spec, output);
            return 0;
        });
        return command.WithExample("arena env spec --mode 5v5", "arena env spec --env matching --json", "arena env spec --mode 5v5 --markdown > envs/Moba/SPEC.md");
    }

    private static void Print(EnvironmentSpec spec, TextWriter output)
    {
        IAnsiConsole console = Consoles.For(output);
        output.WriteLine($"{spec.Name}  content {spec.ContentHash}  layout {spec.Hash:x16}");
        output.WriteLine($"{spec.Teams} teams of {spec.AgentsPerTeam}; a decision every {Numbers.Text(spec.SecondsPerDecision)} s ({spec.TicksPerDecision} ticks)");
        output.WriteLine($"an agent sees {spec.ObservationBytes} bytes and {spec.MaskBytes} mask bytes; a team's full state has {spec.FullStateBytes} bytes");
        output.WriteLine($"scripted players: random, {string.Join(", ", spec.ScriptedPlayers.Select(s => "scripted:" + s))}");
        output.WriteLine();
        console.Write(Blocks("Observation of one agent", spec.Observation));
        if (spec.FullState.Count > 0)
            console.Write(Blocks("Full state as one team sees it (training only)", spec.FullState));
        console.Write(Heads(spec));
        console.Write(Rewards(spec));
    }

    private static Table Blocks(string title, IReadOnlyList<BlockSpec> blocks)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(title) };
        table.AddColumns("block", "slots", "feature", "kind", "unit", "1.0 means", "offset");
        foreach (BlockSpec block in blocks)
        {
            table.AddRow($"[bold]{Markup.Escape(block.Name)}[/]", $"{block.Slots}", Markup.Escape($"present ({block.EntityType})"), $"{block.Slots} × byte", "flag", "", $"{block.Offset}");
            foreach (FeatureSpec feature in block.Features)
            {
                bool scalar = feature.Kind is FeatureKind.Scalar8 or FeatureKind.Half;
                table.AddRow(
                    "", "", Markup.Escape(feature.Name), feature.Kind + (scalar ? "" : $" {feature.Size}"), Markup.Escape(feature.Unit),
                    scalar ? Numbers.Text(feature.Scale, "0.####") : "",
                    $"{block.RowsOffset + block.FeatureOffset(feature.Name)}{(block.Slots > 1 ? $" + {block.SlotBytes}·slot" : "")}");
            }
        }
        return table;
    }

    private static Table Heads(EnvironmentSpec spec)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle("Action heads") };
        table.AddColumns("head", "options", "points at", "used by verb (mask offset)");
        ActionHeadSpec verb = spec.Heads[0];
        table.AddRow($"[bold]{Markup.Escape(verb.Name)}[/]", Markup.Escape($"{verb.Size}: {string.Join(", ", verb.Options)}"), "", $"always ({spec.MaskOffset(0, 0)})");
        for (int h = 1; h < spec.Heads.Count; h++)
        {
            ActionHeadSpec head = spec.Heads[h];
            IEnumerable<string> uses = Enumerable.Range(0, verb.Size).Where(v => head.MaskRows[v] >= 0).Select(v => $"{verb.Options[v]} ({spec.MaskOffset(h, head.MaskRows[v])})");
            table.AddRow(
                $"[bold]{Markup.Escape(head.Name)}[/]", Markup.Escape(head.PointerBlocks is null ? $"{head.Size}: {string.Join(", ", head.Options)}" : $"{head.Size}"),
                Markup.Escape(head.PointerBlocks is null ? "" : string.Join(", ", head.PointerBlocks.Select(p => $"{p} × {spec.Observation.Single(b => b.Name == p).Slots}"))),
                Markup.Escape(string.Join(", ", uses)));
        }
        return table;
    }

    private static Table Rewards(EnvironmentSpec spec)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle("Reward terms") };
        table.AddColumns("term", "value head", "weight");
        foreach (RewardTermSpec term in spec.Rewards)
            table.AddRow(Markup.Escape(term.Name), Markup.Escape(term.ValueHead), Numbers.Text(term.Weight, "0.######"));
        return table;
    }
}
