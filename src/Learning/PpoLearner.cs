using System.Diagnostics;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>
/// Trains one network by proximal policy optimisation on chunks of experience. Not thread-safe; use it from one thread at a time.
/// With one thread and the same chunks in the same order it computes the same bits.
/// </summary>
public sealed partial class PpoLearner : IDisposable
{
    private const double ReturnMemory = 0.95;
    private readonly NetworkPlan _plan;
    private readonly TorchNetwork _network;
    private readonly Lanes _lanes;
    private readonly FlatAdam _adam;
    private readonly Decoders _decoders;
    private readonly TrainingBatch _batch;
    private readonly Device _device;
    private readonly bool _usesCritic;
    private readonly KlControl _kl;
    private readonly ReferencePolicy? _reference;
    private readonly double[] _returnMean;
    private readonly double[] _returnSquare;
    private long _returnUpdates;
    private Rng _rng;

    /// <param name="plan">Network and environment.</param>
    /// <param name="weights">Weights to start from; copied.</param>
    /// <param name="options">Checked against the environment.</param>
    /// <param name="seed">For dealing chunks out among minibatches.</param>
    /// <param name="device"><c>cpu</c>, <c>cuda</c>, or <c>auto</c>: CUDA if there is a device.</param>
    /// <param name="reference">
    /// Weights of the policy that <see cref="PpoOptions.Kl"/> keeps it near; null for <paramref name="weights"/>.
    /// </param>
    public PpoLearner(NetworkPlan plan, Weights weights, PpoOptions options, ulong seed, string device = "auto", Weights? reference = null)
    {
        _plan = plan;
        Options = options.Validated(plan.Spec);
        set_num_threads(1);
        _device = ChooseDevice(device);
        _network = new TorchNetwork(plan, weights, _device);
        // A device has threads enough of its own.
        _lanes = new Lanes(_network, _device.type == DeviceType.CPU ? options.Threads : 1);
        _adam = new FlatAdam(_network.Parameters.Values, options);
        _decoders = new Decoders(plan);
        _batch = new TrainingBatch(plan.Spec, options);
        _usesCritic = !ReturnRules.IsGrouped(options.Estimator);
        _kl = new KlControl(options.Kl, options.KlWeight, options.KlTarget);
        _reference = options.Kl == KlRule.None ? null : new ReferencePolicy(plan, reference ?? weights, _device);
        if (options.Precision != Learning.Precision.Auto)
            Compute(new PrecisionChoice(options.Precision));
        _rng = new Rng(Seeds.Derive(seed, "learner"));
        _returnMean = new double[plan.Spec.ValueHeads.Count];
        _returnSquare = new double[plan.Spec.ValueHeads.Count];
    }

    public PpoOptions Options { get; }

    /// <summary>
    /// Called between micro-batches by each thread that computes them, so that whoever shares the machine can be let through. What is computed must not depend
    /// on it.
    /// </summary>
    public Action? BetweenMicroBatches { get; set; }

    public NetworkPlan Plan => _plan;

    /// <summary>Updates applied: the version of the present weights, which actors write into their steps.</summary>
    public int Version { get; private set; }

    /// <summary>Agent-steps that updates used, each counted once.</summary>
    public long TrainedSteps { get; private set; }

    /// <summary>Agent-steps dropped as too old.</summary>
    public long DroppedSteps { get; private set; }

    /// <summary>Updates that were not applied because something was not finite.</summary>
    public long Faults { get; private set; }

    /// <summary>Agent-steps that go through the network at once.</summary>
    public int MicroBatchSteps => Options.MicroBatchSteps > 0 ? Options.MicroBatchSteps : _device.type == DeviceType.CUDA ? PpoOptions.DeviceMicroBatch : PpoOptions.CpuMicroBatch;

    /// <summary>Where it computes.</summary>
    public string DeviceName => _device.ToString();

    /// <summary>A copy of the present weights, for publishing.</summary>
    public Weights Export() => _network.Parameters.Export();

    /// <summary>Replaces the weights; the optimiser's state stays.</summary>
    public void Import(Weights weights) => _network.Parameters.Import(weights);

