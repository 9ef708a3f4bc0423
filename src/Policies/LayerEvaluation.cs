using System.Runtime.Intrinsics;

namespace SelfPlayArena.Policies;

/// <summary>Scratch of one thread, and the layers between encoders and heads evaluated with it.</summary>
internal sealed unsafe class LayerEvaluation(PolicyNetwork network)
{
    private CompiledLayer[] _layers = network.Layers;
    private AlignedFloats? _first, _second, _third, _shared;

    public void Use(PolicyNetwork network) => _layers = network.Layers;

    /// <summary>Product of a layer's own inputs for rows [from, to), and the columns that a team shares, into <paramref name="y"/>.</summary>
    /// <param name="skipEmpty">Leave out inputs that came out zero for the range.</param>
    public void FirstProduct(CompiledLayer c, Workspace own, Workspace? team, int agentsPerTeam, int from, int to, float* y, nint stride, bool relu, bool skipEmpty)
    {
        Operand* operands = stackalloc Operand[c.Inputs.Length + 1];
        int count = Operands(c, own, from, skipEmpty, operands);
        bool joined = c.Team is not null;
        c.Main!.Multiply(operands, count, to - from, y, stride, relu && !joined);
        if (!joined)
            return;
        int firstTeam = from / agentsPerTeam, teams = (to - 1) / agentsPerTeam - firstTeam + 1;
        _shared = AlignedFloats.Grow(_shared, (long)teams * c.Team!.Stride);
        Operand* shared = stackalloc Operand[c.TeamInputs.Length];
        for (int i = 0; i < c.TeamInputs.Length; i++)
            shared[i] = new Operand(team!.Vectors + _layers[c.TeamInputs[i].Input.Index].Offset + (long)firstTeam * team.Stride, team.Stride, c.TeamInputs[i].Input.Width, c.TeamInputs[i].Column);
        c.Team.Multiply(shared, c.TeamInputs.Length, teams, _shared.Pointer, c.Team.Stride, relu: false);
        for (int r = from; r < to; r++)
        {
            float* row = _shared.Pointer + (long)(r / agentsPerTeam - firstTeam) * c.Team.Stride;
            VectorLoops.AddAll(y + (r - from) * stride, &row, 1, c.Team.Stride, relu);
        }
    }

    /// <summary>Evaluates one layer for rows [from, to); <paramref name="recurrent"/> points at row 0's state of <paramref name="recurrentSize"/>.</summary>
    public void Evaluate(CompiledLayer c, Workspace own, Workspace? team, int agentsPerTeam, int from, int to, float* recurrent, int recurrentSize, bool skipEmpty)
    {
        PlannedLayer l = c.Plan;
        nint stride = own.Stride;
        float* y = c.Offset >= 0 ? own.Vectors + from * stride + c.Offset : null;
        bool relu = l.Layer.Activation == Activation.Relu;
        switch (l.Kind)
        {
            case LayerKind.Linear when l.IsSet:
                SetLinear(c, own, relu);
                break;
            case LayerKind.Linear:
                own.Empty[l.Index] = false;
                FirstProduct(c, own, team, agentsPerTeam, from, to, y, stride, relu, skipEmpty);
                break;
            case LayerKind.Pool or LayerKind.Single:
                own.Empty[l.Index] = Rows(c, own) == 0;
                for (int r = from; r < to; r++, y += stride)
                    Pool(c, own, r, y);
                break;
            case LayerKind.Attend:
                Attend(c, own, from, to, y, skipEmpty);
                break;
            case LayerKind.Gru:
                own.Empty[l.Index] = false;
                Gru(c, own, from, to, recurrent + l.RecurrentOffset, recurrentSize, y, skipEmpty);
                break;
            case LayerKind.Lstm:
                own.Empty[l.Index] = false;
                Lstm(c, own, from, to, recurrent + l.RecurrentOffset, recurrentSize, y, skipEmpty);
                break;
        }
    }

