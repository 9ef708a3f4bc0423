using SelfPlayArena.Moba;

namespace SelfPlayArena.Server.Matches.Wire;

/// <summary>Which blocks of 4 × 4 cells a team has in sight, for display: from the middle of a block, without brush.</summary>
internal sealed unsafe class FogCells(MobaWorld world)
{
    private const int Reach = 3;
    private const float Side = 1 << GameMap.BlockShift;

    /// <summary>Writes a number a row of blocks, bit c its column c.</summary>
    public void Write(in WorldState s, SightOf sight, Span<int> rows)
    {
        rows.Clear();
        for (int u = 0; u < UnitIndex.Count; u++)
        {
            if (s.Alive[u] != 0 && s.Team[u] == sight.View)
                From(s.X[u], s.Y[u], world.SightOf(u), rows);
        }
    }

    private void From(float x, float y, float sight, Span<int> rows)
    {
        int column = GameMap.Axis(x) >> GameMap.BlockShift, row = GameMap.Axis(y) >> GameMap.BlockShift;
        // Half a block more: what lies on the edge is seen in part.
        float far = (sight + Side / 2) * (sight + Side / 2);
        for (int r = Math.Max(0, row - Reach); r <= Math.Min(GameMap.Blocks - 1, row + Reach); r++)
        {
            for (int c = Math.Max(0, column - Reach); c <= Math.Min(GameMap.Blocks - 1, column + Reach); c++)
            {
                if ((rows[r] >> c & 1) != 0)
                    continue;
                float bx = (c + 0.5f) * Side - GameMap.Half, by = (r + 0.5f) * Side - GameMap.Half;
                if ((bx - x) * (bx - x) + (by - y) * (by - y) <= far && world.Map.LineOfSight(x, y, bx, by))
                    rows[r] |= 1 << c;
            }
        }
    }
}
