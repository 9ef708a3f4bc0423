using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace SelfPlayArena.Streaming;

/// <summary>
/// CRC-32C (Castagnoli 1993; RFC 3720, appendix B.4), with the processor's instruction where there is one. It finds every error burst of up to
/// 32 bits; it is no protection against anybody who means to deceive.
/// The instruction takes three cycles, yet one can begin in each: long inputs are checked as three neighbouring blocks at once, whose checksums
/// are then joined, as a checksum after so many zeros is linear in the one before (Gopal et al., "Fast CRC Computation for iSCSI Polynomial
/// Using CRC32 Instruction", Intel 2011).
/// </summary>
internal static class Crc32C
{
    private const int Block = 1024, Words = Block / sizeof(ulong);

    /// <summary>What a register becomes by a block of zeros, for each value of each of its bytes: [4, 256].</summary>
    private static readonly uint[] Zeros = ZerosTable();

    public static uint Of(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>The checksum of what <paramref name="crc"/> was computed of, followed by these bytes; 0 for nothing yet.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint register = ~crc;
        while (bytes.Length >= 3 * Block)
        {
            register = Three(register, bytes[..(3 * Block)]);
            bytes = bytes[(3 * Block)..];
        }
        while (bytes.Length >= sizeof(ulong))
        {
            register = BitOperations.Crc32C(register, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (byte b in bytes)
            register = BitOperations.Crc32C(register, b);
        return ~register;
    }

    private static uint Three(uint register, ReadOnlySpan<byte> bytes)
    {
        if (!BitConverter.IsLittleEndian)
        {
            foreach (byte b in bytes)
                register = BitOperations.Crc32C(register, b);
            return register;
        }
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        ReadOnlySpan<ulong> first = words[..Words], second = words.Slice(Words, Words), third = words.Slice(2 * Words, Words);
        (uint a, uint b2, uint c) = (register, 0, 0);
        for (int i = 0; i < Words; i++)
        {
            a = BitOperations.Crc32C(a, first[i]);
            b2 = BitOperations.Crc32C(b2, second[i]);
            c = BitOperations.Crc32C(c, third[i]);
        }
        return AfterZeros(AfterZeros(a) ^ b2) ^ c;
    }

    private static uint AfterZeros(uint register)
        => Zeros[(byte)register] ^ Zeros[256 + (byte)(register >> 8)] ^ Zeros[512 + (byte)(register >> 16)] ^ Zeros[768 + (register >> 24)];

    private static uint[] ZerosTable()
    {
        Span<uint> bits = stackalloc uint[32];
        for (int bit = 0; bit < 32; bit++)
        {
            uint register = 1u << bit;
            for (int i = 0; i < Words; i++)
                register = BitOperations.Crc32C(register, 0ul);
            bits[bit] = register;
        }
        var table = new uint[4 * 256];
        for (int i = 0; i < table.Length; i++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                if ((i >> bit & 1) != 0)
                    table[i] ^= bits[8 * (i >> 8) + bit];
            }
        }
        return table;
    }
}
