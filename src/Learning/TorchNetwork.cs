using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>What a network puts out for R rows.</summary>
/// <param name="Logits">By head: [R, options], masks not applied.</param>
/// <param name="Values">[R, value heads]; null where the environment has none.</param>
/// <param name="States">By recurrent layer, in order: [chunks · agents, state width] after the last step of the longest chunks.</param>
internal readonly record struct NetworkOutput(Tensor[] Logits, Tensor? Values, IReadOnlyList<Tensor> States);

/// <summary>
/// The libtorch interpreter of a network description, for training: whole sequences, with gradients. Sets are slot-major [slots, rows, width],
/// which lets pooling and attention run over contiguous rows; absent slots are always exactly zero.
/// </summary>
internal sealed class TorchNetwork : IDisposable
{
    private const float Absent = -1e9f;
    private static readonly long[] OverSlots = [0];
    private readonly Node[] _nodes;
    private readonly Device _device;

    /// <param name="type">Type of the parameters and of their gradients.</param>
    public TorchNetwork(NetworkPlan plan, Weights weights, Device device, ScalarType type = ScalarType.Float32)
        : this(plan, new FlatParameters(plan, weights, device, type), device, type)
    {
    }

    /// <summary>The same network with the same weights, whose gradients are collected apart, for another thread. Dispose of it before that one.</summary>
    public TorchNetwork(TorchNetwork shared)
        : this(shared.Plan, new FlatParameters(shared.Parameters), shared._device, shared.Compute)
    {
    }

    private TorchNetwork(NetworkPlan plan, FlatParameters parameters, Device device, ScalarType type)
    {
        (Plan, Parameters, _device, Compute) = (plan, parameters, device, type);
        _nodes = [.. plan.Layers.Select(l => new Node(l, [.. l.VectorInputs], [.. l.SetInputs]))];
    }

    public NetworkPlan Plan { get; }

    public FlatParameters Parameters { get; }

    /// <summary>Where batches for it belong.</summary>
    public Placement Inputs => new(_device, Compute, Parameters.Values.dtype);

    /// <summary>
    /// What layers are computed in, and what batches must have been decoded to. Where it is not the parameters' own type each pass converts them, so
    /// that gradients are added up, and weights moved, in the parameters'; logits and values leave in the parameters' type.
    /// </summary>
    public ScalarType Compute { get; set; }

    public void Dispose() => Parameters.Dispose();

    /// <summary>Runs the network over a micro-batch. The result belongs to the current dispose scope.</summary>
    /// <param name="batch">What to run it on.</param>
    /// <param name="profile">If given, layers are cut apart and each is timed forward and backward by itself; the result has no gradients then.</param>
    /// <param name="critic">False leaves out what only the values need; there are none then.</param>
    public NetworkOutput Forward(SequenceInputs batch, LayerProfile? profile = null, bool critic = true)
    {
        var run = new Run(this, batch, profile is null);
        var logits = new Tensor[Plan.Heads.Count];
        Tensor? values = null;
        foreach (Node node in _nodes)
        {
            if (!critic && node.Layer.IsCritic)
                continue;
            Tensor output = profile is null ? run.Evaluate(node) : profile.Measure(node.Layer, () => run.Evaluate(node));
            run.Outputs[node.Layer.Index] = output;
            if (node.Layer.Head >= 0)
                logits[node.Layer.Head] = output.to(Parameters.Values.dtype);
            else if (node.Layer.Kind == LayerKind.Values)
                values = output.to(Parameters.Values.dtype);
        }
        return new NetworkOutput(logits, values, run.States);
    }

