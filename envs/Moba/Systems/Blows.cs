using System.Runtime.CompilerServices;

namespace SelfPlayArena.Moba.Systems;

/// <summary>Wind-up and blow of units without orders.</summary>
internal static unsafe class Blows
{
    /// <summary>Starts, goes on with or lands the attack on the unit's target. True when a blow was struck this tick.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Strike(UnitDefinition d, WorldState* s, Scratch* t, int u, float factor = 1f)
    {
        int target = s->AttackTarget[u];
        int windUp = s->WindUpEnd[u];
        int at = target & ~(target >> 31);
        bool reaches = target >= 0 & t->CanAct[u] != 0 & Combat.InReach(s, u, at, Combat.One(windUp != 0));
        if (!(reaches & windUp != 0 & windUp <= s->Tick))
        {
            // Goes on, begins or breaks off, by arithmetic: what each of them is about to do is nothing that a branch predictor could learn.
            int begins = (s->Tick + d.WindUp) & -Combat.One(windUp == 0 & s->AttackReady[u] <= s->Tick);
            s->WindUpEnd[u] = (ushort)((windUp | begins) & -Combat.One(reaches));
            return false;
        }
        s->WindUpEnd[u] = 0;
        s->AttackReady[u] = (ushort)(s->Tick + s->AttackInterval[u] - d.WindUp);
        Combat.Launch(s, t, u, target, s->Attack[u] * factor, d.ProjectileSpeed);
        return true;
    }
}
