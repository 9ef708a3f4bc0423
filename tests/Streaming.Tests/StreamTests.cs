using System.Net.Sockets;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Streaming.Tests;

/// <summary>Workers and a learner over loopback, with everything but the learning.</summary>
public class StreamTests
{
    private const string Secret = "a secret of enough bytes";

    [Fact]
    public void Chunks_and_results_arrive_in_order_and_are_acknowledged()
    {
        using var sink = new GatedSink();
        using var stage = new Stage(sink);
        using WorkerLink worker = stage.Worker();
        TrajectoryLayout layout = worker.Terms(default).Layout;
        for (int i = 0; i < 200; i++)
        {
            Assert.True(worker.Write(Stage.Chunk(layout, i), default));
            worker.Report(0, Stage.Result(i));
        }
        Assert.True(worker.Drain(Stage.Patience));
        Assert.Equal(Enumerable.Range(0, 200), sink.Seen);
        Assert.True(sink.AllSound);
        Assert.Equal(200, stage.Port.Results.Count);
        for (int i = 0; i < 200; i++)
        {
            MatchResult got = stage.Port.Results[$"w{worker.Session}/{i}"], sent = Stage.Result(i);
            Assert.Equal(sent.Outcome.Scores, got.Outcome.Scores);
            Assert.Equal((sent.Matchup, sent.Outcome.Winner, sent.Seed), (got.Matchup, got.Outcome.Winner, got.Seed));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void However_often_the_connection_is_cut_nothing_is_lost_and_nothing_comes_twice(int seed)
    {
        using var sink = new GatedSink();
        using var stage = new Stage(sink, new StreamLimits { ConnectionsPerSecond = 10_000, Strangers = 10_000, WindowBytes = 1 }, Secret);
        using var proxy = new CuttingProxy(stage.Listener.EndPoint.Port, seed, 20_000);
        using WorkerLink worker = stage.Worker(port: proxy.Port);
        TrajectoryLayout layout = worker.Terms(default).Layout;
        int count = 0;
        while (count < 100 || proxy.Cuts < 12)
        {
            worker.Report(0, Stage.Result(count));
            Assert.True(worker.Write(Stage.Chunk(layout, count++), default), worker.Failure?.ToString());
        }
        proxy.StopCutting();
        Assert.True(worker.Drain(Stage.Patience), worker.Failure?.ToString() ?? worker.Counters.ToString());
        Assert.Equal(Enumerable.Range(0, count), sink.Seen);
        Assert.True(sink.AllSound);
        Assert.Equal(count, stage.Port.Results.Count);
        Assert.Equal(0, stage.Port.Repeated);
        Assert.True(stage.Listener.Counters.Resumed > 0, "the worker never came back");
    }

    [Fact]
    public void Results_reach_the_next_learner_under_the_ids_they_had_and_chunks_of_the_last_one_do_not()
    {
        using var sink = new GatedSink();
        var first = new Stage(sink);
        int port = first.Listener.EndPoint.Port;
        first.Port.Durable = false;
        using WorkerLink worker = first.Worker();
        TrajectoryLayout layout = worker.Terms(default).Layout;
        for (int i = 0; i < 10; i++)
            worker.Report(0, Stage.Result(i));
        Stage.Until(() => first.Port.Results.Count == 10, "results at the first learner");
        Assert.Equal(0, worker.Counters.AcknowledgedResults);
        first.Listener.Abandon();

        var again = new TestPort(sink);
        using var second = new LearnerListener(LearnerListener.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port)), again, SharedSecret.None, new StreamLimits(), _ => { }, TimeProvider.System);
        Assert.True(worker.Drain(Stage.Patience), worker.Failure?.ToString());
        Assert.Equal(first.Port.Results.Keys.Order(), again.Results.Keys.Order());
        Assert.True(worker.Write(Stage.Chunk(layout, 5), default));
        Assert.True(worker.Drain(Stage.Patience));
        Assert.Equal([5], sink.Seen);
    }

