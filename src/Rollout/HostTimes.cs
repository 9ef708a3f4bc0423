namespace SelfPlayArena.Rollout;

/// <summary>Where the time of match hosts' threads went, by the wall clock.</summary>
/// <param name="Inference">Networks: forward, sampling, the critic.</param>
/// <param name="Simulation">Stepping the environment.</param>
/// <param name="Observation">What agents see, and their masks.</param>
/// <param name="Scripted">Choosing for scripted players.</param>
/// <param name="Waiting">Standing at the full transport.</param>
/// <param name="Pausing">Standing still, or giving way to the learner.</param>
/// <param name="All">All of it: what is left are rows gathered and given back, rewards and chunks.</param>
public sealed record HostTimes(TimeSpan Inference, TimeSpan Simulation, TimeSpan Observation, TimeSpan Scripted, TimeSpan Waiting, TimeSpan Pausing, TimeSpan All)
{
    public static HostTimes Zero { get; } = new(default, default, default, default, default, default, default);

    public static HostTimes operator +(HostTimes a, HostTimes b) => new(
        a.Inference + b.Inference, a.Simulation + b.Simulation, a.Observation + b.Observation, a.Scripted + b.Scripted, a.Waiting + b.Waiting, a.Pausing + b.Pausing, a.All + b.All);

    /// <summary>Seconds by part; together they are <see cref="All"/>.</summary>
    public IReadOnlyDictionary<string, double> Seconds => new Dictionary<string, double>
    {
        ["inference"] = Inference.TotalSeconds,
        ["simulation"] = Simulation.TotalSeconds,
        ["observation"] = Observation.TotalSeconds,
        ["scripted"] = Scripted.TotalSeconds,
        ["copying"] = (All - Inference - Simulation - Observation - Scripted - Waiting - Pausing).TotalSeconds,
        ["waiting"] = Waiting.TotalSeconds,
        ["pausing"] = Pausing.TotalSeconds,
    };
}
