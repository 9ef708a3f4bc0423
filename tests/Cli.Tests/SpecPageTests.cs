using System.Runtime.CompilerServices;
using SelfPlayArena.Cli.Verbs;
using SelfPlayArena.Core;

namespace SelfPlayArena.Cli.Tests;

public sealed class SpecPageTests
{
    [Fact]
    public void ThePageInTheRepositoryIsTheLayoutOfToday()
    {
        const string command = "arena env spec --markdown --mode 5v5";
        string page = File.ReadAllText(Path.Combine(Root(), "envs", "Moba", "SPEC.md"));
        var output = new StringWriter();
        Assert.Equal(0, ArenaCommand.Run(command.Split(' ')[1..], output, TextWriter.Null));
        Assert.True(page == output.ToString(), $"envs/Moba/SPEC.md is not what the layout is; write it anew: {command} > envs/Moba/SPEC.md");
    }

    [Fact]
    public void EveryFeatureHeadAndTermIsOnThePage()
    {
        EnvironmentSpec spec = Environments.Create(Environments.Moba, "5v5", "quick").Spec;
        string page = SpecPage.Of(spec, "x");
        foreach (BlockSpec block in spec.Observation.Concat(spec.FullState))
        {
            string section = page[page.IndexOf($"### {block.Name}\n", StringComparison.Ordinal)..];
            Assert.Contains($"presence at {block.Offset}, rows from {block.RowsOffset}", section[..section.IndexOf("\n\n", StringComparison.Ordinal)], StringComparison.Ordinal);
            Assert.All(block.Features, f => Assert.Contains($"| `{f.Name}` | {f.Kind}", section, StringComparison.Ordinal));
        }
        Assert.All(spec.Heads, h => Assert.Contains($"| `{h.Name}` | {h.Size} |", page, StringComparison.Ordinal));
        Assert.All(spec.Rewards, r => Assert.Contains($"| `{r.Name}` | {r.ValueHead} |", page, StringComparison.Ordinal));
    }

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
