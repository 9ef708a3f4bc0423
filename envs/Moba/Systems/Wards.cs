using System.Numerics;

namespace SelfPlayArena.Moba.Systems;

/// <summary>Wards: units of a team that only see. Their hp are counted in hits.</summary>
internal static unsafe class Wards
{
    /// <summary>Cells ahead at which a ward is placed, and the steps in which the way there is tried.</summary>
    public const float Reach = 4f;
    private const int Steps = 16;

    /// <summary>Whether the hero could place a ward now.</summary>
    public static bool CanPlace(in WorldState s, int hero) => s.WardCharges[hero] > 0 && Legality.CanAct(in s, hero);

    /// <summary>Charges come back, wards end.</summary>
    public static void Run(MobaWorld w, WorldState* s)
    {
        WardRules r = w.Rules.Ward;
        for (uint m = Near.Heroes & ~Near.Zero(s->WardReady, 0) & ~Near.Ahead(s, s->WardReady, 0); m != 0; m &= m - 1)
        {
            int h = BitOperations.TrailingZeroCount(m);
            s->WardCharges[h]++;
            s->WardReady[h] = s->WardCharges[h] < r.Charges ? (ushort)(s->Tick + r.Recharge) : (ushort)0;
        }
        const int Last = UnitIndex.Summons + UnitIndex.Wards - Near.Wide;
        uint over = Near.Alive(s, UnitIndex.FirstSummon + Last) & ~Near.Ahead(s, s->ExpireTick, Last);
        for (uint m = over >> UnitIndex.Summons - Last; m != 0; m &= m - 1)
        {
            int u = UnitIndex.FirstWard + BitOperations.TrailingZeroCount(m);
            s->Alive[u] = 0;
            s->Hp[u] = 0f;
        }
    }

    /// <summary>Carries out orders to place a ward, once all heroes have acted on the wards that stood when the tick began.</summary>
    public static void Place(MobaWorld w, WorldState* s, Scratch* t)
    {
        for (uint m = Near.Ordered(s, Verb.Ward) & Near.Set(t->CanAct, 0) & ~Near.Casting(s) & Near.Zero(s->WindUpEnd, 0); m != 0; m &= m - 1)
        {
            int h = BitOperations.TrailingZeroCount(m);
            s->OrderVerb[h] = (byte)Verb.Stay;
            if (s->WardCharges[h] > 0)
                Place(w, s, h, s->OrderX[h], s->OrderY[h]);
        }
    }

    /// <summary>Along a direction, as far as the way is free; the team's oldest ward makes room.</summary>
    private static void Place(MobaWorld w, WorldState* s, int hero, float dx, float dy)
    {
        float length = dx * dx + dy * dy;
        float f = length > 1e-6f ? Reach / Steps / MathF.Sqrt(length) : 0f;
        float x = s->X[hero];
        float y = s->Y[hero];
        for (int i = 1; i <= Steps; i++)
        {
            float nx = s->X[hero] + dx * (f * i);
            float ny = s->Y[hero] + dy * (f * i);
            if (!w.Map.Walkable(nx, ny))
                break;
            x = nx;
            y = ny;
        }
        int team = s->Team[hero];
        int slot = Slot(s, team);
        int u = UnitIndex.Ward(team, slot);
        WardRules r = w.Rules.Ward;
        s->Alive[u] = 1;
        s->Kind[u] = 0;
        s->Hp[u] = s->MaxHp[u] = r.Hits;
        s->X[u] = x;
        s->Y[u] = y;
        s->RevealedUntil[u] = 0;
        s->Visible[u] = (byte)(1 << team);
        s->Viewer[u] = s->Viewer[UnitIndex.Count + u] = 0;
        s->ExpireTick[u - UnitIndex.FirstSummon] = (ushort)(s->Tick + r.Duration);
        s->OwnerHero[u - UnitIndex.FirstSummon] = (byte)hero;
        s->WardsPlaced[hero]++;
        s->WardCharges[hero]--;
        if (s->WardReady[hero] == 0)
            s->WardReady[hero] = (ushort)(s->Tick + r.Recharge);
    }

    /// <summary>A free place, else that of the ward that would end first.</summary>
    private static int Slot(WorldState* s, int team)
    {
        int best = 0;
        for (int slot = 0; slot < UnitIndex.WardsPerTeam; slot++)
        {
            int u = UnitIndex.Ward(team, slot);
            if (s->Alive[u] == 0)
                return slot;
            if (s->ExpireTick[u - UnitIndex.FirstSummon] < s->ExpireTick[UnitIndex.Ward(team, best) - UnitIndex.FirstSummon])
                best = slot;
        }
        return best;
    }
}
