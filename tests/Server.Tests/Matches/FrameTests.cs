using System.Buffers;
using MessagePack;
using SelfPlayArena.Server.Matches.Live;
using SelfPlayArena.Server.Matches.Wire;

namespace SelfPlayArena.Server.Tests.Matches;

/// <summary>What comes from clients: any bytes at all.</summary>
public sealed class FrameTests
{
    private static readonly string[] Names = ["order", "buy", "sell", "learn", "auto", "pick", "ban", "ping", "select", "view", "seek", "speed", "pause", "time", "hello", ""];

    [Fact]
    public void AHundredThousandHostileFramesThrowNothingAndMatchesGoOn()
    {
        using var table = new Table();
        (LiveMatch match, string token) = table.Duel();
        Watcher seat = match.Attach(token, 0);
        match.Tick();
        var random = new Random(20);
        int taken = 0, refused = 0;
        for (int i = 0; i < 120_000; i++)
        {
            byte[] bytes = (i % 4) switch { 0 => Noise(random), 1 => Damaged(random, Valid(random)), 2 => Valid(random), _ => Wrong(random) };
            if (ClientFrame.TryRead(bytes, out ClientFrame frame, out string? problem))
            {
                Assert.Null(problem);
                match.Receive(seat, in frame);
                taken++;
            }
            else
            {
                Assert.False(string.IsNullOrEmpty(problem));
                refused++;
            }
            if (i % 200 != 0)
                continue;
            while (seat.Outbox.Reader.TryRead(out _))
            {
            }
            match.Tick();
        }
        Assert.True(taken > 20_000 && refused > 40_000, $"{taken} were taken, {refused} refused");
        Assert.Null(seat.LetGo);
    }

    [Fact]
    public void EveryFrameOfTheProtocolIsRead()
    {
        ClientFrame order = Read(w => { w.Write("order"); w.Write(7); w.Write("attackMove"); w.Write(-1); w.Write(1.5); w.Write(-2); }, 6);
        Assert.Equal(new ClientFrame(ClientAsk.Order, 7, HandVerb.AttackMove, -1, 1.5f, -2f), order);
        Assert.Equal(new ClientFrame(ClientAsk.View), Read(w => { w.Write("view"); w.Write("all"); }, 2));
        Assert.Equal(new ClientFrame(ClientAsk.View, Number: 1), Read(w => { w.Write("view"); w.Write(1); }, 2));
        Assert.Equal(new ClientFrame(ClientAsk.Buy, 3, Number: 12), Read(w => { w.Write("buy"); w.Write(3); w.Write(12); }, 3));
        Assert.Equal(new ClientFrame(ClientAsk.Auto, 4, First: true), Read(w => { w.Write("auto"); w.Write(4); w.Write(true); w.Write(false); }, 4));
        Assert.Equal(new ClientFrame(ClientAsk.Seek, Number: 900), Read(w => { w.Write("seek"); w.Write(900.0); }, 2));
        Assert.Equal(new ClientFrame(ClientAsk.Time, Value: 12.5), Read(w => { w.Write("time"); w.Write(12.5); }, 2));
    }

    [Fact]
    public void WhoReadsTooSlowlyIsSentEverythingAnewAndAtLastLetGo()
    {
        using var table = new Table();
        (LiveMatch match, _) = table.Open("1v1");
        Watcher slow = match.Attach(null, -1);
        var view = new View();
        Ticks(match, 3);
        Table.Drain(slow, view);
        Assert.Equal(1, view.Fulls);
        // It stops reading until frames are left out, then reads on: nothing that comes may build on what it missed.
        Ticks(match, 2 * Outbox.Most);
        Assert.Null(slow.LetGo);
        while (slow.Outbox.Reader.TryRead(out byte[]? frame))
            view.Take(frame);
        Ticks(match, 5);
        Table.Drain(slow, view);
        Assert.Equal(2, view.Fulls);
        Assert.Equal(match.Environment!.State(0).Tick, view.Tick);
        Assert.Equal(match.Environment.State(0).Tick, view.Tick);
        Ticks(match, 20 * 15 + Outbox.Most);
        Assert.Contains("slow", slow.LetGo, StringComparison.Ordinal);
        Assert.True(slow.MayReturn);
    }

    private delegate void Content(ref MessagePackWriter writer);

