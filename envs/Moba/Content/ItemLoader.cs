namespace SelfPlayArena.Moba;

/// <summary>Reads the file of items. An item is made from items before it in the file.</summary>
internal static class ItemLoader
{
    public const int Most = 24;

    public static ItemDefinition[] Read(ContentNode n, SkillLoader skills)
    {
        n.Only("$schema", "items");
        var items = new List<ItemDefinition>();
        foreach (ContentNode item in n["items"].Items(1, Most))
        {
            items.Add(Item(item, items, skills));
            if (items.FindIndex(i => i.Name == items[^1].Name) < items.Count - 1)
                throw item["name"].Error($"'{items[^1].Name}' is there already; allowed: a name of its own");
        }
        return [.. items];
    }

    private static ItemDefinition Item(ContentNode n, List<ItemDefinition> before, SkillLoader skills)
    {
        n.Only("name", "price", "from", "stats", "trigger", "active");
        string[] names = [.. before.Select(i => i.Name)];
        int[] from = n.Has("from") ? [.. n["from"].Items(1, 3).Select(f => f.Choice(names))] : [];
        int price = n["price"].Whole(1, 100_000);
        int parts = from.Sum(f => before[f].Price);
        if (price < parts)
            throw n["price"].Error($"is {price}, less than what it is made from; allowed: at least {parts}");
        return new ItemDefinition
        {
            Index = before.Count,
            Name = n["name"].Text(),
            Price = price,
            From = from,
            Stats = StatNames.ReadTable(n["stats"]),
            Trigger = n.Has("trigger") ? skills.Trigger(n["trigger"]) : null,
            Active = n.Has("active") ? skills.Active(n["active"]) : null,
        };
    }
}
