namespace SelfPlayArena.Policies;

/// <summary>A network description that does not fit the rules or the environment; the message names the layer, what is wrong and what is allowed.</summary>
public sealed class InvalidNetworkException(string message) : Exception(message);
