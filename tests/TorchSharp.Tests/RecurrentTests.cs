using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class RecurrentTests
{
    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    [Fact]
    public void Gru_applies_the_reset_gate_after_the_hidden_bias()
    {
        using DisposeScope scope = NewDisposeScope();
        // One input, one hidden unit; the gates come in the order reset, update, new.
        double[] wi = [0.5, -0.4, 0.9], wh = [0.3, 0.7, -1.1], bi = [0.1, -0.2, 0.05], bh = [0.2, 0.4, 0.6];
        Modules.GRU gru = nn.GRU(1, 1, dtype: float64);
        gru.load_state_dict(new()
        {
            ["weight_ih_l0"] = tensor(wi, [3, 1]),
            ["weight_hh_l0"] = tensor(wh, [3, 1]),
            ["bias_ih_l0"] = tensor(bi),
            ["bias_hh_l0"] = tensor(bh),
        });
        double[] inputs = [0.8, -1.5, 0.3];
        double h = 0.25;
        List<double> expected = [];
        foreach (double x in inputs)
        {
            double r = Sigmoid((wi[0] * x) + bi[0] + (wh[0] * h) + bh[0]);
            double z = Sigmoid((wi[1] * x) + bi[1] + (wh[1] * h) + bh[1]);
            double n = Math.Tanh((wi[2] * x) + bi[2] + (r * ((wh[2] * h) + bh[2])));
            h = ((1 - z) * n) + (z * h);
            expected.Add(h);
        }
        (Tensor output, Tensor last) = gru.call(tensor(inputs, [3, 1, 1]), tensor(new[] { 0.25 }, [1, 1, 1]));
        double[] actual = output.data<double>().ToArray();
        for (int t = 0; t < 3; t++)
        {
            Assert.Equal(expected[t], actual[t], 1e-12);
        }
        Assert.Equal(h, last.item<double>(), 1e-12);
    }

    [Fact]
    public void Gru_cell_steps_give_the_same_as_the_whole_sequence()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(9);
        Modules.GRU gru = nn.GRU(3, 4);
        Modules.GRUCell cell = nn.GRUCell(3, 4);
        cell.load_state_dict(gru.state_dict().ToDictionary(e => e.Key.Replace("_l0", ""), e => e.Value));
        Tensor x = randn([6, 2, 3]), h = zeros([2, 4]);
        (_, Tensor last) = gru.call(x);
        foreach (Tensor step in x.unbind())
        {
            h = cell.call(step, h);
        }
        Assert.True(h.allclose(last[0], 1e-5, 1e-6));
    }

    [Fact]
    public void Lstm_matches_its_equations()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(10);
        Modules.LSTMCell cell = nn.LSTMCell(3, 4, dtype: float64);
        Tensor x = randn([2, 3], float64), h = randn([2, 4], float64), c = randn([2, 4], float64);
        Tensor[] gates = (x.matmul(cell.weight_ih.t()) + cell.bias_ih! + h.matmul(cell.weight_hh.t()) + cell.bias_hh!).chunk(4, 1);
        Tensor memory = (gates[1].sigmoid() * c) + (gates[0].sigmoid() * gates[2].tanh());
        Tensor output = gates[3].sigmoid() * memory.tanh();
        (Tensor h1, Tensor c1) = cell.call(x, (h, c));
        Assert.True(c1.allclose(memory, 1e-10, 1e-12));
        Assert.True(h1.allclose(output, 1e-10, 1e-12));
    }
}
