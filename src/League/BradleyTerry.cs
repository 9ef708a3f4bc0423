using System.Runtime.InteropServices;

namespace SelfPlayArena.League;

/// <summary>Weighed results between players i and j: <paramref name="Score"/> of <paramref name="Matches"/> went to i (draws as half).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PairResult(int I, int J, double Score, double Matches);

/// <summary>
/// Strengths by maximum posterior likelihood in the Bradley–Terry model (Bradley and Terry 1952): i beats j with probability 1 / (1 + e^(sj - si)).
/// Priors: each strength is normal around the anchor's; steps along given links are normal around 0. Standard errors are the diagonal of the inverse of
/// the Fisher information (priors included) at the optimum. The objective is strictly concave, so Newton's method with halved steps always arrives.
/// </summary>
/// <param name="Strength">In log-odds; the anchor's is 0.</param>
/// <param name="StandardError">In log-odds; the anchor's is 0.</param>
internal sealed record BradleyTerry(double[] Strength, double[] StandardError)
{
    public static BradleyTerry Fit(int players, IReadOnlyList<PairResult> results, int anchor, double priorDeviation,
        IReadOnlyList<(int I, int J)> links, double linkDeviation)
    {
        double[] s = new double[players];
        double[] gradient = new double[players];
        double[,] information = new double[players, players];
        double prior = 1 / (priorDeviation * priorDeviation);
        double link = links.Count > 0 ? 1 / (linkDeviation * linkDeviation) : 0;

        double objective = Objective(s);
        for (int iteration = 0; iteration < 200; iteration++)
        {
            Derive();
            double[] step = Cholesky.Solve(Cholesky.Factor(information), gradient);
            double largest = step.Max(Math.Abs);
            double factor = Math.Min(1, 2 / Math.Max(largest, 1e-300));
            double[] trial = new double[players];
            double value;
            do
            {
                for (int i = 0; i < players; i++)
                    trial[i] = s[i] + factor * step[i];
                value = Objective(trial);
                factor *= 0.5;
            }
            while (value < objective - 1e-9 * Math.Abs(objective) && factor > 1e-12);
            (s, objective) = (trial, value);
            if (largest < 1e-10)
                break;
        }
        Derive();
        double[] variance = Cholesky.InverseDiagonal(Cholesky.Factor(information));
        variance[anchor] = 0;
        return new BradleyTerry(s, [.. variance.Select(Math.Sqrt)]);

        double Objective(double[] x)
        {
            double sum = 0;
            foreach (PairResult r in results)
            {
                double d = x[r.I] - x[r.J];
                sum -= r.Score * Softplus(-d) + (r.Matches - r.Score) * Softplus(d);
            }
            foreach (double v in x)
                sum -= 0.5 * prior * v * v;
            foreach ((int i, int j) in links)
                sum -= 0.5 * link * (x[i] - x[j]) * (x[i] - x[j]);
            return sum;
        }

        void Derive()
        {
            Array.Clear(gradient);
            Array.Clear(information);
            for (int i = 0; i < players; i++)
            {
                gradient[i] = -prior * s[i];
                information[i, i] = prior;
            }
            foreach (PairResult r in results)
            {
                double p = 1 / (1 + Math.Exp(s[r.J] - s[r.I]));
                Add(r.I, r.J, r.Score - r.Matches * p, r.Matches * p * (1 - p));
            }
            foreach ((int i, int j) in links)
                Add(i, j, -link * (s[i] - s[j]), link);
            for (int i = 0; i < players; i++)
                information[anchor, i] = information[i, anchor] = 0;
            information[anchor, anchor] = 1;
            gradient[anchor] = 0;
        }

        void Add(int i, int j, double slope, double curvature)
        {
            gradient[i] += slope;
            gradient[j] -= slope;
            information[i, i] += curvature;
            information[j, j] += curvature;
            information[i, j] -= curvature;
            information[j, i] -= curvature;
        }
    }

    private static double Softplus(double x) => x > 0 ? x + Math.Log(1 + Math.Exp(-x)) : Math.Log(1 + Math.Exp(x));
}

/// <summary>Cholesky decomposition of small dense symmetric positive definite matrices.</summary>
internal static class Cholesky
{
    /// <summary>Lower triangle L with L·Lᵀ = a.</summary>
    public static double[,] Factor(double[,] a)
    {
        int n = a.GetLength(0);
        double[,] l = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = a[i, j];
                for (int k = 0; k < j; k++)
                    sum -= l[i, k] * l[j, k];
                if (i == j && sum <= 0)
                    throw new ArithmeticException("the information matrix is not positive definite");
                l[i, j] = i == j ? Math.Sqrt(sum) : sum / l[j, j];
            }
        }
        return l;
    }

    public static double[] Solve(double[,] l, double[] b)
    {
        int n = b.Length;
        double[] x = [.. b];
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < i; k++)
                x[i] -= l[i, k] * x[k];
            x[i] /= l[i, i];
        }
        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < n; k++)
                x[i] -= l[k, i] * x[k];
            x[i] /= l[i, i];
        }
        return x;
    }

    /// <summary>Diagonal of the inverse: the squared lengths of L⁻¹'s columns.</summary>
    public static double[] InverseDiagonal(double[,] l)
    {
        int n = l.GetLength(0);
        double[] diagonal = new double[n];
        double[] column = new double[n];
        for (int c = 0; c < n; c++)
        {
            for (int i = c; i < n; i++)
            {
                double sum = i == c ? 1 : 0;
                for (int k = c; k < i; k++)
                    sum -= l[i, k] * column[k];
                column[i] = sum / l[i, i];
                diagonal[c] += column[i] * column[i];
            }
        }
        return diagonal;
    }
}