    private int Operands(CompiledLayer c, Workspace own, int from, bool skipEmpty, Operand* to)
    {
        int count = 0;
        foreach ((PlannedLayer input, int column) in c.Inputs)
        {
            if (!skipEmpty || !own.Empty[input.Index])
                to[count++] = new Operand(own.Vectors + (long)from * own.Stride + _layers[input.Index].Offset, own.Stride, input.Width, column);
        }
        return count;
    }

    private static void SetLinear(CompiledLayer c, Workspace own, bool relu)
    {
        SetRuns source = own.Set(c.Sets[0]), set = own.Set(c.Plan);
        (set.Start, set.Present, set.First, set.End) = (source.Start, source.Present, source.First, source.End);
        own.Empty[c.Plan.Index] = set.First == set.End;
        if (set.First == set.End)
            return;
        set.Values.Values = AlignedFloats.Grow(set.Values.Values, (long)set.End * set.Stride, set.Values.Count * (long)set.Stride);
        set.Values.Count = set.End;
        c.Main!.Multiply(own.Values(source) + (long)source.First * source.Stride, source.Stride, set.End - set.First, own.Values(set) + (long)set.First * set.Stride, set.Stride, relu);
    }

    /// <summary>Rows of a layer's sets in the range that is being evaluated.</summary>
    private static int Rows(CompiledLayer c, Workspace own)
    {
        int rows = 0;
        foreach (PlannedLayer input in c.Sets)
            rows += own.Set(input).End - own.Set(input).First;
        return rows;
    }

    private void Pool(CompiledLayer c, Workspace own, int row, float* y)
    {
        SetRuns set = own.Set(c.Sets[0]);
        int width = c.Sets[0].Width, stride = set.Stride;
        if (c.Sets.Length == 1)
        {
            float* rows = set.Present[row] == 0 ? null : own.Values(set) + (long)set.Start[row] * stride;
            if (c.Plan.Kind == LayerKind.Pool)
                VectorLoops.Pool(rows, stride, set.Present[row], width, y);
            else if (rows is null)
                new Span<float>(y, width).Clear();
            else
                new Span<float>(rows, width).CopyTo(new Span<float>(y, width));
            return;
        }
        int total = 0, at = 0;
        foreach (PlannedLayer input in c.Sets)
            total += own.Set(input).Present[row];
        _third = AlignedFloats.Grow(_third, (long)total * stride);
        foreach (PlannedLayer input in c.Sets)
        {
            set = own.Set(input);
            int count = set.Present[row];
            if (count > 0)
                new Span<float>(own.Values(set) + (long)set.Start[row] * stride, count * stride).CopyTo(_third.Span[(at * stride)..]);
            at += count;
        }
        VectorLoops.Pool(_third.Pointer, stride, total, width, y);
    }

