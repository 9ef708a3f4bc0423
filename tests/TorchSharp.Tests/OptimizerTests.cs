using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class OptimizerTests
{
    [Theory]
    [InlineData(false, 0.0, false, false)]
    [InlineData(false, 0.1, false, false)]
    [InlineData(true, 0.1, false, false)]
    [InlineData(false, 0.1, true, false)]
    [InlineData(false, 0.0, false, true)]
    [InlineData(true, 0.2, true, true)]
    public void Adam_follows_its_equations(bool decoupled, double decay, bool maximize, bool amsgrad)
    {
        foreach (ScalarType type in new[] { float32, float64 })
        {
            using DisposeScope scope = NewDisposeScope();
            double[] start = [1.0, -2.0, 0.5, 3.0, -0.1];
            Parameter p = new(tensor(start, type));
            OptimizerHelper adam = decoupled
                ? optim.AdamW([p], 0.05, 0.8, 0.95, 1e-6, decay, amsgrad, maximize)
                : optim.Adam([p], 0.05, 0.8, 0.95, 1e-6, decay, amsgrad, maximize);
            double[] x = [.. start], m = new double[5], v = new double[5], top = new double[5];
            for (int t = 1; t <= 7; t++)
            {
                double[] gradient = [.. x.Select((_, i) => Math.Sin((t * 1.7) + i))];
                p.grad = tensor(gradient, type);
                adam.step();
                for (int i = 0; i < 5; i++)
                {
                    double g = maximize ? -gradient[i] : gradient[i];
                    if (decoupled)
                    {
                        x[i] *= 1 - (0.05 * decay);
                    }
                    else
                    {
                        g += decay * x[i];
                    }
                    m[i] = (0.8 * m[i]) + (0.2 * g);
                    v[i] = (0.95 * v[i]) + (0.05 * g * g);
                    top[i] = Math.Max(top[i], v[i]);
                    double root = Math.Sqrt((amsgrad ? top[i] : v[i]) / (1 - Math.Pow(0.95, t)));
                    x[i] -= 0.05 * (m[i] / (1 - Math.Pow(0.8, t))) / (root + 1e-6);
                }
            }
            double[] actual = p.detach().to(float64).data<double>().ToArray();
            for (int i = 0; i < 5; i++)
            {
                Assert.Equal(x[i], actual[i], type == float32 ? 1e-5 : 1e-12);
            }
        }
    }

    [Fact]
    public void A_restored_optimizer_continues_bit_for_bit()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(3);
        Linear one = nn.Linear(4, 2), two = nn.Linear(4, 2);
        Tensor x = randn([8, 4]);
        Adam first = optim.Adam(one.parameters(), 0.01);
        Train(one, first, 5);
        using MemoryStream weights = new(), state = new();
        using BinaryWriter weightWriter = new(weights), stateWriter = new(state);
        one.save(weightWriter);
        first.save_state_dict(stateWriter);
        weights.Position = state.Position = 0;

        Adam second = optim.Adam(two.parameters(), 0.5);
        using BinaryReader weightReader = new(weights), stateReader = new(state);
        two.load(weightReader);
        second.load_state_dict(stateReader);
        Assert.Equal(0.01, second.ParamGroups.Single().LearningRate);
        Assert.All(second.state_dict().State, s => Assert.Equal(5, ((Adam.State)s).step));
        Train(one, first, 5);
        Train(two, second, 5);
        foreach ((Tensor a, Tensor b) in one.parameters().Zip(two.parameters()))
        {
            Assert.Equal(a.data<float>().ToArray(), b.data<float>().ToArray());
        }

        void Train(Linear layer, Adam adam, int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                adam.zero_grad();
                (layer.call(x) - 1).square().mean().backward();
                adam.step();
            }
        }
    }

    [Fact]
    public void A_state_of_another_optimizer_is_refused()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter p = new(zeros(3));
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        optim.AdamW([p]).save_state_dict(writer);
        stream.Position = 0;
        using BinaryReader reader = new(stream);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => optim.Adam([p]).load_state_dict(reader));
        Assert.Contains("AdamW", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_learning_rate_of_a_group_can_be_set()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter p = new(zeros(1));
        Adam adam = optim.Adam([p], 0.1);
        adam.ParamGroups.Single().LearningRate = 0.25;
        p.grad = ones(1);
        adam.step();
        // The first step of Adam is the learning rate itself, against the gradient's sign.
        Assert.Equal(-0.25, p.item<float>(), 1e-5);
    }

    [Fact]
    public void Clipping_scales_all_gradients_to_the_joint_norm()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter a = new(zeros(2)), b = new(zeros(1)), untouched = new(zeros(1));
        a.grad = tensor(new[] { 3f, 0f });
        b.grad = tensor(new[] { 4f });
        Assert.Equal(5, nn.utils.clip_grad_norm_([a, b, untouched], 10), 1e-5);
        Assert.Equal(4f, b.grad!.item<float>());
        Assert.Equal(5, nn.utils.clip_grad_norm_([a, b, untouched], 0.5), 1e-5);
        Assert.Equal(0.3f, a.grad![0].item<float>(), 1e-5);
        Assert.Equal(0.4f, b.grad!.item<float>(), 1e-5);
        Assert.Null(untouched.grad);
        Assert.Equal(0.4, nn.utils.clip_grad_norm_([a, b], 9, double.PositiveInfinity), 1e-5);
    }

    [Fact]
    public void A_gradient_that_is_not_a_number_survives_clipping_as_such()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter a = new(zeros(1)), b = new(zeros(1));
        a.grad = tensor(new[] { float.NaN });
        b.grad = ones(1);
        Assert.True(double.IsNaN(nn.utils.clip_grad_norm_([a, b], 1)));
        Assert.True(float.IsNaN(b.grad!.item<float>()));
    }
}
