namespace SelfPlayArena.Moba;

/// <summary>One direction (0 to 15) a cell, leading around walls to a place.</summary>
internal static class FlowField
{
    private const int Size = GameMap.Size;
    private static readonly (int X, int Y)[] Steps = [(2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (-1, 2), (-2, 2), (-2, 1), (-2, 0), (-2, -1), (-2, -2), (-1, -2), (0, -2), (1, -2), (2, -2), (2, -1)];

    /// <param name="walkable">By cell.</param>
    /// <param name="lane">Way to keep to, or null for the shortest way.</param>
    public static byte[] Towards(bool[] walkable, float x, float y, (float X, float Y)[]? lane)
    {
        int[] cost = Costs(walkable, lane);
        byte[] field = Follow(walkable, Distances(walkable, cost, GameMap.Cell(x, y)));
        for (int cell = 0; cell < field.Length; cell++)
            field[cell] = field[cell] == Nowhere ? (byte)0 : field[cell];
        return field;
    }

    /// <summary>Stands where no way leads on: in walls and at the goal.</summary>
    public const byte Nowhere = 255;

    /// <summary>By cell, the direction in which the distance falls fastest.</summary>
    public static byte[] Follow(bool[] walkable, int[] distance)
    {
        var field = new byte[Size * Size];
        Array.Fill(field, Nowhere);
        for (int cy = 2; cy < Size - 2; cy++)
        {
            for (int cx = 2; cx < Size - 2; cx++)
            {
                int cell = cy * Size + cx;
                if (walkable[cell])
                    field[cell] = Best(walkable, distance, cx, cy);
            }
        }
        return field;
    }

    /// <summary>By cell: whether a way leads there from a place.</summary>
    public static bool[] Reached(bool[] walkable, float x, float y)
    {
        int[] cost = Costs(walkable, null);
        return [.. Distances(walkable, cost, GameMap.Cell(x, y)).Select(d => d != int.MaxValue)];
    }

    /// <summary>The same field for the other team: reflected at y = -x.</summary>
    public static byte[] Reflect(byte[] field)
    {
        var reflected = new byte[field.Length];
        for (int cy = 0; cy < Size; cy++)
        {
            for (int cx = 0; cx < Size; cx++)
                reflected[(Size - 1 - cx) * Size + Size - 1 - cy] = (byte)Directions.Mirror(field[cy * Size + cx]);
        }
        return reflected;
    }

    public static int[] Costs(bool[] walkable, (float X, float Y)[]? lane)
    {
        var cost = new int[Size * Size];
        for (int cy = 1; cy < Size - 1; cy++)
        {
            for (int cx = 1; cx < Size - 1; cx++)
            {
                int cell = cy * Size + cx;
                int c = 1;
                for (int d = 0; d < 9; d++)
                {
                    if (!walkable[cell + (d / 3 - 1) * Size + d % 3 - 1])
                        c = 2;
                }
                if (lane is not null)
                {
                    float nearest = float.MaxValue;
                    for (int i = 0; i + 1 < lane.Length; i++)
                        nearest = Math.Min(nearest, MapLoader.SquaredDistance(cx - GameMap.Half + 0.5f, cy - GameMap.Half + 0.5f, lane[i], lane[i + 1]));
                    c *= nearest <= 2.25f ? 1 : nearest <= 20f ? 2 : 8;
                }
                cost[cell] = c;
            }
        }
        return cost;
    }

    public static int[] Distances(bool[] walkable, int[] cost, int goal)
    {
        var distance = new int[Size * Size];
        Array.Fill(distance, int.MaxValue);
        var queue = new PriorityQueue<int, int>();
        distance[goal] = 0;
        queue.Enqueue(goal, 0);
        while (queue.TryDequeue(out int cell, out int at))
        {
            if (at > distance[cell])
                continue;
            for (int d = 0; d < 9; d++)
            {
                int dx = d % 3 - 1;
                int dy = d / 3 - 1;
                int next = cell + dy * Size + dx;
                if (d == 4 || !walkable[next] || !walkable[cell + dx] || !walkable[cell + dy * Size])
                    continue;
                int reach = at + (dx != 0 && dy != 0 ? 14 : 10) * (cost[cell] + cost[next]);
                if (reach < distance[next])
                {
                    distance[next] = reach;
                    queue.Enqueue(next, reach);
                }
            }
        }
        return distance;
    }

    private static byte Best(bool[] walkable, int[] distance, int cx, int cy)
    {
        int best = -1;
        float most = 0f;
        int here = distance[cy * Size + cx];
        if (here == int.MaxValue)
            return Nowhere;
        for (int d = 0; d < Steps.Length; d++)
        {
            (int sx, int sy) = Steps[d];
            int there = (cy + sy) * Size + cx + sx;
            if (!Clear(walkable, cx, cy, sx, sy) || distance[there] == int.MaxValue)
                continue;
            float length = MathF.Sqrt(sx * sx + sy * sy);
            float gain = (here - distance[there]) / length;
            if (gain > most)
            {
                most = gain;
                best = d;
            }
        }
        if (best >= 0)
            return (byte)best;
        for (int d = 0; d < 16; d += 2)
        {
            int there = (cy + Math.Sign(Steps[d].Y)) * Size + cx + Math.Sign(Steps[d].X);
            if (walkable[there] && distance[there] < here)
                return (byte)d;
        }
        return Nowhere;
    }

    private static bool Clear(bool[] walkable, int cx, int cy, int sx, int sy)
    {
        int fromX = Math.Min(0, sx);
        int toX = Math.Max(0, sx);
        int fromY = Math.Min(0, sy);
        int toY = Math.Max(0, sy);
        for (int y = fromY; y <= toY; y++)
        {
            for (int x = fromX; x <= toX; x++)
            {
                if (!walkable[(cy + y) * Size + cx + x])
                    return false;
            }
        }
        return true;
    }
}
