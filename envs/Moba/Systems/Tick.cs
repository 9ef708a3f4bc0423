using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
        Objectives.Run(w, s);
        Wards.Run(w, s);
        HeroUpkeep.Run(w, s, t);
        laps.Lap(ProfilePart.HeroUpkeep);
        HeroActions.Run(w, s, t);
        Wards.Place(w, s, t);
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
        for (uint m = Near.Set(t->Stale, 0) & Near.Alive(s, 0) & Near.Heroes; m != 0; m &= m - 1)
            HeroStats.Compute(w, s, BitOperations.TrailingZeroCount(m));
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
        const int Wide = 16;
        for (int u = 0; u <= UnitIndex.Count - Wide; u += Wide)
            CanAct(s, t, u);
        CanAct(s, t, UnitIndex.Count - Wide);
    }

    /// <summary>Sixteen units from <paramref name="u"/> on: alive, and neither stunned nor moved by force. Without a branch for each, which nobody could predict.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CanAct(WorldState* s, Scratch* t, int u)
    {
        Vector128<ushort> now = Vector128.Create((ushort)s->Tick);
        Vector128<ushort> low = Vector128.GreaterThan(Vector128.Max(Vector128.Load(s->StunUntil + u), Vector128.Load(s->ForcedUntil + u)), now);
        Vector128<ushort> high = Vector128.GreaterThan(Vector128.Max(Vector128.Load(s->StunUntil + u + 8), Vector128.Load(s->ForcedUntil + u + 8)), now);
        Vector128<byte> alive = Vector128.Load(s->Alive + u);
        Vector128.AndNot(alive, Vector128.Narrow(low, high)).Store(t->CanAct + u);
    }
}
