using Spectre.Console.Rendering;

namespace SelfPlayArena.Cli.Watching;

/// <summary>Makes a game's states visible: one implementation for games with a map, one for any game.</summary>
internal interface IReplayScene
{
    /// <summary>What happened, in order; complete once every decision was passed.</summary>
    IReadOnlyList<ReplayEvent> Events { get; }

    /// <summary>Takes note of the state that the environment holds. Called once for every decision from 0 on, in order.</summary>
    void Passed(int decision);

    /// <summary>Draws the state that the environment holds now.</summary>
    /// <param name="width">Columns there are.</param>
    /// <param name="height">Lines there are.</param>
    IRenderable Draw(int decision, int width, int height);
}
