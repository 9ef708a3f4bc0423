using SelfPlayArena.Cli.Measuring;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Tests;

public sealed class FastRandomChoiceTests
{
    public static TheoryData<string, string> AllEnvironments => new() { { "moba", "5v5" }, { "moba", "1v1" }, { "matching", "5v5" } };

    /// <summary>Both draw once for each head they use and take the k-th legal option, so one generator must give one sequence.</summary>
    [Theory]
    [MemberData(nameof(AllEnvironments))]
    public void ChoosesWhatTheRandomPlayerChooses(string environment, string mode)
    {
        IEnvironmentFactory factory = Environments.Create(environment, mode, "quick");
        EnvironmentSpec spec = factory.Spec;
        var choice = new FastRandomChoice(spec);
        var masks = new Rng(3);
        var mine = new Rng(11);
        var theirs = new Rng(11);
        var mask = new byte[spec.MaskBytes];
        var a = new short[spec.Heads.Count];
        var b = new short[spec.Heads.Count];
        for (int i = 0; i < 2000; i++)
        {
            int density = 1 + masks.Next(6);
            for (int k = 0; k < mask.Length; k++)
                mask[k] = masks.Next(density) == 0 ? (byte)1 : (byte)0;
            choice.Act(mask, a, ref mine);
            RandomPlayer.Act(spec, mask, b, ref theirs);
            Assert.Equal(b, a);
        }
    }
}
