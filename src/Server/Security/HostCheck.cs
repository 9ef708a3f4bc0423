using Microsoft.AspNetCore.Http;

namespace SelfPlayArena.Server.Security;

/// <summary>Refuses requests that call the server by a name that is not its own.</summary>
internal sealed class HostCheck(RequestDelegate next, HostNames names)
{
    public Task InvokeAsync(HttpContext context)
    {
        string host = context.Request.Host.Host;
        if (!names.Knows(host))
            throw new Refusal(StatusCodes.Status421MisdirectedRequest, "Unknown host", $"This server is not called '{host}'; allowed: {names.Allowed}. Other names are allowed by --host NAME.");
        return next(context);
    }
}
