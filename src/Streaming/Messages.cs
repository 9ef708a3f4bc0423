using System.Buffers;
using System.Text.Json;
using MessagePack;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Streaming;

/// <summary>A worker introduces itself.</summary>
/// <param name="Session">16 hexadecimal digits that the worker drew; results bear it for ever.</param>
internal sealed record Hello(string Session, byte[] Nonce)
{
    public const string Greeting = "selfplayarena";
    public const int SessionLength = 16;

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(3);
        writer.Write(Greeting);
        writer.Write(Session);
        writer.Write(Nonce);
    }

    public static Hello Read(ref MessagePackReader reader)
    {
        reader.Fields(3);
        if (reader.Text(64) != Greeting)
            throw new FormatException("it is no worker's");
        string session = reader.Text(SessionLength);
        if (session.Length != SessionLength || !session.All(char.IsAsciiHexDigitLower))
            throw new FormatException("a session is 16 hexadecimal digits");
        return new Hello(session, reader.Bytes(SharedSecret.NonceBytes));
    }
}

/// <summary>What a worker must know to play for a run.</summary>
/// <param name="Learner">Drawn when the learner started listening: tells a broken connection from another learner.</param>
/// <param name="Window">Most chunks that a worker may have sent without their being taken.</param>
internal sealed record Accept(
    byte[] Proof, string Learner, EnvironmentRecipe Recipe, ulong SpecHash, string ContentHash, string Network, int ChunkSteps, int MatchesPerHost, ulong Seed,
    HostOptions Options, int Window)
{
    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(19);
        writer.Write(Proof);
        writer.Write(Learner);
        writer.Write(Recipe.Name);
        writer.Write(Recipe.Options.GetRawText());
        writer.Write(SpecHash);
        writer.Write(ContentHash);
        writer.Write(Network);
        writer.Write(ChunkSteps);
        writer.Write(MatchesPerHost);
        writer.Write(Seed);
        writer.Write(Options.TeamSpirit);
        writer.Write(Options.ZeroSum);
        writer.Write(Options.RandomStarts);
        writer.Write(Options.RandomStartDecisions);
        writer.Write(Options.Temperature);
        writer.Write(Options.Alike);
        writer.Write(Options.GreedyFirst);
        writer.Write(Options.DrawUnused);
        writer.Write(Window);
    }

    public static Accept Read(ref MessagePackReader reader)
    {
        reader.Fields(19);
        return new Accept(
            reader.Bytes(SharedSecret.ProofBytes), reader.Text(64), new EnvironmentRecipe(reader.Text(256), Json(reader.Text(16_384))), reader.ReadUInt64(), reader.Text(256),
            reader.Text(49_152), reader.Number(1, 4096), reader.Number(1, 65_536), reader.ReadUInt64(),
            new HostOptions
            {
                TeamSpirit = reader.ReadSingle(),
                ZeroSum = reader.ReadBoolean(),
                RandomStarts = reader.ReadDouble(),
                RandomStartDecisions = reader.Number(0, 1_000_000),
                Temperature = reader.ReadSingle(),
                Alike = reader.ReadBoolean(),
                GreedyFirst = reader.ReadBoolean(),
                DrawUnused = reader.ReadBoolean(),
            },
            reader.Number(1, 65_536));

        static JsonElement Json(string text)
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(text);
                return document.RootElement.Clone();
            }
            catch (JsonException e)
            {
                throw new FormatException(e.Message, e);
            }
        }
    }
}

/// <summary>A worker is about to play.</summary>
/// <param name="FirstChunk">Number of the oldest chunk that was not acknowledged, or of the next one.</param>
/// <param name="FirstResult">The same for results.</param>
internal sealed record Ready(ulong SpecHash, string ContentHash, int Hosts, long FirstChunk, long FirstResult)
{
    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(5);
        writer.Write(SpecHash);
        writer.Write(ContentHash);
        writer.Write(Hosts);
        writer.Write(FirstChunk);
        writer.Write(FirstResult);
    }

    public static Ready Read(ref MessagePackReader reader)
    {
        reader.Fields(5);
        return new Ready(reader.ReadUInt64(), reader.Text(256), reader.Number(1, 1024), reader.Count(), reader.Count());
    }
}

