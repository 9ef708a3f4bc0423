namespace SelfPlayArena.Core.Replays;

/// <summary>
/// A match being recorded, in memory until it ends. Recordings are used again, so that recording a decision allocates nothing once buffers have
/// grown to a match's size. Used by one host at a time.
/// </summary>
public sealed class ReplayRecording
{
    private readonly ReplayFolder _owner;
    private readonly MatchTape _tape;
    private MatchToRecord _subject = null!;
    private int _opening;

    internal ReplayRecording(ReplayFolder owner, EnvironmentSpec spec)
    {
        _owner = owner;
        _tape = new MatchTape(spec);
    }

    /// <summary>Decisions recorded so far.</summary>
    public int Decisions => _tape.Decisions;

    internal MatchToRecord Subject => _subject;

    internal void Begin(IBatchEnvironment environment, int match, MatchToRecord subject)
    {
        _subject = subject;
        Restart(environment, match);
    }

    /// <summary>The match was reset to its seed before it really began: forgets the decisions so far.</summary>
    public void Restart(IBatchEnvironment environment, int match)
    {
        _tape.Begin(environment, match);
        _opening = 0;
    }

    /// <summary>A decision was played.</summary>
    /// <param name="environment">In the state that the decision led to.</param>
    /// <param name="actions">[agents, heads] as they were given to the environment.</param>
    public void Decided(IBatchEnvironment environment, int match, ReadOnlySpan<short> actions) => _tape.Decided(environment, match, actions);

    /// <summary>The decisions so far were scripted ones in place of the players'.</summary>
    public void OpeningPlayed() => _opening = Decisions;

    /// <summary>The match is over: hands it on to be written. The recording must not be used any more.</summary>
    public void Ended(IBatchEnvironment environment, int match)
    {
        _tape.End(environment, match);
        _owner.Take(this);
    }

    /// <summary>The match will not be played to its end: nothing is written. The recording must not be used any more.</summary>
    public void Abandon() => _owner.GiveBack(this);

    internal byte[] Encode(EnvironmentRecipe recipe, EnvironmentSpec spec)
        => _tape.Replay(_subject, _subject.Recipe ?? recipe, [.. Enumerable.Range(0, spec.Agents).Select(a => _subject.Players[a / spec.AgentsPerTeam])], _opening);
}
