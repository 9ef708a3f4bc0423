using System.Runtime.Intrinsics;
using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>
/// Draws actions from a network's heads, one head after the other, each given what was chosen before it. It is the one sampler of all interpreters:
/// with the same generator and the same logits it draws the same actions, whoever computed the logits. Holds the buffers of one thread.
/// </summary>
/// <remarks>
/// A head that the verb does not use, or that has no legal option, gets action -1, log-probability 0 and a mask of zeros; one legal option is taken
/// without a draw. Options that point at absent slots are never legal, whatever the mask says. Each head draws for all rows, in order, before the
/// next head does.
/// </remarks>
public sealed unsafe class HeadSampler(NetworkPlan plan)
{
    /// <summary>Most rows whose logits are asked for at once.</summary>
    public const int MostRows = 64;

    private const float Illegal = -1e30f;
    private readonly int _heads = plan.Spec.Heads.Count, _maskBytes = plan.Spec.MaskBytes, _optionCount = plan.Spec.OptionCount;
    private readonly Head[] _head = [.. plan.Heads.Select((l, h) => new Head(plan.Spec, l, h))];
    private readonly int[] _used = new int[MostRows];
    private byte[] _legal = [], _anyRow = [];

    /// <summary>Draws from all heads.</summary>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    /// <exception cref="InvalidOperationException">The network's logits are not numbers.</exception>
    public void Sample(IHeadOutputs outputs, in SampledRows rows)
    {
        Begin(rows);
        for (int h = 0; h < _heads; h++)
            Sample(h, outputs, rows);
    }

    /// <summary>Checks what <see cref="Sample(int, IHeadOutputs, in SampledRows)"/> is to be given, and clears the applied masks.</summary>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Begin(in SampledRows rows)
    {
        Need(rows.Masks.Length, (long)rows.Count * _maskBytes, "masks", "[rows, mask bytes]");
        Need(rows.Actions.Length, (long)rows.Count * _heads, "actions", "[rows, heads]");
        Need(rows.LogProbabilities.Length, (long)rows.Count * _heads, "logProbabilities", "[rows, heads]");
        if (rows.Rngs.Length != 1)
            Need(rows.Rngs.Length, rows.Count, "rngs", "[rows]");
        if (!rows.Applied.IsEmpty)
            Need(rows.Applied.Length, (long)rows.Count * _optionCount, "appliedMasks", "[rows, options of all heads]");
        if (!(rows.Temperature >= 0f))
            throw new ArgumentOutOfRangeException(nameof(rows), rows.Temperature, "a temperature is 0 (the likeliest option) or above");
        rows.Applied.Clear();
    }

    /// <summary>Draws from one head, after <see cref="Begin"/> and the heads before it.</summary>
    /// <exception cref="InvalidOperationException">The network's logits are not numbers.</exception>
    public void Sample(int head, IHeadOutputs outputs, in SampledRows rows)
    {
        for (int from = 0; from < rows.Count; from += MostRows)
            SampleHead(head, outputs, from, Math.Min(rows.Count, from + MostRows), rows, unused: false);
    }

    /// <summary>
    /// Draws an option from each head that a row's verb does not use and that was left at -1, among all that any verb might use it with. What was drawn
    /// means nothing to the environment and conditions no other head; it is for learners that are to count such heads all the same.
    /// </summary>
    /// <param name="rows">With the actions as sampled before and all spans given; -1 remains where no option was legal.</param>
    public void SampleUnused(IHeadOutputs outputs, in SampledRows rows)
    {
        // From the last one: a head that is conditioned on earlier ones must not see what was drawn for nothing.
        for (int h = _heads - 1; h > 0; h--)
        {
            for (int from = 0; from < rows.Count; from += MostRows)
                SampleHead(h, outputs, from, Math.Min(rows.Count, from + MostRows), rows, unused: true);
        }
    }

    /// <summary>Draws from one head for the rows whose verb uses it, or for those whose verb does not.</summary>
    private void SampleHead(int h, IHeadOutputs outputs, int from, int to, in SampledRows rows, bool unused)
    {
        Head head = _head[h];
        int size = head.Size;
        Span<short> actions = rows.Actions;
        if (_legal.Length < MostRows * size)
            _legal = new byte[MostRows * size];
        int used = 0;
        for (int r = from; r < to; r++)
        {
            int at = r * _heads + h;
            int verb = h == 0 ? 0 : actions[r * _heads];
            int row = h == 0 ? 0 : verb < 0 ? -1 : head.MaskRows[verb];
            if (unused && (verb < 0 || row >= 0))
                continue;
            (actions[at], rows.LogProbabilities[at]) = (-1, 0f);
            if (row < 0 && !unused)
                continue;
            ReadOnlySpan<byte> mask = rows.Masks.Slice(r * _maskBytes + head.MaskOffset, head.MaskRowCount * size);
            Span<byte> legal = _legal.AsSpan(used * size, size);
            int last = Legal(head, outputs, r, unused ? AnyRow(mask, size) : mask.Slice(row * size, size), legal, out int count);
            if (count == 0)
                continue;
            if (!rows.Applied.IsEmpty)
                legal.CopyTo(rows.Applied[(r * _optionCount + head.OptionOffset)..]);
            if (count == 1)
                actions[at] = (short)last;
            else
                _used[used++] = r;
        }
        if (used == 0)
            return;
        float temperature = unused ? 1f : rows.Temperature;
        float sharpness = temperature == 0f ? 1f : 1f / temperature;
        fixed (float* logits = outputs.Logits(h, _used.AsSpan(0, used), actions, out int stride))
        {
            for (int i = 0; i < used; i++)
            {
                int r = _used[i];
                ref Rng rng = ref rows.Rngs[rows.Rngs.Length == 1 ? 0 : r];
                int choice = Choose(logits + (long)i * stride, _legal.AsSpan(i * size, size), sharpness, temperature == 0f, ref rng, out float logProbability);
                if (choice < 0)
                    throw new InvalidOperationException($"the logits of head '{head.Name}' of network '{plan.Description.Name}' are not numbers; its weights are broken");
                (actions[r * _heads + h], rows.LogProbabilities[r * _heads + h]) = ((short)choice, logProbability);
            }
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
    private static int Legal(Head head, IHeadOutputs outputs, int row, ReadOnlySpan<byte> mask, Span<byte> legal, out int count)
    {
        int last = -1;
        count = 0;
        if (!head.Points)
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
        foreach (PlannedLayer set in head.Sets)
        {
            foreach (int slot in outputs.Present(set, row))
            {
                if (mask[first + slot] == 0)
                    continue;
                last = first + slot;
                legal[last] = 1;
                count++;
            }
            first += set.Slots;
        }
        return last;
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

    private static void Need(int length, long needed, string argument, string shape)
    {
        if (length < needed)
            throw new ArgumentException($"{argument} {shape} has {length} entries, needs {needed}", argument);
    }

    /// <summary>A head's numbers, which the spec adds up anew each time it is asked.</summary>
    private sealed class Head(EnvironmentSpec spec, PlannedLayer layer, int head)
    {
        public readonly string Name = spec.Heads[head].Name;
        public readonly int Size = spec.Heads[head].Size, MaskRowCount = spec.Heads[head].MaskRowCount, MaskOffset = spec.MaskOffset(head, 0);
        public readonly int OptionOffset = spec.Heads.Take(head).Sum(h => h.Size);
        public readonly int[] MaskRows = [.. spec.Heads[head].MaskRows];
        public readonly bool Points = layer.Kind == LayerKind.Pointer;
        public readonly PlannedLayer[] Sets = [.. layer.SetInputs];
    }
}
