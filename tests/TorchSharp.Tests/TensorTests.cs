using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class TensorTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Arrays_are_copied_and_buffers_shared()
    {
        float[] values = [1, 2, 3, 4, 5, 6];
        Tensor copy = tensor(values, [2, 3]), shared = frombuffer(values, float32, 4, 1);
        values[1] = 20;
        Assert.Equal(2, copy[0, 1].item<float>());
        Assert.Equal([20f, 3, 4, 5], shared.data<float>().ToArray());
        Assert.Equal([2L, 2], from_array(new int[2, 2]).shape);
    }

    [Fact]
    public void Bytes_are_written_into_the_tensor_itself()
    {
        Tensor x = zeros([2, 2]);
        x.bytes = MemoryMarshal.AsBytes<float>(new float[] { 1, 2, 3, 4 }.AsSpan());
        MemoryMarshal.Cast<byte, float>(x.bytes)[3] = 9;
        Assert.Equal([1f, 2, 3, 9], x.data<float>().ToArray());
        Assert.Throws<ArgumentException>(() => x.bytes = new byte[3]);
        Assert.Throws<InvalidOperationException>(() => x.t().bytes.Length);
        Assert.Equal([1f, 3, 2, 9], x.t().data<float>().ToArray());
    }

    [Fact]
    public void Items_of_the_wrong_type_or_number_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ones(1).item<double>());
        Assert.Throws<ArgumentException>(() => ones(2).item<float>());
        Assert.True(tensor(true).item<bool>());
    }

    [Fact]
    public void Types_follow_pytorch()
    {
        Tensor whole = tensor(new[] { 3, 4 });
        Assert.Equal(ScalarType.Float32, (whole / 2).dtype);
        Assert.Equal(ScalarType.Int64, (whole > 3).sum().dtype);
        Assert.Equal(ScalarType.Int32, (whole * 2).dtype);
        Assert.Equal(ScalarType.Float32, (whole * 2.5).dtype);
        Assert.Equal(ScalarType.BFloat16, (ones(2).to(bfloat16) + 1).dtype);
        Assert.Equal([1, 2], whole.div(2, RoundingMode.floor).data<int>().ToArray());
    }

    [Fact]
    public void Slices_and_masks_select_and_assign()
    {
        Tensor x = arange(0, 12, 1, float32).reshape(3, 4);
        Assert.Equal([5f, 7], x[1, TensorIndex.Slice(1, null, 2)].data<float>().ToArray());
        Assert.Equal([3f, 7, 11], x[TensorIndex.Ellipsis, -1].data<float>().ToArray());
        Assert.Equal([8f, 9, 10, 11], x[x > 7].data<float>().ToArray());
        Assert.Equal([4L], x[..1][0].shape);
        x[TensorIndex.Colon, 0] = zeros(3);
        Assert.Equal(0, x.select(1, 0).sum().item<float>());
        Tensor counts = zeros(3).index_put_(ones(4), [tensor(new long[] { 0, 2, 2, 2 })], accumulate: true);
        Assert.Equal([1f, 0, 3], counts.data<float>().ToArray());
    }

    [Fact]
    public void Gradients_are_recorded_only_where_enabled()
    {
        Tensor x = ones(2, requires_grad: true);
        using (no_grad())
        {
            Assert.False((x * 2).requires_grad);
            using (enable_grad())
            {
                Assert.True((x * 2).requires_grad);
            }
        }
        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            Assert.False((x * 2).requires_grad);
        }
        Assert.True((x * 2).requires_grad);
        Assert.Null(x.grad);
        (x * 3).sum().backward();
        (x * 3).sum().backward();
        Assert.Equal([6f, 6], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void A_generator_state_restores_its_numbers()
    {
        manual_seed(11);
        Tensor state = Generator.Default.get_state();
        float[] first = randn([4]).data<float>().ToArray();
        Generator.Default.set_state(state);
        Assert.Equal(first, randn([4]).data<float>().ToArray());
        using Generator own = new(5);
        Assert.Equal(rand([3], generator: own).data<float>().ToArray(), rand([3], generator: own.manual_seed(5)).data<float>().ToArray());
    }

    [Fact]
    public void The_thread_count_is_set()
    {
        int before = get_num_threads();
        set_num_threads(1);
        Assert.Equal(1, get_num_threads());
        set_num_threads(before);
    }

    [Fact]
    public void Orthogonal_weights_are_orthogonal_with_gain()
    {
        foreach ((long rows, long columns) in new[] { (4L, 6L), (6L, 4L) })
        {
            Tensor w = nn.init.orthogonal_(empty(rows, columns), 2);
            Tensor product = rows < columns ? w.matmul(w.t()) : w.t().matmul(w);
            Assert.True(product.allclose(eye(4) * 4, 1e-4, 1e-4));
        }
    }

    [Fact]
    public void Cuda_is_absent_without_a_device()
    {
        Assert.Equal(cuda.device_count() > 0, cuda.is_available());
        Assert.Equal("cuda:1", device("cuda:1").ToString());
        Assert.Throws<ArgumentException>(() => device("tpu"));
    }

    [Fact]
    public void Page_locked_memory_is_had_with_a_device_and_refused_with_a_reason_without()
    {
        using torch.Tensor a = torch.ones([3L]);
        Assert.False(a.is_pinned());
        if (torch.cuda.is_available())
        {
            using torch.Tensor pinned = a.pin_memory();
            Assert.True(pinned.is_pinned());
            return;
        }
        Assert.NotEmpty(Assert.ThrowsAny<System.Runtime.InteropServices.ExternalException>(() => a.pin_memory()).Message);
    }
}
