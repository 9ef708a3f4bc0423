using Orleans.Concurrency;
using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Grains.Tests;

public sealed class SiloModelsTests
{
    private static readonly PlayerId Wanted = new(new MemberId("main"), 3);
    private readonly NetworkPlan _plan;
    private readonly byte[] _bundle;

    public SiloModelsTests()
    {
        var spec = new MatchingFactory().Spec;
        _plan = new NetworkPlan(new NetworkSize("mini", Entity: 8, Queries: 1, Trunk: 16, Core: 8, Head: 8, Critic: 8).Describe(spec), spec);
        using var stream = new MemoryStream();
        new PolicyBundle(_plan, WeightInitializer.Create(_plan, 1), new PolicyCard { Member = "main", Version = 3 }).Write(stream);
        _bundle = stream.ToArray();
    }

    [Fact]
    public async Task A_host_that_is_to_end_waits_for_no_policy_and_others_get_the_one_that_it_asked_for()
    {
        var pool = new Pool();
        var models = new SiloModels(pool, _plan, new GrainMeter(), CancellationToken.None);
        using var stop = new CancellationTokenSource();
        Task<PolicyVersion> ends = Task.Run(() => models.Get(Wanted, stop.Token)), stays = Task.Run(() => models.Get(Wanted, CancellationToken.None));
        await pool.Asked.Task;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ends);
        pool.Answer.SetResult(_bundle);
        Assert.Equal(3, (await stays).Version);
        Assert.Same(await stays, models.Get(Wanted, CancellationToken.None));
        Assert.Equal(1, pool.Calls);
    }

    [Fact]
    public void A_policy_that_could_not_be_had_is_asked_for_anew_and_what_passes_by_itself_is_waited_for()
    {
        var pool = new Pool { Failures = new([new FileNotFoundException(), new Away(), new OperationCanceledException(), new TimeoutException()]) };
        pool.Answer.SetResult(_bundle);
        var models = new SiloModels(pool, _plan, new GrainMeter(), CancellationToken.None);
        Assert.Throws<FileNotFoundException>(() => models.Get(Wanted, CancellationToken.None));
        Assert.Equal(3, models.Get(Wanted, CancellationToken.None).Version);
        Assert.Equal(5, pool.Calls);
    }

    private sealed class Away() : LeagueLogException("the database restarts")
    {
        public override bool MayPass => true;
    }

    private sealed class Pool : IModelPoolGrain
    {
        private int _calls;

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<byte[]> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Queue<Exception> Failures { get; init; } = [];

        public int Calls => _calls;

        public async Task<Immutable<byte[]>> Bundle(string player)
        {
            Assert.Equal("main@3", player);
            Interlocked.Increment(ref _calls);
            Asked.TrySetResult();
            if (Failures.TryDequeue(out Exception? failure))
                throw failure;
            return new Immutable<byte[]>(await Answer.Task);
        }

        public Task<PoolStatus> Status() => throw new NotSupportedException();
    }
}
