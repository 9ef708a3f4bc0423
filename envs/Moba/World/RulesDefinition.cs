namespace SelfPlayArena.Moba;

/// <summary>Wards. Times in ticks, sight in cells.</summary>
public sealed class WardRules
{
    /// <summary>How many a hero carries at most, and starts with.</summary>
    public required int Charges { get; init; }
    public required int Recharge { get; init; }
    public required int Duration { get; init; }
    public required float Sight { get; init; }

    /// <summary>Basic attacks that destroy one.</summary>
    public required int Hits { get; init; }
    public required int Gold { get; init; }
}

/// <summary>What slaying one of the two epic monsters brings, besides its gold and xp to everybody of the team.</summary>
public sealed class EpicRules
{
    public required int First { get; init; }
    public required int Respawn { get; init; }
    public required int Duration { get; init; }

    /// <summary>[stats] that each hero of the team gains; all 0 for the pushing wave.</summary>
    public required float[] Stats { get; init; }

    /// <summary>Share of hp and attack that creeps appearing meanwhile gain.</summary>
    public required float Strength { get; init; }

    /// <summary>Champion creeps that come with each wave of each lane meanwhile.</summary>
    public required int Champions { get; init; }
}

/// <summary>How much a kill is worth beyond its level. Shares in percent, so that gold stays whole.</summary>
public sealed class BountyRules
{
    /// <summary>Kills in a row from which a victim's shutdown pays.</summary>
    public required int From { get; init; }

    /// <summary>Gold for that and for each further kill.</summary>
    public required int PerKill { get; init; }

    /// <summary>Kills that are counted at most.</summary>
    public required int Most { get; init; }

    /// <summary>Percent by which the kill's gold falls for each death of the victim since its last kill or assist, down to <see cref="LeastPercent"/>.</summary>
    public required int PercentPerDeath { get; init; }
    public required int LeastPercent { get; init; }
}

/// <summary>One rule set (quick or full). Times in ticks, 15 to a second.</summary>
public sealed class RulesDefinition
{
    public const int TicksPerSecond = 15;
    public const int MaxLevel = 15;

    public required string Name { get; init; }
    public required int TimeLimit { get; init; }

    /// <summary>Ticks between two decisions of a player.</summary>
    public required int DecisionTicks { get; init; }
    public required int FirstWave { get; init; }
    public required int WaveInterval { get; init; }
    public required int MeleePerWave { get; init; }
    public required int RangedPerWave { get; init; }

    /// <summary>Every how many waves a siege creep comes along.</summary>
    public required int SiegeEvery { get; init; }

    /// <summary>[melee, ranged, siege, champion].</summary>
    public required UnitDefinition[] Creeps { get; init; }

    /// <summary>[outer, inner, base, ancient].</summary>
    public required UnitDefinition[] Structures { get; init; }
    public required UnitDefinition[] Monsters { get; init; }

    /// <summary>Share of hp and attack that a lane's new creeps gain once the enemy's inner, and once its base tower there fell.</summary>
    public required float SuperInner { get; init; }
    public required float SuperBase { get; init; }
    public required WardRules Ward { get; init; }

    /// <summary>The epic monster whose slayers grow stronger, and the one whose slayers' creeps do.</summary>
    public required EpicRules BuffEpic { get; init; }
    public required EpicRules PushEpic { get; init; }
    public required BountyRules Bounty { get; init; }

    /// <summary>Whether heroes may shop anywhere instead of at their fountain or dead.</summary>
    public required bool ShopAnywhere { get; init; }
    public required int CampFirst { get; init; }
    public required int CampRespawn { get; init; }
    public required int StartGold { get; init; }

    /// <summary>Gold every hero earns a minute.</summary>
    public required int GoldPerMinute { get; init; }
    public required int XpPerMinute { get; init; }
    public required int KillGold { get; init; }

    /// <summary>Added for each level of the victim.</summary>
    public required int KillGoldPerLevel { get; init; }
    public required int FirstBloodGold { get; init; }

    /// <summary>Split among the assistants.</summary>
    public required int AssistGold { get; init; }
    public required int KillXp { get; init; }
    public required int KillXpPerLevel { get; init; }

    /// <summary>Gold to every hero of the team that destroys a tower; the tower's own gold goes to those nearby.</summary>
    public required int TowerTeamGold { get; init; }

    /// <summary>Cells within which xp is shared.</summary>
    public required float XpRange { get; init; }

    /// <summary>[15]: xp in total needed for each level; the first is 0.</summary>
    public required int[] LevelXp { get; init; }

    /// <summary>Respawn takes base + perLevel × level + perMinute × minutes.</summary>
    public required int RespawnBase { get; init; }
    public required int RespawnPerLevel { get; init; }
    public required int RespawnPerMinute { get; init; }
    public required int RecallTicks { get; init; }

    /// <summary>Share of maximal hp and mana restored a tick at the fountain.</summary>
    public required float FountainRegen { get; init; }
    public required int AssistWindow { get; init; }

    /// <summary>Share added to a tower's damage for each consecutive shot at one hero.</summary>
    public required float TowerRamp { get; init; }
    public required int TowerRampMax { get; init; }

    /// <summary>Share of damage a tower takes while no enemy creep is near.</summary>
    public required float TowerBackdoor { get; init; }

    /// <summary>Structures take <see cref="Fortified"/> of all damage before this tick.</summary>
    public required int FortifiedUntil { get; init; }
    public required float Fortified { get; init; }

    /// <summary>Share of a structure's hp added for each hero of a team beyond the first: five together bring down what one alone does.</summary>
    public required float StructureHpPerHero { get; init; }

    /// <summary>Share of power that a basic attack adds against structures, so that every role brings them down.</summary>
    public required float StructurePower { get; init; }
    public required float HeroSight { get; init; }
    public required float CreepSight { get; init; }
    public required float StructureSight { get; init; }
    public required float BrushSight { get; init; }
}
