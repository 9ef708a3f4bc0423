using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>Plays one policy against itself and keeps the trajectory chunks, for benchmarks of what comes after.</summary>
internal sealed class SelfPlayRecording(IEnvironmentFactory factory, PolicyNetwork network, RunSettings settings)
{
    private static readonly PlayerId Player = new(new MemberId("main"), PlayerId.Latest);

    /// <summary>Chunks with at least so many agent-steps; the caller disposes them.</summary>
    /// <param name="playing">Gets the agent-steps and the seconds that playing took.</param>
    public List<TrajectoryChunk> Record(long agentSteps, CancellationToken cancellation, out (long AgentSteps, double Seconds) playing)
    {
        var chunks = new List<TrajectoryChunk>();
        using var queue = new TrajectoryQueue(int.MaxValue);
        var layout = new TrajectoryLayout(factory.Spec, settings.ChunkSteps, network.Plan.RecurrentSize);
        IBatchEnvironment environment = factory.Create(settings.MatchesPerActor);
        using var owned = environment as IDisposable;
        using var host = new MatchHost(
            0, environment, new SelfPlay(settings.Seed), new Fixed(new PolicyVersion(network, 0)), queue, layout,
            new HostOptions { TeamSpirit = (float)settings.TeamSpirit, ZeroSum = settings.ZeroSum, RandomStarts = settings.RandomStarts, RandomStartDecisions = settings.RandomStartDecisions },
            settings.Seed);
        // The first step also plays the scripted openings, which is no part of playing on.
        host.Step(cancellation);
        long before = host.Counters.AgentSteps;
        long start = TimeProvider.System.GetTimestamp();
        long recorded = 0;
        while (recorded < agentSteps && host.Step(cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            while (queue.TryRead() is { } chunk)
            {
                recorded += chunk.AgentSteps;
                chunks.Add(chunk);
            }
        }
        playing = (host.Counters.AgentSteps - before, TimeProvider.System.GetElapsedTime(start).TotalSeconds);
        return chunks;
    }

    private sealed class Fixed(PolicyVersion policy) : IPolicySource
    {
        public PolicyVersion Get(PlayerId player) => policy;
    }

    private sealed class SelfPlay(ulong seed) : IMatchDirector
    {
        private ulong _started;

        public Assignment? Next(int host)
        {
            ulong number = ++_started;
            return new Assignment(new Matchup((long)number, Player, Player, 1, seed), Numbers.Text(number), 0, Seeds.Derive(seed, "match", number));
        }

        public void Ended(int host, Assignment assignment)
        {
        }

        public void Report(int host, MatchResult result)
        {
        }
    }
}
