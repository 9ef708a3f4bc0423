using System.Runtime.Intrinsics;
using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

public sealed unsafe partial class PolicyRunner
{
    private const float Illegal = -1e30f;
    private readonly int[] _used = new int[RangeRows];
    private byte[] _legal = [], _anyRow = [];
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
        => SampleRows(masks, new Span<Rng>(ref rng), actions, logProbabilities, appliedMasks, temperature);

    /// <summary>As the other overload, with a generator for each row, so that a row's draws do not depend on the others.</summary>
    /// <param name="rngs">[rows].</param>
    public void Sample(ReadOnlySpan<byte> masks, Span<Rng> rngs, Span<short> actions, Span<float> logProbabilities, Span<byte> appliedMasks = default, float temperature = 1f)
    {
        Need(rngs.Length, _rows, nameof(rngs), "[rows]");
        SampleRows(masks, rngs, actions, logProbabilities, appliedMasks, temperature);
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
        for (int from = 0; from < _rows; from += RangeRows)
        {
            int count = Math.Min(_rows - from, RangeRows);
            for (int i = 0; i < count; i++)
                _used[i] = from + i;
            int stride = Logits(_network.Heads[head], count, actions);
            for (int i = 0; i < count; i++)
                _outputs!.Span.Slice(i * stride, size).CopyTo(logits[((from + i) * size)..]);
        }
        GC.KeepAlive(_network);
    }

    private void SampleRows(ReadOnlySpan<byte> masks, Span<Rng> rngs, Span<short> actions, Span<float> logProbabilities, Span<byte> applied, float temperature)
    {
        int heads = _interface.Sizes.Length;
        Need(masks.Length, (long)_rows * _interface.MaskBytes, nameof(masks), "[rows, mask bytes]");
        Need(actions.Length, (long)_rows * heads, nameof(actions), "[rows, heads]");
        Need(logProbabilities.Length, (long)_rows * heads, nameof(logProbabilities), "[rows, heads]");
        if (!applied.IsEmpty)
            Need(applied.Length, (long)_rows * _interface.OptionCount, "appliedMasks", "[rows, options of all heads]");
        if (!(temperature >= 0f))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "a temperature is 0 (the likeliest option) or above");
        applied.Clear();
        for (int from = 0; from < _rows; from += RangeRows)
        {
            var range = new SampledRows(from, Math.Min(_rows, from + RangeRows), masks, rngs, actions, logProbabilities, applied, temperature);
            for (int h = 0; h < heads; h++)
                SampleHead(h, range, unused: false);
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
        for (int from = 0; from < rows; from += RangeRows)
        {
            var range = new SampledRows(from, Math.Min(rows, from + RangeRows), masks, new Span<Rng>(ref rng), actions, logProbabilities, appliedMasks, 1f);
            // From the last one: a head that is conditioned on earlier ones must not see what was drawn for nothing.
            for (int h = heads - 1; h > 0; h--)
                SampleHead(h, range, unused: true);
        }
        GC.KeepAlive(_network);
    }

    /// <summary>Rows that are sampled together, as positions in the spans of a whole batch.</summary>
    private readonly ref struct SampledRows(
        int from, int to, ReadOnlySpan<byte> masks, Span<Rng> rngs, Span<short> actions, Span<float> logProbabilities, Span<byte> applied, float temperature)
    {
        public readonly int From = from, To = to;
        public readonly ReadOnlySpan<byte> Masks = masks;
        public readonly Span<Rng> Rngs = rngs;
        public readonly Span<short> Actions = actions;
        public readonly Span<float> LogProbabilities = logProbabilities;
        public readonly Span<byte> Applied = applied;
        public readonly float Temperature = temperature;
    }

    /// <summary>Draws from one head for the rows whose verb uses it, or for those whose verb does not.</summary>
    private void SampleHead(int h, SampledRows range, bool unused)
    {
        int heads = _interface.Sizes.Length, size = _interface.Sizes[h], maskOffset = _interface.MaskOffsets[h];
        int[] maskRows = _interface.MaskRows[h];
        Span<short> actions = range.Actions;
        if (_legal.Length < RangeRows * size)
            _legal = new byte[RangeRows * size];
        int used = 0;
        for (int r = range.From; r < range.To; r++)
        {
            int at = r * heads + h;
            int verb = h == 0 ? 0 : actions[r * heads];
            int row = h == 0 ? 0 : verb < 0 ? -1 : maskRows[verb];
            if (unused && (verb < 0 || row >= 0))
                continue;
            (actions[at], range.LogProbabilities[at]) = (-1, 0f);
            if (row < 0 && !unused)
                continue;
            ReadOnlySpan<byte> head = range.Masks.Slice(r * _interface.MaskBytes + maskOffset, _interface.MaskRowCounts[h] * size);
            Span<byte> legal = _legal.AsSpan(used * size, size);
            int last = Legal(_network.Heads[h], r, unused ? AnyRow(head, size) : head.Slice(row * size, size), legal, out int count);
            if (count == 0)
                continue;
            if (!range.Applied.IsEmpty)
                legal.CopyTo(range.Applied[(r * _interface.OptionCount + _interface.OptionOffsets[h])..]);
            if (count == 1)
                actions[at] = (short)last;
            else
                _used[used++] = r;
        }
        if (used == 0)
            return;
        float sharpness = range.Temperature == 0f ? 1f : 1f / range.Temperature;
        int stride = Logits(_network.Heads[h], used, actions);
        for (int i = 0; i < used; i++)
        {
            int r = _used[i];
            ref Rng rng = ref range.Rngs[range.Rngs.Length == 1 ? 0 : r];
            int choice = Choose(_outputs!.Pointer + (long)i * stride, _legal.AsSpan(i * size, size), sharpness, range.Temperature == 0f, ref rng, out float logProbability);
            if (choice < 0)
                throw new InvalidOperationException($"the logits of head '{_interface.Names[h]}' of network '{_network.Plan.Description.Name}' are not numbers; its weights are broken");
            (actions[r * heads + h], range.LogProbabilities[r * heads + h]) = ((short)choice, logProbability);
        }
    }

