using SelfPlayArena.Core.Replays;
using SelfPlayArena.Moba;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SelfPlayArena.Cli.Watching;

/// <summary>A MOBA match: map, scoreboard, leads and events.</summary>
internal sealed class MobaScene(MobaEnvironment environment, Replay replay) : IReplayScene
{
    private const int BoardWidth = 52;
    private const int Chrome = 2;
    private const int TimeWidth = 8;
    private readonly MobaChronicle _chronicle = new(environment, replay.Header);
    private readonly MobaNames _names = new(environment);
    private readonly MobaMap _map = new(environment);

    public IReadOnlyList<ReplayEvent> Events => _chronicle.Events;

    public void Passed(int decision) => _chronicle.Passed(decision);

    public IRenderable Draw(int decision, int width, int height)
    {
        int lines = Math.Clamp(Math.Min(height - Chrome, (width - BoardWidth) / 2), 8, 64);
        var grid = new Grid();
        grid.AddColumn(new GridColumn { Width = 2 * lines, Padding = new Padding(0, 0, 2, 0), NoWrap = true });
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        grid.AddRow(_map.Draw(ref environment.State(0), _names, lines), Side(decision, lines, width - 2 * lines - Chrome));
        return grid;
    }

    private Rows Side(int decision, int lines, int columns)
    {
        ref WorldState s = ref environment.State(0);
        var parts = new List<IRenderable> { MobaScoreboard.Draw(environment.World, ref s, _names) };
        parts.Add(Lead("gold lead", _chronicle.GoldLead(decision)));
        parts.Add(Lead("xp lead", _chronicle.XpLead(decision)));
        int feed = Math.Max(3, lines - 2 * environment.World.HeroesPerTeam - 9);
        foreach (ReplayEvent e in _chronicle.Events.Where(e => e.Decision <= decision && e.Kind != MobaChronicle.Level).TakeLast(feed))
            parts.Add(new Markup($"[grey]{Numbers.Duration(e.Seconds),6}[/]  [{MobaNames.Colour(e.Team)}]{Markup.Escape(Fit(e.Text, columns - TimeWidth))}[/]"));
        return new Rows(parts);
    }

    private static string Fit(string text, int width) => text.Length <= width ? text : text[..Math.Max(0, width - 1)] + "…";

    private static Markup Lead(string what, IReadOnlyList<double> curve)
    {
        double now = curve.Count > 0 ? curve[^1] : 0;
        int team = now > 0 ? 0 : now < 0 ? 1 : -1;
        string who = team < 0 ? "even" : $"{MobaNames.Team(team)} +{Numbers.Text(Math.Abs(now), "0")}";
        return new Markup($"[grey]{what,-9}[/] {Terminal.Sparkline.Draw(curve, 28),-28} [{MobaNames.Colour(team)}]{who}[/]");
    }
}
