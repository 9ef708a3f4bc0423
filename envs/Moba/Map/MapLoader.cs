namespace SelfPlayArena.Moba;

/// <summary>
/// Builds the ground from shapes. The file describes one eighth of the map: every shape is drawn four times, as it is, reflected at
/// y = -x (the other team's), exchanged x for y (the other side of the middle lane), and both.
/// </summary>
internal static class MapLoader
{
    private static readonly string[] LaneNames = ["top", "middle", "bottom"];

    /// <summary>The modes played on the map.</summary>
    public static ModeDefinition[] Read(ContentNode n)
    {
        n.Only("$schema", "modes", "carve", "walls", "brush", "lanes", "ancient", "fountain", "camps", "epics");
        string[] lanes = [.. LaneNames.Where(n["lanes"].Only(LaneNames).Has)];
        if (lanes.Length == 0)
            throw n["lanes"].Error($"has no lane; allowed: one or more of {string.Join(", ", LaneNames)}");
        // Cheap complaints come before the ways over the map are worked out.
        List<Func<GameMap, ModeDefinition>> modes = [.. n["modes"].Items(1, 8).Select(m => Mode(m, lanes))];
        GameMap map = Map(n, lanes);
        return [.. modes.Select(m => m(map))];
    }

    private static Func<GameMap, ModeDefinition> Mode(ContentNode n, string[] lanesOfMap)
    {
        n.Only("name", "heroes", "lanes", "jungle");
        string name = n["name"].Text();
        int heroes = n["heroes"].Whole(1, UnitIndex.HeroesPerTeam);
        string[] lanes = [.. n["lanes"].Items(1, UnitIndex.Lanes).Select(l => lanesOfMap[l.Choice(lanesOfMap)])];
        bool jungle = n["jungle"].Flag();
        return map => new ModeDefinition { Name = name, HeroesPerTeam = heroes, Lanes = [.. LaneNames.Select(l => lanes.Contains(l))], Jungle = jungle, Map = map };
    }

    private static GameMap Map(ContentNode n, string[] names)
    {
        byte[] ground = Ground(n);
        bool[] walkable = [.. ground.Select(g => g != GameMap.Wall)];
        ContentNode fountain = n["fountain"].Only("at", "radius");

        var structures = new Places(UnitIndex.Structures, UnitIndex.StructuresPerTeam);
        var spawns = new Places(2 * UnitIndex.Lanes, UnitIndex.Lanes);
        var fountains = new Places(2, 1);
        (float X, float Y) ancient = Point(n["ancient"]);
        var ways = new Ways(walkable, ancient);
        structures.Set(UnitIndex.AncientOfTeam, ways.Checked(n["ancient"]));
        fountains.Set(0, ways.Checked(fountain["at"]));
        var lanes = new (float X, float Y)[]?[UnitIndex.Lanes];
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            if (!names.Contains(LaneNames[lane]))
            {
                // What a map lacks lies under the ancient and never lives.
                spawns.Set(lane, ancient);
                for (int tier = 0; tier < 3; tier++)
                    structures.Set(lane * 3 + tier, ancient);
                continue;
            }
            ContentNode there = n["lanes"][LaneNames[lane]].Only("way", "towers", "spawn");
            lanes[lane] = [.. there["way"].Items(2, 50).Select(ways.Checked)];
            spawns.Set(lane, ways.Checked(there["spawn"]));
            IReadOnlyList<ContentNode> towers = there["towers"].Items(3, 3);
            for (int tier = 0; tier < 3; tier++)
                structures.Set(lane * 3 + tier, ways.Checked(towers[tier]));
        }
        Dens dens = Dens.Read(n, ways);
        float radius = fountain["radius"].Number(1f, 12f);

