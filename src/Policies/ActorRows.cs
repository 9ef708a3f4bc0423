using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>
/// A batch of agents that one network is to choose for, row by row, team by team, and room for what it answers. One host's: its groups of teams act one
/// after the other and share it, as buffers for each of them would make a league's memory grow with the number of its policies.
/// </summary>
public sealed class ActorRows(EnvironmentSpec spec)
{
    private int _capacity, _recurrentSize;
    private short[] _chosen = [];

    /// <summary>Of which environment the rows are.</summary>
    public EnvironmentSpec Spec => spec;

    /// <summary>Rows of the batch: teams · agents a team.</summary>
    public int Rows { get; private set; }

    /// <summary>The first so many teams learn: of them the masks that applied and the critic's values are wanted, and their full state is given.</summary>
    public int LearningTeams { get; set; }

    /// <summary>Divides the logits; 0 takes the likeliest option.</summary>
    public float Temperature { get; set; } = 1;

    /// <summary>Learning teams also draw from heads that their verb does not use; what the environment is told stays in <see cref="Played"/>.</summary>
    public bool DrawUnused { get; init; }

    /// <summary>Whether this batch has rows for which that is to be done.</summary>
    public bool DrawsUnused => DrawUnused && LearningTeams > 0;

    /// <summary>[rows, observation bytes].</summary>
    public byte[] Observations { get; private set; } = [];

    /// <summary>[rows, mask bytes] as environments write them.</summary>
    public byte[] Masks { get; private set; } = [];

    /// <summary>[learning teams, full-state bytes].</summary>
    public byte[] FullState { get; private set; } = [];

    /// <summary>[rows, H]: the memory before, replaced by the memory after.</summary>
    public float[] Recurrent { get; private set; } = [];

    /// <summary>[rows, heads]: what was chosen, and what was drawn besides.</summary>
    public short[] Actions { get; private set; } = [];

    /// <summary>[rows, heads]: what was chosen, for the environment.</summary>
    public short[] Played => DrawsUnused ? _chosen : Actions;

    /// <summary>[rows, heads].</summary>
    public float[] LogProbabilities { get; private set; } = [];

    /// <summary>[rows, options of all heads], of learning teams.</summary>
    public byte[] AppliedMasks { get; private set; } = [];

    /// <summary>[rows, value heads], of learning teams.</summary>
    public float[] Values { get; private set; } = [];

    /// <summary>Begins a batch: makes room for that many rows of a network with that recurrent width.</summary>
    public void Begin(int rows, int recurrentSize)
    {
        Rows = rows;
        if (recurrentSize > _recurrentSize || rows > _capacity)
        {
            _recurrentSize = Math.Max(recurrentSize, _recurrentSize);
            Recurrent = new float[Math.Max(rows, _capacity) * _recurrentSize];
        }
        if (rows > _capacity)
            Grow(rows);
        if (DrawUnused && _chosen.Length < Actions.Length)
            _chosen = new short[Actions.Length];
    }

    /// <summary>What a sampler is told to draw for these rows.</summary>
    /// <param name="rng">The host's.</param>
    public SampledRows ToSample(ref Rng rng) => new(
        Rows, Masks.AsSpan(0, Rows * spec.MaskBytes), new Span<Rng>(ref rng), Actions.AsSpan(0, Rows * spec.Heads.Count), LogProbabilities.AsSpan(0, Rows * spec.Heads.Count),
        LearningTeams > 0 ? AppliedMasks.AsSpan(0, Rows * spec.OptionCount) : default, Temperature);

    /// <summary>What a sampler is told to draw besides, where <see cref="DrawsUnused"/>, once it has chosen: what it chose is put aside first.</summary>
    /// <param name="rng">The host's.</param>
    public SampledRows ToSampleUnused(ref Rng rng)
    {
        Actions.AsSpan(0, Rows * spec.Heads.Count).CopyTo(_chosen);
        return new SampledRows(LearningTeams * spec.AgentsPerTeam, Masks, new Span<Rng>(ref rng), Actions, LogProbabilities, AppliedMasks, 1f);
    }

    private void Grow(int rows)
    {
        _capacity = rows;
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
