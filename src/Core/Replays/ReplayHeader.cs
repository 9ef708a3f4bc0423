using System.Text.Json;

namespace SelfPlayArena.Core.Replays;

/// <summary>What a replay says of its match besides the actions. Written as JSON, snake_case.</summary>
public sealed record ReplayHeader
{
    /// <summary>Name by which the program makes the environment.</summary>
    public required string Environment { get; init; }

    /// <summary>The environment's options as its factory reads them.</summary>
    public required JsonElement Options { get; init; }

    /// <summary><see cref="EnvironmentSpec.Name"/>, for example <c>moba/5v5</c>.</summary>
    public required string Game { get; init; }

    /// <summary><see cref="EnvironmentSpec.ContentHash"/>: rules and content.</summary>
    public required string ContentHash { get; init; }

    /// <summary><see cref="EnvironmentSpec.Hash"/> in hexadecimal: what the numbers in actions mean.</summary>
    public required string LayoutHash { get; init; }

    public required int Teams { get; init; }
    public required int AgentsPerTeam { get; init; }

    /// <summary>Numbers an agent's action has.</summary>
    public required int Heads { get; init; }

    /// <summary>Seconds of game time between two decisions.</summary>
    public required float SecondsPerDecision { get; init; }

    /// <summary>What the match was reset with.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Name of the match where it was played.</summary>
    public required string Match { get; init; }

    /// <summary>The learner's update when the match began, or the number of the match in an evaluation.</summary>
    public required long Number { get; init; }

    /// <summary>Who played each agent, team by team.</summary>
    public required IReadOnlyList<string> Players { get; init; }

    /// <summary>Decisions at the beginning that scripted players made in place of <see cref="Players"/>.</summary>
    public int Opening { get; init; }

    public required int Decisions { get; init; }
    public required MatchOutcome Outcome { get; init; }

    public int Agents => Teams * AgentsPerTeam;

    /// <summary>Game time of the whole match.</summary>
    public double Seconds => Decisions * (double)SecondsPerDecision;
}
