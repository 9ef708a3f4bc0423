namespace SelfPlayArena.Server.Security;

/// <summary>Why a request is refused: thrown by whoever answers, written as a problem document (RFC 9457).</summary>
/// <param name="status">HTTP status, 400 to 599.</param>
/// <param name="title">What kind of mistake it was, the same for all of its kind.</param>
/// <param name="detail">What was wrong and what is allowed.</param>
public sealed class Refusal(int status, string title, string detail) : Exception(detail)
{
    public int Status => status;

    public string Title => title;

    public static Refusal BadRequest(string detail) => new(400, "Bad request", detail);

    public static Refusal NotFound(string detail) => new(404, "Not found", detail);

    public static Refusal Forbidden(string detail) => new(403, "Forbidden", detail);

    /// <summary>The client has as much of it as one may have.</summary>
    public static Refusal TooMany(string detail) => new(429, "Too many", detail);

    /// <summary>It would be allowed at another time: a match that is full, a run that is not being served.</summary>
    public static Refusal Conflict(string detail) => new(409, "Not now", detail);
}
