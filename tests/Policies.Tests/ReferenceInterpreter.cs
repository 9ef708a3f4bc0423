using SelfPlayArena.Core;

namespace SelfPlayArena.Policies.Tests;

/// <summary>The layer language in double precision and plain loops, one agent at a time, straight from the documentation of the layers.</summary>
internal sealed class ReferenceInterpreter(NetworkPlan plan, Weights weights)
{
    private readonly Dictionary<string, double[]> _vectors = [];
    private readonly Dictionary<string, double[]?[]> _sets = [];

    /// <summary>Evaluates one agent; the state is replaced.</summary>
    public void Run(ReadOnlySpan<byte> observation, ReadOnlySpan<byte> fullState, double[] state)
    {
        foreach (PlannedLayer l in plan.Layers)
        {
            switch (l.Kind)
            {
                case LayerKind.Encode:
                    _sets[l.Name] = Encode(l, plan.Spec.Observation.Contains(l.Block!) ? observation : fullState);
                    break;
                case LayerKind.Linear when l.IsSet:
                    _sets[l.Name] = [.. _sets[l.Layer.Inputs[0]].Select(x => x is null ? null : Affine(l, x))];
                    break;
                case LayerKind.Linear:
                    _vectors[l.Name] = Affine(l, Concatenate(l));
                    break;
                case LayerKind.Pool:
                    _vectors[l.Name] = Pool(Joined(l, 0), l.Width / 2);
                    break;
                case LayerKind.Single:
                    _vectors[l.Name] = _sets[l.Layer.Inputs[0]][0] ?? new double[l.Width];
                    break;
                case LayerKind.Attend:
                    _vectors[l.Name] = Attend(l);
                    break;
                case LayerKind.Gru:
                    _vectors[l.Name] = Gru(l, state);
                    break;
                case LayerKind.Lstm:
                    _vectors[l.Name] = Lstm(l, state);
                    break;
            }
        }
    }

    public double[] Logits(int head, ReadOnlySpan<short> actions)
    {
        PlannedLayer l = plan.Heads[head];
        double[] z = Product(l.Name + ".hidden", Concatenate(l));
        foreach (int g in l.GivenHeads)
        {
            if (actions[g] < 0)
                continue;
            float[] rows = weights[$"{l.Name}.given.{plan.Spec.Heads[g].Name}"];
            for (int i = 0; i < z.Length; i++)
                z[i] += rows[actions[g] * z.Length + i];
        }
        double[] q = Product(l.Name + ".out", [.. z.Select(v => Math.Max(v, 0))]);
        if (l.Kind == LayerKind.Choice)
            return q;
        return [.. l.Layer.Inputs.Skip(1).SelectMany(i => _sets[i]).Select(x => x is null ? 0 : Dot(q, x) / Math.Sqrt(q.Length))];
    }

    public double[] Values() => Product("values.out", [.. Product("values.hidden", Concatenate(plan.Values!)).Select(v => Math.Max(v, 0))]);

    public static double[] LogSoftmax(double[] logits, ReadOnlySpan<byte> legal)
    {
        double max = double.NegativeInfinity, sum = 0;
        for (int i = 0; i < logits.Length; i++)
            max = legal[i] != 0 ? Math.Max(max, logits[i]) : max;
        for (int i = 0; i < logits.Length; i++)
            sum += legal[i] != 0 ? Math.Exp(logits[i] - max) : 0;
        var result = new double[logits.Length];
        for (int i = 0; i < logits.Length; i++)
            result[i] = legal[i] != 0 ? logits[i] - max - Math.Log(sum) : double.NegativeInfinity;
        return result;
    }

    private double[]?[] Encode(PlannedLayer l, ReadOnlySpan<byte> bytes)
    {
        BlockSpec b = l.Block!;
        var set = new double[]?[b.Slots];
        for (int s = 0; s < b.Slots; s++)
        {
            if (bytes[b.Offset + s] == 0)
                continue;
            var x = new List<double>();
            foreach (FeatureSpec f in b.Features)
            {
                ReadOnlySpan<byte> at = bytes[(b.RowsOffset + s * b.SlotBytes + b.FeatureOffset(f.Name))..];
                for (int i = 0; i < f.Width; i++)
                {
                    x.Add(f.Kind switch
                    {
                        FeatureKind.Scalar8 => (sbyte)at[0] / 127.0,
                        FeatureKind.Half => (double)BitConverter.ToHalf(at),
                        FeatureKind.Categorical => at[0] == i ? 1 : 0,
                        _ => at[i / 8] >> (i % 8) & 1,
                    });
                }
            }
            set[s] = Affine(l, [.. x]);
        }
        return set;
    }