/// <summary>How far the learner has come with what a worker sent; also says from where a worker goes on.</summary>
/// <param name="Chunks">Chunks below this number were taken and may be forgotten.</param>
/// <param name="Allowed">Chunks below this number may be sent.</param>
/// <param name="Results">Results below this number are on the learner's disk.</param>
internal sealed record Progress(long Chunks, long Allowed, long Results)
{
    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(3);
        writer.Write(Chunks);
        writer.Write(Allowed);
        writer.Write(Results);
    }

    public static Progress Read(ref MessagePackReader reader)
    {
        reader.Fields(3);
        return new Progress(reader.Count(), reader.Count(), reader.Count());
    }
}

/// <summary>What goes before a chunk's buffer.</summary>
internal sealed record ChunkHeader(
    long Number, long MatchupId, string MatchId, PlayerId Player, int Team, int FirstDecision, int Length, bool Terminated, bool Truncated)
{
    public static ChunkHeader Of(long number, TrajectoryChunk chunk) => new(
        number, chunk.MatchupId, chunk.MatchId, chunk.Player, chunk.Team, chunk.FirstDecision, chunk.Length, chunk.Terminated, chunk.Truncated);

    /// <summary>A chunk with this header, whose buffer is still to be filled.</summary>
    public TrajectoryChunk Into(TrajectoryLayout layout) => new(layout, zeroed: false)
    {
        MatchupId = MatchupId,
        MatchId = MatchId,
        Player = Player,
        Team = Team,
        FirstDecision = FirstDecision,
        Length = Length,
        Terminated = Terminated,
        Truncated = Truncated,
    };

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(10);
        writer.Write(Number);
        writer.Write(MatchupId);
        writer.Write(MatchId);
        writer.WritePlayer(Player);
        writer.Write(Team);
        writer.Write(FirstDecision);
        writer.Write(Length);
        writer.Write(Terminated);
        writer.Write(Truncated);
    }

    public static ChunkHeader Read(ref MessagePackReader reader)
    {
        reader.Fields(10);
        return new ChunkHeader(
            reader.Count(), reader.ReadInt64(), reader.Text(128), reader.Player(), reader.Number(0, 255), reader.Number(0, int.MaxValue), reader.Number(1, 4096),
            reader.ReadBoolean(), reader.ReadBoolean());
    }
}

/// <summary>A finished match; its number is also the second half of its id.</summary>
internal sealed record NumberedResult(long Number, MatchResult Result)
{
    /// <summary>Id by which the league counts a worker's result once, whichever learner process it reaches and however often.</summary>
    public static string MatchId(string session, long number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"w{session}/{number}");

    public void Write(ref MessagePackWriter writer)
    {
        MatchOutcome outcome = Result.Outcome;
        writer.WriteArrayHeader(15);
        writer.Write(Number);
        writer.WriteMatchup(Result.Matchup);
        writer.Write(Result.HomeSide);
        writer.Write(Result.HomeVersion);
        writer.Write(Result.Seed);
        writer.Write(outcome.Winner);
        writer.Write(outcome.Decisions);
        writer.Write(outcome.Reason);
        writer.WriteArrayHeader(outcome.Scores.Count);
        foreach (float score in outcome.Scores)
            writer.Write(score);
    }

    public static NumberedResult Read(ref MessagePackReader reader, string session)
    {
        reader.Fields(15);
        long number = reader.Count();
        Matchup matchup = reader.Matchup();
        int side = reader.Number(0, 255), version = reader.Number(-1, int.MaxValue);
        ulong seed = reader.ReadUInt64();
        int winner = reader.Number(-1, 255), decisions = reader.Number(0, int.MaxValue);
        string reason = reader.Text(256);
        var scores = new float[reader.Items(256)];
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = reader.ReadSingle();
            if (!float.IsFinite(scores[i]))
                throw new FormatException("a score is not finite");
        }
        return new NumberedResult(number, new MatchResult(MatchId(session, number), matchup, side, version, new MatchOutcome(winner, decisions, reason, scores), seed));
    }
}

