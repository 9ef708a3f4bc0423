using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>Chooses for a host's agents. Belongs to one thread; what is behind it may serve many.</summary>
public interface IPolicyActor : IDisposable
{
    /// <summary>
    /// Evaluates a network on a batch, draws actions and, for learning teams, asks the critic. With the same generator every actor draws the same
    /// actions, but for what rounding makes of a draw at the edge of two options.
    /// </summary>
    /// <param name="network">The network that chooses: exactly this version, whichever was published since.</param>
    /// <param name="rows">The batch, and where answers go.</param>
    /// <param name="rng">The host's generator.</param>
    /// <exception cref="InvalidOperationException">The pass failed, or its outputs are not numbers.</exception>
    void Act(PolicyNetwork network, ActorRows rows, ref Rng rng);
}
