using System.CommandLine;
using SelfPlayArena.Cli.Cloning;
using SelfPlayArena.Cli.Configuration;
using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Learning.Cloning;
using SelfPlayArena.Policies;
using Spectre.Console;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena clone</c>: a policy that imitates what replays show.</summary>
internal sealed class CloneVerb
{
    private const int MostHeldOut = 64;
    private const int DefaultMatches = 400;
    private const int HeldOutMatches = 16;

    /// <summary>What <c>--json</c> prints.</summary>
    /// <param name="Replays">Matches used, held-out ones included.</param>
    /// <param name="Steps">Hero-steps learnt from, each once an epoch.</param>
    /// <param name="Loss">Running mean of a hero-step's loss in nats, on what was learnt from.</param>
    /// <param name="Forbidden">By head: choices of the players that the mask forbids; they were passed over.</param>
    /// <param name="Heads">On the held-out replays; null if it was interrupted before it came to measuring.</param>
    internal sealed record Report(
        string Out, string Environment, string Network, IReadOnlyList<string> Players, int Replays, int HeldOut, int PassedOver, int Epochs, long Steps, double Seconds, double StepsPerSecond,
        double Loss, IReadOnlyDictionary<string, long> Forbidden, IReadOnlyList<HeadScore>? Heads, bool Interrupted, ulong Seed);

