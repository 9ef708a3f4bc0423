using System.Buffers;
using MessagePack;

namespace SelfPlayArena.Server.Matches.Wire;

/// <summary>Writes frames to browsers. Not thread-safe: its buffer is used again.</summary>
internal sealed class Frames
{
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    public delegate void Body(ref MessagePackWriter writer);

    /// <summary>A frame of so many elements after its name.</summary>
    public byte[] Write(string name, int elements, Body body)
    {
        _buffer.ResetWrittenCount();
        var writer = new MessagePackWriter(_buffer);
        writer.WriteArrayHeader(1 + elements);
        writer.Write(name);
        body(ref writer);
        writer.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    /// <summary>What changed in some tables; also when nothing did, since the tick has passed.</summary>
    public byte[] Delta(int tick, IReadOnlyList<RowTable> tables)
    {
        _buffer.ResetWrittenCount();
        var writer = new MessagePackWriter(_buffer);
        int changed = 0;
        foreach (RowTable table in tables)
            changed += table.Changed ? 1 : 0;
        Begin(ref writer, "delta", tick, changed);
        foreach (RowTable table in tables)
        {
            if (table.Changed)
                table.WriteDelta(ref writer);
        }
        writer.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    /// <summary>Everything in some tables, as of their last comparison.</summary>
    public byte[] Full(int tick, IReadOnlyList<RowTable> tables)
    {
        _buffer.ResetWrittenCount();
        var writer = new MessagePackWriter(_buffer);
        Begin(ref writer, "full", tick, tables.Count);
        foreach (RowTable table in tables)
            table.WriteFull(ref writer);
        writer.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    public byte[] Ack(long sequence, string? refused)
    {
        _buffer.ResetWrittenCount();
        var writer = new MessagePackWriter(_buffer);
        writer.WriteArrayHeader(refused is null ? 3 : 4);
        writer.Write("ack");
        writer.Write(sequence);
        writer.Write(refused is null);
        if (refused is not null)
            writer.Write(refused);
        writer.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    public byte[] Pong(double sent, int tick)
    {
        _buffer.ResetWrittenCount();
        var writer = new MessagePackWriter(_buffer);
        writer.WriteArrayHeader(3);
        writer.Write("pong");
        writer.Write(sent);
        writer.Write(tick);
        writer.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    public byte[] Error(string text) => Write("error", 1, (ref w) => w.Write(text));

    private static void Begin(ref MessagePackWriter writer, string name, int tick, int tables)
    {
        writer.WriteArrayHeader(3);
        writer.Write(name);
        writer.Write(tick);
        writer.WriteArrayHeader(tables);
    }
}
