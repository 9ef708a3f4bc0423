using System.Buffers;
using System.Globalization;
using MessagePack;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Research;

/// <summary>A frame from a client: a MessagePack array whose first element names it.</summary>
internal abstract record ResearchRequest
{
    /// <summary><c>["open", json]</c>.</summary>
    public sealed record Open(string Json) : ResearchRequest;

    /// <summary><c>["reset", seed or nil, [match, …] or nil]</c>.</summary>
    public sealed record Reset(ulong? Seed, IReadOnlyList<int>? Matches) : ResearchRequest;

    /// <summary><c>["step", actions]</c>; the actions are part of the frame, without a copy.</summary>
    public sealed record Step(ReadOnlySequence<byte> Actions) : ResearchRequest;

    /// <param name="mostMatches">Longest list of matches.</param>
    /// <exception cref="Refusal">MessagePack, but not one of the frames.</exception>
    /// <exception cref="InvalidDataException">Not MessagePack.</exception>
    public static ResearchRequest Read(ReadOnlyMemory<byte> frame, int mostMatches)
    {
        try
        {
            var reader = new MessagePackReader(frame);
            if (reader.NextMessagePackType != MessagePackType.Array)
                throw new MessagePackSerializationException("it is no array");
            int elements = reader.ReadArrayHeader();
            string? name = elements > 0 && reader.NextMessagePackType == MessagePackType.String ? reader.ReadString() : null;
            ResearchRequest request = (name, elements) switch
            {
                ("open", 2) => new Open(reader.ReadString() ?? ""),
                ("reset", 3) => new Reset(reader.TryReadNil() ? null : reader.ReadUInt64(), ReadMatches(ref reader, mostMatches)),
                ("step", 2) => new Step(reader.ReadBytes() ?? default),
                _ => throw Refusal.BadRequest($"frame '{Shown(name)}' with {elements.ToString(CultureInfo.InvariantCulture)} elements; allowed: [\"open\", json], [\"reset\", seed or nil, matches or nil], [\"step\", actions]"),
            };
            return reader.End ? request : throw new MessagePackSerializationException("something follows the array");
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            throw new InvalidDataException($"a frame is not as it should be: {e.Message}; every frame is one MessagePack array whose first element names it", e);
        }
    }

    private static string Shown(string? name) => name is null ? "?" : name.Length > 20 ? name[..20] + "…" : name;

    private static int[]? ReadMatches(ref MessagePackReader reader, int most)
    {
        if (reader.TryReadNil())
            return null;
        int count = reader.ReadArrayHeader();
        if (count > most)
            throw Refusal.BadRequest($"{count} matches are to be reset; allowed: at most {most}");
        var matches = new int[count];
        for (int i = 0; i < count; i++)
            matches[i] = reader.ReadInt32();
        return matches;
    }
}
