using System.Buffers;
using System.Globalization;
using System.Text;

namespace MessagePack;

/// <summary>
/// Reads MessagePack values from memory, which may be in pieces. A ref struct: pass it by reference. Bytes and strings as sequences are slices of
/// what was given, without a copy.
/// </summary>
/// <exception cref="EndOfStreamException">From any read: the data ends before the value does.</exception>
/// <exception cref="MessagePackSerializationException">From any read: a value of another type comes next.</exception>
/// <exception cref="OverflowException">From reads of numbers: it does not fit.</exception>
public ref struct MessagePackReader
{
    private SequenceReader<byte> _reader;

    public MessagePackReader(ReadOnlyMemory<byte> memory)
        : this(new ReadOnlySequence<byte>(memory))
    {
    }

    public MessagePackReader(scoped in ReadOnlySequence<byte> readOnlySequence) => _reader = new SequenceReader<byte>(readOnlySequence);

    public ReadOnlySequence<byte> Sequence => _reader.Sequence;

    public SequencePosition Position => _reader.Position;

    /// <summary>Bytes read so far.</summary>
    public long Consumed => _reader.Consumed;

    public bool End => _reader.End;

    public bool IsNil => NextCode == MessagePackCode.Nil;

    public MessagePackType NextMessagePackType => MessagePackCode.ToMessagePackType(NextCode);

    /// <summary>The format byte of the value that comes next, which stays unread.</summary>
    public byte NextCode => _reader.TryPeek(out byte code) ? code : throw new EndOfStreamException();

    /// <summary>A second reader at the same place.</summary>
    public MessagePackReader CreatePeekReader() => this;

    public bool TryReadNil()
    {
        if (NextCode != MessagePackCode.Nil)
            return false;
        _reader.Advance(1);
        return true;
    }

    /// <summary>Passes over the next value with all that it contains, without recursion.</summary>
    public void Skip()
    {
        for (long values = 1; values > 0; values--)
        {
            switch (NextMessagePackType)
            {
                case MessagePackType.Integer:
                case MessagePackType.Nil:
                case MessagePackType.Boolean:
                case MessagePackType.Float:
                    Take(1 + FixedSize(NextCode));
                    break;
                case MessagePackType.String:
                    Take(StringLength());
                    break;
                case MessagePackType.Binary:
                    Take(BinaryLength());
                    break;
                case MessagePackType.Array:
                    values += ReadArrayHeader();
                    break;
                case MessagePackType.Map:
                    values += 2L * ReadMapHeader();
                    break;
                case MessagePackType.Extension:
                    Take(ReadExtensionFormatHeader().Length);
                    break;
                default:
                    throw Unexpected(NextCode);
            }
        }
    }

    /// <summary>The next so many bytes as they are.</summary>
    public ReadOnlySequence<byte> ReadRaw(long length)
    {
        Require(length);
        ReadOnlySequence<byte> raw = _reader.Sequence.Slice(_reader.Position, length);
        _reader.Advance(length);
        return raw;
    }

    /// <summary>The bytes of the next value.</summary>
    public ReadOnlySequence<byte> ReadRaw()
    {
        SequencePosition start = Position;
        Skip();
        return Sequence.Slice(start, Position);
    }

    /// <summary>Number of elements. An array that could not fit into what is left is refused at once, so that nobody allocates for it.</summary>
    public int ReadArrayHeader()
    {
        int count = Count(MessagePackCode.MinFixArray, MessagePackCode.MaxFixArray, MessagePackCode.Array16, MessagePackCode.Array32);
        Require(count);
        return count;
    }

    /// <summary>Number of pairs; refused like an array's.</summary>
    public int ReadMapHeader()
    {
        int count = Count(MessagePackCode.MinFixMap, MessagePackCode.MaxFixMap, MessagePackCode.Map16, MessagePackCode.Map32);
        Require(2L * count);
        return count;
    }

    public bool ReadBoolean()
    {
        byte code = Code();
        return code switch
        {
            MessagePackCode.True => true,
            MessagePackCode.False => false,
            _ => throw Unexpected(code),
        };
    }

    public byte ReadByte() => (byte)Whole(byte.MinValue, byte.MaxValue);

    public ushort ReadUInt16() => (ushort)Whole(ushort.MinValue, ushort.MaxValue);

    public uint ReadUInt32() => (uint)Whole(uint.MinValue, uint.MaxValue);

    public sbyte ReadSByte() => (sbyte)Whole(sbyte.MinValue, sbyte.MaxValue);

    public short ReadInt16() => (short)Whole(short.MinValue, short.MaxValue);

    public int ReadInt32() => (int)Whole(int.MinValue, int.MaxValue);

    public long ReadInt64()
    {
        long v = Integer(out bool huge);
        return huge ? throw new OverflowException() : v;
    }

    public ulong ReadUInt64()
    {
        long v = Integer(out bool huge);
        return v < 0 && !huge ? throw new OverflowException() : unchecked((ulong)v);
    }

    /// <summary>From a number of any kind.</summary>
    public float ReadSingle() => (float)ReadDouble();

    /// <summary>From a number of any kind.</summary>
    public double ReadDouble()
    {
        switch (NextCode)
        {
            case MessagePackCode.Float32:
                Take(1);
                return BitConverter.UInt32BitsToSingle((uint)BigEndian(4));
            case MessagePackCode.Float64:
                Take(1);
                return BitConverter.UInt64BitsToDouble(BigEndian(8));
            default:
                long v = Integer(out bool huge);
                return huge ? unchecked((ulong)v) : v;
        }
    }

    /// <summary>Binary (or a string's bytes) as a slice of the data; null for nil.</summary>
    public ReadOnlySequence<byte>? ReadBytes()
    {
        if (TryReadNil())
            return null;
        return ReadRaw(NextMessagePackType == MessagePackType.Binary ? BinaryLength() : StringLength());
    }

    /// <summary>A string's UTF-8 bytes as a slice of the data; null for nil.</summary>
    public ReadOnlySequence<byte>? ReadStringSequence() => TryReadNil() ? null : ReadRaw(StringLength());

    /// <summary>A string; null for nil.</summary>
    public string? ReadString()
    {
        if (TryReadNil())
            return null;
        uint length = StringLength();
        Require(length);
        ReadOnlySpan<byte> unread = _reader.UnreadSpan;
        if (unread.Length < length)
            return Encoding.UTF8.GetString(ReadRaw(length));
        _reader.Advance(length);
        return Encoding.UTF8.GetString(unread[..(int)length]);
    }

    public ExtensionHeader ReadExtensionFormatHeader()
    {
        byte code = Code();
        uint length = code switch
        {
            >= MessagePackCode.FixExt1 and <= MessagePackCode.FixExt16 => 1u << (code - MessagePackCode.FixExt1),
            >= MessagePackCode.Ext8 and <= MessagePackCode.Ext32 => (uint)BigEndian(1 << (code - MessagePackCode.Ext8)),
            _ => throw Unexpected(code),
        };
        var header = new ExtensionHeader(unchecked((sbyte)Code()), length);
        Require(length);
        return header;
    }

    public ExtensionResult ReadExtensionFormat()
    {
        ExtensionHeader header = ReadExtensionFormatHeader();
        return new ExtensionResult(header.TypeCode, ReadRaw(header.Length));
    }

    private byte Code() => _reader.TryRead(out byte code) ? code : throw new EndOfStreamException();

    private void Take(long bytes)
    {
        Require(bytes);
        _reader.Advance(bytes);
    }

    private readonly void Require(long bytes)
    {
        if (_reader.Remaining < bytes)
            throw new EndOfStreamException();
    }

    private ulong BigEndian(int bytes)
    {
        ulong v = 0;
        for (int i = 0; i < bytes; i++)
            v = v << 8 | Code();
        return v;
    }

    /// <summary>Any integer; <paramref name="huge"/> if it is one above the range of long, whose bits are returned.</summary>
    private long Integer(out bool huge)
    {
        huge = false;
        byte code = Code();
        switch (code)
        {
            case <= MessagePackCode.MaxFixInt:
                return code;
            case >= MessagePackCode.MinNegativeFixInt:
                return unchecked((sbyte)code);
            case >= MessagePackCode.UInt8 and <= MessagePackCode.UInt64:
                long v = unchecked((long)BigEndian(1 << (code - MessagePackCode.UInt8)));
                huge = v < 0;
                return v;
            case MessagePackCode.Int8:
                return unchecked((sbyte)BigEndian(1));
            case MessagePackCode.Int16:
                return unchecked((short)BigEndian(2));
            case MessagePackCode.Int32:
                return unchecked((int)BigEndian(4));
            case MessagePackCode.Int64:
                return unchecked((long)BigEndian(8));
            default:
                throw Unexpected(code);
        }
    }

    private long Whole(long least, long most)
    {
        long v = Integer(out bool huge);
        return huge || v < least || v > most ? throw new OverflowException() : v;
    }

    private int Count(byte fix, byte lastFix, byte sixteen, byte thirtyTwo)
    {
        byte code = Code();
        if (code >= fix && code <= lastFix)
            return code - fix;
        if (code != sixteen && code != thirtyTwo)
            throw Unexpected(code);
        return checked((int)BigEndian(code == sixteen ? 2 : 4));
    }

    private uint StringLength()
    {
        byte code = Code();
        return code switch
        {
            >= MessagePackCode.MinFixStr and <= MessagePackCode.MaxFixStr => (uint)(code - MessagePackCode.MinFixStr),
            >= MessagePackCode.Str8 and <= MessagePackCode.Str32 => (uint)BigEndian(1 << (code - MessagePackCode.Str8)),
            _ => throw Unexpected(code),
        };
    }

    private uint BinaryLength()
    {
        byte code = Code();
        return code is >= MessagePackCode.Bin8 and <= MessagePackCode.Bin32 ? (uint)BigEndian(1 << (code - MessagePackCode.Bin8)) : throw Unexpected(code);
    }

    private static int FixedSize(byte code) => code switch
    {
        MessagePackCode.UInt8 or MessagePackCode.Int8 => 1,
        MessagePackCode.UInt16 or MessagePackCode.Int16 => 2,
        MessagePackCode.UInt32 or MessagePackCode.Int32 or MessagePackCode.Float32 => 4,
        MessagePackCode.UInt64 or MessagePackCode.Int64 or MessagePackCode.Float64 => 8,
        _ => 0,
    };

    private static MessagePackSerializationException Unexpected(byte code)
        => new($"Unexpected msgpack code {code.ToString(CultureInfo.InvariantCulture)} ({MessagePackCode.ToMessagePackType(code)}) encountered.");
}