    [Fact]
    public void A_result_is_acknowledged_when_it_is_on_the_disk_and_not_before()
    {
        using var sink = new GatedSink();
        using var stage = new Stage(sink);
        stage.Port.Durable = false;
        using WorkerLink worker = stage.Worker();
        worker.Report(0, Stage.Result(0));
        Stage.Until(() => stage.Port.Results.Count == 1, "the result");
        Assert.False(worker.Drain(TimeSpan.FromMilliseconds(200)));
        stage.Port.Durable = true;
        Assert.True(worker.Drain(Stage.Patience));
    }

    [Fact]
    public void A_learner_that_stops_reading_stops_its_workers_at_the_window()
    {
        using var sink = new GatedSink(open: false);
        using var stage = new Stage(sink, new StreamLimits { WindowBytes = 5 * new TestPort(sink).Layout.Bytes });
        using WorkerLink worker = stage.Worker();
        TrajectoryLayout layout = worker.Terms(default).Layout;
        using var tired = new CancellationTokenSource();
        int written = 0;
        var writer = new Thread(() =>
        {
            while (worker.Write(Stage.Chunk(layout, written), tired.Token))
                Interlocked.Increment(ref written);
        });
        writer.Start();
        Stage.Until(() => Volatile.Read(ref written) == 5 && stage.Listener.Counters.Chunks == 5, "a full window");
        // Other things still get through.
        Assert.Equal(3, worker.Get(new PlayerId(new MemberId("main"), 3)).Version);
        Assert.Equal(5, Volatile.Read(ref written));
        Assert.InRange(worker.Counters.Waiting, 0, 5);
        sink.Open();
        Stage.Until(() => Volatile.Read(ref written) > 100, "chunks to flow again");
        tired.Cancel();
        writer.Join();
        Assert.True(worker.Drain(Stage.Patience));
        Assert.Equal(Enumerable.Range(0, written), sink.Seen);
    }

