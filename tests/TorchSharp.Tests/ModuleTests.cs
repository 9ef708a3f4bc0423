using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class ModuleTests
{
    private sealed class Network : nn.Module<Tensor, Tensor>
    {
        private readonly Linear body = nn.Linear(3, 4);
        private readonly LayerNorm norm = nn.LayerNorm(4);
        private readonly Parameter scale = new(ones(1));
        private readonly Tensor mean = zeros(3);

        public Network()
            : base("network")
        {
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => norm.call(body.call(input - mean)) * scale;
    }

    [Fact]
    public void Components_are_registered_under_their_field_names()
    {
        using Network network = new();
        Assert.Equal(["scale", "body.weight", "body.bias", "norm.weight", "norm.bias"], network.named_parameters().Select(p => p.name));
        Assert.Equal(["scale", "body.weight", "body.bias", "norm.weight", "norm.bias", "mean"], network.state_dict().Keys);
        Assert.Equal(3 + 2, network.parameters().Count());
        network.eval();
        Assert.All(network.modules(), m => Assert.False(m.training));
    }

    [Fact]
    public void A_saved_module_loads_into_another_and_strictness_is_kept()
    {
        using DisposeScope scope = NewDisposeScope();
        Network one = new(), two = new();
        string file = Path.GetTempFileName();
        one.save(file);
        two.load(file);
        File.Delete(file);
        Tensor x = randn([2, 3]);
        Assert.Equal(one.call(x).data<float>().ToArray(), two.call(x).data<float>().ToArray());
        Dictionary<string, Tensor> state = one.state_dict();
        state.Remove("scale");
        Assert.Contains("scale", Assert.Throws<InvalidOperationException>(() => two.load_state_dict(state)).Message, StringComparison.Ordinal);
        Assert.Equal(["scale"], two.load_state_dict(state, strict: false).missing_keys);
    }

    [Fact]
    public void Conversion_keeps_parameters_learnable()
    {
        using DisposeScope scope = NewDisposeScope();
        using Network network = new Network().to(float64);
        network.call(randn([2, 3], float64)).square().sum().backward();
        Assert.All(network.parameters(), p => Assert.Equal(ScalarType.Float64, p.grad!.dtype));
        network.zero_grad();
        Assert.All(network.parameters(), p => Assert.Null(p.grad));
    }

    [Fact]
    public void Modules_made_within_a_scope_outlive_it()
    {
        Linear layer;
        using (NewDisposeScope())
        {
            layer = nn.Linear(2, 2);
        }
        Assert.Equal([2L, 2], layer.weight.shape);
        layer.Dispose();
    }

    [Fact]
    public void A_name_registers_only_once()
    {
        using Network network = new();
        Assert.Throws<InvalidOperationException>(() => network.register_module("body", nn.ReLU()));
        Assert.Throws<ArgumentException>(() => network.register_module("a.b", nn.ReLU()));
    }
}
