using System.Buffers;
using FsCheck;
using FsCheck.Fluent;

namespace MessagePack.Tests;

/// <summary>Bytes by the specification, at every place where an encoding changes.</summary>
public sealed class EncodingTests
{
    [Theory]
    [InlineData(0L, "00")]
    [InlineData(127L, "7F")]
    [InlineData(128L, "CC80")]
    [InlineData(255L, "CCFF")]
    [InlineData(256L, "CD0100")]
    [InlineData(65_535L, "CDFFFF")]
    [InlineData(65_536L, "CE00010000")]
    [InlineData(4_294_967_295L, "CEFFFFFFFF")]
    [InlineData(4_294_967_296L, "CF0000000100000000")]
    [InlineData(long.MaxValue, "CF7FFFFFFFFFFFFFFF")]
    [InlineData(-1L, "FF")]
    [InlineData(-32L, "E0")]
    [InlineData(-33L, "D0DF")]
    [InlineData(-128L, "D080")]
    [InlineData(-129L, "D1FF7F")]
    [InlineData(-32_768L, "D18000")]
    [InlineData(-32_769L, "D2FFFF7FFF")]
    [InlineData(int.MinValue, "D280000000")]
    [InlineData(int.MinValue - 1L, "D3FFFFFFFF7FFFFFFF")]
    [InlineData(long.MinValue, "D38000000000000000")]
    public void Integers_take_the_smallest_encoding(long value, string hex)
    {
        Assert.Equal(hex, Hex((ref MessagePackWriter w) => w.Write(value)));
        var r = new MessagePackReader(Convert.FromHexString(hex));
        Assert.Equal(value, r.ReadInt64());
        Assert.True(r.End);
    }

    [Theory]
    [InlineData(0, "A0", "C400", "90", "80")]
    [InlineData(15, "AF", "C40F", "9F", "8F")]
    [InlineData(16, "B0", "C410", "DC0010", "DE0010")]
    [InlineData(31, "BF", "C41F", "DC001F", "DE001F")]
    [InlineData(32, "D920", "C420", "DC0020", "DE0020")]
    [InlineData(255, "D9FF", "C4FF", "DC00FF", "DE00FF")]
    [InlineData(256, "DA0100", "C50100", "DC0100", "DE0100")]
    [InlineData(65_535, "DAFFFF", "C5FFFF", "DCFFFF", "DEFFFF")]
    [InlineData(65_536, "DB00010000", "C600010000", "DD00010000", "DF00010000")]
    public void Lengths_take_the_smallest_encoding(int n, string text, string binary, string array, string map)
    {
        Assert.Equal(text, Hex((ref MessagePackWriter w) => w.WriteStringHeader(n)));
        Assert.Equal(binary, Hex((ref MessagePackWriter w) => w.WriteBinHeader(n)));
        Assert.Equal(array, Hex((ref MessagePackWriter w) => w.WriteArrayHeader(n)));
        Assert.Equal(map, Hex((ref MessagePackWriter w) => w.WriteMapHeader(n)));
    }

    [Theory]
    [InlineData(1, "D405")]
    [InlineData(2, "D505")]
    [InlineData(3, "C70305")]
    [InlineData(4, "D605")]
    [InlineData(8, "D705")]
    [InlineData(16, "D805")]
    [InlineData(17, "C71105")]
    [InlineData(256, "C8010005")]
    [InlineData(65_536, "C90001000005")]
    public void Extensions_of_fixed_sizes_have_their_own_codes(int n, string hex)
        => Assert.Equal(hex, Hex((ref MessagePackWriter w) => w.WriteExtensionFormatHeader(new ExtensionHeader(5, n))));

    [Fact]
    public void Floats_keep_every_bit()
    {
        Assert.Equal("CA3FC00000", Hex((ref MessagePackWriter w) => w.Write(1.5f)));
        Assert.Equal("CB3FF8000000000000", Hex((ref MessagePackWriter w) => w.Write(1.5)));
        Assert.Equal("CB7FF0000000000000", Hex((ref MessagePackWriter w) => w.Write(double.PositiveInfinity)));
        var r = new MessagePackReader(Convert.FromHexString("CA7FC00000"));
        Assert.True(float.IsNaN(r.ReadSingle()));
    }

