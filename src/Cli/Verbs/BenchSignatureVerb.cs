using System.CommandLine;
using System.Globalization;
using SelfPlayArena.Moba;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena bench signature</c>: one number that changes when any bit of the simulation does.</summary>
internal static class BenchSignatureVerb
{
    /// <summary>What <c>--json</c> prints.</summary>
    internal sealed record Report(string Signature, long Decisions, long HeroSteps, int Kills, int Towers, double Seconds);

    public static Command Create()
    {
        Option<bool> json = CommonOptions.Json();
        var command = new Command(
            "signature", "Play fixed matches and hash every state, observation, mask and reward on the way. The number is the same on every machine, and another one for other rules.")
        {
            json,
        };
        command.SetAction(parsed =>
        {
            long start = TimeProvider.System.GetTimestamp();
            var found = MobaSignature.Compute();
            TextWriter output = parsed.InvocationConfiguration.Output;
            output.WriteLine(parsed.GetValue(json)
                ? JsonOutput.Line(new Report(
                    found.Hash.ToString("x16", CultureInfo.InvariantCulture), found.Decisions, found.HeroSteps, found.Kills, found.Towers,
                    TimeProvider.System.GetElapsedTime(start).TotalSeconds))
                : found.ToString());
            return 0;
        });
        return command.WithExample("arena bench signature");
    }
}
