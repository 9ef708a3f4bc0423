using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Prometheus;
using SelfPlayArena.Cli.Configuration;
using SelfPlayArena.Cli.Hosting;
using SelfPlayArena.Cli.Serving;
using SelfPlayArena.Cli.Terminal;
using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Learning.Cloning;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Curricula;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena league</c>: trains by self-play until told to stop.</summary>
internal sealed partial class LeagueVerb
{
    private const string Grains = "grains", Direct = "direct";

    private readonly Option<string> _preset = CommonOptions.Among("--preset", "settings that come with the program", null, Presets.Names);
    private readonly Option<string> _config = new("--config") { Description = "YAML file whose settings go over the preset's", HelpName = "FILE" };
    private readonly Option<string> _name = new("--name") { Description = "name of the run (default: the preset's, numbered)", HelpName = "NAME" };
    private readonly Option<double?> _minutes = CommonOptions.Ranged(new Option<double?>("--minutes") { Description = "stop after so many minutes", HelpName = "M" }, 0.001, 1e6);
    private readonly Option<long?> _steps = CommonOptions.Ranged(new Option<long?>("--steps") { Description = "stop when the run has trained on so many hero-steps", HelpName = "N" }, 1, 1e15);
    private readonly PlayOptions _play = new();
    private int _tenth = -1;
    private readonly Option<bool> _resume = new("--resume") { Description = "go on with the run --name, or with the most recent one" };
    private readonly Option<ulong?> _seed = new("--seed") { Description = "seed of everything random", HelpName = "N" };
    private readonly Option<int?> _threads = CommonOptions.Ranged(new Option<int?>("--threads") { Description = "threads in all: a quarter of them, at least one, play; the others learn, with two both", HelpName = "N" }, 1, 1024);
    private readonly Option<string> _device = CommonOptions.Among("--device", "where the learner computes", null, SettingKeys.Devices);
    private readonly Option<double?> _record = CommonOptions.Percentage("--record", "share of the matches that is recorded, into runs/NAME/replays");
    private readonly Option<MetricsAddress?> _metrics = CommonOptions.Metrics("where /metrics and /health are served, or off (default: the setting metrics_port, on 127.0.0.1)");
    private readonly Option<bool> _noServe = new("--no-serve") { Description = "do not serve the arena to browsers" };
    private readonly Option<int?> _servePort = CommonOptions.Ranged(new Option<int?>("--serve-port") { Description = "port of 127.0.0.1 where the arena is served to browsers (default: 5080); 0 for any that is free", HelpName = "N" }, 0, IPEndPoint.MaxPort);
    private readonly Option<string?> _listen = new("--listen") { Description = "let 'arena worker' processes play for this run (default: off); port 0 for any that is free", HelpName = "ADDRESS:PORT" };
    private readonly Option<bool> _workersOnly = new("--workers-only") { Description = "with --listen: play no matches in this process" };
    private readonly Option<string> _hosting = CommonOptions.Among("--hosting", "how learner, league and match hosts run in this process (default: grains; with lockstep: direct)", null, [Grains, Direct]);
    private readonly Option<string?> _secretFile = StreamOptions.SecretFile();
    private readonly Option<bool> _json = CommonOptions.Json("print each update's progress as a line of JSON");
    private readonly Option<bool> _print = new("--print-config") { Description = "print the settings as YAML, with what each means and allows, and leave" };

