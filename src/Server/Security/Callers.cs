using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using SelfPlayArena.Server.Hosting;

namespace SelfPlayArena.Server.Security;

/// <summary>Who asks, as clients are counted.</summary>
/// <param name="Name">The same for all that count as one: an IPv4 address, or the 64 bits of an IPv6 address that a household gets.</param>
/// <param name="IsHere">Whether it is a program of this machine: tests, benches and researchers, who are allowed more.</param>
internal readonly record struct Caller(string Name, bool IsHere);

/// <summary>Tells clients from each other, and how much each may have at once.</summary>
internal sealed class Callers(ServerOptions options)
{
    /// <summary>How many times as much a client of this machine may have open.</summary>
    private const int TimesHere = 8;

    public Caller Of(HttpContext context)
    {
        IPAddress from = context.Connection.RemoteIpAddress ?? IPAddress.Loopback;
        if (from.IsIPv4MappedToIPv6)
            from = from.MapToIPv4();
        // What came through a proxy came from elsewhere, for all that is known: from one that is trusted and does not say for whom, and from one that is not.
        bool proxied = context.Request.Headers.ContainsKey(ForwardedHeadersDefaults.XForwardedForHeaderName) || options.TrustedProxies.Any(p => p.Contains(from));
        if (IPAddress.IsLoopback(from) && !proxied)
            return new Caller("this machine", true);
        return new Caller(from.AddressFamily == AddressFamily.InterNetworkV6 ? $"{Convert.ToHexString(from.GetAddressBytes(), 0, 8)}/64" : from.ToString(), false);
    }

    /// <summary>WebSockets that a client may have open at once.</summary>
    public int MostSockets(Caller caller) => caller.IsHere ? TimesHere * options.MostSockets : options.MostSockets;

    /// <summary>Lobbies and live matches that a client may have opened.</summary>
    public int MostMatches(Caller caller) => caller.IsHere ? TimesHere * options.MostMatches : options.MostMatches;
}
