using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>Analytic gradients against central differences, in float64.</summary>
public sealed class GradientTests
{
    [Fact]
    public void Linear_gradients_match_finite_differences()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(1);
        Modules.Linear layer = nn.Linear(4, 3, dtype: float64);
        Tensor x = randn([5, 4], float64).requires_grad_();
        Differences.Check(() => layer.call(x).square().sum(), [x, .. layer.parameters()]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gru_gradients_match_finite_differences(bool batchFirst)
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(2);
        Modules.GRU gru = nn.GRU(3, 4, numLayers: 2, batchFirst: batchFirst, dtype: float64);
        Tensor x = randn([2, 5, 3], float64).requires_grad_();
        Tensor h = randn([2, batchFirst ? 2 : 5, 4], float64).requires_grad_();
        Differences.Check(
            () =>
            {
                (Tensor output, Tensor last) = gru.call(x, h);
                return output.square().sum() + last.sum();
            },
            [x, h, .. gru.parameters()]);
    }

    [Fact]
    public void Lstm_and_cell_gradients_match_finite_differences()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(3);
        Modules.LSTM lstm = nn.LSTM(3, 4, dtype: float64);
        Modules.LSTMCell cell = nn.LSTMCell(4, 2, dtype: float64);
        Modules.GRUCell gate = nn.GRUCell(2, 2, dtype: float64);
        Tensor x = randn([3, 2, 3], float64).requires_grad_();
        Tensor start = randn([2, 2], float64).requires_grad_();
        Differences.Check(
            () =>
            {
                (Tensor output, _, Tensor memory) = lstm.call(x);
                (Tensor h, Tensor c) = cell.call(output[-1], (start, start.tanh()));
                return gate.call(h, c).square().sum() + memory.sum();
            },
            [x, start, .. lstm.parameters(), .. cell.parameters(), .. gate.parameters()]);
    }

    [Fact]
    public void Embedding_gradients_add_up_for_repeated_entries()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(4);
        Modules.Embedding embedding = nn.Embedding(6, 3, dtype: float64);
        Tensor index = tensor(new long[] { 1, 4, 1, 0 });
        Differences.Check(() => embedding.call(index).pow(3).sum(), [.. embedding.parameters()]);
    }

    [Fact]
    public void Masked_log_softmax_and_gather_match_finite_differences()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(5);
        Tensor logits = randn([4, 6], float64).requires_grad_();
        Tensor mask = zeros([4, 6], @bool);
        mask[TensorIndex.Colon, 5] = tensor(true);
        Tensor choice = tensor(new long[] { 0, 3, 2, 4 }, [4, 1]);
        Differences.Check(
            () =>
            {
                Tensor p = logits.masked_fill(mask, -1e9).log_softmax(-1);
                Tensor entropy = -(p.exp() * p).sum(-1);
                return p.gather(1, choice).sum() + 0.3 * entropy.sum() + logits.softmax(-1).square().sum();
            },
            [logits]);
    }

    [Fact]
    public void Layer_norm_and_losses_match_finite_differences()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(6);
        Modules.LayerNorm norm = nn.LayerNorm(5, 1e-5, true, dtype: float64);
        Tensor x = randn([3, 5], float64).requires_grad_();
        Tensor y = randn([3, 5], float64);
        Differences.Check(
            () => nn.functional.huber_loss(norm.call(x), y, 0.7) + nn.functional.mse_loss(x, y) + nn.functional.smooth_l1_loss(x, y),
            [x, .. norm.parameters()]);
    }

    [Fact]
    public void Index_operations_match_finite_differences()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(7);
        Tensor x = randn([4, 3], float64).requires_grad_();
        Tensor rows = tensor(new long[] { 2, 0, 2 });
        Tensor add = randn([3, 3], float64).requires_grad_();
        Differences.Check(
            () =>
            {
                Tensor summed = zeros([4, 3], float64).index_add(0, rows, add, 1.5);
                Tensor scattered = zeros([4, 3], float64).scatter_add(0, rows.unsqueeze(1).expand(3, 3), add);
                Tensor steps = stack(x.unbind(0).Reverse());
                return ((summed + scattered) * steps).square().sum() + x.amax([1L]).sum() + cat([x, x], 1).logsumexp(1).sum();
            },
            [x, add]);
    }

    [Fact]
    public void Gelu_before_a_batch_first_gru_has_a_right_gradient_in_float32()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(8);
        Modules.Linear encoder = nn.Linear(8, 16);
        Modules.GRU gru = nn.GRU(16, 16, batchFirst: true);
        Tensor x = randn([4, 6, 8]);
        Loss().backward();
        Tensor direction = randn_like(encoder.weight);
        direction /= direction.norm();
        float analytic = (encoder.weight.grad! * direction).sum().item<float>();
        using IDisposable noGrad = no_grad();
        encoder.weight.add_(direction * 1e-2);
        float up = Loss().item<float>();
        encoder.weight.sub_(direction * 2e-2);
        Assert.Equal((up - Loss().item<float>()) / 2e-2, analytic, 0.01 * (1 + Math.Abs(analytic)));

        Tensor Loss() => gru.call(encoder.call(x).gelu()).Item1.square().sum();
    }
}
