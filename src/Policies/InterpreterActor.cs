using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>The interpreter of this processor, on the caller's thread.</summary>
public sealed class InterpreterActor : IPolicyActor
{
    /// <summary>Networks of other shapes than the learning one are rare: old bundles that were adapted to a new layout.</summary>
    private const int MostRunners = 4;

    private readonly PolicyRunners _runners = new(MostRunners);

    public void Act(PolicyNetwork network, ActorRows rows, ref Rng rng)
    {
        EnvironmentSpec spec = rows.Spec;
        int count = rows.Rows, teams = rows.LearningTeams;
        PolicyRunner runner = _runners.Of(network);
        runner.Forward(count, rows.Observations.AsSpan(0, count * spec.ObservationBytes), rows.Recurrent.AsSpan(0, count * network.Plan.RecurrentSize));
        runner.Sample(rows.ToSample(ref rng));
        if (teams > 0)
            runner.Values(teams, rows.FullState.AsSpan(0, teams * spec.FullStateBytes), rows.Values.AsSpan(0, teams * spec.AgentsPerTeam * spec.ValueHeads.Count));
        if (rows.DrawsUnused)
            runner.SampleUnused(rows.ToSampleUnused(ref rng));
    }

    public void Dispose()
    {
        // Its runners hold nothing but memory.
    }
}
