using SelfPlayArena.Cli.Hosting;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Server.League;

namespace SelfPlayArena.Cli.Serving;

/// <summary>The run of <c>arena league</c>, as the server controls it.</summary>
/// <param name="grains">What hosts the run; null where it is hosted directly.</param>
internal sealed class ServedRun(string name, SelfPlayRun run, GrainHosting? grains, Interrupts interrupts) : IServedRun
{
    private volatile RunProgress? _last;

    public string Name => name;

    public RunHealth Health => run.Health;

    public RunProgress? Last => _last;

    public bool Paused => run.IsPaused;

    public Task Pause() => grains?.Pause() ?? Now(run.Pause);

    public Task Resume() => grains?.Resume() ?? Now(run.Resume);

    public Task Snapshot() => grains?.Snapshot() ?? Now(run.AskForSnapshot);

    public Task Stop() => Now(interrupts.Request);

    /// <summary>An update was made.</summary>
    public void Updated(RunProgress progress) => _last = progress;

    private static Task Now(Action what)
    {
        what();
        return Task.CompletedTask;
    }
}
