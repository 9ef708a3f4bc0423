using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using SelfPlayArena.Server.Hosting;

namespace SelfPlayArena.Server.Security;

/// <summary>Behind a reverse proxy every connection is the proxy's: of those that are trusted, and of nobody else, it is believed for whom they ask.</summary>
internal static class TrustedProxies
{
    public static void UseTrustedProxies(this IApplicationBuilder app, ServerOptions options)
    {
        if (options.TrustedProxies.Count == 0)
            return;
        // As far back as each in turn is trusted: what stands before the first stranger's address, the stranger may have made up.
        var headers = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        headers.KnownProxies.Clear();
        headers.KnownIPNetworks.Clear();
        foreach (System.Net.IPNetwork network in options.TrustedProxies)
            headers.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(headers);
    }
}
