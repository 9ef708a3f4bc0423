namespace SelfPlayArena.Moba.Systems;

/// <summary>
/// Who won: the team whose ancient outlives the other's. At the time limit, or should both fall in one tick: fewer own structures lost, then
/// the higher share of the ancient's hp, then more gold and xp earned by the team; a draw if all are equal.
/// </summary>
internal static unsafe class Ending
{
    public static void Run(MobaWorld w, WorldState* s)
    {
        bool stands0 = s->Alive[UnitIndex.Ancient(0)] != 0;
        bool stands1 = s->Alive[UnitIndex.Ancient(1)] != 0;
        if (stands0 && stands1 && s->Tick < w.Rules.TimeLimit)
            return;
        s->Finished = 1;
        s->Reason = stands0 && stands1 ? EndReason.TimeLimit : EndReason.Ancient;
        s->Winner = stands0 != stands1 ? (sbyte)(stands0 ? 0 : 1) : TieBreak(s);
    }

    private static sbyte TieBreak(WorldState* s)
    {
        if (s->StructuresLost[0] != s->StructuresLost[1])
            return (sbyte)(s->StructuresLost[0] < s->StructuresLost[1] ? 0 : 1);
        float hp0 = s->Hp[UnitIndex.Ancient(0)] / s->MaxHp[UnitIndex.Ancient(0)];
        float hp1 = s->Hp[UnitIndex.Ancient(1)] / s->MaxHp[UnitIndex.Ancient(1)];
        if (hp0 != hp1)
            return (sbyte)(hp0 > hp1 ? 0 : 1);
        int wealth = 0;
        for (int slot = 0; slot < UnitIndex.HeroesPerTeam; slot++)
        {
            wealth += s->GoldEarned[slot] + s->XpEarned[slot];
            wealth -= s->GoldEarned[slot + UnitIndex.HeroesPerTeam] + s->XpEarned[slot + UnitIndex.HeroesPerTeam];
        }
        return (sbyte)(wealth > 0 ? 0 : wealth < 0 ? 1 : -1);
    }
}
