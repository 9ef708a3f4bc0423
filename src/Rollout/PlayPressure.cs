namespace SelfPlayArena.Rollout;

/// <summary>Tells threads that train whether people play on this machine, whose ticks must come on time.</summary>
public interface IPlayPressure
{
    /// <summary>Whether a live match with people in it is under way.</summary>
    bool IsHigh { get; }

    /// <summary>Asks training to give way until what is returned is disposed. Any number of matches may ask; from any thread.</summary>
    IDisposable Raise();
}

/// <inheritdoc/>
public sealed class PlayPressure : IPlayPressure
{
    private int _raised;

    public bool IsHigh => Volatile.Read(ref _raised) > 0;

    public IDisposable Raise()
    {
        Interlocked.Increment(ref _raised);
        return new Asked(this);
    }

    private sealed class Asked(PlayPressure of) : IDisposable
    {
        private int _done;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _done, 1) == 0)
                Interlocked.Decrement(ref of._raised);
        }
    }
}
