using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace SelfPlayArena.Server.Security;

/// <summary>How much one client may ask for. Whoever is on this machine gets more: tests, benches and researchers are there.</summary>
internal static class ServerLimits
{
    /// <summary>Bytes of a request's body; the longest that is meant is a lobby of ten seats.</summary>
    public const int BodyBytes = 64 * 1024;

    /// <summary>Name of the limit for requests that change something.</summary>
    public const string Changes = "changes";

    private const int Connections = 1000;
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(20);

    public static void Apply(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = Connections;
        limits.MaxConcurrentUpgradedConnections = Connections;
        limits.MaxRequestBodySize = BodyBytes;
        limits.MaxRequestLineSize = 4 * 1024;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestHeaderCount = 64;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(1);
    }

    public static void Apply(RequestTimeoutOptions timeouts) => timeouts.DefaultPolicy = new RequestTimeoutPolicy { Timeout = Answer, TimeoutStatusCode = StatusCodes.Status504GatewayTimeout };

    public static void Apply(RateLimiterOptions limiter)
    {
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => Bucket(context, perSecond: 40, burst: 200));
        limiter.AddPolicy(Changes, context => Bucket(context, perSecond: 4, burst: 20));
        limiter.OnRejected = static (rejected, _) =>
        {
            double wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan after) ? Math.Ceiling(after.TotalSeconds) : 1;
            rejected.HttpContext.Response.Headers.RetryAfter = Math.Max(1, wait).ToString(CultureInfo.InvariantCulture);
            return new ValueTask(Refusals.Write(rejected.HttpContext, new Refusal(
                StatusCodes.Status429TooManyRequests, "Too many requests", $"This client asks more often than is allowed; allowed again in {Math.Max(1, wait).ToString(CultureInfo.InvariantCulture)} s.")));
        };
    }

    private static RateLimitPartition<string> Bucket(HttpContext context, int perSecond, int burst)
    {
        IPAddress? from = context.Connection.RemoteIpAddress;
        int times = from is null || IPAddress.IsLoopback(from) ? 25 : 1;
        return RateLimitPartition.GetTokenBucketLimiter(Named(from), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst * times,
            TokensPerPeriod = perSecond * times,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
            AutoReplenishment = true,
        });
    }

    /// <summary>Who asks, as clients are counted; null for one of this machine.</summary>
    public static string? ClientOf(HttpContext context) => context.Connection.RemoteIpAddress is { } from && !IPAddress.IsLoopback(from) ? Named(from) : null;

    /// <summary>Who is counted as one: an IPv4 address, or the 64 bits of an IPv6 address that a household gets.</summary>
    private static string Named(IPAddress? from)
    {
        if (from is null)
            return "";
        if (from.IsIPv4MappedToIPv6)
            from = from.MapToIPv4();
        return from.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(from.GetAddressBytes(), 0, 8) : from.ToString();
    }
}