    private void Attend(CompiledLayer c, Workspace own, int from, int to, float* y, bool skipEmpty)
    {
        PlannedLayer l = c.Plan;
        int queries = l.Layer.Queries, slots = 0, width = c.Sets[0].Width;
        foreach (PlannedLayer input in c.Sets)
            slots += input.Slots;
        own.Empty[l.Index] = Rows(c, own) == 0;
        if (skipEmpty && own.Empty[l.Index])
        {
            for (int r = from; r < to; r++, y += own.Stride)
                new Span<float>(y, l.Width).Clear();
            return;
        }
        int queryStride = c.Main!.Stride + 32;
        _first = AlignedFloats.Grow(_first, (long)(to - from) * queryStride);
        FirstProduct(c, own, null, 1, from, to, _first.Pointer, queryStride, relu: false, skipEmpty);
        // A query's last vector reads into the next query, or into this row's free end: both meet zeros in the encodings.
        for (int r = 0; r < to - from; r++)
            new Span<float>(_first.Pointer + (long)r * queryStride + c.Main.Stride, 8).Clear();
        _second = AlignedFloats.Grow(_second, slots + 8L);
        float* weights = _second.Pointer;
        float** rows = stackalloc float*[slots];
        float scale = 1f / MathF.Sqrt(width);
        for (int r = from; r < to; r++, y += own.Stride)
        {
            int present = 0;
            foreach (PlannedLayer input in c.Sets)
            {
                SetRuns set = own.Set(input);
                int count = set.Present[r];
                if (count == 0)
                    continue;
                float* x = own.Values(set) + (long)set.Start[r] * set.Stride;
                for (int s = 0; s < count; s++, x += set.Stride)
                    rows[present++] = x;
            }
            if (present == 0)
            {
                new Span<float>(y, l.Width).Clear();
                continue;
            }
            float* query = _first.Pointer + (long)(r - from) * queryStride;
            for (int q = 0; q < queries; q++)
            {
                for (int s = 0; s < present; s++)
                    weights[s] = scale * VectorLoops.Dot(query + q * width, rows[s], width);
                VectorLoops.Softmax(weights, present);
                for (int i = 0; i < width; i += 8)
                {
                    Vector256<float> sum = Vector256<float>.Zero;
                    for (int s = 0; s < present; s++)
                        sum += Vector256.Create(weights[s]) * Vector256.Load(rows[s] + i);
                    sum.Store(y + q * width + i);
                }
            }
        }
    }

    private void Gru(CompiledLayer c, Workspace own, int from, int to, float* recurrent, int recurrentSize, float* y, bool skipEmpty)
    {
        int rows = to - from, width = c.Plan.Width;
        int gateStride = AlignedFloats.Pad(2 * width + 8), stride = AlignedFloats.Pad(width + 8);
        _first = AlignedFloats.Grow(_first, (long)rows * gateStride);
        _second = AlignedFloats.Grow(_second, (long)rows * stride);
        _third = AlignedFloats.Grow(_third, (long)rows * stride);
        Operand* operands = stackalloc Operand[c.Inputs.Length + 1];
        int count = Operands(c, own, from, skipEmpty, operands);
        c.Second!.Multiply(operands, count, rows, _second.Pointer, stride, relu: false);
        float* state = recurrent + (long)from * recurrentSize;
        operands[count] = new Operand(state, recurrentSize, width, c.Plan.InputWidth);
        c.Main!.Multiply(operands, count + 1, rows, _first.Pointer, gateStride, relu: false);
        c.Third!.Multiply(state, recurrentSize, rows, _third.Pointer, stride, relu: false);
        for (int r = 0; r < rows; r++)
        {
            VectorLoops.Gru(_first.Pointer + (long)r * gateStride, _second.Pointer + (long)r * stride, _third.Pointer + (long)r * stride,
                new Span<float>(state + (long)r * recurrentSize, width), y + (long)r * own.Stride);
        }
    }
    private void Lstm(CompiledLayer c, Workspace own, int from, int to, float* recurrent, int recurrentSize, float* y, bool skipEmpty)
    {
        int rows = to - from, width = c.Plan.Width;
        // A gate's last vector reads into the next gate, or into the row's free end: what it makes there is not kept.
        int gateStride = AlignedFloats.Pad(4 * width + 8);
        _first = AlignedFloats.Grow(_first, (long)rows * gateStride);
        Operand* operands = stackalloc Operand[c.Inputs.Length + 1];
        int count = Operands(c, own, from, skipEmpty, operands);
        float* state = recurrent + (long)from * recurrentSize;
        operands[count] = new Operand(state, recurrentSize, width, c.Plan.InputWidth);
        c.Main!.Multiply(operands, count + 1, rows, _first.Pointer, gateStride, relu: false);
        for (int r = 0; r < rows; r++)
            VectorLoops.Lstm(_first.Pointer + (long)r * gateStride, new Span<float>(state + (long)r * recurrentSize, 2 * width), y + (long)r * own.Stride);
    }
}
