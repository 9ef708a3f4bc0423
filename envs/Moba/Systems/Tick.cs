using System.Runtime.CompilerServices;

namespace SelfPlayArena.Moba.Systems;

/// <summary>The fixed list of systems of one tick.</summary>
internal static unsafe class Tick
{
    [SkipLocalsInit]
    public static void Run(MobaWorld w, WorldState* s)
    {
        if (s->Finished != 0)
            return;
        Unsafe.SkipInit(out Scratch scratch);
        Scratch* t = &scratch;
        Begin(s, t);
        HeroUpkeep.Run(w, s, t);
        HeroActions.Run(w, s, t);
        Creeps.Run(w, s, t);
        Towers.Run(w, s, t);
        Monsters.Run(w, s, t);
        Projectiles.Run(w, s, t);
        Zones.Run(w, s, t);
        Movement.Run(w, s, t);
        DamagePhase.Run(w, s, t);
        Deaths.Run(w, s, t);
        Spawning.Run(w, s);
        s->Tick++;
        Vision.Run(w, s);
        Ending.Run(w, s);
    }

    private static void Begin(WorldState* s, Scratch* t)
    {
        t->Count = 0;
        t->Deaths = 0;
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            t->Heal[h] = 0f;
            t->Blinks[h] = 0;
        }
        int tick = s->Tick;
        for (int u = 0; u < UnitIndex.Count; u++)
            t->CanAct[u] = (byte)(s->Alive[u] != 0 && s->StunUntil[u] <= tick && s->ForcedUntil[u] <= tick ? 1 : 0);
    }
}
