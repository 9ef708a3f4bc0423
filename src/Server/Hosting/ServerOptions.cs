using System.Net;
using SelfPlayArena.Server.Research;

namespace SelfPlayArena.Server.Hosting;

/// <summary>Where and for whom the arena is served.</summary>
public sealed record ServerOptions
{
    public const int DefaultPort = 5080, DefaultSockets = 64, DefaultMatches = 16;

    /// <summary>Address to listen on. Anything outside loopback demands a <see cref="Token"/>.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port; 0 takes any free one.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>What everybody must know who is let in; null lets everybody in who can reach the address, which must then be loopback.</summary>
    public string? Token { get; init; }

    /// <summary>Names by which the server may be called besides its addresses, <c>localhost</c> and the machine's name.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Folder that holds the runs.</summary>
    public required string Runs { get; init; }

    /// <summary>The run that is shown when none is asked for; null for the most recent one.</summary>
    public string? Run { get; init; }

    /// <summary>Folder of the built web client; null for the one beside the program.</summary>
    public string? WebClient { get; init; }

    /// <summary>The environments and players that programs elsewhere may ask for; null: none.</summary>
    public IGameCatalog? Games { get; init; }

    /// <summary>WebSockets that one address may have open at once; eight times as many from this machine.</summary>
    public int MostSockets { get; init; } = DefaultSockets;

    /// <summary>Lobbies and live matches that one address may have opened; eight times as many from this machine.</summary>
    public int MostMatches { get; init; } = DefaultMatches;

    /// <summary>How much programs that drive matches may take.</summary>
    public ResearchLimits Research { get; init; } = new();

    /// <summary>How long a browser that answers nothing is taken to be there still, by matches and replays.</summary>
    public TimeSpan Vanished { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Is told, from any thread, in a sentence what went wrong of which no client hears; null: nobody is.</summary>
    public Action<string>? Tell { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>Which packages the program was built with, <c>compat</c> or <c>nuget</c>.</summary>
    public required string Packages { get; init; }

    /// <summary>
    /// Reverse proxies, by address or network, that are believed for whom they ask (X-Forwarded-For, X-Forwarded-Proto). With any, others than programs of this
    /// machine may come, so that a <see cref="Token"/> is demanded.
    /// </summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    public bool IsLoopback => IPAddress.IsLoopback(Address);

    /// <summary>Whether nobody but programs of this machine is served.</summary>
    public bool IsPrivate => IsLoopback && TrustedProxies.Count == 0;
}
