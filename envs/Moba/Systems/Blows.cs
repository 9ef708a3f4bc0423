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
        if (target < 0 || t->CanAct[u] == 0 || !Combat.InReach(s, u, target, windUp != 0 ? 1f : 0f))
        {
            s->WindUpEnd[u] = 0;
            return false;
        }
        if (windUp == 0)
        {
            if (s->AttackReady[u] <= s->Tick)
                s->WindUpEnd[u] = (ushort)(s->Tick + d.WindUp);
            return false;
        }
        if (windUp > s->Tick)
            return false;
        s->WindUpEnd[u] = 0;
        s->AttackReady[u] = (ushort)(s->Tick + s->AttackInterval[u] - d.WindUp);
        Combat.Launch(s, t, u, target, s->Attack[u] * factor, d.ProjectileSpeed);
        return true;
    }
}
