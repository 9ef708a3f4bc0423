using System.Diagnostics;
using SelfPlayArena.Core.Replays;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SelfPlayArena.Cli.Watching;

/// <summary>A replay on the terminal, played, paused and sought by keys.</summary>
internal sealed class ReplayScreen
{
    private const int FrameMilliseconds = 50;
    /// <summary>Lines of header and footer.</summary>
    private const int Margin = 4;
    private readonly OpenReplay _open;
    private readonly ReplayControls _controls;

    /// <param name="start">Decision to begin at.</param>
    /// <param name="speed">Times as fast as the game.</param>
    public ReplayScreen(OpenReplay open, int start, double speed)
    {
        _open = open;
        int[] stops = [.. open.Scene.Events.Where(e => e.Kind != MobaChronicle.Level).Select(e => e.Decision).Distinct()];
        _controls = new ReplayControls(open.Replay.Decisions, open.Replay.Header.SecondsPerDecision, stops, start, speed);
    }

    public void Run()
    {
        AnsiConsole.Cursor.Hide();
        // Else Ctrl-C would leave the terminal on its second screen.
        Console.TreatControlCAsInput = true;
        try
        {
            AnsiConsole.AlternateScreen(() => AnsiConsole.Live(new Text("")).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom).Start(Play));
        }
        finally
        {
            Console.TreatControlCAsInput = false;
            AnsiConsole.Cursor.Show();
        }
    }

    /// <summary>Header, what the match looks like now, and how far it has come.</summary>
    public static IRenderable Picture(OpenReplay open, int width, int height, string state = "")
    {
        ReplayHeader header = open.Replay.Header;
        int decision = open.Player.Decision;
        string sides = string.Join(" : ", header.Players.Chunk(header.AgentsPerTeam).Select(t => string.Join(", ", t.Distinct())));
        string opening = decision < header.Opening ? " · scripted opening" : "";
        string now = $"{Numbers.Duration(decision * (double)header.SecondsPerDecision)} of {Numbers.Duration(header.Seconds)}";
        int bar = Math.Clamp(width - now.Length - state.Length - 6, 10, 80);
        var parts = new List<IRenderable>
        {
            new Markup($"[bold]{Markup.Escape(header.Game)}[/]  {Markup.Escape(sides)}  [grey]match {Markup.Escape(header.Match)}, seed {header.Seed:x16}{opening}[/]") { Overflow = Overflow.Ellipsis },
            open.Scene.Draw(decision, width, height - Margin),
            new Markup($"{now} [grey]{Terminal.Sparkline.Bar((double)decision / Math.Max(1, header.Decisions), bar)}[/] {Markup.Escape(state)}"),
        };
        return new Rows(parts);
    }

    private void Play(LiveDisplayContext context)
    {
        long last = Stopwatch.GetTimestamp();
        (int, string, int, int) shown = default;
        while (true)
        {
            while (Console.KeyAvailable)
                _controls.Press(Console.ReadKey(intercept: true));
            if (_controls.Left)
                return;
            _controls.Advance(Stopwatch.GetElapsedTime(last).TotalSeconds);
            last = Stopwatch.GetTimestamp();
            _open.Player.Seek(_controls.Decision);
            Profile profile = AnsiConsole.Console.Profile;
            (int, string, int, int) now = (_controls.Decision, _controls.State, profile.Width, profile.Height);
            if (now != shown)
                context.UpdateTarget(Picture(_open, profile.Width, profile.Height, _controls.State));
            shown = now;
            Thread.Sleep(FrameMilliseconds);
        }
    }
}
