namespace SelfPlayArena.Server.Matches.Wire;

/// <summary>One field of a table.</summary>
/// <param name="Scale">The value is the number sent times this.</param>
/// <param name="Width">Numbers it has: more than 1 is sent as an array.</param>
internal sealed record TableField(string Name, double Scale = 1, int Width = 1);

/// <summary>A table's name and fields in order. A row is kept as one number a column, fields with a width taking several.</summary>
internal sealed class TableSchema
{
    public TableSchema(string name, params TableField[] fields)
    {
        Name = name;
        Fields = fields;
        int[] at = new int[fields.Length];
        for (int f = 0; f < fields.Length; f++)
        {
            at[f] = Columns;
            Columns += fields[f].Width;
        }
        At = at;
    }

    public string Name { get; }

    public IReadOnlyList<TableField> Fields { get; }

    /// <summary>First column of each field.</summary>
    public IReadOnlyList<int> At { get; }

    public int Columns { get; }

    /// <summary>Mask with a bit for every field.</summary>
    public int All => (1 << Fields.Count) - 1;
}

/// <summary>The tables that PROTOCOL.md describes. The order of fields is the order in which <see cref="MatchTables"/> and <see cref="OwnTable"/> write them.</summary>
internal static class Schemas
{
    /// <summary>Numbers a cell of a position.</summary>
    public const float Steps = 64f;

    public static readonly TableSchema Units = new("units",
        new("kind"), new("type"), new("team"), new("x", 1 / Steps), new("y", 1 / Steps), new("hp"), new("maxHp"), new("state"), new("shield"), new("target"), new("windUp"));

    public static readonly TableSchema Heroes = new("heroes",
        new("level"), new("mana"), new("maxMana"), new("kills"), new("deaths"), new("assists"), new("creepScore"), new("items", 1, 6), new("spells", 1, 2),
        new("respawn"), new("macro"), new("gold"), new("ultimate"), new("visible"));

    public static readonly TableSchema Projectiles = new("projectiles",
        new("owner"), new("ability"), new("team"), new("x", 1 / Steps), new("y", 1 / Steps), new("vx", 1 / Steps), new("vy", 1 / Steps), new("target"));

    public static readonly TableSchema Zones = new("zones",
        new("owner"), new("ability"), new("team"), new("x", 1 / Steps), new("y", 1 / Steps), new("radius", 1 / Steps), new("starts"), new("ends"));

    public static readonly TableSchema Match = new("match",
        new("killsHome"), new("killsAway"), new("towersHome"), new("towersAway"), new("epic", 1, 2), new("finished"), new("paused"), new("goldHome"), new("goldAway"));

    public static readonly TableSchema Fog = new("fog", new TableField("cells", 1, 32));

    public static readonly TableSchema Me = new("me",
        new("skillLevels", 1, 4), new("skillPoints"), new("cooldowns", 1, 8), new("ready"), new("recall"), new("gold"), new("wards"), new("shop"), new("byHand"),
        new("order", 1, 4), new("attackRange", 1 / Steps), new("moveSpeed", 1 / Steps), new("attack"), new("armor"), new("magicResist"), new("haste", 0.01));

    public static IReadOnlyList<TableSchema> All { get; } = [Units, Heroes, Projectiles, Zones, Match, Fog, Me];
}