    private static ClientFrame Read(Action<Writing> content, int elements)
    {
        var buffer = new ArrayBufferWriter<byte>();
        content(new Writing(buffer, elements));
        Assert.True(ClientFrame.TryRead(buffer.WrittenMemory, out ClientFrame frame, out string? problem), problem);
        return frame;
    }

    private static byte[] Noise(Random random)
    {
        byte[] bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        if (bytes.Length > 0 && random.Next(2) == 0)
            bytes[0] = (byte)(0x90 + random.Next(8));
        return bytes;
    }

    private static byte[] Damaged(Random random, byte[] valid)
    {
        for (int i = random.Next(3); i >= 0; i--)
            valid[random.Next(valid.Length)] = (byte)random.Next(256);
        return random.Next(3) == 0 ? valid[..random.Next(valid.Length)] : valid;
    }

    /// <summary>Well-formed MessagePack of the wrong kinds, lengths or values.</summary>
    private static byte[] Wrong(Random random)
    {
        var buffer = new ArrayBufferWriter<byte>();
        int elements = random.Next(8);
        var writing = new Writing(buffer, elements);
        if (elements > 0)
            writing.Write(Names[random.Next(Names.Length)]);
        for (int i = 1; i < elements; i++)
        {
            switch (random.Next(6))
            {
                case 0:
                    writing.Write(new string('x', random.Next(300)));
                    break;
                case 1:
                    writing.Write(double.NaN);
                    break;
                case 2:
                    writing.Write(random.NextInt64(long.MinValue, long.MaxValue));
                    break;
                case 3:
                    writing.Write(random.Next(2) == 0);
                    break;
                case 4:
                    writing.Write(double.PositiveInfinity);
                    break;
                default:
                    writing.Nested(random.Next(60));
                    break;
            }
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Valid(Random random)
    {
        var buffer = new ArrayBufferWriter<byte>();
        switch (random.Next(7))
        {
            case 0:
                var buy = new Writing(buffer, 3);
                buy.Write(Names[1 + random.Next(3)]);
                buy.Write(random.Next());
                buy.Write(random.Next(40) - 5);
                break;
            case 1:
                var auto = new Writing(buffer, 4);
                auto.Write("auto");
                auto.Write(1);
                auto.Write(random.Next(2) == 0);
                auto.Write(random.Next(2) == 0);
                break;
            case 2:
                var ping = new Writing(buffer, 4);
                ping.Write("ping");
                ping.Write(random.Next(100) - 50);
                ping.Write(0.5);
                ping.Write(random.Next());
                break;
            case 3:
                var select = new Writing(buffer, 2);
                select.Write(Names[8 + random.Next(3)]);
                select.Write(random.Next(4) == 0 ? random.Next() : random.Next(2));
                break;
            default:
                var order = new Writing(buffer, 6);
                order.Write("order");
                order.Write(random.NextInt64());
                order.Write(((string[])["move", "attack", "attackMove", "stop", "skill1", "skill2", "skill3", "ultimate", "spell1", "spell2", "item", "ward", "recall"])[random.Next(13)]);
                order.Write(random.Next(160) - 10);
                order.Write(random.NextDouble() * 256 - 128);
                order.Write(random.NextDouble() * 256 - 128);
                break;
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void Ticks(LiveMatch match, int ticks)
    {
        for (int i = 0; i < ticks; i++)
            match.Tick();
    }

    /// <summary>Writes an array element by element; the writer itself cannot be kept or passed to a lambda.</summary>
    private readonly struct Writing
    {
        private readonly ArrayBufferWriter<byte> _buffer;

        public Writing(ArrayBufferWriter<byte> buffer, int elements)
        {
            _buffer = buffer;
            Put((ref w) => w.WriteArrayHeader(elements));
        }

        public void Write(string value) => Put((ref w) => w.Write(value));

        public void Write(long value) => Put((ref w) => w.Write(value));

        public void Write(double value) => Put((ref w) => w.Write(value));

        public void Write(bool value) => Put((ref w) => w.Write(value));

        public void Nested(int depth) => Put((ref w) =>
        {
            for (int i = 0; i < depth; i++)
                w.WriteArrayHeader(1);
            w.Write(1);
        });

        private void Put(Content content)
        {
            var writer = new MessagePackWriter(_buffer);
            content(ref writer);
            writer.Flush();
        }
    }
}
