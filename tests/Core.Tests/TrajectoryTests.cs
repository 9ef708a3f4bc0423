using SelfPlayArena.Core;

namespace SelfPlayArena.Core.Tests;

public class TrajectoryTests
{
    [Fact]
    public void Sections_have_their_shapes_and_do_not_overlap()
    {
        EnvironmentSpec spec = Specs.Small();
        var layout = new TrajectoryLayout(spec, 3, 7);
        using var chunk = new TrajectoryChunk(layout);
        Assert.Equal(3 * 2 * spec.ObservationBytes, chunk.Observations.Length);
        Assert.Equal(3 * 2 * spec.Heads.Count, chunk.Actions.Length);
        Assert.Equal(2 * 7, chunk.InitialState.Length);

        Number(chunk);
        Assert.True(chunk.Observations.IndexOfAnyExcept((byte)1) < 0);
        Assert.True(chunk.FullState.IndexOfAnyExcept((byte)2) < 0);
        Assert.True(chunk.Masks.IndexOfAnyExcept((byte)3) < 0);
        Assert.True(chunk.Actions.IndexOfAnyExcept((short)4) < 0);
        Assert.True(chunk.LogProbabilities.IndexOfAnyExcept(5f) < 0);
        Assert.True(chunk.Rewards.IndexOfAnyExcept(6f) < 0);
        Assert.True(chunk.Values.IndexOfAnyExcept(7f) < 0);
        Assert.True(chunk.Bootstrap.IndexOfAnyExcept(8f) < 0);
        Assert.True(chunk.InitialState.IndexOfAnyExcept(9f) < 0);
    }

    [Fact]
    public void A_new_chunk_is_zero_even_from_a_used_buffer()
    {
        var layout = new TrajectoryLayout(Specs.Small(), 16, 32);
        for (int i = 0; i < 3; i++)
        {
            using var chunk = new TrajectoryChunk(layout);
            Assert.True(chunk.Buffer.IndexOfAnyExcept((byte)0) < 0);
            chunk.Buffer.Fill(255);
        }
    }

    [Fact]
    public void Reserved_chunks_take_no_memory_when_they_are_used()
    {
        var layout = new TrajectoryLayout(Specs.Small(), 4096, 32);
        layout.Reserve(8);
        layout.Reserve(8);
        long before = GC.GetAllocatedBytesForCurrentThread();
        TrajectoryChunk[] chunks = [.. Enumerable.Range(0, 8).Select(_ => new TrajectoryChunk(layout))];
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < layout.Bytes);
        using (var ninth = new TrajectoryChunk(layout))
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before > layout.Bytes);
        Assert.All(chunks, c => Assert.True(c.Buffer.IndexOfAnyExcept((byte)0) < 0));
    }

    [Fact]
    public void A_released_chunk_is_not_read_by_mistake()
    {
        var chunk = new TrajectoryChunk(new TrajectoryLayout(Specs.Small(), 2, 2));
        chunk.Dispose();
        chunk.Dispose();
        Assert.Throws<ObjectDisposedException>(() => chunk.Rewards.Length);
    }

    [Fact]
    public void The_layout_of_a_chunk_is_what_it_always_was()
    {
        // A transport sends the buffer as it is, so moving a section breaks every peer: change this number only together with the format.
        using var chunk = new TrajectoryChunk(new TrajectoryLayout(Specs.Small(), 5, 6));
        Number(chunk);
        Assert.Equal((928, 6297599048853791856ul), (chunk.Buffer.Length, StableHash.Of(chunk.Buffer)));
    }

    /// <summary>Fills every section with its own number.</summary>
    private static void Number(TrajectoryChunk chunk)
    {
        chunk.Observations.Fill(1);
        chunk.FullState.Fill(2);
        chunk.Masks.Fill(3);
        chunk.Actions.Fill(4);
        chunk.LogProbabilities.Fill(5);
        chunk.Rewards.Fill(6);
        chunk.Values.Fill(7);
        chunk.Bootstrap.Fill(8);
        chunk.InitialState.Fill(9);
        chunk.Versions.Fill(10);
    }
}
