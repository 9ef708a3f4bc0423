using System.CommandLine;
using System.Globalization;
using SelfPlayArena.Cli.Watching;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Rollout;
using Spectre.Console;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena replay</c>: shows, lists and verifies recorded matches.</summary>
internal sealed class ReplayVerb
{
    private const int PlainHeight = 42;
    private readonly Argument<string> _path = new("PATH") { Description = "a replay, or a folder of them (a run's folder will do): then they are listed" };
    private readonly Option<string> _at = new("--at") { Description = "game time to begin at, as 5:00 or in seconds", HelpName = "M:SS" };
    private readonly Option<double> _speed = CommonOptions.Ranged(new Option<double>("--speed") { Description = "how many times as fast as the game", DefaultValueFactory = _ => 4, HelpName = "N" }, 0.125, 1024);
    private readonly Option<bool> _events = new("--events") { Description = "print what happened, and leave (with --json one line of JSON each)" };
    private readonly Option<bool> _verify = new("--verify") { Description = "play the whole match again and compare every state hash; exit code 0 if all are the same, else 1" };
    private readonly Option<bool> _json = CommonOptions.Json("print a summary as one line of JSON");

    public static Command Create()
    {
        var verb = new ReplayVerb();
        var command = new Command("replay", "Show a recorded match in the terminal, list recorded matches, or verify them.\n\nKeys: space pause, left and right 10 s, n and p next and previous event, + and - speed, q quit.")
        {
            verb._path, verb._at, verb._speed, verb._events, verb._verify, verb._json,
        };
        command.SetAction(verb.Run);
        return command.WithExample(
            "arena replay runs/quick-5v5/replays",
            "arena replay runs/quick-5v5/replays/00000120-00c0ffee00c0ffee.replay --at 5:00",
            "arena replay match.replay --events",
            "arena replay match.replay --verify");
    }

    private int Run(ParseResult parsed)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        string path = parsed.GetRequiredValue(_path);
        double? at = parsed.GetValue(_at) is { } text ? Time(text) : null;
        bool json = parsed.GetValue(_json);
        if (Directory.Exists(path))
        {
            var run = new RunFolder(path);
            string folder = File.Exists(run.Settings) && Directory.Exists(run.Replays) ? run.Replays : path;
            return parsed.GetValue(_verify) ? Verify(ReplayFolder.OldestFirst(folder), json, output) : ReplayList.Print(folder, json, output);
        }
        if (!File.Exists(path))
            throw new UserError($"there is no replay '{path}'");
        if (parsed.GetValue(_verify))
            return Verify([path], json, output);
        if (json && !parsed.GetValue(_events))
        {
            ReplayReport report = ReplayReport.Of(path);
            output.WriteLine(JsonOutput.Line(report.Game is null ? throw new UserError(report.Obstacle!) : report));
            return 0;
        }
        using OpenReplay open = OpenReplay.Read(path);
        open.PassThrough();
        if (open.Player.Divergence is { } d)
            parsed.InvocationConfiguration.Error.WriteLine($"arena: {path} was recorded by a program that played otherwise: after decision {Numbers.Text(d.LastSame)} this is not the recorded match ({d.What})");
        if (parsed.GetValue(_events))
        {
            foreach (ReplayEvent e in open.Scene.Events)
                output.WriteLine(json ? JsonOutput.Line(e) : e.Line);
            return 0;
        }
        int start = (int)Math.Clamp(Math.Round((at ?? 0) / open.Replay.Header.SecondsPerDecision), 0, open.Replay.Decisions);
        if (ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected && !Console.IsInputRedirected)
        {
            new ReplayScreen(open, start, parsed.GetValue(_speed)).Run();
            return 0;
        }
        IAnsiConsole console = Consoles.For(output);
        open.Player.Seek(at is null ? open.Replay.Decisions : start);
        console.Write(ReplayScreen.Picture(open, console.Profile.Width, PlainHeight));
        return 0;
    }

    private static int Verify(IReadOnlyList<string> files, bool json, TextWriter output)
    {
        int code = 0;
        foreach (string file in files)
        {
            ReplayReport report = ReplayReport.Verify(file);
            output.WriteLine(json ? JsonOutput.Line(report) : report.Verdict(report.Decisions == 0 ? 0 : report.Seconds / report.Decisions));
            code = report.Verified == true ? code : 1;
        }
        return code;
    }

    private static double Time(string text)
    {
        double seconds = 0;
        foreach (string part in text.Split(':'))
        {
            if (!double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
                throw new UserError($"--at '{text}' is no time; allowed: minutes and seconds as 5:00, or seconds");
            seconds = seconds * 60 + number;
        }
        return seconds;
    }
}