/// <summary>Matches for one of a worker's hosts.</summary>
internal sealed record HostMatches(int Host, IReadOnlyList<Assignment> Matches)
{
    public const int Most = 64;

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.Write(Host);
        writer.WriteArrayHeader(Matches.Count);
        foreach (Assignment match in Matches)
        {
            writer.WriteArrayHeader(10);
            writer.WriteMatchup(match.Matchup);
            writer.Write(match.MatchId);
            writer.Write(match.HomeSide);
            writer.Write(match.Seed);
        }
    }

    public static HostMatches Read(ref MessagePackReader reader)
    {
        reader.Fields(2);
        int host = reader.Number(0, 1023);
        var matches = new Assignment[reader.Items(Most)];
        for (int i = 0; i < matches.Length; i++)
        {
            reader.Fields(10);
            matches[i] = new Assignment(reader.Matchup(), reader.Text(128), reader.Number(0, 255), reader.ReadUInt64());
        }
        return new HostMatches(host, matches);
    }
}

/// <summary>Reading and writing what many headers have in common, with a limit on everything.</summary>
internal static class HeaderParts
{
    /// <summary>A header is an array; later versions may append to it.</summary>
    public static void Fields(ref this MessagePackReader reader, int least)
    {
        int fields = reader.ReadArrayHeader();
        if (fields < least)
            throw new FormatException($"it has {fields} fields, expected {least}");
    }

    public static int Items(ref this MessagePackReader reader, int most)
    {
        int items = reader.ReadArrayHeader();
        return items <= most ? items : throw new FormatException($"a list has {items} entries, allowed are {most}");
    }

    public static int Number(ref this MessagePackReader reader, int low, int high)
    {
        int number = reader.ReadInt32();
        return number >= low && number <= high ? number : throw new FormatException($"{number} is not from {low} to {high}");
    }

    /// <summary>A number of chunks or results.</summary>
    public static long Count(ref this MessagePackReader reader)
    {
        long count = reader.ReadInt64();
        return count is >= 0 and < 1L << 60 ? count : throw new FormatException($"{count} counts nothing");
    }

    public static string Text(ref this MessagePackReader reader, int most)
    {
        string text = reader.ReadString() ?? throw new FormatException("a text is missing");
        return text.Length <= most ? text : throw new FormatException($"a text has {text.Length} characters, allowed are {most}");
    }

    public static byte[] Bytes(ref this MessagePackReader reader, int length)
    {
        ReadOnlySequence<byte> bytes = reader.ReadBytes() ?? throw new FormatException("bytes are missing");
        return bytes.Length == length ? bytes.ToArray() : throw new FormatException($"there are {bytes.Length} bytes, expected {length}");
    }

    public static PlayerId Player(ref this MessagePackReader reader)
    {
        var member = new MemberId(reader.Text(128));
        return member.Value.Length > 0 ? new PlayerId(member, reader.Number(PlayerId.Latest, int.MaxValue)) : throw new FormatException("a player without a name");
    }

    public static void WritePlayer(ref this MessagePackWriter writer, PlayerId player)
    {
        writer.Write(player.Member.Value);
        writer.Write(player.Version);
    }

    public static Matchup Matchup(ref this MessagePackReader reader)
        => new(reader.Count(), reader.Player(), reader.Player(), reader.Number(1, 1_000_000), reader.ReadUInt64());

    public static void WriteMatchup(ref this MessagePackWriter writer, Matchup matchup)
    {
        writer.Write(matchup.Id);
        writer.WritePlayer(matchup.Home);
        writer.WritePlayer(matchup.Away);
        writer.Write(matchup.Matches);
        writer.Write(matchup.Seed);
    }
}
