using SelfPlayArena.Cli.Watching;

namespace SelfPlayArena.Cli.Tests;

public sealed class ReplayControlsTests
{
    private readonly ReplayControls _controls = new(decisions: 1000, secondsPerDecision: 0.5, stops: [100, 400, 401], start: 200, speed: 4);

    private int After(ConsoleKey key, char character = '\0', bool control = false)
    {
        _controls.Press(new ConsoleKeyInfo(character, key, false, false, control));
        return _controls.Decision;
    }

    [Fact]
    public void TimeGoesOnAtTheSpeedAskedForAndStopsWhilePausedAndAtTheEnd()
    {
        _controls.Advance(1);
        Assert.Equal(208, _controls.Decision);
        After(ConsoleKey.Spacebar, ' ');
        _controls.Advance(50);
        Assert.Equal(208, _controls.Decision);
        Assert.StartsWith("paused", _controls.State, StringComparison.Ordinal);
        After(ConsoleKey.Spacebar, ' ');
        After(ConsoleKey.OemPlus, '+');
        _controls.Advance(1);
        Assert.Equal(224, _controls.Decision);
        After(ConsoleKey.OemMinus, '-');
        After(ConsoleKey.OemMinus, '-');
        _controls.Advance(1);
        Assert.Equal(228, _controls.Decision);
        _controls.Advance(10_000);
        Assert.Equal(1000, _controls.Decision);
    }

    [Fact]
    public void KeysLeapTenSecondsAndFromEventToEvent()
    {
        Assert.Equal(220, After(ConsoleKey.RightArrow));
        Assert.Equal(200, After(ConsoleKey.LeftArrow));
        Assert.Equal(400, After(ConsoleKey.N, 'n'));
        Assert.Equal(401, After(ConsoleKey.N, 'n'));
        Assert.Equal(401, After(ConsoleKey.N, 'n'));
        Assert.Equal(400, After(ConsoleKey.P, 'p'));
        Assert.Equal(100, After(ConsoleKey.P, 'p'));
        Assert.Equal(0, After(ConsoleKey.P, 'p'));
        Assert.Equal(0, After(ConsoleKey.LeftArrow));
        Assert.Equal(1000, After(ConsoleKey.End));
        Assert.Equal(1000, After(ConsoleKey.RightArrow));
        Assert.Equal(0, After(ConsoleKey.Home));
    }

    [Theory]
    [InlineData(ConsoleKey.Q, 'q', false)]
    [InlineData(ConsoleKey.Escape, '\x1b', false)]
    [InlineData(ConsoleKey.C, '\x03', true)]
    public void QEscapeAndInterruptLeave(ConsoleKey key, char character, bool control)
    {
        After(ConsoleKey.C, 'c');
        Assert.False(_controls.Left);
        After(key, character, control);
        Assert.True(_controls.Left);
    }
}
