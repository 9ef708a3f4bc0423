using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Security;
using SelfPlayArena.Cli.Verbs;

namespace SelfPlayArena.Cli.Serving;

/// <summary>Options that say where and for whom the arena is served.</summary>
internal sealed class ServeOptions
{
    private const int LeastTokenLength = 16;
    private readonly Option<int> _port;
    private readonly Option<IPAddress> _listen = new("--listen")
    {
        Description = "address to listen on; outside loopback a token is demanded (0.0.0.0: all of this machine's)",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => IPAddress.Loopback,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (text == "localhost")
                return IPAddress.Loopback;
            if (IPAddress.TryParse(text, out IPAddress? address))
                return address;
            result.AddError($"--listen '{text}' is not allowed; allowed: an address of this machine, as in 127.0.0.1, 0.0.0.0 or ::1 (the port is --port's)");
            return IPAddress.Loopback;
        },
    };

    private readonly Option<string?> _token = new("--token") { Description = "what everybody must know who comes (default: none on loopback, else a new one, which is printed); also $ARENA_TOKEN", HelpName = "TOKEN" };
    private readonly Option<string[]> _hosts = new("--host") { Description = "another name by which browsers may call the server", HelpName = "NAME" };

    private readonly Option<IPNetwork[]> _proxies = new("--trusted-proxy")
    {
        Description = "reverse proxy, by address or network, that is believed for whom it asks (X-Forwarded-For and -Proto); a token is demanded then (default: none)",
        HelpName = "ADDRESS",
        CustomParser = result => [.. result.Tokens.Select(t => Network(t.Value, result))],
    };

    private readonly Option<int> _sockets = CommonOptions.Count("--max-sockets", "WebSockets that one address may have open at once; eight times as many from this machine", ServerOptions.DefaultSockets, 1, 1000);
    private readonly Option<int> _matches = CommonOptions.Count("--max-matches", "lobbies and live matches that one address may have opened; eight times as many from this machine", ServerOptions.DefaultMatches, 1, 256);

    public ServeOptions()
    {
        _port = CommonOptions.Count("--port", "port; 0 for any that is free", ServerOptions.DefaultPort, 0, IPEndPoint.MaxPort);
        _token.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.Tokens[0].Value.Length < LeastTokenLength)
                result.AddError($"--token is too short; allowed: {LeastTokenLength.ToString(CultureInfo.InvariantCulture)} characters or more, as 'openssl rand -hex 24' makes them");
        });
    }

    public void AddTo(Command command)
    {
        command.Add(_port);
        command.Add(_listen);
        command.Add(_token);
        command.Add(_hosts);
        command.Add(_proxies);
        command.Add(_sockets);
        command.Add(_matches);
    }

    /// <exception cref="UserError">The token from the environment is too short.</exception>
    public ServerOptions Read(ParseResult parsed, string runs, string? run)
    {
        IPAddress address = parsed.GetValue(_listen)!;
        string? token = parsed.GetValue(_token) ?? (Environment.GetEnvironmentVariable("ARENA_TOKEN") is { Length: > 0 } set ? set : null);
        if (token is { Length: < LeastTokenLength })
            throw new UserError($"ARENA_TOKEN is too short; allowed: {Numbers.Text(LeastTokenLength)} characters or more, as 'openssl rand -hex 24' makes them");
        IPNetwork[] proxies = parsed.GetValue(_proxies) ?? [];
        if (!IPAddress.IsLoopback(address) || proxies.Length > 0)
            token ??= AccessToken.Generate();
        return Plain(runs, run) with
        {
            TrustedProxies = proxies,
            Address = address,
            Port = parsed.GetValue(_port),
            Token = token,
            Hosts = parsed.GetValue(_hosts) ?? [],
            MostSockets = parsed.GetValue(_sockets),
            MostMatches = parsed.GetValue(_matches),
        };
    }

    private static IPNetwork Network(string text, ArgumentResult result)
    {
        if (IPAddress.TryParse(text, out IPAddress? one))
            return new IPNetwork(one, one.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32);
        if (!IPNetwork.TryParse(text, out IPNetwork network))
            result.AddError($"--trusted-proxy '{text}' is not allowed; allowed: an address or a network, as in 127.0.0.1, ::1 or 10.0.0.0/8");
        return network;
    }

    /// <summary>Served to this machine only, on the usual port.</summary>
    public static ServerOptions Plain(string runs, string? run) => new() { Runs = runs, Run = run, Version = BuildInfo.Version, Packages = BuildInfo.Packages, Games = new GameCatalog(new RunCatalog(runs)) };
}
