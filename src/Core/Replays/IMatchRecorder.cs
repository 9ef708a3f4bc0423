namespace SelfPlayArena.Core.Replays;

/// <summary>
/// Where hosts offer every match they begin for recording, whatever they are: this is all that a host needs to know of replays. Thread-safe.
/// </summary>
public interface IMatchRecorder
{
    /// <summary>Begins to record a match that was just reset.</summary>
    /// <returns>Null: this match is not recorded. Else to be told every decision, and of the end (or that there will be none).</returns>
    ReplayRecording? Begin(IBatchEnvironment environment, int match, MatchToRecord subject);
}

/// <summary>A match as its host knows it.</summary>
/// <param name="Seed">What it was reset with.</param>
/// <param name="Name">Its name, unique where it is played.</param>
/// <param name="Number">Orders files: the learner's update, or the number of the match.</param>
/// <param name="Players">Who plays each team.</param>
/// <param name="Recipe">How this match's environment can be made again where it differs from match to match, for example by its line-ups; null for the host's.</param>
public sealed record MatchToRecord(ulong Seed, string Name, long Number, IReadOnlyList<string> Players, EnvironmentRecipe? Recipe = null);
