using SelfPlayArena.Moba;

namespace SelfPlayArena.Server.Matches.Hands;

/// <summary>
/// Ways around walls for people's clicks: A* over the cells, then as few corners as lines that keep off walls allow. Holds the buffers of one
/// thread; a search from one end of the map to the other takes about a millisecond.
/// </summary>
internal sealed class PathFinder
{
    private const int Size = GameMap.Size;
    private const int Straight = 10, Diagonal = 14;

    /// <summary>A step beside a wall costs so much more: ways keep a little off them.</summary>
    private const int BesideWall = 6;

    /// <summary>Cells around a click into a wall in which a free one is looked for.</summary>
    private const int NearestFree = 24;

    [ThreadStatic]
    private static PathFinder? s_ofThread;

    private readonly int[] _cost = new int[Size * Size];
    private readonly int[] _from = new int[Size * Size];
    private readonly int[] _round = new int[Size * Size];
    private readonly PriorityQueue<int, int> _open = new();
    private int _search;

    public static PathFinder OfThread => s_ofThread ??= new PathFinder();

    /// <summary>Corners of a way, the goal last; a goal in a wall becomes the free place nearest to it. Empty if there is none.</summary>
    public void Find(GameMap map, float x, float y, float toX, float toY, List<(float X, float Y)> corners)
    {
        corners.Clear();
        if (!map.Walkable(toX, toY) && !Free(map, ref toX, ref toY))
            return;
        if (Clear(map, x, y, toX, toY))
        {
            corners.Add((toX, toY));
            return;
        }
        int goal = GameMap.Cell(toX, toY);
        if (!Search(map, GameMap.Cell(x, y), goal))
            return;
        Corners(map, x, y, (toX, toY), goal, corners);
    }

    /// <summary>Whether one can walk straight from one place to another.</summary>
    public static bool Clear(GameMap map, float x, float y, float toX, float toY)
    {
        float dx = toX - x, dy = toY - y;
        float length = MathF.Sqrt(dx * dx + dy * dy);
        int steps = (int)(length * 4f) + 1;
        // A hand's breadth on both sides, so that a walk does not scrape along corners.
        float sideX = length < 1e-3f ? 0f : -dy / length * 0.3f, sideY = length < 1e-3f ? 0f : dx / length * 0.3f;
        for (int i = 1; i <= steps; i++)
        {
            float f = (float)i / steps;
            float px = x + dx * f, py = y + dy * f;
            if (!map.Walkable(px, py) || (i < steps && i > 1 && (!map.Walkable(px + sideX, py + sideY) || !map.Walkable(px - sideX, py - sideY))))
                return false;
        }
        return true;
    }

    private static bool Free(GameMap map, ref float x, ref float y)
    {
        for (int ring = 1; ring <= NearestFree; ring++)
        {
            (float X, float Y, float Square) best = (0f, 0f, float.MaxValue);
            for (int i = -ring; i <= ring; i++)
            {
                Nearer(map, x, y, i, -ring, ref best);
                Nearer(map, x, y, i, ring, ref best);
                Nearer(map, x, y, -ring, i, ref best);
                Nearer(map, x, y, ring, i, ref best);
            }
            if (best.Square == float.MaxValue)
                continue;
            (x, y) = (best.X, best.Y);
            return true;
        }
        return false;
    }

    private static void Nearer(GameMap map, float x, float y, int dx, int dy, ref (float X, float Y, float Square) best)
    {
        float square = dx * dx + dy * dy;
        if (square < best.Square && map.Walkable(x + dx, y + dy))
            best = (Centre(GameMap.Axis(x + dx)), Centre(GameMap.Axis(y + dy)), square);
    }

    private bool Search(GameMap map, int start, int goal)
    {
        _search++;
        _open.Clear();
        Reach(start, start, 0, goal);
        ReadOnlySpan<byte> ground = map.Ground;
        while (_open.TryDequeue(out int cell, out int estimate))
        {
            if (cell == goal)
                return true;
            if (estimate > _cost[cell] + Estimate(cell, goal))
                continue;
            int cx = cell % Size, cy = cell / Size;
            if (cx is 0 or Size - 1 || cy is 0 or Size - 1)
                continue;
            for (int d = 0; d < 9; d++)
            {
                int dx = d % 3 - 1, dy = d / 3 - 1, next = cell + dy * Size + dx;
                if (d == 4 || ground[next] == GameMap.Wall || ground[cell + dx] == GameMap.Wall || ground[cell + dy * Size] == GameMap.Wall)
                    continue;
                int cost = _cost[cell] + (dx != 0 && dy != 0 ? Diagonal : Straight) + (AtWall(ground, next) ? BesideWall : 0);
                if (_round[next] != _search || cost < _cost[next])
                    Reach(next, cell, cost, goal);
            }
        }
        return false;
    }

    private void Reach(int cell, int from, int cost, int goal)
    {
        (_round[cell], _cost[cell], _from[cell]) = (_search, cost, from);
        _open.Enqueue(cell, cost + Estimate(cell, goal));
    }

    private static int Estimate(int cell, int goal)
    {
        int dx = Math.Abs(cell % Size - goal % Size), dy = Math.Abs(cell / Size - goal / Size);
        return Straight * Math.Max(dx, dy) + (Diagonal - Straight) * Math.Min(dx, dy);
    }

    private static bool AtWall(ReadOnlySpan<byte> ground, int cell)
    {
        int x = cell % Size, y = cell / Size;
        return x is 0 or Size - 1 || y is 0 or Size - 1
            || ground[cell - 1] == GameMap.Wall || ground[cell + 1] == GameMap.Wall || ground[cell - Size] == GameMap.Wall || ground[cell + Size] == GameMap.Wall;
    }

    /// <summary>From the start as far along the cells as one can walk straight, from there on again, and so to the goal.</summary>
    private void Corners(GameMap map, float x, float y, (float X, float Y) to, int goal, List<(float X, float Y)> corners)
    {
        var cells = new List<int>();
        for (int cell = goal; _from[cell] != cell; cell = _from[cell])
            cells.Add(cell);
        cells.Reverse();
        for (int at = 0; at < cells.Count;)
        {
            int far = at;
            for (int next = at + 1; next < cells.Count && Clear(map, x, y, Place(next).X, Place(next).Y); next++)
                far = next;
            (x, y) = Place(far);
            corners.Add((x, y));
            at = far + 1;
        }

        (float X, float Y) Place(int i) => i == cells.Count - 1 ? to : (Centre(cells[i] % Size), Centre(cells[i] / Size));
    }

    private static float Centre(int axis) => axis - GameMap.Half + 0.5f;
}
