using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MessagePack;

/// <summary>
/// Writes MessagePack values into a buffer writer, each in its smallest encoding. A ref struct: pass it by reference. Nothing is sure to be
/// in the buffer writer before <see cref="Flush"/>.
/// </summary>
public ref struct MessagePackWriter
{
    private readonly IBufferWriter<byte> _writer;
    private Span<byte> _span;
    private int _used;

    public MessagePackWriter(IBufferWriter<byte> writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _writer = writer;
        _span = writer.GetSpan();
        _used = 0;
    }

    /// <summary>Hands everything written so far to the buffer writer.</summary>
    public void Flush()
    {
        if (_used > 0)
            _writer.Advance(_used);
        _used = 0;
        _span = default;
    }

    /// <summary>Memory for at least <paramref name="length"/> bytes, to be filled and then counted by <see cref="Advance"/>.</summary>
    public Span<byte> GetSpan(int length)
    {
        if (_span.Length - _used < Math.Max(length, 1))
        {
            Flush();
            _span = _writer.GetSpan(length);
        }
        return _span[_used..];
    }

    /// <summary>Counts bytes written into the span of <see cref="GetSpan"/>.</summary>
    public void Advance(int length) => _used += length;

    public void WriteNil() => Code(MessagePackCode.Nil);

    /// <summary>Copies bytes that are MessagePack already, or the payload that a header announced.</summary>
    public void WriteRaw(ReadOnlySpan<byte> rawMessagePackBlock)
    {
        rawMessagePackBlock.CopyTo(GetSpan(rawMessagePackBlock.Length));
        Advance(rawMessagePackBlock.Length);
    }

    /// <inheritdoc cref="WriteRaw(ReadOnlySpan{byte})"/>
    public void WriteRaw(in ReadOnlySequence<byte> rawMessagePackBlock)
    {
        foreach (ReadOnlyMemory<byte> part in rawMessagePackBlock)
            WriteRaw(part.Span);
    }

    public void WriteArrayHeader(int count) => WriteArrayHeader((uint)count);

    public void WriteArrayHeader(uint count) => Header(count, MessagePackCode.MinFixArray, 15, MessagePackCode.Array16, MessagePackCode.Array32);

    public void WriteMapHeader(int count) => WriteMapHeader((uint)count);

    public void WriteMapHeader(uint count) => Header(count, MessagePackCode.MinFixMap, 15, MessagePackCode.Map16, MessagePackCode.Map32);

    public void Write(byte value) => Write((ulong)value);

    public void Write(ushort value) => Write((ulong)value);

    public void Write(uint value) => Write((ulong)value);

    public void Write(sbyte value) => Write((long)value);

    public void Write(short value) => Write((long)value);

    public void Write(int value) => Write((long)value);

    public void Write(ulong value)
    {
        switch (value)
        {
            case <= MessagePackCode.MaxFixInt:
                Code((byte)value);
                break;
            case <= byte.MaxValue:
                One(MessagePackCode.UInt8, (byte)value);
                break;
            case <= ushort.MaxValue:
                Two(MessagePackCode.UInt16, (ushort)value);
                break;
            case <= uint.MaxValue:
                Four(MessagePackCode.UInt32, (uint)value);
                break;
            default:
                Eight(MessagePackCode.UInt64, value);
                break;
        }
    }

    public void Write(long value)
    {
        switch (value)
        {
            case >= 0:
                Write((ulong)value);
                break;
            case >= -32:
                Code(unchecked((byte)value));
                break;
            case >= sbyte.MinValue:
                One(MessagePackCode.Int8, unchecked((byte)value));
                break;
            case >= short.MinValue:
                Two(MessagePackCode.Int16, unchecked((ushort)value));
                break;
            case >= int.MinValue:
                Four(MessagePackCode.Int32, unchecked((uint)value));
                break;
            default:
                Eight(MessagePackCode.Int64, unchecked((ulong)value));
                break;
        }
    }

    public void Write(bool value) => Code(value ? MessagePackCode.True : MessagePackCode.False);

    public void Write(float value) => Four(MessagePackCode.Float32, BitConverter.SingleToUInt32Bits(value));

    public void Write(double value) => Eight(MessagePackCode.Float64, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>Binary; nil for null.</summary>
    public void Write(byte[]? src)
    {
        if (src is null)
            WriteNil();
        else
            Write(src.AsSpan());
    }

    /// <summary>Binary.</summary>
    public void Write(scoped ReadOnlySpan<byte> src)
    {
        WriteBinHeader(src.Length);
        src.CopyTo(GetSpan(src.Length));
        Advance(src.Length);
    }

    /// <summary>Announces <paramref name="length"/> bytes of binary, which <see cref="WriteRaw(ReadOnlySpan{byte})"/> then writes.</summary>
    public void WriteBinHeader(int length)
    {
        if (length <= byte.MaxValue)
            One(MessagePackCode.Bin8, (byte)length);
        else if (length <= ushort.MaxValue)
            Two(MessagePackCode.Bin16, (ushort)length);
        else
            Four(MessagePackCode.Bin32, (uint)length);
    }

    /// <summary>String; nil for null.</summary>
    public void Write(string? value)
    {
        if (value is null)
            WriteNil();
        else
            Write(value.AsSpan());
    }

    public void Write(scoped ReadOnlySpan<char> value)
    {
        int bytes = Encoding.UTF8.GetByteCount(value);
        WriteStringHeader(bytes);
        Advance(Encoding.UTF8.GetBytes(value, GetSpan(bytes)));
    }

    /// <summary>A string whose UTF-8 bytes are at hand.</summary>
    public void WriteString(ReadOnlySpan<byte> utf8stringBytes)
    {
        WriteStringHeader(utf8stringBytes.Length);
        WriteRaw(utf8stringBytes);
    }

    /// <summary>Announces a string of so many UTF-8 bytes.</summary>
    public void WriteStringHeader(int byteCount)
    {
        if (byteCount is > 31 and <= byte.MaxValue)
            One(MessagePackCode.Str8, (byte)byteCount);
        else
            Header((uint)byteCount, MessagePackCode.MinFixStr, 31, MessagePackCode.Str16, MessagePackCode.Str32);
    }

    public void WriteExtensionFormatHeader(ExtensionHeader extensionHeader)
    {
        uint length = extensionHeader.Length;
        switch (length)
        {
            case 1 or 2 or 4 or 8 or 16:
                Code((byte)(MessagePackCode.FixExt1 + System.Numerics.BitOperations.Log2(length)));
                break;
            case <= byte.MaxValue:
                One(MessagePackCode.Ext8, (byte)length);
                break;
            case <= ushort.MaxValue:
                Two(MessagePackCode.Ext16, (ushort)length);
                break;
            default:
                Four(MessagePackCode.Ext32, length);
                break;
        }
        Code(unchecked((byte)extensionHeader.TypeCode));
    }

    public void WriteExtensionFormat(ExtensionResult extensionData)
    {
        WriteExtensionFormatHeader(extensionData.Header);
        WriteRaw(extensionData.Data);
    }

    private void Header(uint count, byte fix, uint mostFix, byte sixteen, byte thirtyTwo)
    {
        if (count <= mostFix)
            Code((byte)(fix | count));
        else if (count <= ushort.MaxValue)
            Two(sixteen, (ushort)count);
        else
            Four(thirtyTwo, count);
    }

    private void Code(byte code)
    {
        GetSpan(1)[0] = code;
        Advance(1);
    }

    private void One(byte code, byte value)
    {
        Span<byte> span = GetSpan(2);
        span[0] = code;
        span[1] = value;
        Advance(2);
    }

    private void Two(byte code, ushort value)
    {
        Span<byte> span = GetSpan(3);
        span[0] = code;
        BinaryPrimitives.WriteUInt16BigEndian(span[1..], value);
        Advance(3);
    }

    private void Four(byte code, uint value)
    {
        Span<byte> span = GetSpan(5);
        span[0] = code;
        BinaryPrimitives.WriteUInt32BigEndian(span[1..], value);
        Advance(5);
    }

    private void Eight(byte code, ulong value)
    {
        Span<byte> span = GetSpan(9);
        span[0] = code;
        BinaryPrimitives.WriteUInt64BigEndian(span[1..], value);
        Advance(9);
    }
}
