namespace SelfPlayArena.Server.League;

/// <summary>The run of this process, once there is one.</summary>
public sealed class ServedLeague
{
    private volatile IServedRun? _run;

    /// <summary>Null where the server only shows what is on disk, and until the run is open.</summary>
    public IServedRun? Run => _run;

    internal void Attach(IServedRun run) => _run = run;
}