    public static Command Create()
    {
        var verb = new LeagueVerb();
        var command = new Command("league", $"Train policies by self-play. Without options: a new run of the preset {Presets.Default}.")
        {
            verb._preset, verb._config, verb._name, verb._minutes, verb._steps, verb._resume, verb._seed, verb._threads, verb._device, verb._record, verb._metrics, verb._noServe, verb._servePort, verb._listen, verb._workersOnly, verb._hosting, verb._secretFile, verb._json, verb._print,
        };
        verb._play.AddTo(command);
        command.Validators.Add(result =>
        {
            Option[] atStart = [verb._preset, verb._config, verb._seed, .. verb._play.All];
            if (result.GetResult(verb._resume) is { Implicit: false } && atStart.FirstOrDefault(o => result.GetResult(o) is not null) is { } fixedOption)
                result.AddError($"{fixedOption.Name} cannot go with --resume: a run keeps the settings it was made with; allowed with it: --name, --minutes, --steps, --threads, --device, --record, --metrics, --no-serve, --serve-port, --listen, --workers-only, --hosting, --secret-file, --json");
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(verb._listen) is null && result.GetResult(verb._workersOnly) is { Implicit: false })
                result.AddError("--workers-only needs --listen: without workers nobody would play");
        });
        command.SetAction(verb.Run);
        return command.WithExample(
            "arena league --preset quick-1v1 --minutes 10",
            "arena league --config mine.yaml --name mine --seed 7",
            "arena league --resume --name mine --minutes 30",
            "arena league --preset clone-5v5 --minutes 40",
            "arena league --preset curriculum-5v5",
            "arena league --preset quick-5v5 --record 1%",
            "arena league --preset quick-5v5 --listen 127.0.0.1:7070 --workers-only",
            "arena league --preset full-5v5 --listen 0.0.0.0:7070 --secret-file secret.txt",
            "arena league --preset full-5v5 --print-config > mine.yaml");
    }

    private int Run(ParseResult parsed)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        bool resume = parsed.GetValue(_resume);
        RunCatalog catalog = RunCatalog.Default;
        (RunFolder folder, RunSettings settings, string preset) = resume ? Old(parsed, catalog) : New(parsed, catalog);
        if (parsed.GetValue(_print))
        {
            SettingsText.Write(settings, output);
            return 0;
        }
        using var interrupts = new Interrupts();
        long began = TimeProvider.System.GetTimestamp();
        if (CurriculumOf(folder, settings) is { } curriculum)
        {
            if (!resume)
                curriculum.Begin(preset);
            if (!curriculum.IsDone && !Lead(curriculum, parsed, settings, preset, began, interrupts))
                return 0;
            resume = !Curriculum.Precedes(folder);
            if (!resume)
                preset = Curriculum.PresetOf(folder);
            Say(parsed, "stage 3 of 3: the student goes on by itself");
        }
        long trained = Train(parsed, resume, folder, settings, preset, new RunLimits(MinutesLeft(parsed, began), parsed.GetValue(_steps)), interrupts, stage: null);
        if (!parsed.GetValue(_json))
            Farewell(output, folder, settings, trained);
        return 0;
    }

    /// <summary>Opens one league and lets it run to a limit. Returns its trained hero-steps.</summary>
    /// <param name="stage">Which part of a curriculum it is, in words; null where it is all there is.</param>
    private long Train(ParseResult parsed, bool resume, RunFolder folder, RunSettings settings, string preset, RunLimits limits, Interrupts interrupts, string? stage)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        IEnvironmentFactory factory = Environments.Create(settings);
        MetricsAddress address = parsed.GetValue(_metrics) ?? MetricsAddress.OfPort(settings.MetricsPort);
        var sheet = new MetricSheet(Metrics.NewCustomRegistry());
        SelfPlayRun? started = null;
        using MetricsServer? server = address.Endpoint is null ? null : MetricsServer.Start(address, sheet.Registry, () => Volatile.Read(ref started)?.Health);
        // An address that was asked for and cannot be had is refused before there is a run.
        if (address.Insisted)
            _ = server?.Address();
        var pressure = new PlayPressure();
        ServerOptions place = ServeOptions.Plain(Path.GetDirectoryName(Path.GetFullPath(folder.Path))!, Path.GetFileName(folder.Path)) with { Tell = ServerLog.In(folder.Path) };
        using ServedArena? arena = parsed.GetValue(_noServe) ? null : ServedArena.Start(place, parsed.GetValue(_servePort), sheet, pressure);
        bool live = !parsed.GetValue(_json) && ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        ListenerMetrics? workers = parsed.GetValue(_listen) is null ? null : new ListenerMetrics(sheet);
        RemoteHosts? remote = Remote(parsed, folder, settings, live ? null : parsed.InvocationConfiguration.Error, workers);
        using GrainHosting? grains = Hosting(parsed, settings) == Direct ? null : new GrainHosting(folder, settings, factory, remote, sheet, TimeProvider.System);
        SelfPlayRun run = Open(resume, folder, settings, preset, factory, limits, remote, grains, p => Cloned(p, parsed), interrupts.Token);
        using SelfPlayRun? owned = grains is null ? run : null;
        _ = new ProcessMetrics(sheet, BuildInfo.Version, BuildInfo.Packages);
        run.Observe(sheet);
        run.GiveWayTo(pressure);
        var shown = new ServedRun(Path.GetFileName(folder.Path), run, grains, interrupts);
        string? open = arena?.Open(shown, parsed.InvocationConfiguration.Error);
        Volatile.Write(ref started, run);
        string? served = Served(server, address, parsed.InvocationConfiguration.Error);
        var screen = new LeagueScreen(grains is null ? (progress, stop) => run.Run(limits, progress, stop) : grains.Run, folder, settings, limits, interrupts, shown, open, served, stage);
        foreach (string notice in run.Notices)
            parsed.InvocationConfiguration.Error.WriteLine($"arena: {notice}");
        if (parsed.GetValue(_json))
            screen.RunJson(output, parsed.InvocationConfiguration.Error);
        else if (live)
            screen.RunLive();
        else
            screen.RunPlain(output, parsed.InvocationConfiguration.Error);
        return run.TrainedSteps;
    }

    /// <summary>Where the metrics are; says what somebody should know about that.</summary>
    private static string? Served(MetricsServer? server, MetricsAddress address, TextWriter error)
    {
        if (server is null)
            return null;
        string url;
        try
        {
            url = server.Address();
        }
        catch (UserError e)
        {
            // Nobody asked for this one: training matters more.
            error.WriteLine($"arena: {e.Message}");
            return null;
        }
        int port = new Uri(url).Port;
        if (!address.Insisted && port != address.Endpoint!.Port)
            error.WriteLine($"arena: port {address.Endpoint.Port} is taken; metrics are at {url}/metrics");
        else if (!IPAddress.IsLoopback(address.Endpoint!.Address))
            error.WriteLine($"arena: metrics are served at {address.Endpoint}, to anybody who can reach this machine");
        return $"{url}/metrics";
    }

    /// <summary>Listens for workers if asked to, before anything is written: an address in use must leave no half a run behind.</summary>
    private RemoteHosts? Remote(ParseResult parsed, RunFolder folder, RunSettings settings, TextWriter? also, ListenerMetrics? metrics)
    {
        if (parsed.GetValue(_listen) is not { } listen)
            return null;
        if (settings.Lockstep)
            throw new UserError("--listen cannot go with lockstep: such a run plays on the thread that learns, and nowhere else");
        SharedSecret secret = StreamOptions.Secret(parsed.GetValue(_secretFile));
        Socket socket = StreamOptions.Listen(listen, secret);
        parsed.InvocationConfiguration.Error.WriteLine($"arena: workers may connect to {socket.LocalEndPoint}{(secret.IsNone ? ", without a secret" : "")}; what they do is told in {Path.Combine(folder.Path, "workers.log")}");
        return new RemoteHosts(port => new WorkersDoor(socket, port, secret, new WorkersLog(Path.Combine(folder.Path, "workers.log"), also), metrics), parsed.GetValue(_workersOnly));
    }

    private string Hosting(ParseResult parsed, RunSettings settings)
    {
        if (!settings.Lockstep)
            return parsed.GetValue(_hosting) ?? Grains;
        return parsed.GetValue(_hosting) is Grains
            ? throw new UserError("--hosting grains cannot go with lockstep: such a run plays on the thread that learns, and nowhere else")
            : Direct;
    }

    private static SelfPlayRun Open(
        bool resume, RunFolder folder, RunSettings settings, string preset, IEnvironmentFactory factory, RunLimits limits, RemoteHosts? remote, GrainHosting? grains,
        Action<CloningProgress> cloned, CancellationToken cancellation)
    {
        bool fresh = !Directory.Exists(folder.Path);
        try
        {
            foreach (string anchor in settings.Anchors)
                Environments.Require("scripted player among the anchors", anchor, [RandomPlayer.Name, .. factory.Spec.ScriptedPlayers]);
            WarmStart.Prepare(folder, settings, factory, cloned, cancellation);
            if (grains is not null)
                return grains.Open(resume, preset, limits);
            return resume
                ? SelfPlayRun.Resume(folder, settings, factory, capacity => new TrajectoryQueue(capacity), TimeProvider.System, remote)
                : SelfPlayRun.Create(folder, settings, preset, factory, capacity => new TrajectoryQueue(capacity), TimeProvider.System, remote);
        }
        catch (Exception e) when (e is not RunInUseException)
        {
            // A run that could not even start must not stand in the way of the next try under its name.
            if (fresh && Directory.Exists(folder.Path))
                Directory.Delete(folder.Path, recursive: true);
            // Names that only the environment and the machine know: reward terms, value heads, devices.
            if (e is ArgumentException)
                throw new UserError(e.Message, e);
            throw;
        }
    }

    /// <summary>Tells how the clone that a run starts from is coming on: every tenth of the way, and how good it became.</summary>
    private void Cloned(CloningProgress p, ParseResult parsed)
    {
        int tenth = (int)(p.Share * 10);
        if (p.HeldOut is null && tenth == _tenth)
            return;
        _tenth = tenth;
        string scores = p.HeldOut is null ? "" : "; foretold of its player: " + string.Join(", ", p.HeldOut.Where(h => h.Choices > 0).Select(h => $"{h.Head} {Numbers.Percent(h.Accuracy)}"));
        parsed.InvocationConfiguration.Error.WriteLine($"arena: warm start {Numbers.Percent(p.Share, "0")}: {Numbers.Text(p.Matches)} matches, {Numbers.Short(p.Steps)} hero-steps, loss {Numbers.Text(p.Loss, "0.000")}{scores}");
    }

    private (RunFolder Folder, RunSettings Settings, string Preset) New(ParseResult parsed, RunCatalog catalog)
    {
        string preset = parsed.GetValue(_preset) ?? Presets.Default;
        RunSettings settings = Presets.Load(preset);
        if (parsed.GetValue(_config) is { } file)
            settings = SettingsFile.Read(file, settings);
        settings = Override(parsed, _play.Over(settings, parsed) with { Seed = parsed.GetValue(_seed) ?? settings.Seed });
        if (parsed.GetValue(_print))
            return (new RunFolder("."), settings, preset);
        string name = parsed.GetValue(_name) ?? catalog.Free(parsed.GetValue(_config) is { } own ? Path.GetFileNameWithoutExtension(own) : preset);
        RunFolder folder = catalog.Folder(name);
        if (File.Exists(folder.Settings))
            throw new UserError($"there is a run '{name}' already, in {folder.Path}; go on with it by 'arena league --resume --name {name}', or choose another --name");
        return (folder, settings, preset);
    }

    private (RunFolder Folder, RunSettings Settings, string Preset) Old(ParseResult parsed, RunCatalog catalog)
    {
        string name = parsed.GetValue(_name) ?? catalog.Names().FirstOrDefault()
            ?? throw new UserError($"there is no run to go on with in {Path.GetFullPath(catalog.Root)}; start one with 'arena league'");
        RunFolder folder = catalog.Existing(name);
        return (folder, Override(parsed, folder.ReadSettings()), "");
    }

    private RunSettings Override(ParseResult parsed, RunSettings settings)
    {
        if (parsed.GetValue(_threads) is { } threads)
        {
            int actors = Math.Max(1, threads / 4);
            settings = settings with { Actors = actors, LearnerThreads = threads > 2 ? threads - actors : threads };
        }
        return settings with { Device = parsed.GetValue(_device) ?? settings.Device, Record = parsed.GetValue(_record) ?? settings.Record };
    }

    private static void Farewell(TextWriter output, RunFolder folder, RunSettings settings, long steps)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder.Path));
        output.WriteLine($"Saved after {Numbers.Short(steps)} trained hero-steps in {folder.Path}");
        output.WriteLine($"  go on:   arena league --resume --name {name}");
        output.WriteLine(settings.Environment == Environments.Moba
            ? $"  measure: arena eval --a run:{name}@latest --b scripted:easy --mode {settings.Mode}"
            : $"  measure: arena eval --a run:{name}@latest --b random");
        if (Directory.Exists(folder.Replays))
            output.WriteLine($"  watch:   arena replay {folder.Replays}");
    }
}
