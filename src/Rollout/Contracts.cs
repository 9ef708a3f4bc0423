using SelfPlayArena.Core;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Rollout;

/// <summary>Makes environments; how Rollout stays ignorant of which game it hosts.</summary>
public interface IEnvironmentFactory
{
    EnvironmentSpec Spec { get; }

    /// <summary>What it makes, as replays remember it.</summary>
    EnvironmentRecipe Recipe { get; }

    IBatchEnvironment Create(int matches);

    /// <summary>Makes an environment of one match whose players are learnt from: its observations hold nothing that a policy in their place would not see.</summary>
    IBatchEnvironment CreateToLearnFrom() => Create(1);
}

/// <summary>One match to play.</summary>
/// <param name="HomeSide">Team that the matchup's home player plays.</param>
public sealed record Assignment(Matchup Matchup, string MatchId, int HomeSide, ulong Seed)
{
    /// <summary>Who plays a team.</summary>
    public PlayerId PlayerOf(int team) => team == HomeSide ? Matchup.Home : Matchup.Away;
}

/// <summary>Decides what a host plays next and takes its results. Thread-safe.</summary>
public interface IMatchDirector
{
    /// <summary>The next match for a host, or null if there is none left.</summary>
    Assignment? Next(int host);

    /// <summary>A match came to its end, or its host gave it up.</summary>
    void Ended(int host, Assignment assignment);

    /// <summary>The result of a match that counts; comes after <see cref="Ended"/>.</summary>
    void Report(int host, MatchResult result);
}

/// <summary>A network together with the version it is.</summary>
public sealed record PolicyVersion(PolicyNetwork Network, int Version);

/// <summary>Gives the network that a player plays with now. Thread-safe; constant for frozen players, moving for the latest.</summary>
public interface IPolicySource
{
    /// <exception cref="ArgumentException">No such player.</exception>
    PolicyVersion Get(PlayerId player);
}

/// <summary>How a host treats what it plays.</summary>
public sealed record HostOptions
{
    /// <summary>Share of the team's mean in each agent's reward, OpenAI Five's τ (Berner et al. 2019).</summary>
    public float TeamSpirit { get; init; }

    /// <summary>Subtract the other team's mean reward, term by term.</summary>
    public bool ZeroSum { get; init; }

    /// <summary>Share of self-play matches that start after a random number of scripted decisions. Such matches are not rated.</summary>
    public double RandomStarts { get; init; }

    /// <summary>Upper bound of those decisions; 0 turns random starts off.</summary>
    public int RandomStartDecisions { get; init; }

    /// <summary>All matches of a matchup begin alike, from one seed and with the same sides, so that they can be compared.</summary>
    public bool Alike { get; init; }

    /// <summary>Learning teams play the first match of each matchup without chance: a baseline to compare the others with. Such matches are not rated.</summary>
    public bool GreedyFirst { get; init; }

    /// <summary>Learning teams also draw from the heads that their verb does not use, for a loss that counts those.</summary>
    public bool DrawUnused { get; init; }

    /// <summary>Sampling temperature of hosts that do not learn: 1 as in training, less for surer play, 0 for the likeliest action.</summary>
    public float Temperature { get; init; } = 1;
}

/// <summary>What a host has done so far.</summary>
public sealed record HostCounters(long Decisions, long AgentSteps, long Matches, TimeSpan SinkWait)
{
    public static HostCounters operator +(HostCounters a, HostCounters b)
        => new(a.Decisions + b.Decisions, a.AgentSteps + b.AgentSteps, a.Matches + b.Matches, a.SinkWait + b.SinkWait);

    public static HostCounters operator -(HostCounters a, HostCounters b)
        => new(a.Decisions - b.Decisions, a.AgentSteps - b.AgentSteps, a.Matches - b.Matches, a.SinkWait - b.SinkWait);
}