    /// <summary>
    /// Begins a pass in which heads are asked for one by one: everything before them is evaluated now. The choices that a head is conditioned on must be
    /// among the batch's heads when it is asked for. All of it belongs to the current dispose scope.
    /// </summary>
    /// <param name="critic">False leaves out what only the values need; there are none then.</param>
    public StepwisePass Begin(SequenceInputs batch, bool critic)
    {
        var run = new Run(this, batch, reuse: true);
        Tensor? values = null;
        foreach (Node node in _nodes)
        {
            if (node.Layer.Head >= 0 || (!critic && node.Layer.IsCritic))
                continue;
            run.Outputs[node.Layer.Index] = run.Evaluate(node);
            if (node.Layer.Kind == LayerKind.Values)
                values = run.Outputs[node.Layer.Index].to(Parameters.Values.dtype);
        }
        return new StepwisePass(head => run.Evaluate(_nodes[Plan.Heads[head].Index]).to(Parameters.Values.dtype), values, run.States);
    }

    /// <summary>A pass whose heads are evaluated when they are asked for.</summary>
    /// <param name="Logits">A head's logits [R, options], masks not applied.</param>
    /// <param name="Values">[R, value heads]; null without a critic.</param>
    /// <param name="States">By recurrent layer, in order: [chunks · agents, state width].</param>
    internal sealed record StepwisePass(Func<int, Tensor> Logits, Tensor? Values, IReadOnlyList<Tensor> States);

    private sealed record Node(PlannedLayer Layer, PlannedLayer[] Vectors, PlannedLayer[] Sets);

    /// <summary>One pass over one micro-batch.</summary>
    private sealed class Run(TorchNetwork network, SequenceInputs batch, bool reuse)
    {
        private readonly Dictionary<string, Tensor> _encoders = [], _converted = [];

        public Tensor[] Outputs { get; } = new Tensor[network._nodes.Length];

        public List<Tensor> States { get; } = [];

        public Tensor Evaluate(Node node)
        {
            PlannedLayer layer = node.Layer;
            return layer.Kind switch
            {
                LayerKind.Encode => Encode(layer),
                LayerKind.Linear => layer.IsSet ? LinearOfSet(node) : Activate(Affine(node, "weight", "bias"), layer.Layer.Activation),
                LayerKind.Pool => Pool(node),
                LayerKind.Single => Outputs[node.Sets[0].Index].squeeze(0),
                LayerKind.Attend => Attend(node),
                LayerKind.Gru => Gru(node),
                LayerKind.Lstm => Lstm(node),
                LayerKind.Choice => Logits(node, Hidden(node)),
                LayerKind.Pointer => Point(node),
                _ => Logits(node, Hidden(node)),
            };
        }

        private Tensor Parameter(PlannedLayer layer, string name)
        {
            string full = $"{layer.Owner.Name}.{name}";
            Tensor own = network.Parameters[full];
            if (network.Compute == own.dtype)
                return own;
            if (!_converted.TryGetValue(full, out Tensor? converted))
            {
                converted = own.to(network.Compute);
                if (reuse)
                    _converted.Add(full, converted);
            }
            return converted;
        }

        private Tensor Encode(PlannedLayer layer)
        {
            BlockInputs block = batch.Blocks[layer.Block!.Name];
            if (!_encoders.TryGetValue(layer.Owner.Name, out Tensor? weight))
            {
                weight = cat([Parameter(layer, "weight"), Parameter(layer, "bias").unsqueeze(1)], 1);
                if (reuse)
                    _encoders.Add(layer.Owner.Name, weight);
            }
            return Activate(block.Inputs.mm(weight.t()), layer.Layer.Activation).view(layer.Slots, -1, layer.Width);
        }

        private Tensor LinearOfSet(Node node)
        {
            PlannedLayer layer = node.Layer;
            Tensor x = Outputs[node.Sets[0].Index];
            Tensor presence = batch.Blocks[layer.Block!.Name].Presence;
            Tensor y = x.reshape(-1, layer.InputWidth).mm(Parameter(layer, "weight").t()).view(layer.Slots, -1, layer.Width);
            return Activate(y + presence.unsqueeze(2) * Parameter(layer, "bias"), layer.Layer.Activation);
        }

