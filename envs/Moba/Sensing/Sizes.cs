namespace SelfPlayArena.Moba;

/// <summary>Numbers of slots and scales that the spec, the writers and the action decoding share.</summary>
internal static class Sizes
{
    public const int Allies = 4;
    public const int Enemies = 5;
    public const int EnemyCreeps = 6;
    public const int OwnCreeps = 4;
    public const int Creeps = EnemyCreeps + OwnCreeps;
    public const int Structures = 8;
    public const int Monsters = 3;
    public const int Effects = 4;

    /// <summary>Places of the blocks in the target head.</summary>
    public const int AllySlot = 1;
    public const int EnemySlot = AllySlot + Allies;
    public const int CreepSlot = EnemySlot + Enemies;
    public const int OwnCreepSlot = CreepSlot + EnemyCreeps;
    public const int StructureSlot = CreepSlot + Creeps;
    public const int MonsterSlot = StructureSlot + Structures;
    public const int Targets = MonsterSlot + Monsters;

    public const int Verbs = 8;
    public const int Distances = 4;
    public const int SkillRows = WorldState.Skills;

    /// <summary>Rows of the direction head: move, then one a skill; of the distance head: one a skill; of the target head: attack, then one a skill.</summary>
    public const int DirectionMask = Verbs;
    public const int DistanceMask = DirectionMask + (1 + SkillRows) * Directions.Count;
    public const int TargetMask = DistanceMask + SkillRows * Distances;
    public const int MaskBytes = TargetMask + (1 + SkillRows) * Targets;

    public const int HeroRow = 27;
    public const int CreepRow = 11;
    public const int StructureRow = 14;
    public const int MonsterRow = 8;
    public const int EffectRow = 8;
    public const int OwnRow = 26;
    public const int GlobalRow = 23;
    public const int TerrainRow = 7;

    public const int OwnAt = 0;
    public const int SelfAt = OwnAt + 1 + OwnRow;
    public const int AllyAt = SelfAt + 1 + HeroRow;
    public const int EnemyAt = AllyAt + Allies * (1 + HeroRow);
    public const int CreepAt = EnemyAt + Enemies * (1 + HeroRow);
    public const int StructureAt = CreepAt + Creeps * (1 + CreepRow);
    public const int MonsterAt = StructureAt + Structures * (1 + StructureRow);
    public const int EffectAt = MonsterAt + Monsters * (1 + MonsterRow);
    public const int GlobalAt = EffectAt + Effects * (1 + EffectRow);
    public const int TerrainAt = GlobalAt + 1 + GlobalRow;
    public const int MacroAt = TerrainAt + 1 + TerrainRow;
    public const int ObservationBytes = MacroAt + 2;

    public const int FullHeroRow = 16;
    public const int FullStructureRow = 7;
    public const int FullLaneRow = 7;
    public const int FullGlobalRow = 9;
    public const int FullHeroAt = 0;
    public const int FullStructureAt = FullHeroAt + UnitIndex.Heroes * (1 + FullHeroRow);
    public const int FullLaneAt = FullStructureAt + UnitIndex.Structures * (1 + FullStructureRow);
    public const int FullGlobalAt = FullLaneAt + UnitIndex.Lanes * (1 + FullLaneRow);
    public const int FullStateBytes = FullGlobalAt + 1 + FullGlobalRow;

    // Scales, in the unit that the spec names.
    public const float Near = 16f;
    public const float Far = 64f;
    public const float HeroDistance = 32f;
    public const float HeroHp = 2000f;
    public const float HeroAttack = 300f;
    public const float AttackRange = 12f;
    public const float Speed = 8f;
    public const float HiddenSeconds = 10f;
    public const float RespawnSeconds = 60f;
    public const float CooldownSeconds = 20f;
    public const float CreepHp = 1000f;
    public const float MonsterHp = 3000f;
    public const float EffectSpeed = 30f;
    public const float EffectRadius = 4f;
    public const float EffectSeconds = 3f;
    public const float Gold = 2000f;
    public const float Lead = 5000f;
    public const float Kills = 10f;

    /// <summary>Creeps and monsters farther away than this are not listed.</summary>
    public const float UnitHorizon = 16f;

    /// <summary>Hostile projectiles and zones farther away than this are not listed.</summary>
    public const float EffectHorizon = 14f;
}
