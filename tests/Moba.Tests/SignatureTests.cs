using System.Diagnostics;

namespace SelfPlayArena.Moba.Tests;

public sealed class SignatureTests
{
    /// <summary>Update on purpose only: when rules, content, senses, rewards or scripted players are meant to change.</summary>
    private const string Golden = "9425a0da9a3c5f19 decisions=5416 hero_steps=37848 kills=24 towers=13";

    [Fact]
    public void TheEngineComputesTheGoldenSignature() => Assert.Equal(Golden, MobaSignature.Compute().ToString());

    [Fact]
    public void TheSignaturePlaysEveryModeRuleSetAndScriptedPlayer()
    {
        Assert.Empty(MobaOptions.Modes.Except(MobaSignature.Programme.Select(p => p.Options.Mode)));
        Assert.Empty(MobaOptions.RuleSets.Except(MobaSignature.Programme.Select(p => p.Options.Rules)));
        Assert.Empty(ScriptedPlayers.Names.Except(MobaSignature.Programme.SelectMany(p => new[] { p.Home, p.Away })));
    }

    [Theory]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    [InlineData("DOTNET_EnableAVX2")]
    public void TheSignatureDoesNotDependOnTheWidthOfVectors(string switchedOff)
    {
        using var child = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [typeof(SignatureTests).Assembly.Location])
            {
                RedirectStandardOutput = true,
                Environment = { [switchedOff] = "0", ["DOTNET_EnableAVX512F"] = "0" },
            },
        };
        child.Start();
        string printed = child.StandardOutput.ReadToEnd().Trim();
        child.WaitForExit();
        Assert.Equal(MobaSignature.Compute().ToString(), printed);
    }
}
