using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace SelfPlayArena.Server.Security;

/// <summary>
/// Lets no client have more WebSockets open than it may, so that one address does not keep all others out. A WebSocket lasts as long as the request that
/// opened it is being answered.
/// </summary>
internal sealed class SocketLimit(RequestDelegate next, Callers callers)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await next(context);
            return;
        }
        Caller caller = callers.Of(context);
        Enter(caller);
        try
        {
            await next(context);
        }
        finally
        {
            Leave(caller);
        }
    }

    private void Enter(Caller caller)
    {
        int most = callers.MostSockets(caller);
        lock (_gate)
        {
            int open = _open.GetValueOrDefault(caller.Name);
            if (open >= most)
                throw Refusal.TooMany($"{open.ToString(CultureInfo.InvariantCulture)} WebSockets from this client's address are open; allowed: {most.ToString(CultureInfo.InvariantCulture)} at once, again when one closes (--max-sockets).");
            _open[caller.Name] = open + 1;
        }
    }

    private void Leave(Caller caller)
    {
        lock (_gate)
        {
            if (--_open[caller.Name] == 0)
                _open.Remove(caller.Name);
        }
    }
}
