using System.Buffers;

namespace MessagePack;

/// <summary>Type and length that precede the bytes of an extension value.</summary>
public struct ExtensionHeader : IEquatable<ExtensionHeader>
{
    public ExtensionHeader(sbyte typeCode, uint length)
    {
        TypeCode = typeCode;
        Length = length;
    }

    public ExtensionHeader(sbyte typeCode, int length)
        : this(typeCode, (uint)length)
    {
    }

    public sbyte TypeCode { get; private set; }

    /// <summary>Bytes.</summary>
    public uint Length { get; private set; }

    public bool Equals(ExtensionHeader other) => TypeCode == other.TypeCode && Length == other.Length;

    public override bool Equals(object? obj) => obj is ExtensionHeader other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(TypeCode, Length);
}

/// <summary>An extension value as read: its bytes are a slice of what the reader was given.</summary>
public struct ExtensionResult
{
    public ExtensionResult(sbyte typeCode, Memory<byte> data)
        : this(typeCode, new ReadOnlySequence<byte>(data))
    {
    }

    public ExtensionResult(sbyte typeCode, ReadOnlySequence<byte> data)
    {
        TypeCode = typeCode;
        Data = data;
    }

    public sbyte TypeCode { get; private set; }

    public ReadOnlySequence<byte> Data { get; private set; }

    public ExtensionHeader Header => new(TypeCode, (uint)Data.Length);
}
