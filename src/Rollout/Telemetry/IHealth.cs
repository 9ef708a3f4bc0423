namespace SelfPlayArena.Rollout.Telemetry;

/// <summary>What <c>/health</c> answers: 200 or 503, and all the record holds as JSON.</summary>
public interface IHealth
{
    bool Healthy { get; }
}
