using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;

namespace SelfPlayArena.Learning.Cloning;

/// <summary>
/// Replays as demonstrations: read when their turn comes, played again, every state hash compared. The scripted decisions at the beginning
/// are passed over, as they are nobody's.
/// </summary>
/// <param name="files">The replays.</param>
/// <param name="environments">Makes an environment of one match.</param>
/// <param name="teaches">Whether a team of a replay is to be learnt from.</param>
public sealed class RecordedMatches(IReadOnlyList<string> files, Func<EnvironmentRecipe, IBatchEnvironment> environments, Func<ReplayHeader, int, bool> teaches) : IDemonstrations, IDisposable
{
    // One spare environment for each recipe and match at a time: making one costs more than a reset.
    private readonly Dictionary<string, Stack<IBatchEnvironment>> _spare = [];

    /// <exception cref="ReplayException">The file is no whole replay, of other content, or led to other states when it was played again.</exception>
    public IDemonstration Begin(int number)
    {
        Replay replay = ReplayFile.Read(files[number]);
        string recipe = $"{replay.Header.Environment} {replay.Header.Options.GetRawText()}";
        if (!_spare.TryGetValue(recipe, out Stack<IBatchEnvironment>? spare))
            _spare.Add(recipe, spare = new Stack<IBatchEnvironment>());
        if (!spare.TryPop(out IBatchEnvironment? environment))
            environment = environments(new EnvironmentRecipe(replay.Header.Environment, replay.Header.Options));
        var match = new Shown(new ReplayPlayer(replay, environment), environment, spare, teaches);
        match.Open();
        return match;
    }

    /// <summary>No match may be going on.</summary>
    public void Dispose()
    {
        foreach (IBatchEnvironment environment in _spare.Values.SelectMany(s => s))
            (environment as IDisposable)?.Dispose();
    }

    private sealed class Shown(ReplayPlayer player, IBatchEnvironment environment, Stack<IBatchEnvironment> spare, Func<ReplayHeader, int, bool> teaches) : IDemonstration
    {
        public IBatchEnvironment Environment => environment;

        public int Left => player.Replay.Decisions - player.Decision;

        public bool Teaches(int team) => teaches(player.Replay.Header, team);

        public void Open()
        {
            while (player.Decision < player.Replay.Header.Opening && player.Step())
                Check();
        }

        public ReadOnlySpan<short> Decide() => player.Replay.Actions(player.Decision);

        public bool Play()
        {
            player.Step();
            Check();
            return player.Decision < player.Replay.Decisions;
        }

        public void Dispose() => spare.Push(environment);

        private void Check()
        {
            if (player.Divergence is { } d)
                throw new ReplayException($"{player.Replay.Path} was recorded by a program that played otherwise: after decision {d.LastSame} this is not the recorded match ({d.What})");
        }
    }
}
