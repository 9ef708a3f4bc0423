using System.Globalization;
using System.Net;

namespace SelfPlayArena.Cli.Serving;

/// <summary>Where a run's metrics are served.</summary>
/// <param name="Endpoint">Address and port; port 0 is any free one. Null: nowhere.</param>
/// <param name="Insisted">Somebody asked for exactly this one, so that another port would not do.</param>
internal sealed record MetricsAddress(IPEndPoint? Endpoint, bool Insisted)
{
    public const string Allowed = "HOST:PORT, as in 127.0.0.1:5081 (port 0 takes any free one), or off";

    /// <summary>What the setting <c>metrics_port</c> says: a port of this machine's loopback, 0 for nowhere.</summary>
    public static MetricsAddress OfPort(int port) => new(port == 0 ? null : new IPEndPoint(IPAddress.Loopback, port), Insisted: false);

    /// <summary>What the option <c>--metrics</c> says; null if it is not one of <see cref="Allowed"/>.</summary>
    public static MetricsAddress? Parse(string text)
    {
        if (text == "off")
            return new MetricsAddress(null, Insisted: true);
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > IPEndPoint.MaxPort)
            return null;
        string host = text[..colon];
        if (host == "localhost")
            return new MetricsAddress(new IPEndPoint(IPAddress.Loopback, port), Insisted: true);
        // Without its brackets an IPv6 address could not be told from its port.
        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        return IPAddress.TryParse(bracketed ? host[1..^1] : host, out IPAddress? address) && bracketed == (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
            ? new MetricsAddress(new IPEndPoint(address, port), Insisted: true)
            : null;
    }
}
