using SelfPlayArena.Core;
using SelfPlayArena.Matching;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Rollout.Tests;

/// <summary>The small environment that stands for any in these tests: nothing here knows the MOBA.</summary>
internal sealed class MatchingFactory : IEnvironmentFactory
{
    public static EnvironmentSpec Layout { get; } = new MatchingEnvironment(1).Spec;

    public EnvironmentSpec Spec => Layout;

    public EnvironmentRecipe Recipe { get; } = EnvironmentRecipe.Plain("matching");

    public IBatchEnvironment Create(int matches) => new MatchingEnvironment(matches);
}

internal static class Given
{
    public static NetworkPlan Plan { get; } = new(
        new NetworkSize("mini", Entity: 8, Queries: 1, Trunk: 16, Core: 8, Head: 8, Critic: 8).Describe(MatchingFactory.Layout), MatchingFactory.Layout);

    public static PolicyVersion Policy(ulong seed, int version) => new(new PolicyNetwork(Plan, WeightInitializer.Create(Plan, seed)), version);

    public static PlayerId Latest { get; } = new(new MemberId("main"), PlayerId.Latest);

    public static PlayerId Frozen(int version) => new(new MemberId("main"), version);

    public static PlayerId Scripted(string name) => new(new MemberId(MemberId.ScriptedPrefix + name), 0);
}

/// <summary>Hands out one matchup's matches and remembers what was reported.</summary>
internal sealed class OneMatchup(Matchup matchup) : IMatchDirector
{
    private int _given;

    public List<MatchResult> Results { get; } = [];

    public int Ends { get; private set; }

    public Assignment? Next(int host)
    {
        if (_given == matchup.Matches)
            return null;
        int number = _given++;
        return new Assignment(matchup, number.ToString(System.Globalization.CultureInfo.InvariantCulture), number % 2, Seeds.Derive(matchup.Seed, "match", (ulong)number));
    }

    public void Ended(int host, Assignment assignment) => Ends++;

    public void Report(int host, MatchResult result) => Results.Add(result);
}

/// <summary>Gives networks by player; the latest can be exchanged.</summary>
internal sealed class Networks : IPolicySource
{
    private readonly Dictionary<PlayerId, PolicyVersion> _frozen = [];

    public PolicyVersion? Latest { get; set; }

    public Networks Add(PlayerId player, PolicyVersion policy)
    {
        _frozen.Add(player, policy);
        return this;
    }

    public PolicyVersion Get(PlayerId player) => player.IsLatest ? Latest! : _frozen[player];
}

internal sealed class CollectingSink : ITrajectorySink
{
    public List<TrajectoryChunk> Chunks { get; } = [];

    public bool Write(TrajectoryChunk chunk, CancellationToken cancellation)
    {
        Chunks.Add(chunk);
        return true;
    }
}
