using SelfPlayArena.Core;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Rollout;

/// <summary>
/// The buffers in which one group's teams are gathered, row by row, and the runners that they go through. A host's groups act one after the
/// other and share them: opponents come and go with every match, and buffers for each of them, megabytes of them pinned, made a league's
/// memory grow with the number of its policies.
/// </summary>
internal sealed class PolicyRows(EnvironmentSpec spec)
{
    /// <summary>Networks of other shapes than the learning one are rare: old bundles that were adapted to a new layout.</summary>
    private const int MostRunners = 4;

    private readonly List<PolicyRunner> _runners = [];
    private int _rows, _recurrentSize;

    public byte[] Observations = [], Masks = [], FullState = [], AppliedMasks = [];
    public short[] Actions = [];
    public float[] Recurrent = [], LogProbabilities = [], Values = [];

    /// <summary>A runner that is set to that network; good until the next call.</summary>
    public PolicyRunner RunnerOf(PolicyNetwork network)
    {
        foreach (PolicyRunner runner in _runners)
        {
            if (!ReferenceEquals(runner.Network.Plan, network.Plan))
                continue;
            runner.Use(network);
            return runner;
        }
        if (_runners.Count == MostRunners)
            _runners.RemoveAt(0);
        var added = new PolicyRunner(network);
        _runners.Add(added);
        return added;
    }

    /// <summary>Makes room for that many rows of a network with that recurrent width.</summary>
    public void Reserve(int rows, int recurrentSize)
    {
        if (recurrentSize > _recurrentSize || rows > _rows)
        {
            _recurrentSize = Math.Max(recurrentSize, _recurrentSize);
            Recurrent = new float[Math.Max(rows, _rows) * _recurrentSize];
        }
        if (rows <= _rows)
            return;
        _rows = rows;
        int teams = rows / spec.AgentsPerTeam;
        Observations = new byte[rows * spec.ObservationBytes];
        Masks = new byte[rows * spec.MaskBytes];
        FullState = new byte[teams * spec.FullStateBytes];
        AppliedMasks = new byte[rows * spec.OptionCount];
        Actions = new short[rows * spec.Heads.Count];
        LogProbabilities = new float[rows * spec.Heads.Count];
        Values = new float[rows * spec.ValueHeads.Count];
    }
}
