namespace SelfPlayArena.Core.Replays;

/// <summary>Where a re-simulated match left the recorded one.</summary>
/// <param name="LastSame">Decisions after which the states were still the same; -1: not even the first state was.</param>
/// <param name="FirstOther">Decisions after which they were found to differ.</param>
/// <param name="What">What differed.</param>
public sealed record ReplayDivergence(int LastSame, int FirstOther, string What);

/// <summary>
/// Plays a recorded match again in one match of an environment, forward decision by decision or by leaps in both directions; leaps back start
/// from the nearest of the states kept on the way. Every recorded hash that is passed is compared.
/// </summary>
public sealed class ReplayPlayer
{
    private readonly IBatchEnvironment _environment;
    private readonly int _match;

    /// <summary>State after every <see cref="ReplayFile.HashInterval"/> decisions, as far as has been played.</summary>
    private readonly List<byte[]> _kept = [];
    private int _lastSame = -1;

    /// <param name="environment">Made by the replay's recipe. The match is reset; the others stay as they are.</param>
    /// <exception cref="ReplayException">The environment has other content or another layout than the replay.</exception>
    public ReplayPlayer(Replay replay, IBatchEnvironment environment, int match = 0)
    {
        if (Replay.Unfit(replay.Header, environment.Spec) is { } why)
            throw new ReplayException($"{replay.Path} cannot be played: {why}");
        Replay = replay;
        _environment = environment;
        _match = match;
        _environment.Reset(match, replay.Header.Seed);
        Passed(MatchStatus.Running);
    }

    public Replay Replay { get; }

    /// <summary>Decisions played: the environment holds the state after them.</summary>
    public int Decision { get; private set; }

    /// <summary>Null as long as everything that was passed is as recorded.</summary>
    public ReplayDivergence? Divergence { get; private set; }

    /// <summary>Plays one decision; false at the end of the replay.</summary>
    public bool Step()
    {
        if (Decision >= Replay.Decisions)
            return false;
        MatchStatus status = _environment.StepOnly(_match, Replay.Actions(Decision));
        Decision++;
        Passed(status);
        return true;
    }

    /// <summary>Goes to the state after so many decisions, clamped to the replay.</summary>
    public void Seek(int decision)
    {
        decision = Math.Clamp(decision, 0, Replay.Decisions);
        int kept = Math.Min(decision / ReplayFile.HashInterval, _kept.Count - 1);
        if (decision < Decision || kept * ReplayFile.HashInterval > Decision)
        {
            _environment.Restore(_match, _kept[kept]);
            Decision = kept * ReplayFile.HashInterval;
        }
        while (Decision < decision)
            Step();
    }

    /// <summary>Plays to the end, or until the match leaves the recorded one.</summary>
    /// <returns>Where it did, null if never: every state hash and the outcome are as recorded.</returns>
    public ReplayDivergence? Verify()
    {
        while (Divergence is null && Step())
        {
        }
        return Divergence;
    }

    private void Passed(MatchStatus status)
    {
        if (Decision == _kept.Count * ReplayFile.HashInterval)
        {
            byte[] state = new byte[_environment.SnapshotBytes];
            _environment.Snapshot(_match, state);
            _kept.Add(state);
        }
        if (Divergence is not null)
            return;
        bool last = Decision == Replay.Decisions;
        if (Decision > 0 && last != (status != MatchStatus.Running))
        {
            Diverge(last ? "the recorded match ended here, this one goes on" : $"this match ended here, the recorded one took {Replay.Decisions} decisions");
            return;
        }
        if (Replay.HashAfter(Decision) is { } recorded)
        {
            ulong now = _environment.StateHash(_match);
            if (now != recorded)
            {
                Diverge($"the state's hash is {now:x16}, recorded is {recorded:x16}");
                return;
            }
            _lastSame = Math.Max(_lastSame, Decision);
        }
        if (last && Decision > 0 && Different(_environment.Outcome(_match), Replay.Header.Outcome) is { } difference)
            Diverge(difference);
    }

    private void Diverge(string what) => Divergence = new ReplayDivergence(_lastSame, Decision, what);

    private static string? Different(MatchOutcome now, MatchOutcome recorded)
        => now.Winner == recorded.Winner && now.Decisions == recorded.Decisions && now.Reason == recorded.Reason && now.Scores.SequenceEqual(recorded.Scores)
            ? null
            : $"the outcome is {Text(now)}, recorded is {Text(recorded)}";

    private static string Text(MatchOutcome o) => FormattableString.Invariant($"winner {o.Winner}, {o.Decisions} decisions, {o.Reason}, scores {string.Join(" ", o.Scores)}");
}
