using FsCheck;
using FsCheck.Fluent;
using SelfPlayArena.Core;

namespace SelfPlayArena.Policies.Tests;

/// <summary>A network description for an environment, both at random: a case for properties that must hold whatever is described.</summary>
internal sealed record RandomNetwork(int Seed, EnvironmentSpec Spec, NetworkDescription Network)
{
    /// <summary>
    /// Asks about so many cases, in an order that is the same in every run; a failing one is made as small as it goes and printed. To look
    /// elsewhere, set NETWORK_SEED to any number.
    /// </summary>
    public static void Holds(int tests, Action<RandomNetwork> property)
    {
        ulong seed = ulong.TryParse(Environment.GetEnvironmentVariable("NETWORK_SEED"), out ulong given) ? given : 2026;
        Config config = Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(seed, 2 * seed + 1);
        Arbitrary<RandomNetwork> cases = Arb.From(Gen.Choose(0, int.MaxValue - 1).Select(Of), c => c.Smaller());
        Prop.ForAll(cases, property).Check(config);
    }

    public override string ToString() => $"seed {Seed}: {Network.ToJson()}";

    private static RandomNetwork Of(int seed)
    {
        var rng = new Rng((ulong)seed);
        EnvironmentSpec spec = Some.Spec(ref rng);
        return new RandomNetwork(seed, spec, rng.Next(4) == 0 ? Some.Size(spec, ref rng) : Some.Network(spec, ref rng));
    }

    /// <summary>The same network with a layer left out or with a vector layer halved, where that still is a network.</summary>
    private IEnumerable<RandomNetwork> Smaller()
    {
        for (int i = Network.Layers.Count - 1; i >= 0; i--)
        {
            Layer layer = Network.Layers[i];
            if (With(Network.Layers.Where(l => l != layer).Select(l => l with { Inputs = [.. l.Inputs.Where(n => n != layer.Name)] })) is { } without)
                yield return without;
            if (layer.Width > 1 && With(Network.Layers.Select(l => l == layer ? l with { Width = l.Width / 2 } : l)) is { } narrower)
                yield return narrower;
        }
    }

    private RandomNetwork? With(IEnumerable<Layer> layers)
    {
        NetworkDescription network = Network with { Layers = [.. layers] };
        try
        {
            _ = new NetworkPlan(network, Spec);
            return this with { Network = network };
        }
        catch (InvalidNetworkException)
        {
            return null;
        }
    }
}
