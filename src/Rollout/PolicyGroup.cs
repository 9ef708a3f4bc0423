using System.Runtime.InteropServices;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Rollout;

/// <summary>A team of a match, by their numbers.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TeamRow(int Match, int Team);

/// <summary>All teams of a host that one network plays in this decision, and the buffers in which they are gathered, team by team.</summary>
internal sealed class PolicyGroup(EnvironmentSpec spec, PolicyVersion policy)
{
    public readonly List<TeamRow> Teams = [];
    public byte[] Observations = [], Masks = [], FullState = [], AppliedMasks = [];
    public short[] Actions = [];
    public float[] Recurrent = [], LogProbabilities = [], Values = [];
    private int _rows;

    /// <summary>The group of the latest policy, whose network changes between decisions.</summary>
    public bool Moving { get; set; }

    /// <summary>Its teams take the likeliest action, as a baseline for others.</summary>
    public bool Greedy { get; set; }

    /// <summary>Rows that the buffers have room for.</summary>
    public int Rows => _rows;

    public PolicyVersion Policy { get; private set; } = policy;

    public PolicyRunner Runner { get; private set; } = new(policy.Network);

    public int RecurrentSize => Policy.Network.Plan.RecurrentSize;

    public void Use(PolicyVersion version)
    {
        if (ReferenceEquals(version.Network, Policy.Network))
            return;
        if (version.Network.Plan.RecurrentSize != RecurrentSize)
            _rows = 0;
        Policy = version;
        Runner.Use(version.Network);
    }

    public void Reserve(int rows)
    {
        if (rows <= _rows)
            return;
        _rows = rows;
        int teams = rows / spec.AgentsPerTeam;
        Observations = new byte[rows * spec.ObservationBytes];
        Masks = new byte[rows * spec.MaskBytes];
        FullState = new byte[teams * spec.FullStateBytes];
        AppliedMasks = new byte[rows * spec.OptionCount];
        Actions = new short[rows * spec.Heads.Count];
        Recurrent = new float[rows * RecurrentSize];
        LogProbabilities = new float[rows * spec.Heads.Count];
        Values = new float[rows * spec.ValueHeads.Count];
    }
}
