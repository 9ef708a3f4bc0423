namespace SelfPlayArena.Moba;

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

    /// <summary>[melee, ranged, siege].</summary>
    public required UnitDefinition[] Creeps { get; init; }

    /// <summary>[outer, inner, base, ancient].</summary>
    public required UnitDefinition[] Structures { get; init; }
    public required UnitDefinition[] Monsters { get; init; }
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
    public required int UpgradePrice { get; init; }

    /// <summary>[stats] that one upgrade adds, by <see cref="Stat"/>.</summary>
    public required float[] Upgrade { get; init; }
    public required float HeroSight { get; init; }
    public required float CreepSight { get; init; }
    public required float StructureSight { get; init; }
    public required float BrushSight { get; init; }
}