    [Fact]
    public void What_is_written_is_read_whole_and_in_pieces() => Prop.ForAll<int>(seed =>
    {
        byte[] bytes = Value.Random(seed);
        string whole = Value.Read(bytes);
        var pieces = new MessagePackReader(InPieces(bytes, new System.Random(seed)));
        Assert.Equal(whole, Value.Read(ref pieces));
        var skipping = new MessagePackReader(bytes);
        skipping.Skip();
        Assert.True(skipping.End);
        Assert.Equal(bytes.Length, skipping.Consumed);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_shorter_piece_ends_too_early() => Prop.ForAll<int>(seed =>
    {
        byte[] bytes = Value.Random(seed);
        int length = new System.Random(seed).Next(bytes.Length);
        Assert.Throws<EndOfStreamException>(() =>
        {
            var r = new MessagePackReader(bytes.AsMemory(0, length));
            return Value.Read(ref r);
        });
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Random_bytes_are_refused_by_the_documented_exceptions_only()
    {
        var random = new System.Random(1);
        byte[] bytes = new byte[64];
        int read = 0;
        for (int i = 0; i < 100_000; i++)
        {
            random.NextBytes(bytes);
            try
            {
                var r = new MessagePackReader(bytes.AsMemory(0, random.Next(65)));
                if (i % 2 == 0)
                    r.Skip();
                else
                    Value.Read(ref r);
                read++;
            }
            catch (Exception e) when (e is EndOfStreamException or MessagePackSerializationException or OverflowException)
            {
            }
            catch (ArgumentException)
            {
                // Two equal keys: the test's own dictionary.
            }
        }
        Assert.True(read > 1000, $"only {read} were values: nothing was tested");
    }

    [Fact]
    public void A_length_that_cannot_be_true_is_refused_before_anybody_allocates_for_it()
    {
        foreach (string hex in new[] { "DD7FFFFFFF", "DFFFFFFFFF", "DBFFFFFFFF00", "C6FFFFFFFF00", "C9FFFFFFFF05" })
        {
            Exception e = Assert.ThrowsAny<Exception>(() =>
            {
                var r = new MessagePackReader(Convert.FromHexString(hex));
                return Value.Read(ref r);
            });
            Assert.True(e is EndOfStreamException or OverflowException, e.ToString());
        }
    }

    [Fact]
    public void Narrowing_overflows_and_a_wrong_type_is_told()
    {
        Assert.Throws<OverflowException>(() => new MessagePackReader(Convert.FromHexString("CD0100")).ReadByte());
        Assert.Throws<OverflowException>(() => new MessagePackReader(Convert.FromHexString("FF")).ReadUInt64());
        Assert.Throws<OverflowException>(() => new MessagePackReader(Convert.FromHexString("CFFFFFFFFFFFFFFFFF")).ReadInt64());
        Assert.Throws<MessagePackSerializationException>(() => new MessagePackReader(Convert.FromHexString("A161")).ReadInt32());
        Assert.Throws<MessagePackSerializationException>(() => new MessagePackReader(Convert.FromHexString("C1")).ReadBoolean());
        Assert.Throws<EndOfStreamException>(() => new MessagePackReader(ReadOnlyMemory<byte>.Empty).ReadInt32());
    }

    private delegate void Writing(ref MessagePackWriter writer);

    private static string Hex(Writing write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var w = new MessagePackWriter(buffer);
        write(ref w);
        w.Flush();
        return Convert.ToHexString(buffer.WrittenSpan);
    }

    private static ReadOnlySequence<byte> InPieces(byte[] bytes, System.Random random)
    {
        var first = new Piece(ReadOnlyMemory<byte>.Empty, 0);
        Piece last = first;
        for (int at = 0; at < bytes.Length;)
        {
            int n = Math.Min(random.Next(1, 9), bytes.Length - at);
            last = last.Then(bytes.AsMemory(at, n));
            at += n;
        }
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long at)
        {
            Memory = memory;
            RunningIndex = at;
        }

        public Piece Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
