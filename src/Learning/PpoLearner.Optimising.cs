using System.Diagnostics;
using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

public sealed partial class PpoLearner
{
    /// <summary>How far a micro-batch may be larger than asked for, rather than leaving a small one over.</summary>
    private const double MicroBatchTolerance = 1.125;

    private string? Optimise(UpdateTally tally)
    {
        float[] headWeights = [.. _plan.Spec.ValueHeads.Select(v => Options.ForValueHead(v).Weight)];
        using Tensor? valueWeights = _plan.Values is null ? null : tensor(headWeights).to(_device);
        using Tensor? deviations = _plan.Values is null ? null : tensor(ReturnDeviations()).to(_device);
        float[] entropyWeights = [.. _plan.Spec.Heads.Select(h => tally.EntropyWeight * (Options.EntropyByHead.TryGetValue(h.Name, out float f) ? f : 1f))];
        int[] order = [.. Enumerable.Range(0, _batch.Chunks.Count).Where(c => _batch.UsedIn(c) > 0)];
        int minibatches = Math.Min(Options.Minibatches, order.Length);
        for (int epoch = 0; epoch < Options.Epochs; epoch++)
        {
            for (int i = order.Length - 1; i > 0; i--)
            {
                int j = _rng.Next(i + 1);
                (order[i], order[j]) = (order[j], order[i]);
            }
            int[][] dealt = new int[minibatches][];
            for (int m = 0; m < minibatches; m++)
                dealt[m] = ByLength(order[(int)((long)order.Length * m / minibatches)..(int)((long)order.Length * (m + 1) / minibatches)]);
            int[][][] parts = [.. dealt.Select(MicroBatchesOf)];
            using var micros = new MicroBatches([.. parts.SelectMany(p => p)], Decode, Options.DecodeAhead && _lanes.Count == 1);
            for (int m = 0, first = 0; m < minibatches; first += parts[m++].Length)
            {
                int steps = dealt[m].Sum(_batch.UsedIn);
                LossTerms Loss(TorchNetwork network, MicroBatch micro)
                    => PpoLoss.Of(network.Forward(micro, critic: _usesCritic), micro, Options, entropyWeights, valueWeights, deviations, steps, _reference, tally.KlWeight);
                if (Accumulate(micros, first, parts[m].Length, Loss, tally) is { } lossFault)
                    return lossFault;
                if (Step(tally) is { } gradientFault)
                    return gradientFault;
            }
        }
        return null;
    }

    // Chunks of like length share a micro-batch, which leaves little padding to compute.
    private int[] ByLength(int[] minibatch)
    {
        Array.Sort(minibatch, (a, b) => _batch.Chunks[b].Length != _batch.Chunks[a].Length ? _batch.Chunks[b].Length.CompareTo(_batch.Chunks[a].Length) : a.CompareTo(b));
        return minibatch;
    }

    /// <summary>
    /// Cuts a minibatch into micro-batches of about the same number of steps: a small one left over costs nearly as much as a whole one. As many for each lane.
    /// </summary>
    private int[][] MicroBatchesOf(int[] chunks)
    {
        long[] upTo = new long[chunks.Length + 1];
        for (int i = 0; i < chunks.Length; i++)
            upTo[i + 1] = upTo[i] + (long)_batch.Chunks[chunks[i]].Length * _plan.Spec.AgentsPerTeam;
        int rounds = (int)Math.Ceiling(upTo[^1] / (MicroBatchSteps * MicroBatchTolerance * _lanes.Count));
        int count = Math.Clamp(rounds * _lanes.Count, 1, chunks.Length);
        var parts = new int[count][];
        for (int part = 0, from = 0; part < count; part++)
        {
            int to = from + 1;
            while (chunks.Length - to > count - part - 1 && (upTo[to] + upTo[to + 1]) * count <= 2 * upTo[^1] * (part + 1))
                to++;
            parts[part] = chunks[from..to];
            from = to;
        }
        return parts;
    }

    private MicroBatch Decode(int[] chunks) => MicroBatch.Decode(_plan, _decoders, _batch, chunks, _network.Inputs);

    /// <summary>Adds the gradients of a minibatch up, lane by lane and micro-batch by micro-batch. Returns the loss term that was not finite, or null.</summary>
    /// <param name="first">Its first micro-batch.</param>
    /// <param name="count">How many it has.</param>
    private string? Accumulate(MicroBatches micros, int first, int count, Func<TorchNetwork, MicroBatch, LossTerms> lossOf, UpdateTally tally)
    {
        _lanes.ZeroGradient();
        var terms = new Tensor[count];
        tally.Lanes += _lanes.Run(lane =>
        {
            for (int i = lane; i < count; i += _lanes.Count)
            {
                using DisposeScope scope = NewDisposeScope();
                long t0 = Stopwatch.GetTimestamp();
                MicroBatch micro = micros.Get(first + i, scope);
                long t1 = Stopwatch.GetTimestamp();
                LossTerms loss = lossOf(_lanes[lane], micro);
                terms[i] = UpdateTally.Terms(loss).DetachFromDisposeScope();
                long t2 = Stopwatch.GetTimestamp();
                loss.Total.backward();
                if (lane == 0)
                    tally.Add(Stopwatch.GetElapsedTime(t0, t1), Stopwatch.GetElapsedTime(t1, t2), Stopwatch.GetElapsedTime(t2));
                BetweenMicroBatches?.Invoke();
            }
        });
        // A device works through what it was given only now; its time counts as the backward pass's.
        long read = Stopwatch.GetTimestamp();
        string? fault = tally.Read(terms, _usesCritic && _plan.Values is not null, _reference is not null);
        tally.Backward += Stopwatch.GetElapsedTime(read).TotalSeconds;
        return fault;
    }

    private string? Step(UpdateTally tally)
    {
        long start = Stopwatch.GetTimestamp();
        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        Tensor gradient = _lanes.Gradient();
        double norm = Math.Sqrt(gradient.square().sum().item<float>());
        if (!double.IsFinite(norm))
        {
            float[] g = FlatParameters.ToArray(gradient);
            int bad = Array.FindIndex(g, x => !float.IsFinite(x));
            return bad >= 0 ? $"gradient of '{_network.Parameters.NameAt(bad)}'" : "gradient norm";
        }
        tally.GradientNorm = Math.Max(tally.GradientNorm, norm);
        tally.OptimiserSteps++;
        if (Options.GradientNorm > 0 && norm > Options.GradientNorm)
            gradient = gradient * (Options.GradientNorm / norm);
        _adam.Step(_network.Parameters.Values, gradient, tally.LearningRate);
        tally.Optimiser += Stopwatch.GetElapsedTime(start).TotalSeconds;
        return null;
    }
}
