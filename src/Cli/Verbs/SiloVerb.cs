using System.CommandLine;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Prometheus;
using SelfPlayArena.Cli.Configuration;
using SelfPlayArena.Cli.Serving;
using SelfPlayArena.Cluster;
using SelfPlayArena.Grains;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena silo</c>: one of the processes that are a cluster.</summary>
internal sealed class SiloVerb
{
    private readonly ClusterOptions _cluster = new();
    private readonly Option<string?> _run = new("--run") { Description = "run to keep going: made if it is not there, otherwise gone on with; without it the silo serves runs that other silos keep going", HelpName = "NAME" };
    private readonly Option<string> _preset = CommonOptions.Among("--preset", "settings of a new run that come with the program", null, Presets.Names);
    private readonly Option<string?> _config = new("--config") { Description = "YAML file whose settings go over the preset's", HelpName = "FILE" };
    private readonly Option<int> _hosts = CommonOptions.Count("--hosts", "match hosts of the run, over all silos; each is a thread", 2, 1, 100_000);
    private readonly Option<long?> _steps = CommonOptions.Ranged(new Option<long?>("--steps") { Description = "end the run when it has trained on so many hero-steps", HelpName = "N" }, 1, 1e15);
    private readonly Option<string[]> _roles = new("--roles") { Description = "what this silo is for, of learner and hosts, separated by commas", HelpName = "ROLE,ROLE", DefaultValueFactory = _ => ["learner", "hosts"], AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _name = new("--name") { Description = "this silo's name (default: the machine's, with the port)", HelpName = "NAME" };
    private readonly Option<string?> _address = new("--address") { Description = "address by which the other silos reach this one (default: this machine's, or 127.0.0.1 if the database is here)", HelpName = "IP" };
    private readonly Option<int> _port = CommonOptions.Count("--silo-port", $"port of the silos' own calls; 0 for the first free one from {SiloPort.First.ToString(System.Globalization.CultureInfo.InvariantCulture)}", 0, 0, 65_535);
    private readonly Option<int> _stream = CommonOptions.Count("--stream-port", "port where a learner here takes trajectories; 0 for any that is free", 0, 0, 65_535);
    private readonly Option<string?> _scratch = new("--scratch") { Description = "folder for copies of runs' files; what counts is in the database (default: a temporary one)", HelpName = "FOLDER" };
    private readonly Option<MetricsAddress?> _metrics = CommonOptions.Metrics("where /metrics and /health are served (default: off)");

    public static Command Create()
    {
        var verb = new SiloVerb();
        var command = new Command("silo", "Be one of the processes of a cluster: play matches, learn, or both, and take over from those that fail. Ctrl-C hands over and leaves.")
        {
            verb._run, verb._preset, verb._config, verb._hosts, verb._steps, verb._roles, verb._name, verb._address, verb._port, verb._stream, verb._scratch, verb._metrics,
        };
        verb._cluster.AddTo(command);
        command.SetAction(verb.RunAsync);
        return command.WithExample(
            "arena silo --cluster postgres://arena@db.example/arena --run big --preset full-5v5 --hosts 64",
            "arena silo --cluster-file cluster.txt --roles hosts");
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        var gate = new Lock();
        if (!ClusterSilo.CanRun)
            await ClusterSilo.RunAsync(null!, null!, null!, null!, TimeProvider.System, CancellationToken.None);
        ClusterAddress address = _cluster.Read(parsed);
        IPAddress own = Own(parsed.GetValue(_address), address);
        using SiloPort held = SiloPort.Take(own, parsed.GetValue(_port));
        int port = held.Number;
        string name = parsed.GetValue(_name) ?? $"{Environment.MachineName}-{port.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
        using ClusterDatabase database = ClusterDatabase.Open(address);
        string scratch = parsed.GetValue(_scratch) ?? Directory.CreateTempSubdirectory("arena-silo-").FullName;
        var sheet = new MetricSheet(Metrics.NewCustomRegistry());
        _ = new ProcessMetrics(sheet, BuildInfo.Version, BuildInfo.Packages);
        var meter = new GrainMeter(sheet);
        var state = new State(sheet);
        MetricsAddress metrics = parsed.GetValue(_metrics) ?? MetricsAddress.OfPort(0);
        using MetricsServer? server = metrics.Endpoint is null ? null : MetricsServer.Start(metrics, () => state.Registries, () => state.Health);
        if (server is not null)
            Say($"metrics and health are at {server.Address()}");
        using var interrupts = new Interrupts();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupts.Token, cancellation);
        try
        {
            await ClusterSilo.RunAsync(database, new SiloOptions
            {
                Cluster = parsed.GetValue(_cluster.Name)!,
                Name = name,
                Roles = Roles(parsed.GetValue(_roles)!),
                Address = own,
                SiloPort = port,
                StreamPort = parsed.GetValue(_stream),
                Scratch = scratch,
                Run = Run(parsed),
                EnvironmentOf = Environments.Create,
                EnvironmentOfRecipe = Environments.Create,
                Joined = joined => state.Joined = joined,
                Log = Say,
            }, meter, state, TimeProvider.System, stop.Token);
        }
        finally
        {
            if (parsed.GetValue(_scratch) is null && Directory.Exists(scratch))
                Directory.Delete(scratch, recursive: true);
        }
        return 0;

        void Say(string line)
        {
            lock (gate)
            {
                output.WriteLine($"{DateTime.UtcNow:HH:mm:ss.fff} {line}");
                output.Flush();
            }
        }
    }

