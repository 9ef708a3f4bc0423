using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Server.Hosting;

namespace SelfPlayArena.Server.Research;

/// <summary>What all programs that drive matches share: limits, threads, counters.</summary>
internal sealed class ResearchRoom : IDisposable
{
    private readonly Lazy<StepThreads> _threads;

    public ResearchRoom(ServerOptions options, MetricSheet sheet, IPlayPressure pressure)
    {
        Games = options.Games;
        Limits = options.Research;
        Budget = new ResearchBudget(Limits);
        Metrics = new ResearchMetrics(sheet, Budget);
        // Most servers never see a researcher: the threads start with the first.
        _threads = new Lazy<StepThreads>(() => new StepThreads(Limits.Threads, pressure));
    }

    public IGameCatalog? Games { get; }

    public ResearchLimits Limits { get; }

    public ResearchBudget Budget { get; }

    public ResearchMetrics Metrics { get; }

    public StepThreads Threads => _threads.Value;

    public void Dispose()
    {
        if (_threads.IsValueCreated)
            _threads.Value.Dispose();
    }
}
