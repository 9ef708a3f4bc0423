using System.Diagnostics;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>What one layer costs in training, in microseconds an agent-step.</summary>
/// <param name="Layer">Name of the layer, or of another part of an update: <c>decode</c>, <c>loss</c>, <c>optimiser</c>.</param>
public sealed record LayerTime(string Layer, double Forward, double Backward);

/// <summary>
/// Times every layer forward and backward by itself: its inputs are cut off, so that its backward pass ends at them. Counted is the thread's processor
/// time, or the wall's where a device works by itself.
/// </summary>
internal sealed class LayerProfile(Device device)
{
    private readonly Dictionary<string, LayerTime> _times = [];

    public IReadOnlyList<LayerTime> Times => [.. _times.Values];

    public Tensor Measure(PlannedLayer layer, Func<Tensor> evaluate)
    {
        double start = Now();
        Tensor output = evaluate();
        double forward = Now() - start;
        using (DisposeScope scope = NewDisposeScope())
        {
            Tensor sum = output.sum();
            start = Now();
            if (sum.requires_grad)
                sum.backward();
        }
        Add(layer.Name, forward, Now() - start);
        return output.detach().requires_grad_();
    }

    public double Now() => Now(device);

    /// <summary>Seconds of the clock that counts for a device, after all that it was given is done.</summary>
    public static double Now(Device device)
    {
        if (device.type == DeviceType.CPU)
            return ThreadClock.Seconds;
        cuda.synchronize();
        return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
    }

    public void Add(string name, double forward, double backward)
    {
        LayerTime before = _times.GetValueOrDefault(name) ?? new LayerTime(name, 0, 0);
        _times[name] = new LayerTime(name, before.Forward + forward, before.Backward + backward);
    }
}
