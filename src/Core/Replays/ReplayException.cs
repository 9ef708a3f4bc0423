namespace SelfPlayArena.Core.Replays;

/// <summary>A replay cannot be used: the message names the file and says why, for people.</summary>
public sealed class ReplayException(string message, Exception? cause = null) : Exception(message, cause);
