using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Streaming;

/// <summary>What a learner told a worker, made ready to play.</summary>
/// <param name="MatchesPerHost">What the learner's own hosts play at a time.</param>
public sealed record WorkerTerms(IEnvironmentFactory Factory, NetworkPlan Plan, TrajectoryLayout Layout, HostOptions Options, int MatchesPerHost, ulong Seed)
{
    internal static WorkerTerms Of(Accept accept, FactoryOf factoryOf)
    {
        IEnvironmentFactory factory = factoryOf(accept.Recipe);
        Check(factory.Spec, accept);
        NetworkPlan plan;
        try
        {
            plan = new NetworkPlan(NetworkDescription.FromJson(accept.Network), factory.Spec);
        }
        catch (Exception e) when (e is InvalidNetworkException or System.Text.Json.JsonException)
        {
            throw new RefusedException(Refusal.OtherLayout, $"the learner's network cannot be made here: {e.Message}", e);
        }
        return new WorkerTerms(factory, plan, new TrajectoryLayout(factory.Spec, accept.ChunkSteps, plan.RecurrentSize), accept.Options, accept.MatchesPerHost, accept.Seed);
    }

    /// <exception cref="RefusedException">The learner that answers now trains something else.</exception>
    internal void StillHold(Accept accept)
    {
        Check(Factory.Spec, accept);
        if (accept.ChunkSteps != Layout.Steps || accept.Network != Plan.Description.ToJson())
            throw new RefusedException(Refusal.OtherLayout, "another run, with another network or other chunks, answers at this address now; start the worker again to play for it");
    }

    private static void Check(EnvironmentSpec spec, Accept accept)
    {
        if (spec.Hash != accept.SpecHash)
            throw new RefusedException(Refusal.OtherLayout, $"this worker's {spec.Name} has the layout {spec.Hash:x16}, the learner's {accept.SpecHash:x16}; both must be one version of the program");
        if (spec.ContentHash != accept.ContentHash)
            throw new RefusedException(Refusal.OtherContent, $"this worker's {spec.Name} has content {spec.ContentHash}, the learner's {accept.ContentHash}; both must be one version of the program");
    }
}
