using SelfPlayArena.Cli.Measuring;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Tests;

public sealed class GrainBenchTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryMatchIsPlayedByTheHostsThatShareThemWhileTheirGrainsAnswer(bool trajectories)
    {
        var settings = new RunSettings { Environment = "matching", MatchesPerActor = 4, ChunkSteps = 4 };
        GrainBench.Result result = GrainBench.Run(Environments.Create(settings), settings, matches: 19, hosts: 3, trajectories, seconds: 0.5, _ => { }, default);
        Assert.Equal(19, result.Matches);
        Assert.True(result.HeroStepsPerSecond > 0 && result.MatchesFinished > 0, result.ToString());
        Assert.Equal(["host status", "league facts", "league next", "all"], result.Latencies.Select(l => l.Call));
        Assert.All(result.Latencies, l => Assert.True(l.Calls > 0 && l.MedianMilliseconds <= l.P99Milliseconds && l.P99Milliseconds <= l.WorstMilliseconds, l.ToString()));
        Assert.Equal(result.Latencies[^1].Calls, result.Latencies.SkipLast(1).Sum(l => l.Calls));
    }

    [Fact]
    public void HostingCostComparesAsManyPairsAsWereAskedFor()
    {
        var settings = new RunSettings
        {
            Environment = "matching",
            Device = "cpu",
            MatchesPerActor = 16,
            BatchSteps = 512,
            ChunkSteps = 4,
            Anchors = ["random"],
            Minibatches = 2,
            RandomStartDecisions = 0,
        };
        HostingCostBench.Result result = HostingCostBench.Run(Environments.Create(settings), settings, pairs: 2, steps: 2_000, _ => { }, default);
        Assert.Equal(2, result.Pairs.Count);
        Assert.All(result.Pairs, p => Assert.True(p.Direct > 0 && p.Grains > 0, p.ToString()));
        Assert.InRange(result.Ratio, result.Pairs.Min(p => p.Ratio), result.Pairs.Max(p => p.Ratio));
    }
}
