namespace SelfPlayArena.Moba;

/// <summary>Counts what is alive in a match, by kind: what the speed of a simulation is to be judged by.</summary>
public static unsafe class UnitCensus
{
    /// <summary>What <see cref="Add"/> counts, in order.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["heroes", "creeps", "structures", "monsters", "summons", "wards", "projectiles", "zones"];

    /// <param name="counts">[kinds]; what is alive is added.</param>
    public static void Add(in WorldState state, Span<long> counts)
    {
        fixed (WorldState* s = &state)
        {
            counts[0] += Alive(s, UnitIndex.FirstHero, UnitIndex.Heroes);
            counts[1] += Alive(s, UnitIndex.FirstCreep, UnitIndex.Creeps);
            counts[2] += Alive(s, UnitIndex.FirstStructure, UnitIndex.Structures);
            counts[3] += Alive(s, UnitIndex.FirstMonster, UnitIndex.Monsters);
            counts[4] += Alive(s, UnitIndex.FirstSummon, UnitIndex.Summons);
            counts[5] += Alive(s, UnitIndex.FirstWard, UnitIndex.Wards);
            counts[6] += Set(s->ProjectileAlive, WorldState.MaxProjectiles);
            counts[7] += Set(s->ZoneAlive, WorldState.MaxZones);
        }
    }

    private static int Alive(WorldState* s, int first, int count) => Set(s->Alive + first, count);

    private static int Set(byte* flags, int count)
    {
        int set = 0;
        for (int i = 0; i < count; i++)
            set += flags[i] != 0 ? 1 : 0;
        return set;
    }
}
