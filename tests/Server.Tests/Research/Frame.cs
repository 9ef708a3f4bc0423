using System.Buffers;
using System.Runtime.InteropServices;
using MessagePack;

namespace SelfPlayArena.Server.Tests.Research;

/// <summary>A frame from the server, read as a client in another language would.</summary>
internal sealed record Frame(string Name, string Text, byte[] Observations, byte[] Masks, byte[] FullState, float[] Rewards, byte[] Status, byte[] Illegal, IReadOnlyList<FrameEnded> Ended)
{
    public static Frame Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        int elements = reader.ReadArrayHeader();
        string name = reader.ReadString()!;
        Frame frame = new(name, "", [], [], [], [], [], [], []);
        switch (name, elements)
        {
            case ("error" or "opened", 2):
                frame = frame with { Text = reader.ReadString()! };
                break;
            case ("state", 4):
                frame = frame with { Observations = Bin(ref reader), Masks = Bin(ref reader), FullState = Bin(ref reader) };
                break;
            case ("stepped", 9):
                frame = frame with
                {
                    Observations = Bin(ref reader),
                    Masks = Bin(ref reader),
                    FullState = Bin(ref reader),
                    Rewards = MemoryMarshal.Cast<byte, float>(Bin(ref reader)).ToArray(),
                    Status = Bin(ref reader),
                    Illegal = Bin(ref reader),
                    Ended = Matches(ref reader),
                };
                Assert.InRange(reader.ReadDouble(), 0, 60);
                break;
            default:
                Assert.Fail($"the server sent '{name}' with {elements} elements");
                break;
        }
        Assert.True(reader.End);
        return frame;
    }

    private static byte[] Bin(ref MessagePackReader reader) => reader.ReadBytes()!.Value.ToArray();

    private static List<FrameEnded> Matches(ref MessagePackReader reader)
    {
        var ended = new List<FrameEnded>();
        for (int left = reader.ReadArrayHeader(); left > 0; left--)
        {
            Assert.Equal(6, reader.ReadArrayHeader());
            ended.Add(new FrameEnded(reader.ReadInt32(), reader.ReadUInt64(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadString()!));
            for (int scores = reader.ReadArrayHeader(); scores > 0; scores--)
                reader.ReadSingle();
        }
        return ended;
    }
}

internal sealed record FrameEnded(int Match, ulong Seed, int Winner, int Decisions, string Reason);
