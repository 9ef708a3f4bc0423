using SelfPlayArena.Core;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Streaming.Tests;

public class TrajectoryQueueTests
{
    private static readonly TrajectoryLayout Layout = new(new EnvironmentSpec
    {
        Name = "test",
        ContentHash = "0",
        Teams = 2,
        AgentsPerTeam = 1,
        SecondsPerDecision = 1,
        TicksPerDecision = 1,
        Observation = new BlockLayout().Add("b", "b", 1, new FeatureSpec("f", FeatureKind.Scalar8)).Build(),
        FullState = [],
        Heads = [new ActionHeadSpec("verb", ["a", "b"], null, [0])],
        ValueHeads = ["v"],
        Rewards = [new RewardTermSpec("r", "v", 1)],
        ScriptedPlayers = [],
    }.Validated(), 4, 2);

    private static TrajectoryChunk Chunk(int number) => new(Layout) { FirstDecision = number, Length = 1 };

    [Fact]
    public void Chunks_come_out_in_the_order_they_went_in()
    {
        using var queue = new TrajectoryQueue(3);
        for (int i = 0; i < 3; i++)
            Assert.True(queue.Write(Chunk(i), default));
        for (int i = 0; i < 3; i++)
        {
            using TrajectoryChunk chunk = queue.Read(default)!;
            Assert.Equal(i, chunk.FirstDecision);
        }
        Assert.Null(queue.TryRead());
    }

    [Fact]
    public void Many_writers_at_a_small_queue_lose_nothing_and_never_exceed_it()
    {
        using var queue = new TrajectoryQueue(2);
        const int Writers = 4, Each = 500;
        Thread[] threads = Enumerable.Range(0, Writers).Select(w => new Thread(() =>
        {
            for (int i = 0; i < Each; i++)
                queue.Write(Chunk(w * Each + i), default);
        })).ToArray();
        foreach (Thread t in threads)
            t.Start();
        var seen = new List<int>();
        while (seen.Count < Writers * Each)
        {
            Assert.InRange(queue.Counters.Waiting, 0, 2);
            using TrajectoryChunk chunk = queue.Read(default)!;
            seen.Add(chunk.FirstDecision);
        }
        foreach (Thread t in threads)
            t.Join();
        Assert.Equal(Enumerable.Range(0, Writers * Each), seen.Order());
        for (int w = 0; w < Writers; w++)
            Assert.Equal(seen.Where(n => n / Each == w).Order(), seen.Where(n => n / Each == w));
        TransportCounters counters = queue.Counters;
        Assert.Equal(Writers * Each, counters.Written);
        Assert.Equal(counters.Written, counters.Read);
        Assert.Equal(0, counters.Discarded);
        Assert.True(counters.WriterWait > TimeSpan.Zero, "two thousand writes through two places must have waited");
    }

    [Fact]
    public void Trying_to_write_neither_waits_nor_loses_the_chunk()
    {
        using var queue = new TrajectoryQueue(1);
        Assert.True(queue.TryWrite(Chunk(1)));
        using TrajectoryChunk second = Chunk(2);
        Assert.False(queue.TryWrite(second));
        Assert.Equal(2, second.FirstDecision);
        Assert.NotEqual(0, second.Buffer.Length);
        queue.Read(default)!.Dispose();
        queue.Close();
        Assert.False(queue.TryWrite(second));
        Assert.Equal((1, 1, 0), (queue.Counters.Written, queue.Counters.Read, queue.Counters.Discarded));
    }

    [Fact]
    public void A_writer_at_a_full_queue_leaves_when_it_is_cancelled_and_the_chunk_is_released()
    {
        using var queue = new TrajectoryQueue(1);
        queue.Write(Chunk(0), default);
        using var cancel = new CancellationTokenSource();
        TrajectoryChunk late = Chunk(1);
        bool written = true;
        var writer = new Thread(() => written = queue.Write(late, cancel.Token));
        writer.Start();
        cancel.Cancel();
        writer.Join();
        Assert.False(written);
        Assert.Throws<ObjectDisposedException>(() => late.Buffer.Length);
        Assert.Equal(1, queue.Counters.Discarded);
    }

    [Fact]
    public void A_closed_queue_gives_what_it_holds_and_then_null()
    {
        using var queue = new TrajectoryQueue(2);
        queue.Write(Chunk(7), default);
        queue.Close();
        Assert.False(queue.Write(Chunk(8), default));
        using (TrajectoryChunk chunk = queue.Read(default)!)
            Assert.Equal(7, chunk.FirstDecision);
        Assert.Null(queue.Read(default));
    }

    [Fact]
    public void A_reader_at_an_empty_queue_leaves_when_it_is_closed()
    {
        using var queue = new TrajectoryQueue(1);
        TrajectoryChunk? read = Chunk(0);
        read.Dispose();
        var reader = new Thread(() => read = queue.Read(default));
        reader.Start();
        queue.Close();
        reader.Join();
        Assert.Null(read);
    }
}
