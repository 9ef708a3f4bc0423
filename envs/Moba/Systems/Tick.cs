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
        Summons.Run(w, s, t);
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
        t->AfterMovement = 1;
        laps.Lap(ProfilePart.Movement);
        DamagePhase.Run(w, s, t);
        laps.Lap(ProfilePart.DamagePhase);
        Deaths.Run(w, s, t);
        laps.Lap(ProfilePart.Deaths);
        if (Triggers.Run(w, s, t))
            Again(w, s, t);
        Summons.Place(w, s, t);
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            if (t->Stale[h] != 0 && s->Alive[h] != 0)
                HeroStats.Compute(w, s, h);
        }
        Spawning.Run(w, s);
        laps.Lap(ProfilePart.Spawning);
        s->Tick++;
        Vision.Run(w, s);
        laps.Lap(ProfilePart.Vision);
        Ending.Run(w, s);
        laps.Lap(ProfilePart.Ending);
    }

    /// <summary>Applies what triggers did; it sets off no more of them.</summary>
    private static void Again(MobaWorld w, WorldState* s, Scratch* t)
    {
        DamagePhase.Run(w, s, t);
        Deaths.Run(w, s, t);
    }

    private static void Begin(WorldState* s, Scratch* t)
    {
        t->Clear();
        t->AfterMovement = 0;
        t->Summons[0] = t->Summons[1] = 0;
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            t->Blinks[h] = 0;
            t->Stale[h] = 0;
            t->Causes[h] = 0;
        }
        for (int m = 0; m < UnitIndex.Monsters; m++)
            t->PushedBy[m] = t->DottedBy[m] = 0;
        int tick = s->Tick;
        for (int u = 0; u < UnitIndex.Count; u++)
            t->CanAct[u] = (byte)(s->Alive[u] != 0 && s->StunUntil[u] <= tick && s->ForcedUntil[u] <= tick ? 1 : 0);
    }
}
