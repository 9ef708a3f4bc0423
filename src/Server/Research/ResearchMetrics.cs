using Prometheus;
using SelfPlayArena.Rollout.Telemetry;

namespace SelfPlayArena.Server.Research;

/// <summary>What programs that drive matches have done and have.</summary>
internal sealed class ResearchMetrics
{
    private static readonly double[] Bounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
    private readonly ResearchBudget _budget;
    private readonly Gauge _batches, _bytes;

    public ResearchMetrics(MetricSheet sheet, ResearchBudget budget)
    {
        _budget = budget;
        sheet.Begin("Batches that programs step");
        _batches = sheet.Gauge("arena_research_batches", "Batches of matches that programs have open.");
        _bytes = sheet.Gauge("arena_research_bytes", "Memory that open batches take, as the limits count it.");
        Decisions = sheet.Counter("arena_research_decisions_total", "Decisions of matches that programs stepped.");
        AgentSteps = sheet.Counter("arena_research_agent_steps_total", "Decisions of agents that programs drove.");
        IllegalActions = sheet.Counter("arena_research_illegal_actions_total", "Actions of programs that the masks did not allow, played as staying.");
        StepSeconds = sheet.Histogram("arena_research_step_seconds", "Time to step a batch, without sending and receiving.", Bounds);
        Counted();
    }

    public Counter Decisions { get; }

    public Counter AgentSteps { get; }

    public Counter IllegalActions { get; }

    public Histogram StepSeconds { get; }

    /// <summary>A batch was opened or closed.</summary>
    public void Counted()
    {
        _bytes.Set(_budget.Bytes);
        _batches.Set(_budget.Sessions);
    }
}