    private SiloRun? Run(ParseResult parsed)
    {
        if (parsed.GetValue(_run) is not { } name)
        {
            if (parsed.GetValue(_preset) is not null || parsed.GetValue(_config) is not null)
                throw new UserError("--preset and --config are for --run NAME: without it there is no run to make");
            return null;
        }
        if (name.Length is 0 or > 100 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) || name[0] == '.')
            throw new UserError($"--run '{name}' is not allowed; allowed: letters, digits, '-', '_' and '.', not beginning with '.'");
        string preset = parsed.GetValue(_preset) ?? Presets.Default;
        RunSettings settings = Presets.Load(preset);
        if (parsed.GetValue(_config) is { } file)
            settings = SettingsFile.Read(file, settings);
        if (settings.Lockstep)
            throw new UserError("a run in lockstep plays on the thread that learns, and cannot be a cluster's");
        return new SiloRun(name, settings, preset, parsed.GetValue(_hosts), parsed.GetValue(_steps));
    }

    private static SiloRoles Roles(string[] given)
    {
        var roles = SiloRoles.None;
        foreach (string word in given.SelectMany(g => g.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            Environments.Require("role", word, ["learner", "hosts"]);
            roles |= word == "learner" ? SiloRoles.Learner : SiloRoles.Hosts;
        }
        return roles != SiloRoles.None ? roles : throw new UserError("--roles names no role; allowed: learner, hosts, or both");
    }

    private static IPAddress Own(string? given, ClusterAddress cluster)
    {
        if (given is not null)
            return IPAddress.TryParse(given, out IPAddress? address) ? address : throw new UserError($"--address '{given}' is no address; allowed: for example 10.0.0.7");
        if (cluster.Host is "localhost" or "127.0.0.1" or "::1" || cluster.Host.StartsWith('/'))
            return IPAddress.Loopback;
        return NetworkInterface.GetAllNetworkInterfaces()
            .Where(n => n.OperationalStatus == OperationalStatus.Up && n.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(n => n.GetIPProperties().UnicastAddresses).Select(a => a.Address).FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork)
            ?? throw new UserError("this machine has no address by which others could reach it; give one by --address");
    }

    /// <summary>What is served of the silo: its own metrics, and those of the run that learns here now.</summary>
    private sealed class State(MetricSheet own) : IRunWatcher
    {
        private volatile MetricSheet? _learning;

        public bool Joined { get; set; }

        public IReadOnlyList<CollectorRegistry> Registries => _learning is { } run ? [own.Registry, run.Registry] : [own.Registry];

        public SiloHealth? Health => new(Joined, Joined ? "up" : "not in the cluster");

        public void Opened(string name, SelfPlayRun run)
        {
            var sheet = new MetricSheet(Metrics.NewCustomRegistry());
            run.Observe(sheet);
            _learning = sheet;
        }

        public void Updated(string name, RunProgress progress)
        {
        }

        public void Ended(string name, Exception? failure) => _learning = null;
    }

    /// <summary>What <c>/health</c> answers.</summary>
    internal sealed record SiloHealth(bool Healthy, string State) : IHealth;
}
