using static TorchSharp.torch;

namespace TorchSharp.Tests;

internal static class Differences
{
    private const double Step = 1e-5;

    /// <summary>Compares d loss / d leaf of every element with a central difference.</summary>
    public static void Check(Func<Tensor> loss, Tensor[] leaves)
    {
        foreach (Tensor leaf in leaves)
        {
            leaf.grad = null;
        }
        loss().backward();
        foreach (Tensor leaf in leaves)
        {
            Tensor? gradient = leaf.grad;
            Assert.True(gradient is not null, "a leaf was not reached by the backward pass");
            double[] analytic = gradient.data<double>().ToArray();
            Assert.Contains(analytic, g => Math.Abs(g) > 1e-9);
            using IDisposable noGrad = no_grad();
            Utils.TensorAccessor<double> values = leaf.data<double>();
            for (long i = 0; i < analytic.Length; i++)
            {
                double before = values[i];
                values[i] = before + Step;
                double up = loss().item<double>();
                values[i] = before - Step;
                double down = loss().item<double>();
                values[i] = before;
                Assert.Equal((up - down) / (2 * Step), analytic[i], 1e-5 * (1 + Math.Abs(analytic[i])));
            }
        }
    }
}