    /// <summary>
    /// One update from the given chunks, all of one layout. The chunks stay the caller's. If a loss, a return or a gradient is not finite,
    /// nothing of the update is applied and the report names what it was.
    /// </summary>
    public UpdateReport Update(IReadOnlyList<TrajectoryChunk> chunks)
    {
        CheckLayouts(chunks);
        long start = Stopwatch.GetTimestamp();
        string? fault = _batch.Fill(chunks, Version, Score);
        if (fault is null && _batch.Used > 0 && _precision is null)
            Compute(MeasurePrecision());
        if (fault is null && _batch.Used == 0)
        {
            DroppedSteps += _batch.Dropped;
            return new UpdateReport { Version = Version, StepsDropped = _batch.Dropped };
        }
        float progress = Options.ScheduleShare(TrainedSteps);
        var tally = new UpdateTally(_plan.Spec)
        {
            LearningRate = Options.LearningRateSchedule.At(progress),
            EntropyWeight = Options.EntropySchedule.At(progress),
            KlWeight = _kl.Weight,
        };
        (double[] Mean, double[] Square, long Updates, Rng Rng) before = ([.. _returnMean], [.. _returnSquare], _returnUpdates, _rng);
        using DisposeScope scope = NewDisposeScope();
        using var good = new GoodState(_network.Parameters.Values, _adam);
        if (fault is null)
        {
            FollowReturns();
            tally.Prepare = Stopwatch.GetElapsedTime(start).TotalSeconds;
            fault = Optimise(tally);
        }
        if (fault is not null)
        {
            good.Restore(_network.Parameters.Values, _adam);
            before.Mean.CopyTo(_returnMean, 0);
            before.Square.CopyTo(_returnSquare, 0);
            (_returnUpdates, _rng) = (before.Updates, before.Rng);
            Faults++;
            return tally.Report(_batch, Version, fault);
        }
        Version++;
        TrainedSteps += _batch.Used;
        DroppedSteps += _batch.Dropped;
        UpdateReport report = tally.Report(_batch, Version, null) with { Precision = _precision, LayerTimes = DueProfile() };
        if (_reference is not null)
            KeepNear(_reference, report.ReferenceDivergence);
        return report;
    }

    private void KeepNear(ReferencePolicy reference, float divergence)
    {
        _kl.Observe(divergence);
        if (Options.ReferenceUpdates > 0 && Version % Options.ReferenceUpdates == 0)
            reference.Import(FlatParameters.ToArray(_network.Parameters.Values));
    }

    /// <summary>Joint log-probabilities of a batch's actions under the present weights.</summary>
    private void Score()
    {
        using IDisposable guard = no_grad();
        int[] all = [.. Enumerable.Range(0, _batch.Chunks.Count)];
        int agents = _plan.Spec.AgentsPerTeam;
        foreach (int[] part in MicroBatchesOf(all))
        {
            using DisposeScope scope = NewDisposeScope();
            MicroBatch micro = Decode(part);
            ActionScores scores = ActionScores.Of(_network.Forward(micro, critic: false).Logits, micro.Heads);
            float[] joint = FlatParameters.ToArray(scores.LogProbabilities.Aggregate((a, b) => a + b));
            for (int c = 0; c < part.Length; c++)
            {
                Span<float> to = _batch.Proximal(part[c]);
                to.Clear();
                for (int t = 0; t < micro.Steps; t++)
                    joint.AsSpan((t * part.Length + c) * agents, agents).CopyTo(to[(t * agents)..]);
            }
        }
    }

    /// <summary>
    /// Microseconds a trained agent-step by layer, each timed by itself over the given chunks; nothing is learnt. The sum lies somewhat
    /// above what <see cref="Update"/> takes, as layers cut apart are summed up once more.
    /// </summary>
    public IReadOnlyList<LayerTime> Profile(IReadOnlyList<TrajectoryChunk> chunks)
    {
        CheckLayouts(chunks);
        if (_batch.Fill(chunks, Version, Score) is { } fault)
            throw new ArgumentException($"the chunks hold something that is not finite: {fault}", nameof(chunks));
        return ProfileMicroBatches([.. Enumerable.Range(0, _batch.Chunks.Count)]);
    }

    /// <summary>The time by layer on the first micro-batch of the update that was just applied, where it is to be measured; else nothing.</summary>
    private IReadOnlyList<LayerTime> DueProfile()
    {
        if (Options.ProfileUpdates == 0 || (Version - 1) % Options.ProfileUpdates != 0)
            return [];
        int[] all = [.. Enumerable.Range(0, _batch.Chunks.Count).Where(c => _batch.UsedIn(c) > 0)];
        return ProfileMicroBatches(MicroBatchesOf(all)[0]);
    }