    private double[] Affine(PlannedLayer l, double[] x)
    {
        double[] y = Product(l.Owner.Name, x);
        return l.Layer.Activation == Activation.Relu ? [.. y.Select(v => Math.Max(v, 0))] : y;
    }

    private double[] Product(string name, double[] x, string weight = "weight", string bias = "bias")
    {
        float[] w = weights[$"{name}.{weight}"], b = weights[$"{name}.{bias}"];
        var y = new double[b.Length];
        for (int o = 0; o < y.Length; o++)
        {
            y[o] = b[o];
            for (int i = 0; i < x.Length; i++)
                y[o] += (double)w[o * x.Length + i] * x[i];
        }
        return y;
    }

    private double[] Concatenate(PlannedLayer l) => [.. l.Layer.Inputs.Where(_vectors.ContainsKey).SelectMany(i => _vectors[i])];

    private double[][] Joined(PlannedLayer l, int skip) => [.. l.Layer.Inputs.Skip(skip).SelectMany(i => _sets[i]).Where(x => x is not null).Select(x => x!)];

    private static double[] Pool(double[][] rows, int width)
    {
        if (rows.Length == 0)
            return new double[2 * width];
        return [.. Enumerable.Range(0, width).Select(i => rows.Max(r => r[i])), .. Enumerable.Range(0, width).Select(i => rows.Average(r => r[i]))];
    }

    private double[] Attend(PlannedLayer l)
    {
        double[] q = Product(l.Owner.Name, _vectors[l.Layer.Inputs[0]]);
        double[][] rows = Joined(l, 1);
        var y = new double[l.Width];
        int e = l.Width / l.Layer.Queries;
        if (rows.Length == 0)
            return y;
        for (int k = 0; k < l.Layer.Queries; k++)
        {
            double[] scores = [.. rows.Select(x => Dot(q.AsSpan(k * e, e), x) / Math.Sqrt(e))];
            double[] logs = LogSoftmax(scores, Enumerable.Repeat((byte)1, rows.Length).ToArray());
            for (int s = 0; s < rows.Length; s++)
            {
                for (int i = 0; i < e; i++)
                    y[k * e + i] += Math.Exp(logs[s]) * rows[s][i];
            }
        }
        return y;
    }

    private double[] Gru(PlannedLayer l, double[] state)
    {
        int w = l.Width;
        double[] h = state[l.RecurrentOffset..(l.RecurrentOffset + w)];
        double[] gi = Product(l.Owner.Name, Concatenate(l), "weight_ih", "bias_ih");
        double[] gh = Product(l.Owner.Name, h, "weight_hh", "bias_hh");
        var y = new double[w];
        for (int i = 0; i < w; i++)
        {
            double r = 1 / (1 + Math.Exp(-gi[i] - gh[i]));
            double z = 1 / (1 + Math.Exp(-gi[w + i] - gh[w + i]));
            double n = Math.Tanh(gi[2 * w + i] + r * gh[2 * w + i]);
            y[i] = (1 - z) * n + z * h[i];
        }
        y.CopyTo(state, l.RecurrentOffset);
        return y;
    }

    private double[] Lstm(PlannedLayer l, double[] state)
    {
        int w = l.Width;
        double[] h = state[l.RecurrentOffset..(l.RecurrentOffset + w)];
        double[] gi = Product(l.Owner.Name, Concatenate(l), "weight_ih", "bias_ih");
        double[] gh = Product(l.Owner.Name, h, "weight_hh", "bias_hh");
        var y = new double[w];
        for (int k = 0; k < w; k++)
        {
            double i = Sigmoid(gi[k] + gh[k]), f = Sigmoid(gi[w + k] + gh[w + k]), g = Math.Tanh(gi[2 * w + k] + gh[2 * w + k]), o = Sigmoid(gi[3 * w + k] + gh[3 * w + k]);
            double c = f * state[l.RecurrentOffset + w + k] + i * g;
            state[l.RecurrentOffset + w + k] = c;
            y[k] = o * Math.Tanh(c);
        }
        y.CopyTo(state, l.RecurrentOffset);
        return y;
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
