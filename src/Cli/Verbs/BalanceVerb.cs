using System.CommandLine;
using System.Text;
using SelfPlayArena.Cli.Balance;
using SelfPlayArena.Core;
using SelfPlayArena.Moba;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena balance</c>: which heroes and items win more than they should.</summary>
internal static class BalanceVerb
{
    /// <summary>Who plays unless told otherwise: the best there is.</summary>
    private static readonly string[] Best = ["hard", "medium", "easy"];

    public static Command Create()
    {
        Option<int> matches = CommonOptions.Count("--matches", "matches to play; line-ups are drawn at random and each is played from both sides", 400, 1, 1_000_000);
        Option<string> mode = CommonOptions.Mode();
        Option<string> rules = CommonOptions.Among("--rules", "rule set", "full", Environments.AllRules);
        var players = new Option<string?>("--players") { Description = "scripted player of all heroes (default: the best there is)", HelpName = "NAME" };
        Option<ulong> seed = CommonOptions.Seed();
        Option<int> threads = CommonOptions.Count("--threads", "threads to play on", System.Environment.ProcessorCount, 1, 1024);
        var html = new Option<string?>("--html") { Description = "also write a page with charts to this file", HelpName = "FILE" };
        Option<string?> record = CommonOptions.Record();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("balance", "Let a scripted player play against itself with random line-ups: win rates of heroes and items, sides, lengths. Ctrl-C prints what there is.")
        {
            matches, mode, rules, players, seed, threads, html, record, json,
        };
        command.SetAction(parsed =>
        {
            var options = new MobaOptions { Mode = parsed.GetValue(mode)!, Rules = parsed.GetValue(rules)! };
            EnvironmentSpec spec = MobaEnvironment.SpecFor(options);
            int player = parsed.GetValue(players) is { } name ? ScriptedNames.Require(spec, "--players", name) : ScriptedNames.FirstOf(spec, Best);
            string? page = parsed.GetValue(html);
            if (page is not null && Path.GetDirectoryName(Path.GetFullPath(page)) is { } folder && !Directory.Exists(folder))
                throw new UserError($"--html {page}: the folder {folder} does not exist");
            int asked = parsed.GetValue(matches);
            ulong seeded = parsed.GetValue(seed);
            using Core.Replays.ReplayFolder? replays = parsed.GetValue(record) is { } kept ? CommonOptions.Recorder(kept, Environments.RecipeOf(options), spec) : null;
            var play = new BalancePlay(options, player, asked, seeded, replays);
            using var interrupts = new Interrupts();
            using (var line = new StatusLine(Console.Error, Console.IsErrorRedirected))
                play.Run(parsed.GetValue(threads), () => line.Show($"{play.Finished} of {asked} matches"), interrupts.Token);
            replays?.Dispose();
            if (replays?.Fault is { } fault)
                parsed.InvocationConfiguration.Error.WriteLine($"arena: {fault}");
            IReadOnlyList<BalanceMatch> played = play.Matches;
            if (played.Count == 0)
                throw new OperationCanceledException();
            BalanceReport report = BalanceReport.Of(played, MobaContent.Default, spec.Name, options.Rules, spec.ScriptedPlayers[player], spec.ContentHash, seeded, asked);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
                output.WriteLine(JsonOutput.Line(report));
            else
                BalanceTables.Print(report, output);
            if (page is not null)
                AtomicFile.Write(page, Encoding.UTF8.GetBytes(BalancePage.Render(report)));
            return 0;
        });
        return command.WithExample("arena balance --matches 800 --html balance.html", "arena balance --mode 5v5 --rules quick --players easy --json");
    }
}
