using Orleans;
using Orleans.Concurrency;

namespace SelfPlayArena.Grains;

/// <summary>
/// The frozen policies of a run; its key is the run's name. Each silo keeps those that its hosts play with, and asks here for what it lacks.
/// The latest policy does not come from here: it goes to hosts with every update, over the learner's stream.
/// </summary>
[Alias("arena.model-pool")]
public interface IModelPoolGrain : IGrainWithStringKey
{
    /// <summary>A frozen version's bundle, as in its file.</summary>
    /// <param name="player">For example <c>main@7</c>.</param>
    /// <exception cref="FileNotFoundException">There is no such version.</exception>
    Task<Immutable<byte[]>> Bundle(string player);

    /// <summary>How much it is used.</summary>
    [ReadOnly]
    Task<PoolStatus> Status();
}

/// <summary>How often bundles were asked for.</summary>
/// <param name="Held">Bundles kept in memory.</param>
[GenerateSerializer, Immutable, Alias("arena.pool-status")]
public sealed record PoolStatus(long Asked, long Read, int Held);
