using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

public sealed partial class PpoLearner
{
    private const int PrecisionRounds = 4;
    private PrecisionChoice? _precision;

    /// <summary>What layers are computed in; null until the first update where that is still to be measured.</summary>
    public PrecisionChoice? Precision => _precision;

    private void Compute(PrecisionChoice choice)
    {
        _precision = choice;
        _lanes.Compute = choice.Precision == Learning.Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        _reference?.ComputeIn(_network.Compute);
    }

    /// <summary>
    /// Times forward and backward passes of one micro-batch of the filled batch in both types, taking turns so that other programs disturb both alike;
    /// the least time of each counts. The first round is not counted: it pays for memory and for kernels that are built when first used.
    /// </summary>
    private PrecisionChoice MeasurePrecision()
    {
        int[] all = [.. Enumerable.Range(0, _batch.Chunks.Count).Where(c => _batch.UsedIn(c) > 0)];
        int[] chunks = MicroBatchesOf(all)[0];
        ScalarType[] types = [ScalarType.Float32, ScalarType.BFloat16];
        double[] least = [double.PositiveInfinity, double.PositiveInfinity];
        for (int round = 0; round <= PrecisionRounds; round++)
        {
            for (int i = 0; i < types.Length; i++)
            {
                _network.Compute = types[i];
                double seconds = TimePass(chunks);
                if (round > 0)
                    least[i] = Math.Min(least[i], seconds);
            }
        }
        _network.Parameters.ZeroGradient();
        double each = 1e6 / Math.Max(chunks.Sum(_batch.UsedIn), 1);
        return PrecisionChoice.Of(least[0] * each, least[1] * each);
    }

    /// <summary>
    /// Seconds of the clock that counts for the learner's device: the calling thread's processor time, or the wall's after all work of a device is done and where
    /// several threads compute.
    /// </summary>
    public double Now() => _lanes.Count > 1 ? Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency : LayerProfile.Now(_device);

    private double TimePass(int[] chunks)
    {
        using DisposeScope scope = NewDisposeScope();
        MicroBatch micro = Decode(chunks);
        double start = LayerProfile.Now(_device);
        NetworkOutput output = _network.Forward(micro, critic: _usesCritic);
        Tensor sum = output.Logits.Select(l => l.square().mean()).Aggregate((a, b) => a + b);
        (output.Values is null ? sum : sum + output.Values.square().mean()).backward();
        return LayerProfile.Now(_device) - start;
    }
}
