using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>
/// Adam (Kingma and Ba 2015) over one flat tensor: a handful of operations whatever the number of layers, and a state that is
/// two tensors and a count, so that checkpoints are exact.
/// </summary>
internal sealed class FlatAdam : IDisposable
{
    private readonly PpoOptions _options;

    public FlatAdam(Tensor values, PpoOptions options)
    {
        _options = options;
        using DisposeScope scope = NewDisposeScope();
        First = zeros_like(values).DetachFromDisposeScope();
        Second = zeros_like(values).DetachFromDisposeScope();
    }

    /// <summary>Steps taken.</summary>
    public long Steps { get; set; }

    /// <summary>Running mean of the gradients.</summary>
    public Tensor First { get; }

    /// <summary>Running mean of their squares.</summary>
    public Tensor Second { get; }

    /// <summary>Moves the values against the gradient. Call without gradients being recorded.</summary>
    public void Step(Tensor values, Tensor gradient, double learningRate)
    {
        using DisposeScope scope = NewDisposeScope();
        Steps++;
        double b1 = _options.AdamBeta1, b2 = _options.AdamBeta2;
        _ = First.mul_(b1).add_(gradient * (1 - b1));
        _ = Second.mul_(b2).add_(gradient.square() * (1 - b2));
        double firstBias = 1 - Math.Pow(b1, Steps), secondBias = 1 - Math.Pow(b2, Steps);
        Tensor deviation = (Second / secondBias).sqrt() + (double)_options.AdamEpsilon;
        _ = values.sub_(First / deviation * (learningRate / firstBias));
    }

    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
    }
}
