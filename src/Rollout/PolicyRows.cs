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

    private readonly PolicyRunners _runners = new(MostRunners);
    private int _rows, _recurrentSize;

    public byte[] Observations = [], Masks = [], FullState = [], AppliedMasks = [];
    public short[] Actions = [];
    public float[] Recurrent = [], LogProbabilities = [], Values = [];

    /// <inheritdoc cref="PolicyRunners.Of"/>
    public PolicyRunner RunnerOf(PolicyNetwork network) => _runners.Of(network);

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
