using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

public sealed unsafe partial class PolicyRunner
{
    private AlignedFloats? _gathered, _queries;

    /// <summary>
    /// Samples actions head by head, each given what was chosen before it. The last <see cref="Forward"/> says for how many rows.
    /// A head that the verb does not use, or that has no legal option, gets action -1, log-probability 0 and a mask of zeros; one legal
    /// option is taken without a draw. Options that point at absent slots are never legal, whatever the mask says.
    /// </summary>
    /// <param name="masks">[rows, mask bytes] as environments write them.</param>
    /// <param name="rng">Draws one number a head with more than one legal option; rows take turns.</param>
    /// <param name="actions">[rows, heads].</param>
    /// <param name="logProbabilities">[rows, heads]: natural logarithms under the distribution that was sampled from.</param>
    /// <param name="appliedMasks">[rows, options of all heads], or empty: the options that were legal for each used head.</param>
    /// <param name="temperature">Divides the logits. 0 takes the likeliest option, with its log-probability at temperature 1.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    /// <exception cref="InvalidOperationException">The network's logits are not numbers.</exception>
    public void Sample(ReadOnlySpan<byte> masks, ref Rng rng, Span<short> actions, Span<float> logProbabilities, Span<byte> appliedMasks = default, float temperature = 1f)
    {
        _sampler.Sample(this, new SampledRows(_rows, masks, new Span<Rng>(ref rng), actions, logProbabilities, appliedMasks, temperature));
        GC.KeepAlive(_network);
    }

    /// <summary>As the other overloads, for rows that were put together before.</summary>
    internal void Sample(in SampledRows rows)
    {
        _sampler.Sample(this, rows);
        GC.KeepAlive(_network);
    }

    /// <inheritdoc cref="SampleUnused(int, ReadOnlySpan{byte}, ref Rng, Span{short}, Span{float}, Span{byte})"/>
    internal void SampleUnused(in SampledRows rows)
    {
        _sampler.SampleUnused(this, rows);
        GC.KeepAlive(_network);
    }

    /// <summary>As the other overload, with a generator for each row, so that a row's draws do not depend on the others.</summary>
    /// <param name="rngs">[rows].</param>
    public void Sample(ReadOnlySpan<byte> masks, Span<Rng> rngs, Span<short> actions, Span<float> logProbabilities, Span<byte> appliedMasks = default, float temperature = 1f)
    {
        Need(rngs.Length, _rows, nameof(rngs), "[rows]");
        _sampler.Sample(this, new SampledRows(_rows, masks, rngs, actions, logProbabilities, appliedMasks, temperature));
        GC.KeepAlive(_network);
    }

    /// <summary>A head's logits for all rows of the last <see cref="Forward"/>, before masks. Absent slots have logit 0.</summary>
    /// <param name="head">Index of the head.</param>
    /// <param name="actions">[rows, heads]: the choices of earlier heads that this one is conditioned on; -1 conditions on nothing. Empty: all -1.</param>
    /// <param name="logits">[rows, options].</param>
    /// <exception cref="ArgumentException">A span is too short, or a choice is no option of its head.</exception>
    public void HeadLogits(int head, ReadOnlySpan<short> actions, Span<float> logits)
    {
        int size = _interface.Sizes[head], heads = _interface.Sizes.Length;
        Need(logits.Length, (long)_rows * size, nameof(logits), "[rows, options]");
        if (!actions.IsEmpty)
        {
            Need(actions.Length, (long)_rows * heads, nameof(actions), "[rows, heads]");
            foreach (int g in _network.Heads[head].GivenHeads)
            {
                for (int r = 0; r < _rows; r++)
                {
                    if (actions[r * heads + g] >= _interface.Sizes[g])
                        throw new ArgumentException($"row {r} chose option {actions[r * heads + g]} of head '{_interface.Names[g]}', which has {_interface.Sizes[g]}", nameof(actions));
                }
            }
        }
        Span<int> every = stackalloc int[RangeRows];
        for (int from = 0; from < _rows; from += RangeRows)
        {
            int count = Math.Min(_rows - from, RangeRows);
            for (int i = 0; i < count; i++)
                every[i] = from + i;
            int stride = Logits(_network.Heads[head], every[..count], actions);
            for (int i = 0; i < count; i++)
                _outputs!.Span.Slice(i * stride, size).CopyTo(logits[((from + i) * size)..]);
        }
        GC.KeepAlive(_network);
    }

