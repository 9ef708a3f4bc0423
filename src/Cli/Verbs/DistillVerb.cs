using System.CommandLine;
using System.Text.Json;
using SelfPlayArena.Cli.Configuration;
using SelfPlayArena.Cli.Distilling;
using SelfPlayArena.Core;
using SelfPlayArena.Learning.Distillation;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Distillation;
using SelfPlayArena.Streaming;
using Spectre.Console;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena distill</c>: one policy that plays as several teachers do, each in the game that it knows.</summary>
internal sealed class DistillVerb
{
    private const long DefaultSteps = 5_000_000;
    private const string RequestKey = "request";

    /// <summary>What <c>--json</c> prints.</summary>
    /// <param name="Divergence">Mean KL(teacher ‖ student) of a hero-step, all heads added up, in nats, lately.</param>
    internal sealed record Report(
        string Out, string Environment, string Network, long Steps, double Seconds, double StepsPerSecond, double Divergence, IReadOnlyList<DistilledTeacher> Teachers, bool Interrupted, ulong Seed);

    /// <summary>What a resumed distillation must know again.</summary>
    private sealed record Request(IReadOnlyList<string> Teachers, long? Steps, double? Minutes, int Matches, float Rate, float ValueWeight, ulong Seed);

    private readonly Option<string[]> _teachers = new("--teachers") { Description = "policies to learn from: run:NAME@7, run:NAME@latest or file:PATH", AllowMultipleArgumentsPerToken = true, HelpName = "SPEC …" };
    private readonly Option<string> _out = new("--out") { Description = "the policy bundle to write; what is needed to go on lies beside it, in FILE.bundle.state", Required = true, HelpName = "FILE.bundle" };
    private readonly Option<bool> _resume = new("--resume") { Description = "go on with --out" };
    private readonly Option<string> _network = CommonOptions.Among("--network", "size of the student's network (default: the first teacher's network)", null, [.. NetworkSize.All.Select(s => s.Name)]);
    private readonly Option<long?> _steps = CommonOptions.Ranged(new Option<long?>("--steps") { Description = $"hero-steps to learn from (default: {DefaultSteps}, with --minutes no limit)", HelpName = "N" }, 1, 1e15);
    private readonly Option<double?> _minutes = CommonOptions.Ranged(new Option<double?>("--minutes") { Description = "learn for so many minutes at most", HelpName = "M" }, 0.001, 1e6);
    private readonly Option<int> _matches = CommonOptions.Count("--matches", "matches that the student plays at the same time, dealt out among the teachers", new StudentOptions().Matches, 1, 4096);
    private readonly Option<double> _rate = CommonOptions.Ranged(new Option<double>("--learning-rate") { Description = "step size at the start; it falls to a tenth", DefaultValueFactory = _ => new DistillationOptions().LearningRate, HelpName = "R" }, 1e-7, 1);
    private readonly Option<double> _valueWeight = CommonOptions.Ranged(new Option<double>("--value-weight") { Description = "weight of the teachers' values against their probabilities", DefaultValueFactory = _ => new DistillationOptions().ValueWeight, HelpName = "W" }, 0, 1000);
    private readonly Option<int> _threads = CommonOptions.Count("--threads", "threads of the arithmetic; one more plays", 1, 1, 1024);
    private readonly Option<string> _device = CommonOptions.Among("--device", "where it computes", "auto", SettingKeys.Devices);
    private readonly Option<ulong> _seed = CommonOptions.Seed();
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        var verb = new DistillVerb();
        var command = new Command("distill", "Learn one policy from several: it plays by itself, in each match in the game (the line-ups) of one teacher, whose probabilities and values it is drawn to. Ctrl-C saves; --resume goes on.")
        {
            verb._teachers, verb._out, verb._resume, verb._network, verb._steps, verb._minutes, verb._matches, verb._rate, verb._valueWeight, verb._threads, verb._device, verb._seed, verb._json,
        };
        command.Validators.Add(result =>
        {
            bool resume = result.GetResult(verb._resume) is { Implicit: false };
            Option[] atStart = [verb._teachers, verb._network, verb._matches, verb._rate, verb._valueWeight, verb._seed];
            if (resume && atStart.FirstOrDefault(o => result.GetResult(o) is { Implicit: false }) is { } fixedOption)
                result.AddError($"{fixedOption.Name} cannot go with --resume: a student keeps what it was begun with; allowed with it: --out, --steps, --minutes, --threads, --device, --json");
            if (!resume && result.GetResult(verb._teachers) is null or { Implicit: true })
                result.AddError("--teachers is needed: at least one policy to learn from, as run:NAME@7 or file:PATH");
        });
        command.SetAction(verb.Run);
        return command.WithExample(
            "arena league --preset quick-5v5 --home bulwark,reaver,ember,ballista,chime --away anchor,halberd,rime,quill,lantern --name one --minutes 20",
            "arena league --preset quick-5v5 --home warden,packlord,spark,longshot,thicket --away hollow,hush,nettle,shade,cinderfist --name two --minutes 20",
            "arena distill --teachers run:one@latest run:two@latest --out student.bundle --minutes 10",
            "arena distill --resume --out student.bundle --minutes 10",
            "arena eval --a file:student.bundle --b run:one@latest");
    }

    private int Run(ParseResult parsed)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        bool json = parsed.GetValue(_json);
        string file = parsed.GetRequiredValue(_out);
        OutputFile.RequireWritable(file, "student.bundle");
        bool resume = parsed.GetValue(_resume);
        if (!resume && File.Exists(StudentRun.StateOf(file)))
            throw new UserError($"{file} is being distilled already; go on with it by 'arena distill --resume --out {file}', delete {StudentRun.StateOf(file)}, or choose another --out");
        Request request = resume ? Asked(file, parsed) : New(parsed);
        IReadOnlyList<Lesson> lessons = new Lessons(RunCatalog.Default).Of(request.Teachers);
        using StudentRun run = Learn(() => Open(file, request, lessons, resume, parsed));
        if (!json)
            output.WriteLine($"{(resume ? $"Going on after {Numbers.Short(run.TrainedSteps)} hero-steps: " : "")}{lessons[0].Game.Spec.Name} from {string.Join(", ", request.Teachers)}");
        StudentResult result;
        using (var interrupts = new Interrupts())
        using (var line = new StatusLine(Console.Error, Console.IsErrorRedirected || json))
            result = Learn(() => run.Run(p => DistillationView.Show(p, line), interrupts.Token));
        var report = new Report(
            file, lessons[0].Game.Spec.Name, PolicyBundle.Load(file).Description.Name, result.Steps, result.Seconds, result.Steps / Math.Max(result.Seconds, 1e-9), result.Divergence, result.Teachers,
            result.Interrupted, request.Seed);
        if (json)
            output.WriteLine(JsonOutput.Line(report));
        else
            Print(report, output);
        return 0;
    }

    private StudentRun Open(string file, Request request, IReadOnlyList<Lesson> lessons, bool resume, ParseResult parsed)
    {
        var options = new StudentOptions
        {
            Steps = request.Steps,
            Minutes = request.Minutes,
            Matches = request.Matches,
            Seed = request.Seed,
            Learning = new DistillationOptions { LearningRate = request.Rate, FinalLearningRate = request.Rate / 10, ValueWeight = request.ValueWeight, Threads = parsed.GetValue(_threads) },
        };
        string device = parsed.GetRequiredValue(_device);
        if (resume)
            return StudentRun.Resume(file, lessons, options, capacity => new TrajectoryQueue(capacity), TimeProvider.System, device);
        Teacher first = lessons[0].Teacher;
        NetworkPlan plan = parsed.GetValue(_network) is { } size ? new NetworkPlan(NetworkSize.Named(size).Describe(first.Plan.Spec), first.Plan.Spec) : first.Plan;
        var about = new Dictionary<string, string> { [RequestKey] = JsonSerializer.Serialize(request) };
        return StudentRun.Create(file, plan, WeightInitializer.Create(plan, Seeds.Derive(request.Seed, "weights"), WeightInitializer.ImitatingPointers), lessons, options, about, capacity => new TrajectoryQueue(capacity), TimeProvider.System, device);
    }

    private Request New(ParseResult parsed)
    {
        double? minutes = parsed.GetValue(_minutes);
        return new Request(
            parsed.GetValue(_teachers) ?? [], parsed.GetValue(_steps) ?? (minutes is null ? DefaultSteps : null), minutes, parsed.GetValue(_matches), (float)parsed.GetValue(_rate),
            (float)parsed.GetValue(_valueWeight), parsed.GetValue(_seed));
    }

    /// <summary>What was asked when the student was begun, but for the end, which may be another now.</summary>
    private Request Asked(string file, ParseResult parsed)
    {
        if (!File.Exists(StudentRun.StateOf(file)))
            throw new UserError($"there is nothing to go on with: {StudentRun.StateOf(file)} is missing; start with: arena distill --teachers … --out {file}");
        Request asked = StudentRun.About(file).TryGetValue(RequestKey, out string? text) && JsonSerializer.Deserialize<Request>(text) is { } found
            ? found
            : throw new UserError($"{StudentRun.StateOf(file)} belongs to a curriculum; go on with it by 'arena league --resume --name NAME'");
        return parsed.GetValue(_steps) is null && parsed.GetValue(_minutes) is null ? asked : asked with { Steps = parsed.GetValue(_steps), Minutes = parsed.GetValue(_minutes) };
    }

    /// <summary>What only the machine and the teachers know, as devices and shapes, is the caller's to put right.</summary>
    private static T Learn<T>(Func<T> run)
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

    private static void Print(Report report, TextWriter output)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle("the student beside its teachers, in its own matches") };
        table.AddColumns(new TableColumn("teacher"), new TableColumn("hero-steps").RightAligned(), new TableColumn("head"), new TableColumn("same choice likeliest").RightAligned(), new TableColumn("divergence").RightAligned());
        foreach (DistilledTeacher teacher in report.Teachers)
        {
            DistilledHead[] heads = [.. teacher.Heads.Where(h => h.Agreement > 0)];
            for (int h = 0; h < heads.Length; h++)
                table.AddRow(Markup.Escape(h == 0 ? teacher.Name : ""), h == 0 ? Numbers.Short(teacher.Steps) : "", Markup.Escape(heads[h].Head), Numbers.Percent(heads[h].Agreement), Numbers.Text(heads[h].Divergence, "0.0000"));
        }
        Consoles.For(output).Write(table);
        output.WriteLine($"{(report.Interrupted ? "Interrupted; saved" : "Saved")} after {Numbers.Short(report.Steps)} hero-steps ({Numbers.Short(report.StepsPerSecond)}/s) in {report.Out}");
        output.WriteLine($"  go on:   arena distill --resume --out {report.Out}{(report.Interrupted ? "" : " --minutes 10")}");
        output.WriteLine($"  measure: arena eval --a file:{report.Out} --b {report.Teachers[0].Name}");
    }
}
