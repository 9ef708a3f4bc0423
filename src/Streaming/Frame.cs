using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SelfPlayArena.Streaming;

/// <summary>What a frame says. Numbers are part of the protocol and never used again for something else.</summary>
internal enum FrameKind : byte
{
    Hello = 1,
    Challenge = 2,
    Proof = 3,
    Accept = 4,
    Refuse = 5,
    Ready = 6,
    Start = 7,
    Chunk = 16,
    Result = 17,
    Acknowledge = 18,
    WantMatches = 32,
    Matches = 33,
    MatchEnded = 34,
    WantPolicy = 48,
    Policy = 49,
    Latest = 50,
    Ping = 64,
    Counters = 65,
    Goodbye = 66,
}

/// <summary>Why one end would not go on with the other.</summary>
public enum Refusal
{
    /// <summary>What came is no frame, is damaged, or says something that makes no sense at this point.</summary>
    BadFrame = 1,

    /// <summary>A frame, or a part of one, is larger than allowed.</summary>
    TooLarge = 2,

    /// <summary>More frames or chunks than were granted, or too many connections at once.</summary>
    TooFast = 3,

    /// <summary>The other end speaks another version of the protocol.</summary>
    OtherProtocol = 4,

    /// <summary>The shared secrets differ.</summary>
    WrongSecret = 5,

    /// <summary>The environments' layouts differ.</summary>
    OtherLayout = 6,

    /// <summary>The environments' rules or content differ.</summary>
    OtherContent = 7,

    /// <summary>A chunk holds what no player can have done.</summary>
    BadChunk = 8,

    /// <summary>There are as many workers as the learner takes.</summary>
    Full = 9,

    /// <summary>The other end said nothing for too long.</summary>
    Silent = 10,
}

/// <summary>One end refuses the other: why, in words that can be shown to a person.</summary>
public sealed class RefusedException(Refusal refusal, string message, Exception? cause = null) : Exception(message, cause)
{
    public Refusal Refusal => refusal;

    /// <summary>Whether the same worker may be accepted on another try.</summary>
    public bool MayPass => refusal is Refusal.BadFrame or Refusal.TooFast or Refusal.Full or Refusal.Silent;
}

/// <summary>
/// The 24 bytes before a frame's header and payload, little-endian: length of both (4), version (1), kind (1), flags (2, zero), length of the
/// header (4), CRC-32C of the header (4), of the payload (4), and of the 20 bytes before it (4). So a damaged length is found before it is believed.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FramePrefix(FrameKind Kind, int HeaderBytes, int PayloadBytes, uint HeaderCrc, uint PayloadCrc)
{
    public const int Bytes = 24;
    public const byte Version = 1;

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, (uint)(HeaderBytes + PayloadBytes));
        to[4] = Version;
        to[5] = (byte)Kind;
        BinaryPrimitives.WriteUInt16LittleEndian(to[6..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], (uint)HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], HeaderCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(to[16..], PayloadCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(to[20..], Crc32C.Of(to[..20]));
    }

    /// <exception cref="RefusedException">Damaged, of another version, or larger than allowed.</exception>
    public static FramePrefix Read(ReadOnlySpan<byte> from, FrameLimits limits)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(from[20..]) != Crc32C.Of(from[..20]))
            throw new RefusedException(Refusal.BadFrame, "what came is no frame, or its prefix is damaged");
        if (from[4] != Version)
            throw new RefusedException(Refusal.OtherProtocol, $"the frame has version {from[4]}; this program reads version {Version}");
        if (BinaryPrimitives.ReadUInt16LittleEndian(from[6..]) != 0)
            throw new RefusedException(Refusal.BadFrame, "the frame has flags that this program does not know");
        var kind = (FrameKind)from[5];
        if (!Enum.IsDefined(kind))
            throw new RefusedException(Refusal.BadFrame, $"there is no frame of kind {from[5]}");
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(from), header = BinaryPrimitives.ReadUInt32LittleEndian(from[8..]);
        if (header > length)
            throw new RefusedException(Refusal.BadFrame, $"a {kind} frame of {length} bytes says that {header} of them are its header");
        if (header > limits.HeaderBytes || length - header > limits.PayloadBytes)
        {
            throw new RefusedException(
                Refusal.TooLarge,
                $"a {kind} frame has a header of {header} and a payload of {length - header} bytes; allowed here are {limits.HeaderBytes} and {limits.PayloadBytes}");
        }
        return new FramePrefix(
            kind, (int)header, (int)(length - header), BinaryPrimitives.ReadUInt32LittleEndian(from[12..]), BinaryPrimitives.ReadUInt32LittleEndian(from[16..]));
    }
}

/// <summary>The largest frames that are taken. Checked before anything is allocated.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FrameLimits(int HeaderBytes, int PayloadBytes)
{
    /// <summary>For whoever has not proved yet who he is.</summary>
    public static FrameLimits Handshake { get; } = new(4096, 0);
}