    private readonly Option<string?> _replays = new("--replays") { Description = "folder of replays, or name of a run that recorded some", HelpName = "FOLDER|RUN" };
    private readonly Option<string?> _from = new("--from") { Description = "instead of replays: a scripted player, as scripted:medium, learnt from in matches that are played on the spot", HelpName = "scripted:NAME" };
    private readonly Option<int?> _matches = CommonOptions.Ranged(new Option<int?>("--matches") { Description = $"with --from: matches to learn from in one pass (default: {DefaultMatches})", HelpName = "N" }, 2, 1_000_000);
    private readonly Option<double?> _own = CommonOptions.Percentage("--own", "with --from: share of the matches that the clone plays itself, once it has begun to learn, while the player says what it would have done (default: 0%)");
    private readonly Option<string> _environment = CommonOptions.Among("--env", "with --from: environment (default: moba)", null, Environments.Names);
    private readonly Option<string> _mode = CommonOptions.Among("--mode", "with --from: game mode (default: 5v5)", null, Environments.AllModes);
    private readonly Option<string> _rules = CommonOptions.Among("--rules", "with --from: rule set (default: quick)", null, Environments.AllRules);
    private readonly PlayOptions _play = new();
    private readonly Option<string?> _players = new("--players") { Description = "learn only from players of this name, as scripted:medium (default: from all)", HelpName = "NAME" };
    private readonly Option<bool> _winners = new("--winners") { Description = "learn only from teams that won" };
    private readonly Option<string> _network = CommonOptions.Among("--network", "size of the network", NetworkSize.Tiny.Name, [.. NetworkSize.All.Select(s => s.Name)]);
    private readonly Option<int?> _epochs = CommonOptions.Ranged(new Option<int?>("--epochs") { Description = "passes over the replays (default: 3, more of few replays, with --minutes as many as fit)", HelpName = "N" }, 1, 100_000);
    private readonly Option<double?> _minutes = CommonOptions.Ranged(new Option<double?>("--minutes") { Description = "learn for so many minutes at most", HelpName = "M" }, 0.001, 1e6);
    private readonly Option<double?> _heldOut = CommonOptions.Percentage("--held-out", $"share of the replays that is not learnt from but measured on (default: 10%, at most {MostHeldOut})");
    private readonly Option<double> _rate = CommonOptions.Ranged(new Option<double>("--learning-rate") { Description = "step size at the start; it falls to a tenth", DefaultValueFactory = _ => new CloningOptions().LearningRate, HelpName = "R" }, 1e-7, 1);
    private readonly Option<int> _threads = CommonOptions.Count("--threads", "threads of the arithmetic", 1, 1, 1024);
    private readonly Option<string> _device = CommonOptions.Among("--device", "where it computes", "auto", SettingKeys.Devices);
    private readonly Option<string> _out = new("--out") { Description = "the policy bundle to write", Required = true, HelpName = "FILE.bundle" };
    private readonly Option<ulong> _seed = CommonOptions.Seed();
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        var verb = new CloneVerb();
        var command = new Command("clone", "Learn a policy that imitates what replays show (behaviour cloning), and measure it on replays that it did not learn from. Ctrl-C saves what was learnt so far.")
        {
            verb._replays, verb._from, verb._matches, verb._own, verb._environment, verb._mode, verb._rules, verb._players, verb._winners, verb._network, verb._epochs, verb._minutes, verb._heldOut, verb._rate, verb._threads, verb._device, verb._out, verb._seed, verb._json,
        };
        verb._play.AddTo(command);
        Option[] ofReplays = [verb._players, verb._winners, verb._heldOut], ofMatches = [verb._matches, verb._own, verb._environment, verb._mode, verb._rules, .. verb._play.All];
        command.Validators.Add(result =>
        {
            bool replays = result.GetResult(verb._replays) is not null, from = result.GetResult(verb._from) is not null;
            if (replays == from)
                result.AddError("one of --replays and --from is needed: what to learn from");
            else if ((replays ? ofMatches : ofReplays).FirstOrDefault(o => result.GetResult(o) is { Implicit: false }) is { } stray)
                result.AddError($"{stray.Name} goes with {(replays ? "--from" : "--replays")} only");
        });
        command.SetAction(verb.Run);
        return command.WithExample(
            "arena clone --from scripted:medium --hero-pool bulwark,reaver,ember,ballista,chime --minutes 20 --out medium5.bundle",
            "arena eval --a scripted:medium --b scripted:medium --mode 1v1 --matches 300 --record shown",
            "arena clone --replays shown --players scripted:medium --out medium.bundle",
            "arena clone --replays quick-5v5 --winners --minutes 10 --network small --out clone.bundle",
            "arena eval --a file:medium.bundle --b scripted:easy --mode 1v1");
    }

    private int Run(ParseResult parsed)
    {
        TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
        bool json = parsed.GetValue(_json);
        ulong seed = parsed.GetValue(_seed);
        string file = parsed.GetRequiredValue(_out);
        OutputFile.RequireWritable(file, "clone.bundle");
        using Shown shown = parsed.GetValue(_from) is { } player ? Played(player, parsed, seed) : Recorded(parsed, seed);
        double? minutes = parsed.GetValue(_minutes);
        var fitting = CloningOptions.For(shown.Steps);
        CloningOptions options = fitting with
        {
            Epochs = parsed.GetValue(_epochs) ?? (minutes is null ? fitting.Epochs : null),
            Minutes = minutes,
            LearningRate = (float)parsed.GetValue(_rate),
            Threads = parsed.GetValue(_threads),
        };
        var plan = new NetworkPlan(NetworkSize.Named(parsed.GetRequiredValue(_network)).Describe(shown.Spec), shown.Spec);
        if (!json)
            output.WriteLine($"Learning {shown.Spec.Name} from {string.Join(", ", shown.Players)}: {shown.Training.Length} {shown.What}, {shown.HeldOut.Length} held out; network {plan.Description.Name}");
        CloningResult result;
        using (var interrupts = new Interrupts())
        using (var line = new StatusLine(Console.Error, Console.IsErrorRedirected || json))
        {
            result = Learn(() => BehaviourCloning.Run(
                plan, WeightInitializer.Create(plan, Seeds.Derive(seed, "weights"), WeightInitializer.ImitatingPointers), shown.Matches, shown.Training, shown.HeldOut, options, seed, parsed.GetRequiredValue(_device), p => Show(p, line, json ? null : output), interrupts.Token));
        }
        if (result.Steps == 0)
            throw new OperationCanceledException();
        Save(file, plan, result, shown);
        var report = new Report(
            file, shown.Spec.Name, plan.Description.Name, shown.Players, shown.Training.Length + shown.HeldOut.Length, shown.HeldOut.Length, shown.PassedOver, result.Epochs, result.Steps, result.Seconds,
            result.Steps / Math.Max(result.Seconds, 1e-9), result.Loss, result.Forbidden, result.HeldOut, result.Interrupted, seed);
        if (json)
            output.WriteLine(JsonOutput.Line(report));
        else
            Print(report, output);
        return 0;
    }

    private Shown Recorded(ParseResult parsed, ulong seed)
    {
        ReplaySelection selection = ReplaySelection.Of(parsed.GetValue(_replays)!, parsed.GetValue(_players), parsed.GetValue(_winners), RunCatalog.Default);
        if (selection.PassedOver.Count > 0)
            parsed.InvocationConfiguration.Error.WriteLine($"arena: {selection.PassedOver.Count} replays are passed over:\n{ReplaySelection.Some(selection.PassedOver)}");
        (int[] training, int[] heldOut) = Split(selection, parsed.GetValue(_heldOut) ?? 10, seed);
        var matches = new RecordedMatches(selection.Files, ReplaySelection.Make, selection.Teaches);
        return new Shown(matches, matches, selection.Spec, selection.Players, selection.Steps, training, heldOut, "replays", selection.PassedOver.Count, selection.Recipe);
    }

    private Shown Played(string player, ParseResult parsed, ulong seed)
    {
        PlayerSpec spec = PlayerSpec.Parse(player);
        if (spec.Origin != PlayerOrigin.Scripted || spec.Name == RandomPlayer.Name)
            throw new UserError($"--from '{player}' is no scripted player that can be learnt from; allowed: scripted:NAME. Policies are learnt from by 'arena distill'");
        var settings = new RunSettings();
        IEnvironmentFactory factory = Environments.Create(_play.Over(settings, parsed) with
        {
            Environment = parsed.GetValue(_environment) ?? settings.Environment,
            Mode = parsed.GetValue(_mode) ?? settings.Mode,
            Rules = parsed.GetValue(_rules) ?? settings.Rules,
        });
        int count = parsed.GetValue(_matches) ?? DefaultMatches, held = Math.Clamp(count / 10, 1, HeldOutMatches);
        try
        {
            var matches = new ScriptedMatches(factory.CreateToLearnFrom, player[MemberId.ScriptedPrefix.Length..], Seeds.Derive(seed, "demonstrations"), (parsed.GetValue(_own) ?? 0) / 100);
            return new Shown(matches, matches, factory.Spec, [player], (long)count * matches.Longest * factory.Spec.Agents, [.. Enumerable.Range(held, count)], [.. Enumerable.Range(0, held)], "matches", 0, factory.Recipe);
        }
        catch (ArgumentException e)
        {
            throw new UserError(e.Message, e);
        }
    }

    /// <summary>What is learnt from.</summary>
    /// <param name="Steps">Hero-steps of a pass, about.</param>
    private sealed record Shown(
        IDemonstrations Matches, IDisposable Owned, EnvironmentSpec Spec, IReadOnlyList<string> Players, long Steps, int[] Training, int[] HeldOut, string What, int PassedOver,
        EnvironmentRecipe Played) : IDisposable
    {
        public void Dispose() => Owned.Dispose();
    }

    /// <summary>Names that only the machine knows, as its devices, are the caller's to put right.</summary>
    private static CloningResult Learn(Func<CloningResult> run)
    {
        try
        {
            return run();
        }
        catch (ArgumentException e)
        {
            throw new UserError(e.Message, e);
        }
    }

    private static (int[] Training, int[] HeldOut) Split(ReplaySelection selection, double percent, ulong seed)
    {
        if (selection.Files.Count < 2)
            throw new UserError($"{selection.Folder} holds one replay to learn from, and one more is needed to measure on; record more with: arena eval --record FOLDER");
        int[] numbers = [.. Enumerable.Range(0, selection.Files.Count)];
        var rng = new Rng(Seeds.Derive(seed, "held out"));
        for (int i = numbers.Length - 1; i > 0; i--)
        {
            int j = rng.Next(i + 1);
            (numbers[i], numbers[j]) = (numbers[j], numbers[i]);
        }
        int held = Math.Clamp((int)Math.Round(numbers.Length * percent / 100), 1, Math.Min(numbers.Length - 1, MostHeldOut));
        return (numbers[held..], numbers[..held]);
    }

    private static void Save(string file, NetworkPlan plan, CloningResult result, Shown shown)
        => new PolicyBundle(plan, result.Weights, new PolicyCard
        {
            Member = "clone",
            TrainedSteps = result.Steps,
            TrainedOn = $"{shown.Spec.Name}, behaviour cloning of {string.Join(", ", shown.Players)} from {shown.Training.Length + shown.HeldOut.Length} {shown.What}",
            Played = shown.Played,
            Created = TimeProvider.System.GetUtcNow(),
            Notes = result.HeldOut is null ? "" : "held-out accuracy: " + string.Join(", ", result.HeldOut.Where(h => h.Choices > 0).Select(h => $"{h.Head} {Numbers.Percent(h.Accuracy)}")),
        }).Save(file);

    private static void Show(CloningProgress p, StatusLine line, TextWriter? output)
    {
        if (p.HeldOut is { } scores && output is not null)
        {
            line.Clear();
            output.WriteLine(
                $"epoch {Numbers.Text(p.Epoch)}, {Numbers.Duration(p.Seconds)}: loss {Numbers.Text(p.Loss, "0.000")}; held out: "
                + string.Join(", ", scores.Where(h => h.Choices > 0).Select(h => $"{h.Head} {Numbers.Percent(h.Accuracy)}")));
            return;
        }
        line.Show($"{Numbers.Percent(p.Share)}  epoch {Numbers.Text(p.Epoch)}  {Numbers.Text(p.Matches)} matches  {Numbers.Short(p.Steps)} hero-steps  {Numbers.Short(p.Steps / Math.Max(p.Seconds, 1e-9))}/s  loss {Numbers.Text(p.Loss, "0.000")}");
    }

    private static void Print(Report report, TextWriter output)
    {
        if (report.Heads is { } heads)
        {
            var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle($"{report.HeldOut} held-out matches, decisions with a choice") };
            table.AddColumns(
                new TableColumn("head"), new TableColumn("choices").RightAligned(), new TableColumn("accuracy").RightAligned(), new TableColumn("by chance").RightAligned(),
                new TableColumn("cross-entropy").RightAligned(), new TableColumn("by chance").RightAligned());
            foreach (HeadScore h in heads.Where(h => h.Choices > 0))
                table.AddRow(Markup.Escape(h.Head), Numbers.Short(h.Choices), Numbers.Percent(h.Accuracy), Numbers.Percent(h.ChanceAccuracy), Numbers.Text(h.CrossEntropy, "0.000"), Numbers.Text(h.ChanceCrossEntropy, "0.000"));
            Consoles.For(output).Write(table);
        }
        if (report.Forbidden.Values.Sum() is > 0 and long forbidden)
            output.WriteLine($"{Numbers.Short(forbidden)} choices were not legal for a policy and were passed over: {string.Join(", ", report.Forbidden.Where(f => f.Value > 0).Select(f => $"{f.Key} {Numbers.Short(f.Value)}"))}");
        output.WriteLine($"{(report.Interrupted ? "Interrupted; saved" : "Saved")} after {Numbers.Short(report.Steps)} hero-steps ({Numbers.Short(report.StepsPerSecond)}/s) in {report.Out}");
        string mode = report.Environment.StartsWith(Environments.Moba + "/", StringComparison.Ordinal) ? $" --b scripted:easy --mode {report.Environment[(Environments.Moba.Length + 1)..]}" : $" --b random --env {report.Environment}";
        output.WriteLine($"  measure: arena eval --a file:{report.Out}{mode}");
    }
}
