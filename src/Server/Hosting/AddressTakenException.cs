namespace SelfPlayArena.Server.Hosting;

/// <summary>The server cannot listen where it was asked to; the message says why and what can be done.</summary>
public sealed class AddressTakenException(string message, Exception cause) : Exception(message, cause);
