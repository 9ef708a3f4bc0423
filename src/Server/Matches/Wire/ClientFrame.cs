using MessagePack;
using SelfPlayArena.Moba;

namespace SelfPlayArena.Server.Matches.Wire;

/// <summary>What a browser can ask over a match's WebSocket.</summary>
internal enum ClientAsk : byte
{
    Order,
    Buy,
    Sell,
    Learn,
    Auto,
    Pick,
    Ban,
    Ping,
    Select,
    View,
    Seek,
    Speed,
    Pause,
    Time,
}

/// <summary>What a person tells a hero to do: verbs of the rules, and those that hands carry out with several.</summary>
internal enum HandVerb : byte
{
    Move,
    Attack,
    AttackMove,
    Stop,
    Skill1,
    Skill2,
    Skill3,
    Ultimate,
    Spell1,
    Spell2,
    Item,
    Ward,
    Recall,
}

/// <summary>A frame from a browser, checked for its form; whether it may be done is the match's affair.</summary>
/// <param name="Number">The unit, item, skill, hero, tick or view (-1 all) that it names.</param>
/// <param name="Value">The speed, or when it was sent.</param>
/// <param name="First">A bool: pause, or whether the build shops.</param>
internal readonly record struct ClientFrame(
    ClientAsk Ask, long Sequence = 0, HandVerb Verb = default, int Number = -1, float X = 0f, float Y = 0f, double Value = 0, bool First = false, bool Second = false)
{
    /// <summary>Bytes of the longest frame.</summary>
    public const int MostBytes = 4096;

    private static readonly string[] Verbs = ["move", "attack", "attackMove", "stop", "skill1", "skill2", "skill3", "ultimate", "spell1", "spell2", "item", "ward", "recall"];

    /// <summary>Reads a frame; whatever the bytes are, nothing is thrown.</summary>
    /// <param name="problem">What is wrong and what is allowed; null if nothing is.</param>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, out ClientFrame frame, out string? problem)
    {
        frame = default;
        try
        {
            var reader = new MessagePackReader(bytes);
            problem = Read(ref reader, out frame);
            if (problem is null && !reader.End)
                problem = "more follows the end of the frame";
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException or InvalidOperationException or FormatException)
        {
            problem = "this is not a frame: an array whose first element names it, with the elements that PROTOCOL.md gives it";
        }
        return problem is null;
    }

    private static string? Read(ref MessagePackReader reader, out ClientFrame frame)
    {
        frame = default;
        int count = reader.ReadArrayHeader();
        if (count is < 1 or > 6)
            return $"a frame has {count} elements; allowed: 1 to 6";
        string name = Text(ref reader);
        int wanted = name switch { "order" => 6, "ping" or "auto" => 4, "buy" or "sell" or "learn" or "pick" or "ban" => 3, "select" or "view" or "seek" or "speed" or "pause" or "time" => 2, _ => 0 };
        if (wanted == 0)
            return "the frame's name is unknown; allowed: order, buy, sell, learn, auto, pick, ban, ping, select, view, seek, speed, pause, time";
        if (count != wanted)
            return $"the frame '{name}' has {count} elements; allowed: {wanted}";
        switch (name)
        {
            case "order":
                return Order(ref reader, out frame);
            case "buy" or "sell" or "learn" or "pick" or "ban":
                ClientAsk ask = name switch { "buy" => ClientAsk.Buy, "sell" => ClientAsk.Sell, "learn" => ClientAsk.Learn, "pick" => ClientAsk.Pick, _ => ClientAsk.Ban };
                frame = new ClientFrame(ask, Sequence: reader.ReadInt64(), Number: reader.ReadInt32());
                return null;
            case "auto":
                frame = new ClientFrame(ClientAsk.Auto, Sequence: reader.ReadInt64(), First: reader.ReadBoolean(), Second: reader.ReadBoolean());
                return null;
            case "ping":
                frame = new ClientFrame(ClientAsk.Ping, X: Numeral(ref reader), Y: Numeral(ref reader), Number: reader.ReadInt32());
                return Finite(frame.X, frame.Y);
            case "select":
                frame = new ClientFrame(ClientAsk.Select, Number: reader.ReadInt32());
                return null;
            case "view":
                int view = reader.NextMessagePackType == MessagePackType.String ? Text(ref reader) == "all" ? -1 : 9 : reader.ReadInt32();
                frame = new ClientFrame(ClientAsk.View, Number: view);
                return view is >= -1 and <= 1 ? null : "a view is 'all', 0 or 1";
            case "seek":
                frame = new ClientFrame(ClientAsk.Seek, Number: (int)Math.Clamp(Numeral(ref reader), 0, int.MaxValue / 2));
                return null;
            case "speed":
                frame = new ClientFrame(ClientAsk.Speed, Value: Numeral(ref reader));
                return frame.Value is >= 0.1 and <= 16 ? null : "a speed is 0.1 to 16";
            case "pause":
                frame = new ClientFrame(ClientAsk.Pause, First: reader.ReadBoolean());
                return null;
            default:
                double sent = reader.NextMessagePackType == MessagePackType.Integer ? reader.ReadInt64() : reader.ReadDouble();
                frame = new ClientFrame(ClientAsk.Time, Value: sent);
                return double.IsFinite(sent) ? null : "a time is a number";
        }
    }

    private static string? Order(ref MessagePackReader reader, out ClientFrame frame)
    {
        long sequence = reader.ReadInt64();
        int verb = Array.IndexOf(Verbs, Text(ref reader));
        int target = reader.ReadInt32();
        frame = new ClientFrame(ClientAsk.Order, sequence, (HandVerb)Math.Max(verb, 0), target, Numeral(ref reader), Numeral(ref reader));
        return verb < 0 ? $"the order's verb is unknown; allowed: {string.Join(", ", Verbs)}" : Finite(frame.X, frame.Y);
    }

    private static string Text(ref MessagePackReader reader)
        => reader.NextMessagePackType == MessagePackType.String ? reader.ReadString() ?? "" : throw new MessagePackSerializationException("a name is a string");

    private static float Numeral(ref MessagePackReader reader)
        => reader.NextMessagePackType == MessagePackType.Integer ? reader.ReadInt64() : (float)reader.ReadDouble();

    private static string? Finite(float x, float y)
        => MathF.Abs(x) <= GameMap.Size && MathF.Abs(y) <= GameMap.Size ? null : $"x and y are cells, -{GameMap.Size} to {GameMap.Size}";
}
