using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

/// <summary>Where a master leaves a ward: by brush or on the open ways between the lanes, forward of the own towers, where no own ward stands yet.</summary>
internal static unsafe class Warding
{
    /// <summary>Cells that two own wards keep from one another.</summary>
    private const float Apart = 16f;

    /// <summary>Progress x + y of the own frame from which on, and up to which, it pays to see.</summary>
    private const float From = -40f;
    private const float UpTo = 70f;

    public static bool Place(ref Mind m)
    {
        WorldState* s = m.S;
        float along = m.X + m.Y;
        if (s->WardCharges[m.Hero] == 0 || along is < From or > UpTo || m.FoeDistance < 9f || m.InTowerRange(m.X, m.Y, 2f))
            return false;
        for (int i = 0; i < UnitIndex.WardsPerTeam; i++)
        {
            int ward = UnitIndex.Ward(m.Team, i);
            if (s->Alive[ward] != 0 && Combat.SquaredDistance(s, m.Hero, ward) < Apart * Apart)
                return false;
        }
        for (int turn = 0; turn < 5; turn++)
        {
            for (int sign = 1; sign >= -1; sign -= 2)
            {
                int d = (2 + sign * turn) & 15;
                int world = m.Team == 0 ? d : Directions.Mirror(d);
                float x = s->X[m.Hero] + 3f * Directions.X(world);
                float y = s->Y[m.Hero] + 3f * Directions.Y(world);
                bool useful = m.World.Map.Brush(x, y) != 0 || OffLanes(ref m, x, y);
                if (!useful || !m.World.Map.Walkable(x, y) || !Legality.IsLegal(m.World, in *s, m.Hero, new Order(Verb.Ward, -1, Directions.X(world), Directions.Y(world))))
                    continue;
                EasyPlayer.Set(m.Action, Verb.Ward, d);
                return true;
            }
        }
        return false;
    }

    /// <summary>Whether a place of the world's frame lies beside the lanes, where enemies come unseen.</summary>
    private static bool OffLanes(ref Mind m, float x, float y)
    {
        float ox = m.Team == 0 ? x : -y;
        float oy = m.Team == 0 ? y : -x;
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            (float lx, float ly) = m.World.Map.Waypoints.OnLane(lane, ox + oy);
            if (m.World.HasLane(lane) && (lx - ox) * (lx - ox) + (ly - oy) * (ly - oy) < 5f * 5f)
                return false;
        }
        return true;
    }
}
