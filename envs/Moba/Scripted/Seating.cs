namespace SelfPlayArena.Moba;

/// <summary>
/// Who keeps which lane, by role: with five heroes the most independent hold a lane each and the two others, who share the side lanes at
/// first, help where they are needed. With fewer everybody keeps a lane.
/// </summary>
internal static unsafe class Seating
{
    public static void Assign(MobaWorld w, WorldState* s, int team, TeamView* v)
    {
        int heroes = w.HeroesPerTeam;
        int* order = stackalloc int[UnitIndex.HeroesPerTeam];
        for (int i = 0; i < heroes; i++)
        {
            int key = w.Playbook.Independence[s->Kind[UnitIndex.Hero(team, i)]];
            int at = i;
            while (at > 0 && w.Playbook.Independence[s->Kind[UnitIndex.Hero(team, order[at - 1])]] > key)
            {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = i;
        }
        int helpers = heroes == UnitIndex.HeroesPerTeam ? 2 : 0;
        for (int i = 0; i < heroes; i++)
        {
            int lane = i < helpers ? 2 - 2 * i : heroes == 1 ? 1 : i - helpers;
            v->Seat[order[i]] = (byte)Played(w, lane);
            v->Floats[order[i]] = i < helpers ? (byte)1 : (byte)0;
        }
    }

    /// <summary>The lane itself if the mode has it, else the next that it has.</summary>
    private static int Played(MobaWorld w, int lane)
    {
        for (int i = 0; i < UnitIndex.Lanes; i++)
        {
            if (w.HasLane((lane + i) % UnitIndex.Lanes))
                return (lane + i) % UnitIndex.Lanes;
        }
        return lane;
    }
}
