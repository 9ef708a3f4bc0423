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
        GameMap map = Map(n);
        return [.. n["modes"].Items(1, 8).Select(m => Mode(m, map))];
    }

    private static ModeDefinition Mode(ContentNode n, GameMap map)
    {
        n.Only("name", "heroes", "lanes", "jungle");
        int[] lanes = [.. n["lanes"].Items(1, UnitIndex.Lanes).Select(l => l.Choice(LaneNames))];
        return new ModeDefinition
        {
            Name = n["name"].Text(),
            HeroesPerTeam = n["heroes"].Whole(1, UnitIndex.HeroesPerTeam),
            Lanes = [.. Enumerable.Range(0, UnitIndex.Lanes).Select(l => lanes.Contains(l))],
            Jungle = n["jungle"].Flag(),
            Map = map,
        };
    }

    private static GameMap Map(ContentNode n)
    {
        n.Only("modes", "carve", "walls", "brush", "lanes", "towers", "spawns", "ancient", "fountain", "camps");
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

        (float X, float Y)[][] lanes = [.. LaneNames.Select(l => n["lanes"].Only(LaneNames)[l].Items(2).Select(Point).ToArray())];
        var structureX = new float[UnitIndex.Structures];
        var structureY = new float[UnitIndex.Structures];
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            IReadOnlyList<ContentNode> towers = n["towers"].Only(LaneNames)[LaneNames[lane]].Items(3, 3);
            for (int tier = 0; tier < 3; tier++)
                Place(structureX, structureY, lane * 3 + tier, UnitIndex.StructuresPerTeam, Point(towers[tier]));
        }
        Place(structureX, structureY, UnitIndex.AncientOfTeam, UnitIndex.StructuresPerTeam, Point(n["ancient"]));
        var spawnX = new float[6];
        var spawnY = new float[6];
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
            Place(spawnX, spawnY, lane, UnitIndex.Lanes, Point(n["spawns"].Only(LaneNames)[LaneNames[lane]]));
        ContentNode fountain = n["fountain"].Only("at", "radius");
        var fountainX = new float[2];
        var fountainY = new float[2];
        Place(fountainX, fountainY, 0, 1, Point(fountain["at"]));

        var monsters = new List<(float X, float Y, int Camp, int Kind)>();
        IReadOnlyList<ContentNode> camps = n["camps"].Items(1, 4);
        for (int image = 0; image < 2; image++)
        {
            for (int c = 0; c < camps.Count; c++)
            {
                camps[c].Only("at", "monsters");
                (float x, float y) = Point(camps[c]["at"]);
                IReadOnlyList<ContentNode> kinds = camps[c]["monsters"].Items(1, 4);
                for (int k = 0; k < kinds.Count; k++)
                {
                    float off = kinds.Count == 1 ? 0f : k * 2f - (kinds.Count - 1);
                    (float mx, float my) = image == 0 ? (x + off, y + off) : (y + off, x + off);
                    monsters.Add((mx, my, image * camps.Count + c, kinds[k].Choice(RulesLoader.MonsterNames)));
                }
            }
        }
        if (monsters.Count != 8)
            throw n["camps"].Error($"hold {monsters.Count / 2} monsters; allowed: 4, so that a team's half of the map has 8");
        int half = monsters.Count;
        for (int i = 0; i < half; i++)
            monsters.Add((-monsters[i].Y, -monsters[i].X, monsters[i].Camp + 2 * camps.Count, monsters[i].Kind));

        bool[] walkable = [.. ground.Select(g => g != GameMap.Wall)];
        Check(n, "a structure", structureX, structureY);
        Check(n, "a spawn", spawnX, spawnY);
        Check(n, "a fountain", fountainX, fountainY);
        Check(n, "a monster", [.. monsters.Select(m => m.X)], [.. monsters.Select(m => m.Y)]);

        var laneFields = new byte[6][];
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            int enemyAncient = UnitIndex.StructuresPerTeam + UnitIndex.AncientOfTeam;
            laneFields[lane] = FlowField.Towards(walkable, structureX[enemyAncient], structureY[enemyAncient], lanes[lane]);
            laneFields[lane + 3] = FlowField.Reflect(laneFields[lane]);
        }
        var structureFields = new byte[UnitIndex.Structures][];
        for (int s = 0; s < UnitIndex.StructuresPerTeam; s++)
        {
            int theirs = s + UnitIndex.StructuresPerTeam;
            structureFields[theirs] = FlowField.Towards(walkable, structureX[theirs], structureY[theirs], null);
            structureFields[s] = FlowField.Reflect(structureFields[theirs]);
        }
        return new GameMap(ground, SightTable.Build(walkable), laneFields, structureFields)
        {
            StructureX = structureX,
            StructureY = structureY,
            FountainX = fountainX,
            FountainY = fountainY,
            FountainRadius = fountain["radius"].Number(1f, 12f),
            MonsterX = [.. monsters.Select(m => m.X)],
            MonsterY = [.. monsters.Select(m => m.Y)],
            MonsterCamp = [.. monsters.Select(m => m.Camp)],
            MonsterKind = [.. monsters.Select(m => m.Kind)],
            SpawnX = spawnX,
            SpawnY = spawnY,
        };

        void Check(ContentNode node, string what, float[] xs, float[] ys)
        {
            for (int i = 0; i < xs.Length; i++)
            {
                if (!walkable[GameMap.Cell(xs[i], ys[i])])
                    throw node.Error(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{what} at ({xs[i]}, {ys[i]}) stands in a wall; carve the ground there"));
            }
        }
    }

    private static void Place(float[] xs, float[] ys, int index, int perTeam, (float X, float Y) p)
    {
        xs[index] = p.X;
        ys[index] = p.Y;
        xs[index + perTeam] = -p.Y;
        ys[index + perTeam] = -p.X;
    }

    private static (float X, float Y) Point(ContentNode n)
    {
        IReadOnlyList<ContentNode> xy = n.Items(2, 2);
        return (xy[0].Number(-63f, 63f), xy[1].Number(-63f, 63f));
    }

    private static void Draw(ContentNode n, Action<int, int> paint)
    {
        n.Only("disc", "line", "width");
        float width = n["width"].Number(0.5f, 30f);
        float[] at = [.. (n.Has("disc") ? n["disc"].Items(2, 2) : n["line"].Items(4, 4)).Select(v => v.Number(-63f, 63f))];
        (float X, float Y) a = (at[0], at[1]);
        (float X, float Y) b = at.Length == 2 ? a : (at[2], at[3]);
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
                    if (SquaredDistance(px, py, a, b) <= width * width)
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
