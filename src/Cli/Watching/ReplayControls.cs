namespace SelfPlayArena.Cli.Watching;

/// <summary>Where in a replay one is and how fast it goes on, as keys have it.</summary>
/// <param name="decisions">Length of the replay.</param>
/// <param name="secondsPerDecision">Game time of a decision.</param>
/// <param name="stops">Decisions worth leaping to, ascending.</param>
/// <param name="start">Decision to begin at.</param>
/// <param name="speed">Times as fast as the game.</param>
internal sealed class ReplayControls(int decisions, double secondsPerDecision, IReadOnlyList<int> stops, int start, double speed)
{
    private const double LeapSeconds = 10;
    private const double Slowest = 0.125, Fastest = 1024;
    private double _position = Math.Clamp(start, 0, decisions);
    private double _speed = speed;
    private bool _paused;

    /// <summary>Decisions played at this moment.</summary>
    public int Decision => (int)_position;

    /// <summary>Whether the reader asked to leave.</summary>
    public bool Left { get; private set; }

    /// <summary>Speed and keys, for the last line.</summary>
    public string State => $"{(_paused ? "paused" : $"{Numbers.Text(_speed)}×")}  space ←→ n p + - q";

    /// <summary>So much time has passed on the clock.</summary>
    public void Advance(double seconds)
    {
        if (!_paused)
            Move(seconds * _speed);
    }

    public void Press(ConsoleKeyInfo key)
    {
        switch (key)
        {
            case { Key: ConsoleKey.Q or ConsoleKey.Escape } or { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control }:
                Left = true;
                break;
            case { Key: ConsoleKey.Spacebar }:
                _paused = !_paused;
                break;
            case { Key: ConsoleKey.LeftArrow }:
                Move(-LeapSeconds);
                break;
            case { Key: ConsoleKey.RightArrow }:
                Move(LeapSeconds);
                break;
            case { Key: ConsoleKey.Home }:
                _position = 0;
                break;
            case { Key: ConsoleKey.End }:
                _position = decisions;
                break;
            case { KeyChar: '+' or '=' }:
                _speed = Math.Min(_speed * 2, Fastest);
                break;
            case { KeyChar: '-' }:
                _speed = Math.Max(_speed / 2, Slowest);
                break;
            case { Key: ConsoleKey.N }:
                _position = stops.Where(s => s > Decision).DefaultIfEmpty(Decision).First();
                break;
            case { Key: ConsoleKey.P }:
                _position = stops.Where(s => s < Decision).DefaultIfEmpty(0).Last();
                break;
        }
    }

    private void Move(double gameSeconds) => _position = Math.Clamp(_position + gameSeconds / secondsPerDecision, 0, decisions);
}
