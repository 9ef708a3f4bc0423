using System.Buffers.Binary;
using System.Text;
using MessagePack;
using SelfPlayArena.Core;

namespace SelfPlayArena.Streaming.Tests;

public class FrameTests
{
    private static readonly FrameLimits Limits = new(1024, 4096);

    private static async Task<byte[]> Frame(FrameKind kind, HeaderWriter header, byte[] payload)
    {
        using var stream = new MemoryStream();
        await new FrameWriter(stream).WriteAsync(kind, FrameWriter.Encode(header), payload, default);
        return stream.ToArray();
    }

    private static Task<byte[]> Some(int payload)
    {
        var bytes = new byte[payload];
        new System.Random(payload).NextBytes(bytes);
        return Frame(FrameKind.Chunk, new ChunkHeader(7, 3, "3#1", new PlayerId(new MemberId("main"), PlayerId.Latest), 1, 12, 4, true, false).Write, bytes);
    }

    /// <summary>Reads all frames of some bytes; null if they were all sound.</summary>
    private static async Task<Exception?> Read(byte[] bytes, FrameLimits limits, Action<FrameReader, byte[]>? each = null)
    {
        try
        {
            using var stream = new MemoryStream(bytes);
            var reader = new FrameReader(stream, limits);
            while (await reader.ReadAsync(default))
            {
                var payload = new byte[reader.PayloadBytes];
                await reader.ReadPayloadAsync(payload, default);
                each?.Invoke(reader, payload);
            }
            return null;
        }
        catch (Exception e) when (e is RefusedException or EndOfStreamException)
        {
            return e;
        }
    }

