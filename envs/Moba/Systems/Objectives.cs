namespace SelfPlayArena.Moba.Systems;

/// <summary>The two epic monsters: when they come, and what slaying them brings to a team.</summary>
internal static unsafe class Objectives
{
    /// <summary>Camps of the two, after those of the jungle.</summary>
    public const int FirstCamp = WorldState.Camps - 2;

    /// <summary>A team's buff has run out: its heroes are what they are.</summary>
    public static void Run(MobaWorld w, WorldState* s)
    {
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            if (s->TeamBuffUntil[team] == s->Tick && s->Tick > 0)
                ComputeTeam(w, s, team);
        }
    }

    public static EpicRules Of(MobaWorld w, int camp) => camp == FirstCamp ? w.Rules.BuffEpic : w.Rules.PushEpic;

    /// <summary>Gold, xp and the monster's gift to all of the team.</summary>
    public static void Slain(MobaWorld w, WorldState* s, int u, int team)
    {
        UnitDefinition d = w.Rules.Monsters[s->Kind[u]];
        s->EpicsSlain[team]++;
        int first = team * UnitIndex.HeroesPerTeam;
        for (int h = first; h < first + w.HeroesPerTeam; h++)
        {
            HeroUpkeep.EarnGold(s, h, d.Gold);
            HeroUpkeep.EarnXp(w, s, h, d.Xp);
        }
        if (u == UnitIndex.FirstEpic)
        {
            s->TeamBuffUntil[team] = (ushort)(s->Tick + 1 + w.Rules.BuffEpic.Duration);
            ComputeTeam(w, s, team);
        }
        else
        {
            s->PushUntil[team] = (ushort)(s->Tick + 1 + w.Rules.PushEpic.Duration);
        }
    }

    private static void ComputeTeam(MobaWorld w, WorldState* s, int team)
    {
        int first = team * UnitIndex.HeroesPerTeam;
        for (int h = first; h < first + w.HeroesPerTeam; h++)
            HeroStats.Compute(w, s, h);
    }
}
