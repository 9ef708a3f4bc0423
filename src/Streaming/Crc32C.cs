using System.Buffers.Binary;
using System.Numerics;

namespace SelfPlayArena.Streaming;

/// <summary>
/// CRC-32C (Castagnoli 1993; RFC 3720, appendix B.4), with the processor's instruction where there is one. It finds every error burst of up to
/// 32 bits; it is no protection against anybody who means to deceive.
/// </summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>The checksum of what <paramref name="crc"/> was computed of, followed by these bytes; 0 for nothing yet.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (byte b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
