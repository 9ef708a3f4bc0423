using System.CommandLine;
using SelfPlayArena.Moba;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena bench signature</c>: one number that changes when any bit of the simulation does.</summary>
internal static class BenchSignatureVerb
{
    /// <summary>What <c>--json</c> prints.</summary>
    internal sealed record Report(string Signature, string Expected, bool Equal, double Seconds);

    public static Command Create()
    {
        Option<bool> json = CommonOptions.Json();
        var command = new Command(
            "signature", "Play fixed matches and hash every state on the way. Equal on every machine; another number means other rules or a defect (exit code 1).")
        {
            json,
        };
        command.SetAction(parsed =>
        {
            long start = TimeProvider.System.GetTimestamp();
            string signature = MobaSignature.Compute().ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
            string expected = MobaSignature.Golden.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
            var report = new Report(signature, expected, signature == expected, TimeProvider.System.GetElapsedTime(start).TotalSeconds);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
                output.WriteLine(JsonOutput.Line(report));
            else
                output.WriteLine(report.Equal ? $"{signature}  as expected" : $"{signature}  but {expected} was expected: the simulation has changed");
            return report.Equal ? 0 : 1;
        });
        return command.WithExample("arena bench signature");
    }
}