        /// <summary>W x + b of the concatenated vectors; the share of team-scope inputs is computed once a team and added to each agent's.</summary>
        private Tensor Affine(Node node, string weightName, string biasName)
        {
            Tensor weight = Parameter(node.Layer, weightName);
            Tensor bias = Parameter(node.Layer, biasName);
            bool mixed = false;
            foreach (PlannedLayer v in node.Vectors)
                mixed |= v.Scope != node.Vectors[0].Scope;
            if (!mixed)
            {
                Tensor y = bias.addmm(Join(node.Vectors), weight.t());
                return node.Vectors[0].Scope == LayerScope.Team && node.Layer.Scope == LayerScope.Agent ? ForAgents(y) : y;
            }
            Tensor agents = Join([.. node.Vectors.Where(v => v.Scope == LayerScope.Agent)]).mm(Columns(node, weight, LayerScope.Agent).t());
            Tensor team = bias.addmm(Join([.. node.Vectors.Where(v => v.Scope == LayerScope.Team)]), Columns(node, weight, LayerScope.Team).t());
            long width = weight.shape[0];
            return (agents.view(-1, batch.Agents, width) + team.unsqueeze(1)).view(-1, width);
        }

        private static Tensor Columns(Node node, Tensor weight, LayerScope scope)
        {
            var parts = new List<Tensor>();
            int at = 0;
            foreach (PlannedLayer v in node.Vectors)
            {
                if (v.Scope == scope)
                    parts.Add(weight.narrow(1, at, v.Width));
                at += v.Width;
            }
            return parts.Count == 1 ? parts[0] : cat(parts, 1);
        }

        private Tensor ForAgents(Tensor team)
        {
            long width = team.shape[1];
            return team.unsqueeze(1).expand(-1, batch.Agents, -1).reshape(-1, width);
        }

        private Tensor Join(PlannedLayer[] vectors)
            => vectors.Length == 1 ? Outputs[vectors[0].Index] : cat([.. vectors.Select(v => Outputs[v.Index])], 1);

        private static Tensor Activate(Tensor x, Activation activation) => activation == Activation.Relu ? x.relu_() : x;

        private Tensor JoinSets(PlannedLayer[] sets)
            => sets.Length == 1 ? Outputs[sets[0].Index] : cat([.. sets.Select(s => Outputs[s.Index])], 0);

        private Tensor JoinPresence(PlannedLayer[] sets)
            => sets.Length == 1 ? batch.Blocks[sets[0].Block!.Name].Presence : cat([.. sets.Select(s => batch.Blocks[s.Block!.Name].Presence)], 0);

        private Tensor Pool(Node node)
        {
            Tensor x = JoinSets(node.Sets);
            Tensor presence = JoinPresence(node.Sets);
            Tensor count = presence.sum(dim: 0).unsqueeze(1);
            Tensor mean = x.sum(dim: 0) / count.clamp_min(1);
            // Zeros of absent slots are no maximum of what ReLU lets through; only other sets need them out of the way.
            Tensor most = node.Sets.All(s => s.Layer.Activation == Activation.Relu)
                ? x.amax(OverSlots)
                : (x + ((presence - 1) * -Absent).unsqueeze(2)).amax(OverSlots) * (count > 0).to(x.dtype);
            return cat([most, mean], 1);
        }

        private Tensor Attend(Node node)
        {
            PlannedLayer layer = node.Layer;
            int width = node.Sets[0].Width;
            Tensor queries = Affine(node, "weight", "bias") * (1 / Math.Sqrt(width));
            if (CpuAttention.Fits(queries, width, node.Sets.Select(s => Outputs[s.Index])))
                return CpuAttention.apply([queries, layer.Layer.Queries, .. node.Sets.SelectMany(s => new[] { Outputs[s.Index], batch.Blocks[s.Block!.Name].Presence })])[0];
            Tensor x = JoinSets(node.Sets);
            Tensor absent = (JoinPresence(node.Sets) - 1) * -Absent;
            var seen = new Tensor[layer.Layer.Queries];
            // One query at a time: a product over all of them at once is twice as slow, and so are batches of small matrix products.
            for (int k = 0; k < seen.Length; k++)
            {
                Tensor scores = (x * queries.narrow(1, k * width, width)).sum(dim: 2) + absent;
                seen[k] = (scores.softmax(0).unsqueeze(2) * x).sum(dim: 0);
            }
            return seen.Length == 1 ? seen[0] : cat(seen, 1);
        }

