using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

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
        Caller caller = context.RequestServices.GetRequiredService<Callers>().Of(context);
        int times = caller.IsHere ? 25 : 1;
        return RateLimitPartition.GetTokenBucketLimiter(caller.Name, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst * times,
            TokensPerPeriod = perSecond * times,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
            AutoReplenishment = true,
        });
    }
}