    [Fact]
    public void The_checksum_is_the_one_of_the_standard()
    {
        Assert.Equal(0xE3069283u, Crc32C.Of(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32]));
        byte[] bytes = [.. Enumerable.Range(0, 100).Select(i => (byte)(i * 7))];
        for (int cut = 0; cut <= bytes.Length; cut++)
            Assert.Equal(Crc32C.Of(bytes), Crc32C.Append(Crc32C.Of(bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
    }

    [Theory]
    [InlineData(3071)]
    [InlineData(3072)]
    [InlineData(3073)]
    [InlineData(6144)]
    [InlineData(50_001)]
    public void Long_inputs_have_the_checksum_that_bit_by_bit_division_gives(int length)
    {
        var bytes = new byte[length];
        new System.Random(length).NextBytes(bytes);
        uint register = uint.MaxValue;
        foreach (byte b in bytes)
        {
            register ^= b;
            for (int bit = 0; bit < 8; bit++)
                register = (register & 1) != 0 ? register >> 1 ^ 0x82F63B78u : register >> 1;
        }
        Assert.Equal(~register, Crc32C.Of(bytes));
        Assert.Equal(~register, Crc32C.Append(Crc32C.Of(bytes.AsSpan(0, length / 3)), bytes.AsSpan(length / 3)));
    }

    [Fact]
    public void A_numbered_queue_gives_entries_by_their_numbers_however_it_grew()
    {
        var queue = new NumberedQueue<long>();
        var random = new System.Random(1);
        for (int i = 0; i < 2000; i++)
        {
            if (random.Next(5) < 3)
                queue.Add(queue.Next);
            else if (queue.Count > 0)
                Assert.Equal(queue.First, queue.Take());
            for (long n = queue.First; n < queue.Next; n++)
                Assert.Equal(n, queue[n]);
        }
        Assert.True(queue.Count > 200);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public async Task A_frame_comes_out_as_it_went_in(int length)
    {
        byte[] frame = await Some(length);
        int seen = 0;
        Assert.Null(await Read([.. frame, .. frame], new FrameLimits(1024, length), (reader, payload) =>
        {
            seen++;
            Assert.Equal(FrameKind.Chunk, reader.Kind);
            Assert.Equal(new ChunkHeader(7, 3, "3#1", new PlayerId(new MemberId("main"), PlayerId.Latest), 1, 12, 4, true, false), reader.Header(ChunkHeader.Read));
            Assert.Equal(frame[^length..], payload);
        }));
        Assert.Equal(2, seen);
    }

    [Fact]
    public async Task Every_single_flipped_bit_is_noticed()
    {
        byte[] frame = await Some(50);
        for (int bit = 0; bit < frame.Length * 8; bit++)
        {
            byte[] damaged = [.. frame];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Exception? e = await Read(damaged, Limits);
            Assert.Equal(Refusal.BadFrame, Assert.IsType<RefusedException>(e).Refusal);
        }
    }

    [Fact]
    public async Task A_frame_cut_anywhere_is_a_broken_connection_and_nothing_else()
    {
        byte[] frame = await Some(50);
        for (int length = 1; length < frame.Length; length++)
            Assert.IsType<EndOfStreamException>(await Read(frame[..length], Limits));
    }

    [Fact]
    public async Task A_frame_larger_than_allowed_is_refused_before_anything_is_made_for_it()
    {
        var prefix = new byte[FramePrefix.Bytes];
        new FramePrefix(FrameKind.Chunk, 100, 2_000_000_000, 0, 0).Write(prefix);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Exception? e = await Read(prefix, Limits);
        Assert.Equal(Refusal.TooLarge, Assert.IsType<RefusedException>(e).Refusal);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 1_000_000);

        new FramePrefix(FrameKind.Chunk, 1025, 0, 0, 0).Write(prefix);
        Assert.Equal(Refusal.TooLarge, Assert.IsType<RefusedException>(await Read(prefix, Limits)).Refusal);
    }

    [Fact]
    public async Task Another_version_and_unknown_flags_and_kinds_are_refused_with_a_reason()
    {
        Assert.Equal(Refusal.OtherProtocol, (await Changed(4, 2)).Refusal);
        Assert.Equal(Refusal.BadFrame, (await Changed(6, 1)).Refusal);
        Assert.Contains("kind 250", (await Changed(5, 250)).Message, StringComparison.Ordinal);

        static async Task<RefusedException> Changed(int at, byte value)
        {
            byte[] frame = await Some(0);
            frame[at] = value;
            BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(20), Crc32C.Of(frame.AsSpan(0, 20)));
            return Assert.IsType<RefusedException>(await Read(frame, Limits));
        }
    }

    [Fact]
    public async Task A_hundred_thousand_random_and_mutated_frames_are_refused_or_cut_and_never_anything_worse()
    {
        var random = new System.Random(5);
        byte[] sound = await Some(64);
        int refused = 0, cut = 0, passed = 0;
        for (int i = 0; i < 100_000; i++)
        {
            byte[] bytes;
            if (i % 2 == 0)
            {
                bytes = new byte[random.Next(1, 100)];
                random.NextBytes(bytes);
            }
            else
            {
                bytes = [.. sound];
                for (int n = random.Next(1, 5); n > 0; n--)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                // A prefix that fits its checksum lets the damage further in.
                if (i % 4 == 1)
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(20), Crc32C.Of(bytes.AsSpan(0, 20)));
            }
            switch (await Read(bytes, Limits))
            {
                case RefusedException:
                    refused++;
                    break;
                case EndOfStreamException:
                    cut++;
                    break;
                default:
                    // The mended checksum may hide another kind, never another content.
                    Assert.Equal(sound[..5], bytes[..5]);
                    Assert.Equal(sound[6..20], bytes[6..20]);
                    Assert.Equal(sound[24..], bytes[24..]);
                    passed++;
                    break;
            }
        }
        Assert.True(refused > 40_000 && cut > 1_000 && passed < 2_000, $"{refused} refused, {cut} cut, {passed} passed");
    }

    [Fact]
    public async Task Headers_that_pass_the_checksum_but_make_no_sense_are_refused()
    {
        var random = new System.Random(6);
        byte[] header = FrameWriter.Encode(new Hello("0123456789abcdef", new byte[32]).Write);
        HeaderReader<object>[] all =
        [
            Hello.Read, Accept.Read, Ready.Read, Progress.Read, ChunkHeader.Read, (ref MessagePackReader r) => NumberedResult.Read(ref r, "s"), HostMatches.Read,
        ];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = [.. header];
            if (i % 2 == 0)
                random.NextBytes(bytes.AsSpan(0, random.Next(1, bytes.Length)));
            else
                bytes = bytes[..random.Next(bytes.Length)];
            using var stream = new MemoryStream();
            await new FrameWriter(stream).WriteAsync(FrameKind.Hello, bytes, default, default);
            stream.Position = 0;
            var reader = new FrameReader(stream, Limits);
            Assert.True(await reader.ReadAsync(default));
            foreach (HeaderReader<object> read in all)
            {
                try
                {
                    _ = reader.Header(read);
                }
                catch (RefusedException e)
                {
                    Assert.Equal(Refusal.BadFrame, e.Refusal);
                }
            }
        }
    }
}
