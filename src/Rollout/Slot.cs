using System.Runtime.InteropServices;
using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;

namespace SelfPlayArena.Rollout;

/// <summary>A place in a host's batch and the match that is played there.</summary>
internal sealed class Slot(EnvironmentSpec spec)
{
    /// <summary>Null: nothing left to play here.</summary>
    public Assignment? Assignment;

    /// <summary>Decisions played so far.</summary>
    public int Decision;

    /// <summary>Whether the result is reported.</summary>
    public bool Rated;

    /// <summary>Null unless the match is being recorded; a match that is resumed is not.</summary>
    public ReplayRecording? Recording;

    public readonly TeamSeat[] Teams = Enumerable.Range(0, spec.Teams).Select(_ => new TeamSeat()).ToArray();

    public void Save(BinaryWriter writer)
    {
        writer.Write(Assignment is not null);
        if (Assignment is null)
            return;
        Write(writer, Assignment.Matchup);
        writer.Write(Assignment.MatchId);
        writer.Write(Assignment.HomeSide);
        writer.Write(Assignment.Seed);
        writer.Write(Decision);
        writer.Write(Rated);
        foreach (TeamSeat seat in Teams)
            seat.Save(writer);
    }

    public void Load(BinaryReader reader, TrajectoryLayout? layout)
    {
        Assignment = null;
        if (!reader.ReadBoolean())
            return;
        Assignment = new Assignment(ReadMatchup(reader), reader.ReadString(), reader.ReadInt32(), reader.ReadUInt64());
        Decision = reader.ReadInt32();
        Rated = reader.ReadBoolean();
        foreach (TeamSeat seat in Teams)
            seat.Load(reader, layout);
    }

    public static void Write(BinaryWriter writer, Matchup matchup)
    {
        writer.Write(matchup.Id);
        Write(writer, matchup.Home);
        Write(writer, matchup.Away);
        writer.Write(matchup.Matches);
        writer.Write(matchup.Seed);
    }

    public static Matchup ReadMatchup(BinaryReader reader)
        => new(reader.ReadInt64(), ReadPlayer(reader), ReadPlayer(reader), reader.ReadInt32(), reader.ReadUInt64());

    public static void Write(BinaryWriter writer, PlayerId player)
    {
        writer.Write(player.Member.Value);
        writer.Write(player.Version);
    }

    public static PlayerId ReadPlayer(BinaryReader reader) => new(new MemberId(reader.ReadString()), reader.ReadInt32());
}

/// <summary>One team's player in a match.</summary>
internal sealed class TeamSeat
{
    /// <summary>Value of <see cref="Scripted"/> for players that are networks.</summary>
    public const int Policy = -1;

    /// <summary>Value of <see cref="Scripted"/> for the uniformly random player.</summary>
    public const int Random = -2;

    public PlayerId Player;

    /// <summary>Index of the environment's scripted player, <see cref="Policy"/> or <see cref="Random"/>.</summary>
    public int Scripted;

    /// <summary>The frozen network for the whole match; null for the latest, which moves, and for scripted players.</summary>
    public PolicyVersion? Pinned;

    /// <summary>Whether this team's experience goes to the learner.</summary>
    public bool Learns;

    /// <summary>Whether this team plays without chance, as a baseline that others are compared with.</summary>
    public bool Greedy;

    /// <summary>[agents a team, H]; empty before the first decision.</summary>
    public float[] Recurrent = [];

    /// <summary>The chunk being filled.</summary>
    public TrajectoryChunk? Chunk;

    public void Save(BinaryWriter writer)
    {
        writer.Write(Recurrent.Length);
        writer.Write(MemoryMarshal.AsBytes(Recurrent.AsSpan()));
        writer.Write(Chunk is not null);
        if (Chunk is null)
            return;
        writer.Write(Chunk.MatchupId);
        writer.Write(Chunk.MatchId);
        Slot.Write(writer, Chunk.Player);
        writer.Write(Chunk.Team);
        writer.Write(Chunk.FirstDecision);
        writer.Write(Chunk.Length);
        writer.Write(Chunk.Buffer);
    }

    public void Load(BinaryReader reader, TrajectoryLayout? layout)
    {
        Recurrent = new float[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(Recurrent.AsSpan()));
        Chunk?.Dispose();
        Chunk = null;
        if (!reader.ReadBoolean())
            return;
        Chunk = new TrajectoryChunk(layout ?? throw new InvalidDataException("the state holds experience, but this host does not learn"))
        {
            MatchupId = reader.ReadInt64(),
            MatchId = reader.ReadString(),
            Player = Slot.ReadPlayer(reader),
            Team = reader.ReadInt32(),
            FirstDecision = reader.ReadInt32(),
            Length = reader.ReadInt32(),
        };
        reader.BaseStream.ReadExactly(Chunk.Buffer);
    }
}
