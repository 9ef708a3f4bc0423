namespace SelfPlayArena.Cli.Watching;

/// <summary>Something that happened in a recorded match.</summary>
/// <param name="Decision">Decisions played when it had happened.</param>
/// <param name="Seconds">Game time.</param>
/// <param name="Kind">Short and constant, for example <c>kill</c> or <c>tower</c>.</param>
/// <param name="Team">Team it is good for; -1 for none.</param>
/// <param name="Text">One line for people.</param>
internal sealed record ReplayEvent(int Decision, double Seconds, string Kind, int Team, string Text)
{
    /// <summary>As it is printed without a terminal.</summary>
    public string Line => $"{Numbers.Duration(Seconds),6}  {Text}";
}
