using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Moba;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Watching;

/// <summary>A replay together with the environment that plays it again.</summary>
internal sealed class OpenReplay : IDisposable
{
    private readonly IBatchEnvironment _environment;

    private OpenReplay(Replay replay, IBatchEnvironment environment)
    {
        _environment = environment;
        Replay = replay;
        Player = new ReplayPlayer(replay, environment);
        Scene = environment is MobaEnvironment moba ? new MobaScene(moba, replay) : new PlainScene(environment, replay);
    }

    public Replay Replay { get; }
    public ReplayPlayer Player { get; }
    public IReplayScene Scene { get; }

    /// <exception cref="ReplayException">The file is no whole replay, or of other content.</exception>
    /// <exception cref="UserError">It names an environment or options that this program does not know.</exception>
    public static OpenReplay Read(string path)
    {
        Replay replay = ReplayFile.Read(path);
        IEnvironmentFactory factory = FactoryOf(path, replay.Header);
        if (Replay.Unfit(replay.Header, factory.Spec) is { } why)
            throw new ReplayException($"{path} cannot be played: {why}");
        return new OpenReplay(replay, factory.Create(1));
    }

    /// <summary>Why this program cannot play a replay, or null if it can.</summary>
    public static string? Obstacle(string path, ReplayHeader header)
    {
        try
        {
            return Replay.Unfit(header, FactoryOf(path, header).Spec);
        }
        catch (UserError e)
        {
            return e.Message;
        }
    }

    /// <summary>Plays the whole match once, so that the scene knows all events, and returns to its beginning.</summary>
    public void PassThrough()
    {
        Scene.Passed(0);
        while (Player.Step())
            Scene.Passed(Player.Decision);
        Player.Seek(0);
    }

    public void Dispose() => (_environment as IDisposable)?.Dispose();

    private static IEnvironmentFactory FactoryOf(string path, ReplayHeader header)
    {
        try
        {
            return Environments.Create(new EnvironmentRecipe(header.Environment, header.Options));
        }
        catch (UserError e)
        {
            throw new UserError($"{path} cannot be played: {e.Message}", e);
        }
    }
}