    /// <summary>
    /// Draws an option from each head that a row's verb does not use and that <see cref="Sample(ReadOnlySpan{byte}, ref Rng, Span{short}, Span{float}, Span{byte}, float)"/>
    /// left at -1, among all that any verb might use it with. What was drawn means nothing to the environment and conditions no other head; it is for
    /// learners that are to count such heads all the same.
    /// </summary>
    /// <param name="rows">The first so many rows of the last <see cref="Forward"/>.</param>
    /// <param name="masks">[rows, mask bytes] as environments write them.</param>
    /// <param name="actions">[rows, heads]: as sampled before; -1 remains where no option was legal.</param>
    /// <param name="logProbabilities">[rows, heads].</param>
    /// <param name="appliedMasks">[rows, options of all heads]: gets the options that were legal for the heads drawn from.</param>
    /// <exception cref="ArgumentException">A span is too short, or there are more rows than the last forward had.</exception>
    public void SampleUnused(int rows, ReadOnlySpan<byte> masks, ref Rng rng, Span<short> actions, Span<float> logProbabilities, Span<byte> appliedMasks)
    {
        if (rows > _rows)
            throw new ArgumentException($"{rows} rows; the last Forward had {_rows}", nameof(rows));
        int heads = _interface.Sizes.Length;
        Need(masks.Length, (long)rows * _interface.MaskBytes, nameof(masks), "[rows, mask bytes]");
        Need(actions.Length, (long)rows * heads, nameof(actions), "[rows, heads]");
        Need(logProbabilities.Length, (long)rows * heads, nameof(logProbabilities), "[rows, heads]");
        Need(appliedMasks.Length, (long)rows * _interface.OptionCount, nameof(appliedMasks), "[rows, options of all heads]");
        _sampler.SampleUnused(this, new SampledRows(rows, masks, new Span<Rng>(ref rng), actions, logProbabilities, appliedMasks, 1f));
        GC.KeepAlive(_network);
    }

    ReadOnlySpan<int> IHeadOutputs.Present(PlannedLayer set, int row)
    {
        SetRuns runs = _agents.Set(set);
        return runs.Rows.Slot.AsSpan(runs.Start[row], runs.Present[row]);
    }

    Span<float> IHeadOutputs.Logits(int head, ReadOnlySpan<int> rows, ReadOnlySpan<short> actions, out int stride)
    {
        stride = Logits(_network.Heads[head], rows, actions);
        return _outputs!.Span[..(rows.Length * stride)];
    }

    /// <summary>Logits of some rows into <see cref="_outputs"/>; returns their stride.</summary>
    private int Logits(CompiledLayer c, ReadOnlySpan<int> chosen, ReadOnlySpan<short> actions)
    {
        PlannedLayer l = c.Plan;
        int count = chosen.Length;
        int inputStride = AlignedFloats.Pad(l.InputWidth) | 16, hiddenStride = c.Main!.Stride, heads = _interface.Sizes.Length;
        _gathered = AlignedFloats.Grow(_gathered, (long)RangeRows * inputStride);
        _hidden = AlignedFloats.Grow(_hidden, (long)RangeRows * hiddenStride);
        foreach ((PlannedLayer input, int column) in c.Inputs)
        {
            float* from = _agents.Vectors + _network.Layers[input.Index].Offset;
            for (int i = 0; i < count; i++)
                new Span<float>(from + (long)chosen[i] * _agents.Stride, input.Width).CopyTo(new Span<float>(_gathered.Pointer + i * inputStride + column, input.Width));
        }
        c.Main.Multiply(_gathered.Pointer, inputStride, count, _hidden.Pointer, hiddenStride, relu: c.Given.Length == 0);
        if (c.Given.Length > 0)
        {
            float** rows = stackalloc float*[c.Given.Length];
            for (int i = 0; i < count; i++)
            {
                int given = 0;
                for (int g = 0; g < c.Given.Length; g++)
                {
                    int choice = actions.IsEmpty ? -1 : actions[chosen[i] * heads + c.GivenHeads[g]];
                    if (choice >= 0)
                        rows[given++] = c.Given[g].Pointer + (long)choice * hiddenStride;
                }
                VectorLoops.AddAll(_hidden.Pointer + (long)i * hiddenStride, rows, given, hiddenStride, relu: true);
            }
        }
        int stride = AlignedFloats.Pad(l.Width);
        _outputs = AlignedFloats.Grow(_outputs, (long)RangeRows * stride);
        if (l.Kind == LayerKind.Choice)
            c.Second!.Multiply(_hidden.Pointer, hiddenStride, count, _outputs.Pointer, stride, relu: false);
        else
            Point(c, chosen, hiddenStride, stride);
        return stride;
    }

    private void Point(CompiledLayer c, ReadOnlySpan<int> chosen, int hiddenStride, int stride)
    {
        int count = chosen.Length;
        int queryStride = c.Second!.Stride, width = c.Sets[0].Width;
        _queries = AlignedFloats.Grow(_queries, (long)RangeRows * queryStride);
        c.Second.Multiply(_hidden!.Pointer, hiddenStride, count, _queries.Pointer, queryStride, relu: false);
        new Span<float>(_outputs!.Pointer, count * stride).Clear();
        float scale = 1f / MathF.Sqrt(width);
        int first = 0;
        foreach (PlannedLayer input in c.Sets)
        {
            SetRuns set = _agents.Set(input);
            for (int i = 0; i < count; i++)
            {
                int start = set.Start[chosen[i]];
                for (int s = start; s < start + set.Present[chosen[i]]; s++)
                {
                    float* x = _agents.Values(set) + (long)s * set.Stride;
                    _outputs.Pointer[i * stride + first + set.Rows.Slot[s]] = scale * VectorLoops.Dot(_queries.Pointer + (long)i * queryStride, x, width);
                }
            }
            first += input.Slots;
        }
    }
}
