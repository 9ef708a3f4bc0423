namespace SelfPlayArena.Moba;

/// <summary>How a thinking hero gets about: around walls, and around towers that would shoot it.</summary>
internal static unsafe class Walking
{
    /// <summary>Cells ahead at which towers are looked out for.</summary>
    private const float Ahead = 1.5f;

    /// <summary>Walks to a place; true if there is a way to go.</summary>
    public static bool To(ref Mind m, float x, float y, bool minding = true)
        => Along(ref m, m.World.Map.Waypoints.Direction(m.X, m.Y, x, y), minding);

    /// <summary>Walks home: to the own base, by the nearest way.</summary>
    public static bool Home(ref Mind m) => Along(ref m, HomeDirection(ref m), minding: true);

    /// <summary>Own-frame direction of the way to the own ancient.</summary>
    public static int HomeDirection(ref Mind m)
    {
        int d = m.World.Map.StructureDirection(UnitIndex.Ancient(m.Team) - UnitIndex.FirstStructure, m.S->X[m.Hero], m.S->Y[m.Hero]);
        return m.Team == 0 ? d : Directions.Mirror(d);
    }

    /// <summary>Away from a place, and rather home than elsewhere.</summary>
    public static bool From(ref Mind m, float x, float y)
    {
        float dx = m.X - x;
        float dy = m.Y - y;
        float length = MathF.Sqrt(dx * dx + dy * dy) + 1e-3f;
        int home = HomeDirection(ref m);
        return Along(ref m, Directions.Nearest(dx / length + 0.6f * Directions.X(home), dy / length + 0.6f * Directions.Y(home)), minding: true);
    }

    /// <summary>Walks in the direction nearest to a wanted one that is free.</summary>
    /// <param name="minding">Keeps out of the range of towers that would shoot the hero, unless it is in it already and going out.</param>
    public static bool Along(ref Mind m, int direction, bool minding)
    {
        if (!Legality.CanMove(in *m.S, m.Hero))
            return false;
        for (int turn = 0; turn < 7; turn++)
        {
            for (int sign = 1; sign >= -1; sign -= 2)
            {
                int d = (direction + sign * turn) & 15;
                if (!Free(ref m, d))
                    continue;
                if (minding && IntoFire(ref m, d))
                    continue;
                EasyPlayer.Set(m.Action, Verb.Move, d);
                return true;
            }
        }
        return false;
    }

    public static bool Free(ref Mind m, int direction)
        => ActionMask.CanWalk(m.World, m.S, m.Hero, m.Team == 0 ? direction : Directions.Mirror(direction));

    private static bool IntoFire(ref Mind m, int direction)
    {
        if (m.Tower < 0 || m.Holders > 0 || m.TowerDistance > m.S->AttackRange[m.Tower] + 3f)
            return false;
        float x = m.X + Ahead * Directions.X(direction);
        float y = m.Y + Ahead * Directions.Y(direction);
        if (!m.Hot(x, y, 0.8f))
            return false;
        float dx = x - m.TowerX;
        float dy = y - m.TowerY;
        return dx * dx + dy * dy < m.TowerDistance * m.TowerDistance + 0.5f;
    }
}