    private IReadOnlyList<LayerTime> ProfileMicroBatches(int[] chunks)
    {
        int used = Math.Max(chunks.Sum(_batch.UsedIn), 1);
        var profile = new LayerProfile(_device);
        using DisposeScope outer = NewDisposeScope();
        float[] entropyWeights = [.. _plan.Spec.Heads.Select(_ => Options.Entropy)];
        Tensor units = ones([Math.Max(_plan.Spec.ValueHeads.Count, 1)], ScalarType.Float32, _device);
        foreach (int[] part in MicroBatchesOf(chunks))
        {
            using DisposeScope scope = NewDisposeScope();
            double start = profile.Now();
            MicroBatch micro = Decode(part);
            profile.Add("decode", profile.Now() - start, 0);
            NetworkOutput output = _network.Forward(micro, profile, _usesCritic);
            start = profile.Now();
            LossTerms loss = PpoLoss.Of(output, micro, Options, entropyWeights, units, units, used);
            double forward = profile.Now() - start;
            start = profile.Now();
            loss.Total.backward();
            profile.Add("loss", forward, profile.Now() - start);
        }
        _network.Parameters.ZeroGradient();
        double each = 1e6 / used;
        return [.. profile.Times.Select(t => t with { Forward = t.Forward * each, Backward = t.Backward * each })];
    }

    public void Dispose()
    {
        _adam.Dispose();
        _reference?.Dispose();
        _lanes.Dispose();
        _network.Dispose();
    }

    /// <summary>Running mean and square of each value head's returns, from which the value losses get their unit.</summary>
    private void FollowReturns()
    {
        _returnUpdates++;
        for (int h = 0; h < _returnMean.Length; h++)
        {
            double mean = _batch.ReturnMean[h];
            double square = _batch.ReturnVariance[h] + mean * mean;
            _returnMean[h] += (1 - ReturnMemory) * (mean - _returnMean[h]);
            _returnSquare[h] += (1 - ReturnMemory) * (square - _returnSquare[h]);
        }
    }

    private float[] ReturnDeviations()
    {
        double seen = 1 - Math.Pow(ReturnMemory, _returnUpdates);
        var deviations = new float[_returnMean.Length];
        for (int h = 0; h < deviations.Length; h++)
        {
            double mean = _returnMean[h] / seen;
            deviations[h] = (float)Math.Max(Math.Sqrt(Math.Max(_returnSquare[h] / seen - mean * mean, 0)), 1e-3);
        }
        return deviations;
    }

    private void CheckLayouts(IReadOnlyList<TrajectoryChunk> chunks)
    {
        foreach (TrajectoryChunk chunk in chunks)
        {
            if (chunk.SpecHash != _plan.Spec.Hash)
                throw new ArgumentException($"a chunk of '{chunk.Layout.Spec.Name}' has another layout than the learner's '{_plan.Spec.Name}'", nameof(chunks));
            if (chunk.Layout.RecurrentSize != _plan.RecurrentSize)
                throw new ArgumentException($"a chunk's recurrent state has {chunk.Layout.RecurrentSize} entries, the network '{_plan.Description.Name}' needs {_plan.RecurrentSize}", nameof(chunks));
            if (chunk.Layout.Steps != chunks[0].Layout.Steps)
                throw new ArgumentException($"chunks of {chunk.Layout.Steps} and of {chunks[0].Layout.Steps} steps cannot share an update", nameof(chunks));
        }
    }

    /// <summary>Why a learner cannot compute on a device of that name, or null.</summary>
    public static string? DeviceProblem(string name) => name switch
    {
        "cpu" or "auto" => null,
        "cuda" => cuda.is_available()
            ? null
            : "'cuda' was asked for, but libtorch sees no CUDA device: either the machine has none that its driver offers, or this libtorch was built for the CPU only (a build with LIBTORCH set to the folder of one for CUDA has it, see tools/gpu); allowed here: cpu, auto",
        _ => $"'{name}' is unknown; allowed: cpu, cuda, auto",
    };

    internal static Device ChooseDevice(string name)
        => DeviceProblem(name) is { } problem
            ? throw new ArgumentException($"device {problem}")
            : torch.device(name == "cpu" || !cuda.is_available() ? "cpu" : "cuda");

    /// <summary>What an update that fails is undone to.</summary>
    private sealed class GoodState(Tensor values, FlatAdam adam) : IDisposable
    {
        private readonly Tensor _values = values.detach().clone();
        private readonly Tensor _first = adam.First.clone();
        private readonly Tensor _second = adam.Second.clone();
        private readonly long _steps = adam.Steps;

        public void Restore(Tensor toValues, FlatAdam toAdam)
        {
            using IDisposable guard = no_grad();
            _ = toValues.copy_(_values);
            _ = toAdam.First.copy_(_first);
            _ = toAdam.Second.copy_(_second);
            toAdam.Steps = _steps;
        }

        public void Dispose()
        {
            _values.Dispose();
            _first.Dispose();
            _second.Dispose();
        }
    }
}
