using System.Runtime.CompilerServices;

namespace SelfPlayArena.Moba.Systems;

/// <summary>The fixed list of systems of one tick.</summary>
internal static unsafe class Tick
{
    public static void Run(MobaWorld w, WorldState* s) => Run(w, s, default(NoLaps));

    [SkipLocalsInit]
    public static void Run<TLaps>(MobaWorld w, WorldState* s, TLaps laps)
        where TLaps : struct, ILaps
    {
        if (s->Finished != 0)
            return;
        Unsafe.SkipInit(out Scratch scratch);
        Scratch* t = &scratch;
        laps.Start();
        Begin(s, t);
        laps.Lap(ProfilePart.Begin);
        HeroUpkeep.Run(w, s, t);
        laps.Lap(ProfilePart.HeroUpkeep);
        HeroActions.Run(w, s, t);
        laps.Lap(ProfilePart.HeroActions);
        Creeps.Run(w, s, t);
        laps.Lap(ProfilePart.Creeps);
        Towers.Run(w, s, t);
        laps.Lap(ProfilePart.Towers);
        Monsters.Run(w, s, t);
        laps.Lap(ProfilePart.Monsters);
        Projectiles.Run(w, s, t);
        laps.Lap(ProfilePart.Projectiles);
        Zones.Run(w, s, t);
        laps.Lap(ProfilePart.Zones);
        Movement.Run(w, s, t);
        laps.Lap(ProfilePart.Movement);
        DamagePhase.Run(w, s, t);
        laps.Lap(ProfilePart.DamagePhase);
        Deaths.Run(w, s, t);
        laps.Lap(ProfilePart.Deaths);
        Spawning.Run(w, s);
        laps.Lap(ProfilePart.Spawning);
        s->Tick++;
        Vision.Run(w, s);
        laps.Lap(ProfilePart.Vision);
        Ending.Run(w, s);
        laps.Lap(ProfilePart.Ending);
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
