using System.Net;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Cli.Serving;

/// <summary>What somebody who started a server must know: where it is, and what others need to come in.</summary>
internal static class Welcome
{
    public static IEnumerable<string> Lines(ArenaServer server)
    {
        ServerOptions options = server.Options;
        string query = options.Token is null ? "" : $"/?{AccessToken.Query}={options.Token}";
        yield return $"The arena is open at {server.Url}{query}";
        if (!options.IsLoopback)
        {
            if (options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any))
                yield return $"  from other machines: http://{Dns.GetHostName()}:{Numbers.Text(server.Port)}{query}";
            yield return "  whoever has that address may watch, play and control; nothing is encrypted: use a tunnel across networks that you do not trust";
        }
        else if (!options.IsPrivate)
        {
            yield return $"  through the proxy ({string.Join(", ", options.TrustedProxies)}): its address with {query} at the end; whoever has that may watch, play and control";
        }
        yield return $"  runs are read from {Path.GetFullPath(options.Runs)}; Ctrl-C ends";
    }
}
