namespace SelfPlayArena.Moba;

/// <summary>
/// Ways from anywhere to anywhere: flow fields to places spread over the walkable ground, none farther than some ten cells' walk from the
/// next. Asked in the frame of the asking team, so that both teams are led alike.
/// </summary>
internal sealed class Waypoints
{
    private const int Most = 200;

    /// <summary>Cost of a walk beyond which another place is added; a cell costs 20 in the open and 40 along a wall.</summary>
    private const int Spacing = 240;

    /// <summary>Beyond this a hero follows fields, nearer it goes straight if nothing stands between.</summary>
    private const float Straight = 9f;

    private readonly GameMap _map;
    private readonly List<byte[]> _fields = [];
    private readonly byte[] _nearest = new byte[GameMap.Size * GameMap.Size];
    private readonly float[] _laneX = new float[UnitIndex.Lanes * 2 * GameMap.Size];
    private readonly float[] _laneY = new float[UnitIndex.Lanes * 2 * GameMap.Size];

    public Waypoints(GameMap map)
    {
        _map = map;
        bool[] walkable = [.. map.Ground.ToArray().Select(g => g != GameMap.Wall)];
        int[] cost = FlowField.Costs(walkable, null);
        var best = new int[walkable.Length];
        Array.Fill(best, int.MaxValue);
        for (int i = 0; i < map.StructureX.Length; i++)
            Add(walkable, cost, best, GameMap.Cell(map.StructureX[i], map.StructureY[i]));
        for (int i = 0; i < map.MonsterX.Length; i++)
            Add(walkable, cost, best, GameMap.Cell(map.MonsterX[i], map.MonsterY[i]));
        while (_fields.Count < Most && Farthest(walkable, best) is >= 0 and int cell)
            Add(walkable, cost, best, cell);
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
            Trace(lane);
    }

    /// <summary>Place on a lane at a progress x + y, in the own frame.</summary>
    public (float X, float Y) OnLane(int lane, float progress)
    {
        int at = (int)progress + GameMap.Size;
        at = at < 0 ? 0 : at >= 2 * GameMap.Size ? 2 * GameMap.Size - 1 : at;
        return (_laneX[lane * 2 * GameMap.Size + at], _laneY[lane * 2 * GameMap.Size + at]);
    }

    /// <summary>Direction (0 to 15) in which to go on from one place to another, both in the own frame.</summary>
    public int Direction(float x, float y, float toX, float toY)
    {
        float dx = toX - x;
        float dy = toY - y;
        if (dx * dx + dy * dy < Straight * Straight && _map.LineOfSight(x, y, toX, toY))
            return Directions.Nearest(dx, dy);
        int goal = GameMap.Cell(toX, toY);
        byte way = _fields[_nearest[goal]][GameMap.Cell(x, y)];
        return way == FlowField.Nowhere ? Directions.Nearest(dx, dy) : way;
    }

    private void Add(bool[] walkable, int[] cost, int[] best, int cell)
    {
        if (best[cell] == 0 || !walkable[cell])
            return;
        int[] distance = FlowField.Distances(walkable, cost, cell);
        for (int c = 0; c < distance.Length; c++)
        {
            if (distance[c] >= best[c])
                continue;
            best[c] = distance[c];
            _nearest[c] = (byte)_fields.Count;
        }
        _fields.Add(FlowField.Follow(walkable, distance));
    }

    private static int Farthest(bool[] walkable, int[] best)
    {
        int cell = -1;
        int most = Spacing;
        for (int c = 0; c < best.Length; c++)
        {
            if (!walkable[c] || best[c] == int.MaxValue || best[c] <= most)
                continue;
            most = best[c];
            cell = c;
        }
        return cell;
    }

    /// <summary>Walks along a lane from the own spawn to the enemy's ancient and notes the first place of each progress.</summary>
    private void Trace(int lane)
    {
        Span<float> xs = _laneX.AsSpan(lane * 2 * GameMap.Size, 2 * GameMap.Size);
        Span<float> ys = _laneY.AsSpan(lane * 2 * GameMap.Size, 2 * GameMap.Size);
        float x = _map.SpawnX[lane];
        float y = _map.SpawnY[lane];
        int next = 0;
        for (int step = 0; step < 4 * GameMap.Size; step++)
        {
            for (int at = (int)(x + y) + GameMap.Size; next <= at && next < xs.Length; next++)
                (xs[next], ys[next]) = (x, y);
            int d = _map.LaneDirection(0, lane, x, y);
            float nextX = x + 0.5f * Directions.X(d);
            float nextY = y + 0.5f * Directions.Y(d);
            if (!_map.Walkable(nextX, nextY))
                break;
            (x, y) = (nextX, nextY);
        }
        for (; next < xs.Length; next++)
            (xs[next], ys[next]) = (x, y);
    }
}
