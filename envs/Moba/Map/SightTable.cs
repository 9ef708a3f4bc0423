namespace SelfPlayArena.Moba;

/// <summary>
/// For each block of 4 × 4 cells, which of the 7 × 7 blocks around it can be seen: bit (dy + 3) · 7 + dx + 3 is set when a ray between any of
/// four inner cells of the one and of the other meets no wall. The choice of cells is symmetric, so the table is too.
/// </summary>
internal static class SightTable
{
    private const int Side = 1 << GameMap.BlockShift;
    private static readonly (int X, int Y)[] Probes = [(1, 1), (2, 1), (1, 2), (2, 2)];

    public static ulong[] Build(bool[] walkable)
    {
        var sight = new ulong[GameMap.Blocks * GameMap.Blocks];
        for (int by = 0; by < GameMap.Blocks; by++)
        {
            for (int bx = 0; bx < GameMap.Blocks; bx++)
            {
                ulong bits = 0;
                for (int k = 0; k < 49; k++)
                {
                    int ox = bx + k % 7 - 3;
                    int oy = by + k / 7 - 3;
                    if ((uint)ox < GameMap.Blocks && (uint)oy < GameMap.Blocks && SeesSymmetric(walkable, bx, by, ox, oy))
                        bits |= 1ul << k;
                }
                sight[by * GameMap.Blocks + bx] = bits;
            }
        }
        return sight;
    }

    /// <summary>Rays round towards +, so each is asked both ways and reflected: what one side sees, the other does.</summary>
    private static bool SeesSymmetric(bool[] walkable, int bx, int by, int ox, int oy)
    {
        const int Last = GameMap.Blocks - 1;
        return Sees(walkable, bx, by, ox, oy) || Sees(walkable, ox, oy, bx, by)
            || Sees(walkable, Last - by, Last - bx, Last - oy, Last - ox) || Sees(walkable, Last - oy, Last - ox, Last - by, Last - bx);
    }

    private static bool Sees(bool[] walkable, int bx, int by, int ox, int oy)
    {
        if (bx == ox && by == oy)
            return true;
        foreach ((int px, int py) in Probes)
        {
            foreach ((int qx, int qy) in Probes)
            {
                if (Ray(walkable, bx * Side + px, by * Side + py, ox * Side + qx, oy * Side + qy))
                    return true;
            }
        }
        return false;
    }

    /// <summary>Samples twice a cell; walls at either end do not count, so that units by a wall are seen.</summary>
    private static bool Ray(bool[] walkable, int x0, int y0, int x1, int y1)
    {
        int dx = x1 - x0;
        int dy = y1 - y0;
        int steps = 2 * Math.Max(Math.Abs(dx), Math.Abs(dy));
        for (int i = 1; i < steps; i++)
        {
            int x = (2 * (x0 * (steps - i) + x1 * i) + steps) / (2 * steps);
            int y = (2 * (y0 * (steps - i) + y1 * i) + steps) / (2 * steps);
            if (!walkable[y * GameMap.Size + x])
                return false;
        }
        return true;
    }
}
