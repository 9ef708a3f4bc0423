namespace SelfPlayArena.Policies;

/// <summary>
/// Runners for networks that come and go: those of one plan share a runner and its buffers, one after the other. Not thread-safe.
/// </summary>
/// <param name="most">Plans at a time; the one that was added first makes room.</param>
public sealed class PolicyRunners(int most)
{
    private readonly List<PolicyRunner> _runners = [];

    /// <summary>A runner that is set to that network; good until the next call.</summary>
    public PolicyRunner Of(PolicyNetwork network)
    {
        foreach (PolicyRunner runner in _runners)
        {
            if (!ReferenceEquals(runner.Network.Plan, network.Plan))
                continue;
            runner.Use(network);
            return runner;
        }
        if (_runners.Count == most)
            _runners.RemoveAt(0);
        var added = new PolicyRunner(network);
        _runners.Add(added);
        return added;
    }
}
