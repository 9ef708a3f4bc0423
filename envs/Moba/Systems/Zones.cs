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
        for (int u = 0; u < UnitIndex.Count; u++)
        {
            if (s->DotUntil[u] > s->Tick && s->Alive[u] != 0)
                t->Damage(s->DotOwner[u], u, s->DotAmount[u], (DamageType)(s->DotType[u] & (ByTrigger - 1)), (s->DotType[u] & ByTrigger) != 0 ? Scratch.Quiet : Scratch.Lasting);
        }
    }
}