    /// <summary>The options that some row of a head's mask allows; good until the next call.</summary>
    private ReadOnlySpan<byte> AnyRow(ReadOnlySpan<byte> rows, int size)
    {
        if (_anyRow.Length < size)
            _anyRow = new byte[size];
        Span<byte> any = _anyRow.AsSpan(0, size);
        any.Clear();
        for (int i = 0; i < rows.Length; i++)
            any[i % size] |= rows[i];
        return any;
    }

    /// <summary>Writes 0 or 1 for each option and returns the last legal one.</summary>
    private int Legal(CompiledLayer c, int row, ReadOnlySpan<byte> mask, Span<byte> legal, out int count)
    {
        int last = -1;
        count = 0;
        if (c.Plan.Kind == LayerKind.Choice)
        {
            for (int o = 0; o < mask.Length; o++)
            {
                bool may = mask[o] != 0;
                legal[o] = (byte)(may ? 1 : 0);
                count += may ? 1 : 0;
                last = may ? o : last;
            }
            return last;
        }
        legal.Clear();
        int first = 0;
        foreach (PlannedLayer input in c.Sets)
        {
            SetRuns set = _agents.Set(input);
            foreach (int slot in set.Rows.Slot.AsSpan(set.Start[row], set.Present[row]))
            {
                if (mask[first + slot] == 0)
                    continue;
                last = first + slot;
                legal[last] = 1;
                count++;
            }
            first += input.Slots;
        }
        return last;
    }

    /// <summary>Logits of the first <paramref name="count"/> rows in <see cref="_used"/> into <see cref="_outputs"/>; returns their stride.</summary>
    private int Logits(CompiledLayer c, int count, ReadOnlySpan<short> actions)
    {
        PlannedLayer l = c.Plan;
        int inputStride = AlignedFloats.Pad(l.InputWidth) | 16, hiddenStride = c.Main!.Stride, heads = _interface.Sizes.Length;
        _gathered = AlignedFloats.Grow(_gathered, (long)RangeRows * inputStride);
        _hidden = AlignedFloats.Grow(_hidden, (long)RangeRows * hiddenStride);
        foreach ((PlannedLayer input, int column) in c.Inputs)
        {
            float* from = _agents.Vectors + _network.Layers[input.Index].Offset;
            for (int i = 0; i < count; i++)
                new Span<float>(from + (long)_used[i] * _agents.Stride, input.Width).CopyTo(new Span<float>(_gathered.Pointer + i * inputStride + column, input.Width));
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
                    int choice = actions.IsEmpty ? -1 : actions[_used[i] * heads + c.GivenHeads[g]];
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
            Point(c, count, hiddenStride, stride);
        return stride;
    }

    private void Point(CompiledLayer c, int count, int hiddenStride, int stride)
    {
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
                int start = set.Start[_used[i]];
                for (int s = start; s < start + set.Present[_used[i]]; s++)
                {
                    float* x = _agents.Values(set) + (long)s * set.Stride;
                    _outputs.Pointer[i * stride + first + set.Rows.Slot[s]] = scale * VectorLoops.Dot(_queries.Pointer + (long)i * queryStride, x, width);
                }
            }
            first += input.Slots;
        }
    }

    /// <summary>Draws an option; the logits, which have room for whole vectors, are used up. -1 if they are not numbers.</summary>
    private static int Choose(float* logits, ReadOnlySpan<byte> legal, float sharpness, bool greedy, ref Rng rng, out float logProbability)
    {
        int size = legal.Length, padded = (size + 7) & ~7, best = -1, last = -1;
        float max = float.NegativeInfinity;
        for (int i = 0; i < size; i++)
        {
            float x = legal[i] != 0 ? logits[i] * sharpness : Illegal;
            logits[i] = x;
            if (legal[i] == 0)
                continue;
            last = i;
            if (x > max)
                (max, best) = (x, i);
        }
        for (int i = size; i < padded; i++)
            logits[i] = Illegal;
        var sums = Vector256<float>.Zero;
        for (int i = 0; i < padded; i += 8)
        {
            Vector256<float> x = Vector256.Load(logits + i);
            Vector256<float> e = VectorMath.Exp(x - Vector256.Create(max)) & ~Vector256.Equals(x, Vector256.Create(Illegal));
            e.Store(logits + i);
            sums += e;
        }
        float sum = Vector256.Sum(sums);
        logProbability = 0f;
        if (best < 0 || !float.IsFinite(sum))
            return -1;
        int choice = best;
        if (!greedy)
        {
            float left = rng.NextSingle() * sum;
            choice = -1;
            for (int i = 0; i < size && choice < 0; i++)
            {
                left -= logits[i];
                if (legal[i] != 0 && left < 0f)
                    choice = i;
            }
            // Rounding may leave a trace after the last option.
            if (choice < 0)
                choice = last;
        }
        logProbability = MathF.Log(logits[choice] / sum);
        return choice;
    }
}
