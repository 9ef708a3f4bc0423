using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace SelfPlayArena.Core.Replays;

/// <summary>The file format of replays; see this folder's README for the layout. Writes and reads whole files.</summary>
public static class ReplayFile
{
    public const string Extension = ".replay";
    public const int Version = 1;

    /// <summary>Decisions between two hashes of the state.</summary>
    public const int HashInterval = 256;

    private const int PrologueBytes = 64;
    private const int ChecksumBytes = 8;
    private const int CompressionQuality = 6;
    private const int CompressionWindow = 20;

    /// <summary>Larger than any real match by far; a length beyond it is damage that no checksum noticed.</summary>
    private const int MostActionBytes = 1 << 29;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IgnoreReadOnlyProperties = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>First byte outside ASCII, then a line end: transfers that change text show themselves at once.</summary>
    private static ReadOnlySpan<byte> Magic => [0x89, (byte)'A', (byte)'R', (byte)'P', (byte)'L', 13, 10, 26];

    /// <summary>A file's content.</summary>
    /// <param name="hashes">State after 0, 256, 512, … decisions, then after the last one.</param>
    /// <param name="actions">As <see cref="ActionEncoder"/> wrote them.</param>
    internal static byte[] Encode(ReplayHeader header, IReadOnlyList<ulong> hashes, ReadOnlySpan<byte> actions)
    {
        byte[] head = JsonSerializer.SerializeToUtf8Bytes(header, Json);
        byte[] packed = new byte[BrotliEncoder.GetMaxCompressedLength(actions.Length)];
        if (!BrotliEncoder.TryCompress(actions, packed, out int packedBytes, CompressionQuality, CompressionWindow))
            throw new InvalidOperationException($"{actions.Length} bytes of actions could not be compressed");
        byte[] file = new byte[PrologueBytes + head.Length + hashes.Count * sizeof(ulong) + packedBytes + ChecksumBytes];
        Span<byte> rest = file.AsSpan(PrologueBytes);
        Span<byte> headAt = rest[..head.Length], hashesAt = rest.Slice(head.Length, hashes.Count * sizeof(ulong)), actionsAt = rest.Slice(head.Length + hashesAt.Length, packedBytes);
        head.CopyTo(headAt);
        for (int i = 0; i < hashes.Count; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(hashesAt[(i * sizeof(ulong))..], hashes[i]);
        packed.AsSpan(0, packedBytes).CopyTo(actionsAt);

        Span<byte> prologue = file.AsSpan(0, PrologueBytes);
        Magic.CopyTo(prologue);
        BinaryPrimitives.WriteInt32LittleEndian(prologue[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(prologue[12..], head.Length);
        BinaryPrimitives.WriteInt32LittleEndian(prologue[16..], hashes.Count);
        BinaryPrimitives.WriteInt32LittleEndian(prologue[20..], packedBytes);
        BinaryPrimitives.WriteInt32LittleEndian(prologue[24..], actions.Length);
        BinaryPrimitives.WriteInt32LittleEndian(prologue[28..], header.Decisions);
        BinaryPrimitives.WriteUInt64LittleEndian(prologue[32..], StableHash.Of(headAt));
        BinaryPrimitives.WriteUInt64LittleEndian(prologue[40..], StableHash.Of(hashesAt));
        BinaryPrimitives.WriteUInt64LittleEndian(prologue[48..], StableHash.Of(actionsAt));
        BinaryPrimitives.WriteUInt64LittleEndian(prologue[56..], StableHash.Of(prologue[..56]));
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(file.Length - ChecksumBytes), StableHash.Of(file.AsSpan(0, file.Length - ChecksumBytes)));
        return file;
    }

    /// <exception cref="ReplayException">Not a replay, of a newer version, truncated or damaged (says where).</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Replay Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        (ReplayHeader header, Sections sections) = Check(path, file);
        ulong[] hashes = new ulong[sections.Hashes];
        for (int i = 0; i < hashes.Length; i++)
            hashes[i] = BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(sections.HashesAt + i * sizeof(ulong)));
        byte[] raw = new byte[sections.RawActionBytes];
        if (!BrotliDecoder.TryDecompress(file.AsSpan(sections.ActionsAt, sections.ActionBytes), raw, out int written) || written != raw.Length)
            throw new ReplayException($"{path}: the actions (bytes {sections.ActionsAt} to {sections.End}) do not unpack to {raw.Length} bytes");
        try
        {
            return new Replay(path, header, hashes, ActionDecoder.Decode(raw, header.Decisions, header.Agents, header.Heads));
        }
        catch (InvalidDataException e)
        {
            throw new ReplayException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Reads the header only; all checksums are checked nevertheless.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static ReplayHeader ReadHeader(string path) => Check(path, File.ReadAllBytes(path)).Header;

    private static (ReplayHeader Header, Sections Sections) Check(string path, ReadOnlySpan<byte> file)
    {
        int known = Math.Min(file.Length, Magic.Length);
        if (known == 0 || !file[..known].SequenceEqual(Magic[..known]))
            throw new ReplayException($"{path} is not a replay: it does not begin as one");
        if (file.Length < PrologueBytes)
            throw new ReplayException($"{path} is truncated: {file.Length} bytes, the prologue alone has {PrologueBytes}");
        int version = Int(file, 8);
        if (version != Version)
        {
            throw new ReplayException(version > Version
                ? $"{path}: replay format {Text(version)} is newer than this program, which reads format {Text(Version)}"
                : $"{path}: there is no replay format {Text(version)}; this program reads format {Text(Version)}");
        }
        if (Long(file, 56) != StableHash.Of(file[..56]))
            throw new ReplayException($"{path} is damaged: the prologue (bytes 0 to {PrologueBytes}) does not match its checksum");
        var sections = new Sections(Int(file, 12), Int(file, 16), Int(file, 20), Int(file, 24));
        if (sections.Total != file.Length)
        {
            throw new ReplayException(sections.Total > file.Length
                ? $"{path} is truncated: {file.Length} of {sections.Total} bytes"
                : $"{path} is damaged: {file.Length - sections.Total} bytes follow its end at byte {sections.Total}");
        }
        Match(path, file, "header", PrologueBytes, sections.HeaderBytes, 32);
        Match(path, file, "state hashes", sections.HashesAt, sections.Hashes * sizeof(ulong), 40);
        Match(path, file, "actions", sections.ActionsAt, sections.ActionBytes, 48);
        if (Long(file, file.Length - ChecksumBytes) != StableHash.Of(file[..^ChecksumBytes]))
            throw new ReplayException($"{path} is damaged: the checksum of the whole file (bytes {sections.End} to {file.Length}) does not match");
        return (Header(path, file.Slice(PrologueBytes, sections.HeaderBytes), Int(file, 28), sections), sections);
    }

    private static ReplayHeader Header(string path, ReadOnlySpan<byte> json, int decisions, Sections sections)
    {
        ReplayHeader header;
        try
        {
            header = JsonSerializer.Deserialize<ReplayHeader>(json, Json) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new ReplayException($"{path}: the header (bytes {PrologueBytes} to {PrologueBytes + sections.HeaderBytes}) cannot be read: {e.Message}", e);
        }
        bool sane = header.Decisions == decisions && decisions >= 0 && header.Teams is > 0 and < 256 && header.AgentsPerTeam is > 0 and < 256 && header.Heads is > 0 and < 256
            && header.Players.Count == header.Agents && sections.RawActionBytes is >= 0 and <= MostActionBytes && sections.Hashes == decisions / HashInterval + 2;
        return sane ? header : throw new ReplayException($"{path}: the header contradicts itself (decisions, agents, heads, players or number of state hashes)");
    }

    private static void Match(string path, ReadOnlySpan<byte> file, string what, int start, int length, int checksumAt)
    {
        if (Long(file, checksumAt) != StableHash.Of(file.Slice(start, length)))
            throw new ReplayException($"{path} is damaged: the {what} (bytes {start} to {start + length}) do not match their checksum");
    }

    private static int Int(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadInt32LittleEndian(file[at..]);

    private static ulong Long(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt64LittleEndian(file[at..]);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private readonly record struct Sections(int HeaderBytes, int Hashes, int ActionBytes, int RawActionBytes)
    {
        public int HashesAt => PrologueBytes + HeaderBytes;

        public int ActionsAt => HashesAt + Hashes * sizeof(ulong);

        public int End => ActionsAt + ActionBytes;

        public long Total => (long)PrologueBytes + HeaderBytes + (long)Hashes * sizeof(ulong) + ActionBytes + ChecksumBytes;
    }
}
