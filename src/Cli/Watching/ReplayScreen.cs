using System.Diagnostics;
using SelfPlayArena.Core.Replays;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SelfPlayArena.Cli.Watching;

/// <summary>A replay on the terminal, played, paused and sought by keys.</summary>
internal sealed class ReplayScreen
{
    private const int FrameMilliseconds = 50;
    private const double LeapSeconds = 10;
    private const double Slowest = 0.125, Fastest = 1024;

    /// <summary>Lines of header and footer.</summary>
    private const int Margin = 4;
    private readonly OpenReplay _open;
    private readonly double _secondsPerDecision;
    private double _position;
    private double _speed;
    private bool _paused;
    private bool _left;

    /// <param name="start">Decision to begin at.</param>
    /// <param name="speed">Times as fast as the game.</param>
    public ReplayScreen(OpenReplay open, int start, double speed)
    {
        _open = open;
        _position = start;
        _speed = speed;
        _secondsPerDecision = open.Replay.Header.SecondsPerDecision;
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
        while (!_left)
        {
            while (Console.KeyAvailable && !_left)
                Press(Console.ReadKey(intercept: true));
            double passed = Stopwatch.GetElapsedTime(last).TotalSeconds;
            last = Stopwatch.GetTimestamp();
            if (!_paused)
                _position += passed * _speed / _secondsPerDecision;
            _position = Math.Clamp(_position, 0, _open.Replay.Decisions);
            _open.Player.Seek((int)_position);
            string state = $"{(_paused ? "paused" : $"{Numbers.Text(_speed)}×")}  space ←→ n p + - q";
            Profile profile = AnsiConsole.Console.Profile;
            context.UpdateTarget(Picture(_open, profile.Width, profile.Height, state));
            Thread.Sleep(FrameMilliseconds);
        }
    }

    private void Press(ConsoleKeyInfo key)
    {
        switch (key)
        {
            case { Key: ConsoleKey.Q or ConsoleKey.Escape } or { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control }:
                _left = true;
                break;
            case { Key: ConsoleKey.Spacebar }:
                _paused = !_paused;
                break;
            case { Key: ConsoleKey.LeftArrow }:
                _position -= LeapSeconds / _secondsPerDecision;
                break;
            case { Key: ConsoleKey.RightArrow }:
                _position += LeapSeconds / _secondsPerDecision;
                break;
            case { Key: ConsoleKey.Home }:
                _position = 0;
                break;
            case { Key: ConsoleKey.End }:
                _position = _open.Replay.Decisions;
                break;
            case { KeyChar: '+' or '=' }:
                _speed = Math.Min(_speed * 2, Fastest);
                break;
            case { KeyChar: '-' }:
                _speed = Math.Max(_speed / 2, Slowest);
                break;
            case { Key: ConsoleKey.N }:
                if (_open.Scene.Events.FirstOrDefault(e => e.Kind != MobaChronicle.Level && e.Decision > _position) is { } next)
                    _position = next.Decision;
                break;
            case { Key: ConsoleKey.P }:
                if (_open.Scene.Events.LastOrDefault(e => e.Kind != MobaChronicle.Level && e.Decision < (int)_position) is { } previous)
                    _position = previous.Decision;
                break;
        }
    }
}
