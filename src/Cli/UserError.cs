namespace SelfPlayArena.Cli;

/// <summary>
/// Something a person can put right: the message says what was wrong, where, and what is allowed. Ends the command with exit code 2 and no
/// stack trace.
/// </summary>
internal sealed class UserError(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Exit code of a command that was asked for something impossible.</summary>
    public const int ExitCode = 2;
}
