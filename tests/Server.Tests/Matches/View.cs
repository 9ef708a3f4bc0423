using MessagePack;

namespace SelfPlayArena.Server.Tests.Matches;

/// <summary>A client's side of the protocol: takes frames in and holds the tables that they amount to.</summary>
internal sealed class View
{
    private readonly Dictionary<string, List<(string Name, double Scale)>> _schema = [];

    /// <summary>By table and id, the values of its fields: numbers, or lists of them.</summary>
    public Dictionary<string, Dictionary<long, object?[]>> Tables { get; } = [];

    public List<Dictionary<string, object?>> Events { get; } = [];

    public Dictionary<string, object?>? Hello { get; private set; }

    public Dictionary<string, object?>? End { get; private set; }

    public List<object?[]> Others { get; } = [];

    public int Tick { get; private set; } = -1;

    public int Fulls { get; private set; }

    public long Bytes { get; private set; }

    public void Take(ReadOnlyMemory<byte> bytes)
    {
        Bytes += bytes.Length;
        var reader = new MessagePackReader(bytes);
        var frame = (object?[])Read(ref reader)!;
        Assert.True(reader.End);
        switch ((string)frame[0]!)
        {
            case "hello":
                Hello = (Dictionary<string, object?>)frame[1]!;
                foreach ((string table, object? fields) in (Dictionary<string, object?>)Hello["schema"]!)
                    _schema[table] = [.. ((object?[])fields!).Select(f => ((string)((object?[])f!)[0]!, Convert.ToDouble(((object?[])f)[1], System.Globalization.CultureInfo.InvariantCulture)))];
                break;
            case "full":
                Tables.Clear();
                Fulls++;
                Apply(frame);
                break;
            case "delta":
                Assert.True(Fulls > 0, "a delta came before everything was sent");
                Apply(frame);
                break;
            case "events":
                Events.AddRange(((object?[])frame[2]!).Select(e => (Dictionary<string, object?>)e!));
                break;
            case "end":
                End = (Dictionary<string, object?>)frame[1]!;
                break;
            default:
                Others.Add(frame);
                break;
        }
    }

    /// <summary>A field's number as it was sent, without its scale.</summary>
    public long Number(string table, long id, string field) => (long)Tables[table][id][_schema[table].FindIndex(f => f.Name == field)]!;

    public long[] Numbers(string table, long id, string field)
        => [.. ((object?[])Tables[table][id][_schema[table].FindIndex(f => f.Name == field)]!).Select(v => (long)v!)];

    public double Value(string table, long id, string field) => Number(table, id, field) * _schema[table].Single(f => f.Name == field).Scale;

    public IEnumerable<long> Ids(string table) => Tables.TryGetValue(table, out Dictionary<long, object?[]>? rows) ? rows.Keys : [];

    public static object?[] Parse(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        return (object?[])Read(ref reader)!;
    }

    private void Apply(object?[] frame)
    {
        Tick = (int)(long)frame[1]!;
        foreach (object?[] table in ((object?[])frame[2]!).Cast<object?[]>())
        {
            string name = (string)table[0]!;
            if (!Tables.TryGetValue(name, out Dictionary<long, object?[]>? rows))
                Tables[name] = rows = [];
            foreach (object? gone in (object?[])table[1]!)
                Assert.True(rows.Remove((long)gone!), $"tick {Tick}: {name} {gone} is gone and was not there");
            foreach (object?[] row in ((object?[])table[2]!).Cast<object?[]>())
                Row(name, rows, row);
        }
    }

    private void Row(string name, Dictionary<long, object?[]> rows, object?[] row)
    {
        long id = (long)row[0]!, mask = (long)row[1]!;
        int fields = _schema[name].Count;
        if (!rows.TryGetValue(id, out object?[]? held))
        {
            Assert.Equal((1L << fields) - 1, mask);
            rows[id] = held = new object?[fields];
        }
        int at = 2;
        for (int f = 0; f < fields; f++)
        {
            if ((mask >> f & 1) != 0)
                held[f] = row[at++];
        }
        Assert.Equal(row.Length, at);
    }

    private static object? Read(ref MessagePackReader reader)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Array:
                var list = new object?[reader.ReadArrayHeader()];
                for (int i = 0; i < list.Length; i++)
                    list[i] = Read(ref reader);
                return list;
            case MessagePackType.Map:
                var map = new Dictionary<string, object?>();
                for (int i = reader.ReadMapHeader(); i > 0; i--)
                    map.Add(reader.ReadString()!, Read(ref reader));
                return map;
            case MessagePackType.Integer:
                return reader.ReadInt64();
            case MessagePackType.Float:
                return reader.ReadDouble();
            case MessagePackType.Boolean:
                return reader.ReadBoolean();
            case MessagePackType.String:
                return reader.ReadString();
            default:
                Assert.True(reader.TryReadNil());
                return null;
        }
    }
}