    [Fact]
    public void A_worker_gets_the_newest_weights_the_frozen_ones_and_matches()
    {
        using var sink = new GatedSink();
        using var stage = new Stage(sink);
        using WorkerLink worker = stage.Worker();
        Assert.Equal(0, worker.Get(TestPort.Latest0).Version);
        stage.Port.Latest = new PublishedWeights(7, WeightInitializer.Create(MatchingFactory.Plan, 99));
        Stage.Until(() => worker.Get(TestPort.Latest0).Version == 7, "version 7");
        var frozen = new PlayerId(new MemberId("main"), 2);
        PolicyVersion two = worker.Get(frozen);
        Assert.Equal(2, two.Version);
        Assert.Same(two, worker.Get(frozen));
        Assert.Contains("main@9", Assert.Throws<ArgumentException>(() => worker.Get(new PlayerId(new MemberId("main"), 9))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => worker.Get(new PlayerId(new MemberId("../main"), 9)));
        Assignment?[] matches = [.. Enumerable.Range(0, 20).Select(_ => worker.Next(0))];
        Assert.Equal(20, matches.Select(m => m!.MatchId).Distinct().Count());
    }

    [Fact]
    public void Who_does_not_know_the_secret_is_refused_with_one_line_and_one_count_and_others_go_on()
    {
        using var sink = new GatedSink();
        using var stage = new Stage(sink, secret: Secret);
        using (WorkerLink worker = stage.Worker(SharedSecret.Of("another secret of enough bytes")))
            Assert.Equal(Refusal.WrongSecret, Assert.Throws<RefusedException>(() => worker.Terms(default)).Refusal);
        using (WorkerLink worker = stage.Worker(SharedSecret.None))
            Assert.Equal(Refusal.WrongSecret, Assert.Throws<RefusedException>(() => worker.Terms(default)).Refusal);
        Assert.Equal(2, stage.Listener.Counters.Refused(Refusal.WrongSecret));
        Assert.Equal(2, stage.Log.Count(l => l.Contains("refused (WrongSecret)", StringComparison.Ordinal)));
        Assert.Empty(stage.Port.Hosts);
        using WorkerLink friend = stage.Worker();
        Assert.Equal(MatchingFactory.Layout.Hash, friend.Terms(default).Factory.Spec.Hash);
        Assert.DoesNotContain(stage.Log, l => l.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public void A_worker_with_other_content_or_another_layout_is_told_so_and_does_not_play()
    {
        using var sink = new GatedSink();
        using var stage = new Stage(sink);
        using (WorkerLink worker = stage.Worker(spec: MatchingFactory.With("old")))
        {
            RefusedException e = Assert.Throws<RefusedException>(() => worker.Terms(default));
            Assert.Equal(Refusal.OtherContent, e.Refusal);
            Assert.Contains("content old", e.Message, StringComparison.Ordinal);
        }
        using (WorkerLink worker = stage.Worker(spec: MatchingFactory.With(MatchingFactory.Layout.ContentHash, weight: 3)))
            Assert.Equal(Refusal.OtherLayout, Assert.Throws<RefusedException>(() => worker.Terms(default)).Refusal);
        Assert.Empty(sink.Seen);
    }

    [Fact]
    public void A_chunk_that_nobody_can_have_played_costs_its_worker_the_connection_and_is_not_learnt_from()
    {
        using var sink = new GatedSink();
        using var stage = new Stage(sink);
        (string Problem, Action<TrajectoryChunk> Spoil)[] spoilt =
        [
            ("not finite", c => c.Rewards[0] = float.NaN),
            ("not finite", c => c.Values[^1] = float.PositiveInfinity),
            ("forbidden", c => c.Masks[0] = 0),
            ("chose 9999", c => c.Actions[0] = 9999),
            ("chose -1", c => c.Actions[0] = -1),
            ("does not learn", c => c.Player = new PlayerId(new MemberId("main"), 3)),
            ("team 7", c => c.Team = 7),
        ];
        foreach ((string problem, Action<TrajectoryChunk> spoil) in spoilt)
        {
            using WorkerLink worker = stage.Worker();
            TrajectoryChunk chunk = Stage.Chunk(worker.Terms(default).Layout, 1);
            spoil(chunk);
            worker.Write(chunk, default);
            Stage.Until(() => worker.Failure is not null, $"the refusal of a chunk: {problem}");
            Assert.Equal(Refusal.BadChunk, Assert.IsType<RefusedException>(worker.Failure).Refusal);
            Assert.Contains(problem, worker.Failure.Message, StringComparison.Ordinal);
        }
        Assert.Empty(sink.Seen);
        Assert.Equal(spoilt.Length, stage.Listener.Counters.Refused(Refusal.BadChunk));
    }

    [Fact]
    public void What_a_version_made_that_the_learner_never_had_is_thrown_away_and_the_worker_stays()
    {
        using var sink = new GatedSink();
        using var stage = new Stage(sink);
        using WorkerLink worker = stage.Worker();
        TrajectoryLayout layout = worker.Terms(default).Layout;
        worker.Write(Stage.Chunk(layout, 0, version: 4), default);
        worker.Write(Stage.Chunk(layout, 1), default);
        Assert.True(worker.Drain(Stage.Patience));
        Assert.Equal([1], sink.Seen);
        Assert.Equal(1, stage.Listener.Counters.StrayChunks);
    }

    [Fact]
    public void A_result_that_does_not_fit_the_league_is_counted_as_such_and_the_worker_stays()
    {
        using var sink = new GatedSink();
        using var stage = new Stage(sink);
        using WorkerLink worker = stage.Worker();
        worker.Report(0, Stage.Result(0, "unknown"));
        worker.Report(0, Stage.Result(1));
        Assert.True(worker.Drain(Stage.Patience));
        Assert.Single(stage.Port.Results);
        Assert.Equal(1, stage.Listener.Counters.UnfitResults);
    }

    [Fact]
    public async Task Rubbish_at_the_door_is_refused_and_counted_and_the_learner_goes_on()
    {
        using var sink = new GatedSink();
        using var stage = new Stage(sink, new StreamLimits { ConnectionsPerSecond = 10_000, Strangers = 1000 });
        var random = new System.Random(3);
        const int Visits = 300;
        for (int i = 0; i < Visits; i++)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync("127.0.0.1", stage.Listener.EndPoint.Port);
            var bytes = new byte[random.Next(FramePrefix.Bytes, 5000)];
            random.NextBytes(bytes);
            await socket.SendAsync(bytes);
        }
        Stage.Until(() => stage.Listener.Counters.Refused(Refusal.BadFrame) == Visits, "all refusals");
        Stage.Until(() => stage.Log.Count == Visits, "a line for each");
        using WorkerLink worker = stage.Worker();
        worker.Write(Stage.Chunk(worker.Terms(default).Layout, 1), default);
        Assert.True(worker.Drain(Stage.Patience));
    }

    // Many times, because one of them must wake just as the canceller comes to wake it.
    [Fact]
    public void Hosts_that_wait_for_credit_are_all_let_go_when_they_are_told_to_end()
    {
        var link = new WorkerLink(new WorkerTarget("127.0.0.1", 1, SharedSecret.None, Stage.Patience), 4, 2, _ => new MatchingFactory(), _ => { }, TimeProvider.System);
        var layout = new TrajectoryLayout(MatchingFactory.Layout, 4, MatchingFactory.Plan.RecurrentSize);
        for (int round = 0; round < 300; round++)
        {
            var stop = new CancellationTokenSource();
            var written = new bool[4];
            Thread[] hosts = [.. Enumerable.Range(0, 4).Select(h => new Thread(() => written[h] = link.Write(Stage.Chunk(layout, h), stop.Token)) { IsBackground = true })];
            foreach (Thread host in hosts)
                host.Start();
            Assert.True(SpinWait.SpinUntil(() => hosts.All(h => h.ThreadState.HasFlag(ThreadState.WaitSleepJoin)), Stage.Patience));
            var ending = new Thread(stop.Cancel) { IsBackground = true };
            ending.Start();
            Assert.True(ending.Join(Stage.Patience), $"round {round}: who ends them waits for ever");
            Assert.All(hosts, h => Assert.True(h.Join(Stage.Patience)));
            Assert.DoesNotContain(true, written);
        }
        link.Dispose();
    }

    [Fact]
    public void A_worker_whose_goodbye_waits_behind_much_else_has_left_and_is_not_lost()
    {
        using var sink = new GatedSink();
        using var stage = new Stage(sink);
        stage.Port.Counts.Reset();
        using (WorkerLink worker = stage.Worker())
        {
            worker.Count(new HostCounters(1, 1, 0, TimeSpan.Zero));
            Assert.True(stage.Port.Told.Wait(Stage.Patience), "the figures");
        }
        // What is written now finds nobody.
        for (int version = 1; version <= 10; version++)
        {
            stage.Port.Latest = new PublishedWeights(version, stage.Port.Latest.Weights);
            Thread.Sleep(100);
        }
        stage.Port.Counts.Set();
        Stage.Until(() => stage.Listener.Counters.Workers == 0, "the end of the connection");
        Assert.True(stage.Listener.Counters.Lost == 0, string.Join("\n", stage.Log));
    }

    [Fact]
    public void When_the_run_ends_its_workers_are_told()
    {
        using var sink = new GatedSink();
        var stage = new Stage(sink);
        using WorkerLink worker = stage.Worker();
        worker.Report(0, Stage.Result(0));
        _ = worker.Next(0);
        stage.Dispose();
        Assert.Null(worker.Failure);
        Stage.Until(() => worker.RunOver, "the goodbye");
        Assert.False(worker.Write(Stage.Chunk(stage.Port.Layout, 1), default));
        Assert.Empty(stage.Port.Hosts);
    }
}
