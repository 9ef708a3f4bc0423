using System.Globalization;
using System.Text;
using SelfPlayArena.Core;

namespace SelfPlayArena.Cli.Verbs;

/// <summary>An environment's layout as a page of Markdown. Says nothing that content alone changes, so that the page only changes with the layout.</summary>
internal static class SpecPage
{
    public static string Of(EnvironmentSpec spec, string command)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"# Layout of {spec.Name}\n\n");
        page.Append(CultureInfo.InvariantCulture, $"Written by `{command}`; do not edit. Layout hash `{spec.Hash:x16}`.\n\n");
        page.Append(CultureInfo.InvariantCulture, $"- {spec.Teams} teams of {spec.AgentsPerTeam} agents, numbered team by team.\n");
        page.Append(CultureInfo.InvariantCulture, $"- An agent sees {spec.ObservationBytes} bytes ({spec.Observation.Sum(b => b.Slots)} entity slots) and {spec.MaskBytes} mask bytes; a team's full state has {spec.FullStateBytes} bytes.\n");
        page.Append("- A block is one presence byte a slot, then one row a slot; rows of absent slots are zero. Offsets are in bytes.\n");
        page.Append("- `Scalar8` is a signed byte q: the value is q / 127 × scale. `Categorical n` is one byte below n. `BitSet n` is n bits, least significant first.\n");
        page.Append("- Positions and directions are in the frame of the agent's team, whose base is always bottom-left.\n");
        Blocks(page, "Observation of one agent", spec.Observation);
        if (spec.FullState.Count > 0)
            Blocks(page, "Full state as one team sees it (training only)", spec.FullState);
        Heads(page, spec);
        Rewards(page, spec);
        return page.ToString();
    }

    private static void Blocks(StringBuilder page, string title, IReadOnlyList<BlockSpec> blocks)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n");
        foreach (BlockSpec block in blocks)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n### {block.Name}\n{(block.Slots == 1 ? "One slot" : $"{block.Slots} slots")} of type `{block.EntityType}`, {block.SlotBytes} bytes a row; presence at {block.Offset}, rows from {block.RowsOffset}.\n\n");
            page.Append("| feature | kind | scale | unit | in the row |\n|---|---|---|---|---|\n");
            foreach (FeatureSpec f in block.Features)
            {
                bool scalar = f.Kind is FeatureKind.Scalar8 or FeatureKind.Half;
                page.Append(CultureInfo.InvariantCulture, $"| `{f.Name}` | {f.Kind}{(scalar ? "" : $" {f.Size}")} | {(scalar ? Numbers.Text(f.Scale, "0.####") : "")} | {(scalar ? f.Unit : "")} | {block.FeatureOffset(f.Name)} |\n");
            }
        }
    }

    private static void Heads(StringBuilder page, EnvironmentSpec spec)
    {
        ActionHeadSpec verb = spec.Heads[0];
        page.Append("\n## Action heads\n\nAn action is one number a head, -1 where the verb does not use it. Masks are rows of one byte (0 or 1) an option.\n\n");
        page.Append("| head | options | what they are |\n|---|---|---|\n");
        foreach (ActionHeadSpec head in spec.Heads)
        {
            string options = head.PointerBlocks is null
                ? string.Join(", ", head.Options)
                : "slots of " + string.Join(", ", head.PointerBlocks.Select(p => $"`{p}` ({spec.Observation.Single(b => b.Name == p).Slots})"));
            page.Append(CultureInfo.InvariantCulture, $"| `{head.Name}` | {head.Size} | {options} |\n");
        }
        page.Append("\n### Which row of a head's mask applies\nByte offset in an agent's mask by verb; the verb's own row is at 0.\n\n| verb |");
        foreach (ActionHeadSpec head in spec.Heads.Skip(1))
            page.Append(CultureInfo.InvariantCulture, $" {head.Name} |");
        page.Append('\n').Append("|---|").Append(string.Concat(Enumerable.Repeat("---|", spec.Heads.Count - 1))).Append('\n');
        for (int v = 0; v < verb.Size; v++)
        {
            page.Append(CultureInfo.InvariantCulture, $"| `{verb.Options[v]}` |");
            for (int h = 1; h < spec.Heads.Count; h++)
                page.Append(spec.Heads[h].MaskRows[v] is >= 0 and int row ? string.Create(CultureInfo.InvariantCulture, $" {spec.MaskOffset(h, row)} |") : " |");
            page.Append('\n');
        }
    }

    private static void Rewards(StringBuilder page, EnvironmentSpec spec)
    {
        page.Append("\n## Reward terms\n\n| term | value head | default weight |\n|---|---|---|\n");
        foreach (RewardTermSpec term in spec.Rewards)
            page.Append(CultureInfo.InvariantCulture, $"| `{term.Name}` | {term.ValueHead} | {Numbers.Text(term.Weight, "0.######")} |\n");
    }
}
