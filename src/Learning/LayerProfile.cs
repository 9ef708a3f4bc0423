using System.Diagnostics;
using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>What one layer costs in training, in microseconds an agent-step.</summary>
/// <param name="Layer">Name of the layer, or of another part of an update: <c>decode</c>, <c>loss</c>, <c>optimiser</c>.</param>
public sealed record LayerTime(string Layer, double Forward, double Backward);

/// <summary>Times every layer forward and backward by itself: its inputs are cut off, so that its backward pass ends at them.</summary>
internal sealed class LayerProfile
{
    private readonly Dictionary<string, LayerTime> _times = [];

    public IReadOnlyList<LayerTime> Times => [.. _times.Values];

    public Tensor Measure(PlannedLayer layer, Func<Tensor> evaluate)
    {
        long start = Stopwatch.GetTimestamp();
        Tensor output = evaluate();
        double forward = Stopwatch.GetElapsedTime(start).TotalSeconds;
        using (DisposeScope scope = NewDisposeScope())
        {
            Tensor sum = output.sum();
            start = Stopwatch.GetTimestamp();
            if (sum.requires_grad)
                sum.backward();
        }
        Add(layer.Name, forward, Stopwatch.GetElapsedTime(start).TotalSeconds);
        return output.detach().requires_grad_();
    }

    public void Add(string name, double forward, double backward)
    {
        LayerTime before = _times.GetValueOrDefault(name) ?? new LayerTime(name, 0, 0);
        _times[name] = new LayerTime(name, before.Forward + forward, before.Backward + backward);
    }
}
