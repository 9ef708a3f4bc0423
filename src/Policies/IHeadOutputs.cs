namespace SelfPlayArena.Policies;

/// <summary>What a pass of a network offers to a <see cref="HeadSampler"/>, wherever it was computed.</summary>
public interface IHeadOutputs
{
    /// <summary>Slots of a pointer's set that hold something for a row, in ascending order. Good until the next call.</summary>
    ReadOnlySpan<int> Present(PlannedLayer set, int row);

    /// <summary>A head's logits before masks, for some rows of the pass. The sampler writes over them; they are good until the next call.</summary>
    /// <param name="head">Index of the head.</param>
    /// <param name="rows">Which rows, at most <see cref="HeadSampler.MostRows"/>.</param>
    /// <param name="actions">[rows of the pass, heads]: the choices so far, -1 for none.</param>
    /// <param name="stride">Floats from one row to the next: at least the head's options, a multiple of eight.</param>
    /// <returns>[rows, stride].</returns>
    Span<float> Logits(int head, ReadOnlySpan<int> rows, ReadOnlySpan<short> actions, out int stride);
}
