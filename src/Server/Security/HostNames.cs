using System.Net;
using SelfPlayArena.Server.Hosting;

namespace SelfPlayArena.Server.Security;

/// <summary>
/// The names by which this server may be called. A page elsewhere could otherwise let its own name point at this machine and read what is served
/// here (DNS rebinding); an address cannot be made to point elsewhere.
/// </summary>
internal sealed class HostNames
{
    private readonly ServerOptions _options;
    private readonly HashSet<string> _names;

    public HostNames(ServerOptions options)
    {
        _options = options;
        _names = new HashSet<string>(options.Hosts, StringComparer.OrdinalIgnoreCase) { "localhost" };
        if (!options.IsLoopback)
            _names.Add(Dns.GetHostName());
    }

    /// <summary>What is allowed, in words.</summary>
    public string Allowed => $"{string.Join(", ", _names.Order(StringComparer.OrdinalIgnoreCase))} and {(_options.IsLoopback ? "loopback addresses" : "addresses")}";

    /// <param name="host">As in the header, without the port; IPv6 in brackets.</param>
    public bool Knows(string host)
    {
        if (_names.Contains(host))
            return true;
        return IPAddress.TryParse(host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host, out IPAddress? address)
            && (!_options.IsLoopback || IPAddress.IsLoopback(address));
    }
}
