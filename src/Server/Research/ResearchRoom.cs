using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Server.Hosting;

namespace SelfPlayArena.Server.Research;

/// <summary>What all programs that drive matches share: limits, threads, counters.</summary>
internal sealed class ResearchRoom : IDisposable
{
    private readonly Lazy<StepThreads> _threads;

    public ResearchRoom(ServerOptions options, FolderNames names, MetricSheet sheet, IPlayPressure pressure)
    {
        Games = options.Games;
        Names = names;
        Limits = options.Research;
        Budget = new ResearchBudget(Limits);
        Metrics = new ResearchMetrics(sheet, Budget);
        // Most servers never see a researcher: the threads start with the first.
        _threads = new Lazy<StepThreads>(() => new StepThreads(Limits.Threads, pressure));
    }

    public IGameCatalog? Games { get; }

    /// <summary>Keeps the server's folders out of what clients are told.</summary>
    public FolderNames Names { get; }

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
