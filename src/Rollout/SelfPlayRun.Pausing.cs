namespace SelfPlayArena.Rollout;

/// <summary>How a run is paused, and what it gives way to.</summary>
public sealed partial class SelfPlayRun
{
    // Two who tell it otherwise at a time leave it running or not, and never running while its health says that it is paused.
    private readonly Lock _pausing = new();

    /// <summary>Told to stand still.</summary>
    public bool IsPaused => _pace.IsPaused;

    /// <summary>What training gives way to from now on; null for nothing. Before <see cref="Run"/>.</summary>
    public void GiveWayTo(IPlayPressure? pressure) => _pace.Pressure = pressure;

    /// <summary>
    /// Lets the run stand still: hosts of this process after the decision, the learner after the update that is under way. Workers elsewhere play until
    /// nobody takes their experience. From any thread.
    /// </summary>
    public void Pause()
    {
        lock (_pausing)
        {
            _pace.Pause();
            _watch.Paused(true);
        }
    }

    /// <summary>Lets a paused run go on. From any thread.</summary>
    public void Resume()
    {
        lock (_pausing)
        {
            _watch.Paused(false);
            _pace.Resume();
        }
    }

    /// <summary>Waits while the run is paused. Results are on disk meanwhile, and a snapshot that is asked for is taken.</summary>
    private void StandStill(CancellationToken cancellation)
    {
        if (!_pace.IsPaused)
            return;
        _league.Flush();
        while (_pace.IsPaused && !cancellation.IsCancellationRequested)
        {
            _pace.AwaitWord(cancellation);
            if (_pace.IsPaused && Interlocked.Exchange(ref _asked, 0) != 0)
                TakeSnapshot();
        }
    }
}