        var laneFields = new byte[2 * UnitIndex.Lanes][];
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            laneFields[lane] = FlowField.Towards(walkable, -ancient.Y, -ancient.X, lanes[lane]);
            laneFields[lane + UnitIndex.Lanes] = FlowField.Reflect(laneFields[lane]);
        }
        var structureFields = new byte[UnitIndex.Structures][];
        for (int s = UnitIndex.StructuresPerTeam - 1; s >= 0; s--)
        {
            int theirs = s + UnitIndex.StructuresPerTeam;
            bool lacks = s < UnitIndex.AncientOfTeam && lanes[s / 3] is null;
            structureFields[theirs] = lacks ? structureFields[UnitIndex.Structures - 1] : FlowField.Towards(walkable, structures.X[theirs], structures.Y[theirs], null);
            structureFields[s] = lacks ? structureFields[UnitIndex.AncientOfTeam] : FlowField.Reflect(structureFields[theirs]);
        }
        return new GameMap(ground, SightTable.Build(walkable), laneFields, structureFields)
        {
            StructureX = structures.X,
            StructureY = structures.Y,
            FountainX = fountains.X,
            FountainY = fountains.Y,
            FountainRadius = radius,
            MonsterX = dens.X,
            MonsterY = dens.Y,
            MonsterCamp = dens.Camp,
            MonsterKind = dens.Kind,
            SpawnX = spawns.X,
            SpawnY = spawns.Y,
        };
    }

    private static byte[] Ground(ContentNode n)
    {
        var ground = new byte[GameMap.Size * GameMap.Size];
        Array.Fill(ground, GameMap.Wall);
        foreach (ContentNode shape in n["carve"].Items(1))
            Draw(shape, (cell, _) => ground[cell] = 0);
        foreach (ContentNode shape in n["walls"].Items())
            Draw(shape, (cell, _) => ground[cell] = GameMap.Wall);
        int patches = 0;
        foreach (ContentNode shape in n["brush"].Items(0, 50))
        {
            Draw(shape, (cell, image) =>
            {
                if (ground[cell] == 0)
                    ground[cell] = (byte)(patches + image + 1);
            });
            patches += 4;
        }
        return ground;
    }

    internal static (float X, float Y) Point(ContentNode n)
    {
        IReadOnlyList<ContentNode> xy = n.Items(2, 2);
        return (xy[0].Number(-63f, 63f), xy[1].Number(-63f, 63f));
    }

    private static void Draw(ContentNode n, Action<int, int> paint)
    {
        n.Only(n.Has("disc") ? ["disc", "width"] : ["line", "width"]);
        float width = n["width"].Number(0.5f, 30f);
        float[] at = [.. (n.Has("disc") ? n["disc"].Items(2, 2) : n["line"].Items(4, 4)).Select(v => v.Number(-63f, 63f))];
        (float X, float Y) a = (at[0], at[1]);
        (float X, float Y) b = at.Length == 2 ? a : (at[2], at[3]);
        float left = Math.Min(a.X, b.X) - width;
        float right = Math.Max(a.X, b.X) + width;
        float low = Math.Min(a.Y, b.Y) - width;
        float high = Math.Max(a.Y, b.Y) + width;
        for (int cy = 2; cy < GameMap.Size - 2; cy++)
        {
            for (int cx = 2; cx < GameMap.Size - 2; cx++)
            {
                float x = cx - GameMap.Half + 0.5f;
                float y = cy - GameMap.Half + 0.5f;
                for (int image = 0; image < 4; image++)
                {
                    // Taking the point back through each symmetry keeps the arithmetic, hence the drawing, exactly symmetric.
                    (float px, float py) = image switch { 0 => (x, y), 1 => (-y, -x), 2 => (y, x), _ => (-x, -y) };
                    if (px >= left && px <= right && py >= low && py <= high && SquaredDistance(px, py, a, b) <= width * width)
                        paint(cy * GameMap.Size + cx, image);
                }
            }
        }
    }

    /// <summary>Squared distance of a point to a segment.</summary>
    internal static float SquaredDistance(float x, float y, (float X, float Y) a, (float X, float Y) b)
    {
        float dx = b.X - a.X;
        float dy = b.Y - a.Y;
        float length = dx * dx + dy * dy;
        float t = length == 0f ? 0f : ((x - a.X) * dx + (y - a.Y) * dy) / length;
        t = t < 0f ? 0f : t > 1f ? 1f : t;
        float ex = a.X + t * dx - x;
        float ey = a.Y + t * dy - y;
        return ex * ex + ey * ey;
    }
}
