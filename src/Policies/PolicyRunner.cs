using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>
/// Runs a network on the CPU for batches of agents: <see cref="Forward"/>, then <see cref="Sample(ReadOnlySpan{byte}, ref Rng, Span{short}, Span{float}, Span{byte}, float)"/>,
/// and <see cref="Values"/> where training needs them. Holds the buffers of one thread: one runner a thread. Buffers grow to the largest batch
/// seen and then nothing is allocated. A row's results do not depend on the other rows or on the size of the batch.
/// </summary>
public sealed unsafe partial class PolicyRunner : IHeadOutputs
{
    /// <summary>Rows that go through all layers together, so that what they write is still in the cache when it is read.</summary>
    private const int RangeRows = HeadSampler.MostRows;

    private PolicyNetwork _network;
    private Workspace _agents;
    private Workspace _teams;
    private LayerEvaluation _evaluation;
    private AlignedFloats? _hidden, _outputs;
    private Interface _interface;
    private HeadSampler _sampler;
    private int _rows;

    public PolicyRunner(PolicyNetwork network)
    {
        _network = network;
        _agents = new Workspace(network, LayerScope.Agent);
        _teams = new Workspace(network, LayerScope.Team);
        _evaluation = new LayerEvaluation(network);
        _interface = new Interface(network.Plan.Spec);
        _sampler = new HeadSampler(network.Plan);
    }

    public PolicyNetwork Network => _network;

    /// <summary>Goes on with another network, for example a newer version. What the last <see cref="Forward"/> left is forgotten.</summary>
    public void Use(PolicyNetwork network)
    {
        if (ReferenceEquals(network, _network))
            return;
        if (!ReferenceEquals(network.Plan.Spec, _network.Plan.Spec))
            _interface = new Interface(network.Plan.Spec);
        // A newer version of the same network keeps the buffers.
        if (ReferenceEquals(network.Plan, _network.Plan))
        {
            _agents.Use(network);
            _teams.Use(network);
        }
        else
        {
            _agents = new Workspace(network, LayerScope.Agent);
            _teams = new Workspace(network, LayerScope.Team);
            _sampler = new HeadSampler(network.Plan);
        }
        _network = network;
        _evaluation.Use(network);
        _rows = 0;
    }

    /// <summary>Evaluates everything up to the heads.</summary>
    /// <param name="rows">Number of agents, in any order unless <see cref="Values"/> follows.</param>
    /// <param name="observations">[rows, observation bytes].</param>
    /// <param name="recurrent">[rows, H]: state before, replaced by the state after.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Forward(int rows, ReadOnlySpan<byte> observations, Span<float> recurrent)
    {
        NetworkPlan plan = _network.Plan;
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        Need(observations.Length, (long)rows * _interface.ObservationBytes, "observations", "[rows, observation bytes]");
        Need(recurrent.Length, (long)rows * plan.RecurrentSize, "recurrent", "[rows, H]");
        _rows = rows;
        _agents.Begin(rows);
        fixed (byte* seen = observations)
        fixed (float* state = recurrent)
        {
            for (int from = 0; from < rows; from += RangeRows)
            {
                int to = Math.Min(rows, from + RangeRows);
                _agents.Encode(seen, _interface.ObservationBytes, from, to);
                foreach (CompiledLayer c in _network.Layers)
                {
                    if (c.Plan.Scope == LayerScope.Agent && c.Plan.Head < 0 && (!c.Plan.IsCritic || c.Plan.IsSet))
                        _evaluation.Evaluate(c, _agents, null, _interface.AgentsPerTeam, from, to, state, plan.RecurrentSize, skipEmpty: true);
                }
            }
        }
        GC.KeepAlive(_network);
    }

    /// <summary>The critic's values for the first teams of the last <see cref="Forward"/>, whose rows must be ordered team by team.</summary>
    /// <param name="teams">Number of teams; teams · agents a team is at most the rows of the last forward.</param>
    /// <param name="fullState">[teams, full-state bytes].</param>
    /// <param name="values">[teams · agents a team, value heads].</param>
    /// <exception cref="ArgumentException">A span is too short, or there are more teams than rows.</exception>
    public void Values(int teams, ReadOnlySpan<byte> fullState, Span<float> values)
    {
        int rows = teams * _interface.AgentsPerTeam, heads = _interface.ValueHeads;
        if (_network.Plan.Values is not { } output || rows == 0)
            return;
        if (rows > _rows)
            throw new ArgumentException($"{teams} teams of {_interface.AgentsPerTeam} are {rows} rows; the last Forward had {_rows}", nameof(teams));
        Need(fullState.Length, (long)teams * _interface.FullStateBytes, "fullState", "[teams, full-state bytes]");
        Need(values.Length, (long)rows * heads, "values", "[teams * agents a team, value heads]");
        _teams.Begin(teams);
        fixed (byte* seen = fullState)
        {
            _teams.Encode(seen, _interface.FullStateBytes, 0, teams);
            foreach (CompiledLayer c in _network.Layers)
            {
                if (c.Plan.Scope == LayerScope.Team)
                    _evaluation.Evaluate(c, _teams, null, 1, 0, teams, null, 0, skipEmpty: true);
            }
        }
        foreach (CompiledLayer c in _network.Layers)
        {
            if (c.Plan.Scope == LayerScope.Agent && c.Plan.IsCritic && !c.Plan.IsSet)
                _evaluation.Evaluate(c, _agents, _teams, _interface.AgentsPerTeam, 0, rows, null, 0, skipEmpty: false);
        }
        CompiledLayer last = _network.Layers[output.Index];
        _hidden = AlignedFloats.Grow(_hidden, (long)rows * last.Main!.Stride);
        _outputs = AlignedFloats.Grow(_outputs, (long)rows * last.Second!.Stride);
        _evaluation.FirstProduct(last, _agents, _teams, _interface.AgentsPerTeam, 0, rows, _hidden.Pointer, last.Main.Stride, relu: true, skipEmpty: false);
        last.Second.Multiply(_hidden.Pointer, last.Main.Stride, rows, _outputs.Pointer, last.Second.Stride, relu: false);
        for (int r = 0; r < rows; r++)
            _outputs.Span.Slice(r * last.Second.Stride, heads).CopyTo(values[(r * heads)..]);
        GC.KeepAlive(_network);
    }

    /// <summary>Numbers of the environment's interface, which the spec adds up anew each time it is asked.</summary>
    private sealed class Interface(EnvironmentSpec spec)
    {
        public readonly int ObservationBytes = spec.ObservationBytes, FullStateBytes = spec.FullStateBytes, MaskBytes = spec.MaskBytes;
        public readonly int OptionCount = spec.OptionCount, AgentsPerTeam = spec.AgentsPerTeam, ValueHeads = spec.ValueHeads.Count;
        public readonly string[] Names = [.. spec.Heads.Select(h => h.Name)];
        public readonly int[] Sizes = [.. spec.Heads.Select(h => h.Size)];
    }

    private static void Need(int length, long needed, string argument, string shape)
    {
        if (length < needed)
            throw new ArgumentException($"{argument} {shape} has {length} entries, needs {needed}", argument);
    }
}
