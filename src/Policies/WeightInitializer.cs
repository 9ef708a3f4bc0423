using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>
/// Starting weights: orthogonal matrices (Saxe et al. 2014) with gain √2 before ReLU, 1 elsewhere and 0.01 for what heads put out, zero
/// biases (1 for an LSTM's forget gate). Every parameter has a seed of its own, derived from its name, and only exactly rounded arithmetic is used: every machine makes the
/// same bits, and adding a layer does not change the others.
/// </summary>
public static class WeightInitializer
{
    private const double HeadGain = 0.01;
    private const double GivenDeviation = 0.1;

    /// <summary>
    /// Gain of the pointers of a network that is to imitate. A pointer's score is a product of a query and an entity's code: where both begin near
    /// nothing, so do their gradients, and imitation stands still for a long time before a pointer begins to point. Reinforcement starts all heads alike
    /// near evenness instead, for the sake of exploration.
    /// </summary>
    public const double ImitatingPointers = 1;

    /// <summary>New weights for a plan.</summary>
    /// <param name="pointerGain">Gain of what pointers put out.</param>
    public static Weights Create(NetworkPlan plan, ulong seed, double pointerGain = HeadGain)
    {
        var weights = Weights.Zeros(plan);
        foreach (PlannedLayer layer in plan.Layers.Where(l => l.Owner == l))
        {
            double relu = Math.Sqrt(2);
            switch (layer.Kind)
            {
                case LayerKind.Encode or LayerKind.Linear:
                    Fill(layer.Name + ".weight", 1, layer.Layer.Activation == Activation.Relu ? relu : 1);
                    break;
                case LayerKind.Attend:
                    Fill(layer.Name + ".weight", layer.Layer.Queries, 1);
                    break;
                case LayerKind.Gru or LayerKind.Lstm:
                    Fill(layer.Name + ".weight_ih", layer.Gates, 1);
                    Fill(layer.Name + ".weight_hh", layer.Gates, 1);
                    // An open forget gate, so that a new core remembers from the start (Jozefowicz et al. 2015).
                    if (layer.Kind == LayerKind.Lstm)
                        weights[layer.Name + ".bias_ih"].AsSpan(layer.Width, layer.Width).Fill(1f);
                    break;
                case LayerKind.Choice or LayerKind.Pointer or LayerKind.Values:
                    Fill(layer.Name + ".hidden.weight", 1, relu);
                    Fill(layer.Name + ".out.weight", 1, layer.Kind switch { LayerKind.Values => 1, LayerKind.Pointer => pointerGain, _ => HeadGain });
                    foreach (int g in layer.GivenHeads)
                        Given($"{layer.Name}.given.{plan.Spec.Heads[g].Name}");
                    break;
            }
        }
        return weights;

        void Fill(string name, int parts, double gain)
        {
            WeightTensor t = weights.Tensors[name];
            var rng = new Rng(Seeds.Derive(seed, "weights/" + name));
            int rows = t.Shape[0] / parts;
            for (int p = 0; p < parts; p++)
                Orthogonal(t.Values.AsSpan(p * rows * t.Shape[1], rows * t.Shape[1]), rows, t.Shape[1], gain, ref rng);
        }

        void Given(string name)
        {
            var rng = new Rng(Seeds.Derive(seed, "weights/" + name));
            foreach (ref float w in weights[name].AsSpan())
                w = (float)(GivenDeviation * Normal(ref rng));
        }
    }

    /// <summary>Fills a [rows, columns] matrix whose rows (or columns, if there are fewer) are orthogonal and of length <paramref name="gain"/>.</summary>
    internal static void Orthogonal(Span<float> matrix, int rows, int columns, double gain, ref Rng rng)
    {
        int count = Math.Min(rows, columns);
        int length = Math.Max(rows, columns);
        var basis = new double[count][];
        for (int i = 0; i < count; i++)
        {
            var v = new double[length];
            double norm;
            do
            {
                for (int k = 0; k < length; k++)
                    v[k] = Normal(ref rng);
                // Twice is enough (Kahan): the second pass removes what rounding left.
                for (int pass = 0; pass < 2; pass++)
                {
                    for (int j = 0; j < i; j++)
                        Remove(v, basis[j]);
                }
                norm = Math.Sqrt(Dot(v, v));
            }
            while (norm < 1e-6);
            for (int k = 0; k < length; k++)
                v[k] /= norm;
            basis[i] = v;
        }
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
                matrix[r * columns + c] = (float)(gain * (rows <= columns ? basis[r][c] : basis[c][r]));
        }
    }

    private static void Remove(double[] v, double[] direction)
    {
        double d = Dot(v, direction);
        for (int k = 0; k < v.Length; k++)
            v[k] -= d * direction[k];
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int k = 0; k < a.Length; k++)
            sum += a[k] * b[k];
        return sum;
    }

    /// <summary>Nearly normal with deviation 1: the sum of twelve uniforms, so that no machine's logarithm matters.</summary>
    private static double Normal(ref Rng rng)
    {
        double sum = -6;
        for (int i = 0; i < 12; i++)
            sum += rng.NextDouble();
        return sum;
    }
}