        private Tensor Gru(Node node)
        {
            PlannedLayer layer = node.Layer;
            long h = layer.Width;
            Tensor x = Join(node.Vectors);
            Tensor inputWeight = Parameter(layer, "weight_ih"), stateWeight = Parameter(layer, "weight_hh");
            Tensor inputBias = Parameter(layer, "bias_ih"), stateBias = Parameter(layer, "bias_hh");
            // The input's share of all steps at once; only the state's share is left to the loop.
            Tensor gateBias = inputBias.narrow(0, 0, 2 * h) + stateBias.narrow(0, 0, 2 * h);
            Tensor[] gates = gateBias.addmm(x, inputWeight.narrow(0, 0, 2 * h).t()).view(batch.Steps, -1, 2 * h).unbind(0);
            Tensor[] news = inputBias.narrow(0, 2 * h, h).addmm(x, inputWeight.narrow(0, 2 * h, h).t()).view(batch.Steps, -1, h).unbind(0);
            Tensor gateWeight = stateWeight.narrow(0, 0, 2 * h).t(), newWeight = stateWeight.narrow(0, 2 * h, h).t();
            Tensor newBias = stateBias.narrow(0, 2 * h, h);
            Tensor state = batch.InitialState.narrow(1, layer.RecurrentOffset, h);
            var states = new Tensor[batch.Steps];
            for (int t = 0; t < states.Length; t++)
            {
                Tensor g = gates[t].addmm(state, gateWeight).sigmoid();
                Tensor fresh = news[t].addcmul(g.narrow(1, 0, h), newBias.addmm(state, newWeight), 1).tanh();
                state = fresh + g.narrow(1, h, h) * (state - fresh);
                states[t] = state;
            }
            States.Add(state);
            return cat(states, 0);
        }

        private Tensor Lstm(Node node)
        {
            PlannedLayer layer = node.Layer;
            long w = layer.Width;
            Tensor bias = Parameter(layer, "bias_ih") + Parameter(layer, "bias_hh");
            Tensor[] inputs = bias.addmm(Join(node.Vectors), Parameter(layer, "weight_ih").t()).view(batch.Steps, -1, 4 * w).unbind(0);
            Tensor stateWeight = Parameter(layer, "weight_hh").t();
            Tensor state = batch.InitialState.narrow(1, layer.RecurrentOffset, w);
            Tensor cell = batch.InitialState.narrow(1, layer.RecurrentOffset + w, w);
            var states = new Tensor[batch.Steps];
            for (int t = 0; t < states.Length; t++)
            {
                Tensor gates = inputs[t].addmm(state, stateWeight);
                Tensor write = gates.narrow(1, 0, 2 * w).sigmoid();
                cell = write.narrow(1, w, w) * cell + write.narrow(1, 0, w) * gates.narrow(1, 2 * w, w).tanh();
                state = gates.narrow(1, 3 * w, w).sigmoid() * cell.tanh();
                states[t] = state;
            }
            States.Add(cat([state, cell], 1));
            return cat(states, 0);
        }

        private Tensor Hidden(Node node)
        {
            Tensor z = Affine(node, "hidden.weight", "hidden.bias");
            foreach (int g in node.Layer.GivenHeads)
                z = z.addmm(batch.Heads[g].OneHot!, Parameter(node.Layer, "given." + network.Plan.Spec.Heads[g].Name));
            return z.relu_();
        }

        private Tensor Logits(Node node, Tensor hidden)
            => Parameter(node.Layer, "out.bias").addmm(hidden, Parameter(node.Layer, "out.weight").t());

        private Tensor Point(Node node)
        {
            Tensor query = Logits(node, Hidden(node)) * (1 / Math.Sqrt(node.Sets[0].Width));
            var scores = new Tensor[node.Sets.Length];
            for (int i = 0; i < scores.Length; i++)
                scores[i] = (Outputs[node.Sets[i].Index] * query).sum(dim: 2);
            return (scores.Length == 1 ? scores[0] : cat(scores, 0)).t();
        }
    }
}
