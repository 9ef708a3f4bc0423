using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SelfPlayArena.Server.Hosting;

namespace SelfPlayArena.Server.Security;

/// <summary>Turns what went wrong on the way to an answer into a problem document; nothing of the program's inside is shown.</summary>
internal sealed class Refusals(RequestDelegate next, ServerFaults faults)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: 404 or 405 or 413 or 415, ContentLength: null, ContentType: null })
                await Write(context, Unanswered(context));
        }
        catch (Refusal refusal) when (!context.Response.HasStarted)
        {
            await Write(context, refusal);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await Write(context, Malformed(e));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked has gone.
        }
        catch (Exception e) when (e is not (OperationCanceledException or Refusal or BadHttpRequestException) && !context.RequestAborted.IsCancellationRequested)
        {
            faults.Tell("requests", $"the answer to {context.Request.Method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText} failed: {e}");
            if (context.Response.HasStarted)
                throw;
            await Write(context, Defect(e));
        }
    }

    public static Task Write(HttpContext context, Refusal refusal)
    {
        context.Response.StatusCode = refusal.Status;
        context.Response.ContentType = "application/problem+json";
        context.Response.Headers.CacheControl = "no-store";
        var problem = new ProblemDetails { Title = refusal.Title, Status = refusal.Status, Detail = context.RequestServices.GetRequiredService<FolderNames>().Without(refusal.Message) };
        return context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(problem, JsonSerializerOptions.Web), context.RequestAborted).AsTask();
    }

    private static Refusal Defect(Exception e)
        => new(StatusCodes.Status500InternalServerError, "Defect", $"The server failed to answer ({e.GetType().Name}); whoever runs it is told more.");

    private static Refusal Malformed(BadHttpRequestException e)
    {
        if (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
            return TooLarge;
        return new Refusal(e.StatusCode, "Bad request", e.InnerException is JsonException json ? $"The body is not what is expected here: {json.Message}" : e.Message);
    }

    private static Refusal TooLarge => new(StatusCodes.Status413PayloadTooLarge, "Too large", $"The body is too large; allowed: {ServerLimits.BodyBytes} bytes.");

    private static Refusal Unanswered(HttpContext context) => context.Response.StatusCode switch
    {
        405 => new Refusal(405, "Method not allowed", $"{context.Request.Method} is not allowed here; allowed: {context.Response.Headers.Allow}."),
        413 => TooLarge,
        415 => new Refusal(415, "Wrong kind of body", "The body must be JSON, sent as application/json."),
        _ => Refusal.NotFound($"There is nothing at {context.Request.Path}; what there is stands in /openapi/v1.json."),
    };
}
