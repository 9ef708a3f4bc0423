using System.Numerics;
using System.Runtime.CompilerServices;

namespace SelfPlayArena.Moba.Systems;

/// <summary>Pulses of zones, and damage over time.</summary>
internal static unsafe class Zones
{
    /// <summary>In <see cref="WorldState.DotType"/>: a trigger laid it.</summary>
    public const int ByTrigger = 4;

    public static void Run(MobaWorld w, WorldState* s, Scratch* t)
    {
        for (int z = 0; z < WorldState.MaxZones; z++)
        {
            if (Unsafe.ReadUnaligned<ulong>(s->ZoneAlive + (z & ~7)) == 0)
            {
                // Most places are empty: eight are passed over together.
                z |= 7;
                continue;
            }
            if (s->ZoneAlive[z] == 0)
                continue;
            if (s->Tick >= s->ZoneNext[z])
            {
                EffectDefinition e = w.Content.Effects[s->ZoneEffect[z]];
                var hit = new Hit { Owner = s->ZoneOwner[z], Skill = s->ZoneSkill[z], Unit = -1, X = s->ZoneX[z], Y = s->ZoneY[z], Radius = e.Radius };
                Effects.Apply(w, s, t, in hit, e.FirstChild, e.Children);
                s->ZoneNext[z] += e.Interval;
            }
            if (s->ZoneNext[z] >= s->ZoneUntil[z])
                s->ZoneAlive[z] = 0;
        }
        for (int first = 0; first < UnitIndex.Count; first += Near.Wide)
        {
            // The last units are fewer than sixteen.
            int from = first <= UnitIndex.Count - Near.Wide ? first : UnitIndex.Count - Near.Wide;
            uint burning = Near.Ahead(s, s->DotUntil, from) & Near.Alive(s, from) & 0xFFFFu << (first - from);
            for (uint m = burning; m != 0; m &= m - 1)
            {
                int u = from + BitOperations.TrailingZeroCount(m);
                t->Damage(s->DotOwner[u], u, s->DotAmount[u], (DamageType)(s->DotType[u] & (ByTrigger - 1)), (s->DotType[u] & ByTrigger) != 0 ? Scratch.Quiet : Scratch.Lasting);
            }
        }
    }
}
