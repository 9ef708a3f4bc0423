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
    public const int EnemyWards = 2;

    /// <summary>Places of the blocks in the target head.</summary>
    public const int AllySlot = 1;
    public const int EnemySlot = AllySlot + Allies;
    public const int CreepSlot = EnemySlot + Enemies;
    public const int OwnCreepSlot = CreepSlot + EnemyCreeps;
    public const int StructureSlot = CreepSlot + Creeps;
    public const int MonsterSlot = StructureSlot + Structures;
    public const int WardSlot = MonsterSlot + Monsters;
    public const int Targets = WardSlot + EnemyWards;

    public const int Verbs = (int)Verb.Learn + 1;
    public const int Distances = 4;
    public const int SkillRows = WorldState.Skills;

    /// <summary>Options of the choice head: items for <see cref="Verb.Buy"/>, skills for <see cref="Verb.Learn"/>.</summary>
    public const int Choices = 24;

    /// <summary>Entries of the categories that name a macro command; the macro head has as many options as there are commands.</summary>
    public const int MacroCommands = 24;

    /// <summary>
    /// Rows of the direction head: move, then one an ability, then ward; of the distance head: one a skill; of the target head: attack, then one
    /// an ability; of the choice head: buy, learn; of the macro head: one.
    /// </summary>
    public const int WardRow = 1 + Abilities.Count;
    public const int DirectionMask = Verbs;
    public const int DistanceMask = DirectionMask + (2 + Abilities.Count) * Directions.Count;
    public const int TargetMask = DistanceMask + SkillRows * Distances;
    public const int ChoiceMask = TargetMask + (1 + Abilities.Count) * Targets;
    public const int MacroMask = ChoiceMask + 2 * Choices;
    public const int MaskBytes = MacroMask + MacroRules.Count;

    public const int Items = 24;
    public const int HeroRow = 38;
    public const int CreepRow = 14;
    public const int StructureRow = 14;
    public const int MonsterRow = 11;
    public const int EnemyWardRow = 5;
    public const int EffectRow = 8;
    public const int OwnRow = 52 + Items / 8;
    public const int GlobalRow = 32;
    public const int TerrainRow = 7;
    public const int MacroRow = 8;

    public const int OwnAt = 0;
    public const int SelfAt = OwnAt + 1 + OwnRow;
    public const int AllyAt = SelfAt + 1 + HeroRow;
    public const int EnemyAt = AllyAt + Allies * (1 + HeroRow);
    public const int CreepAt = EnemyAt + Enemies * (1 + HeroRow);
    public const int StructureAt = CreepAt + Creeps * (1 + CreepRow);
    public const int MonsterAt = StructureAt + Structures * (1 + StructureRow);
    public const int WardAt = MonsterAt + Monsters * (1 + MonsterRow);
    public const int EffectAt = WardAt + EnemyWards * (1 + EnemyWardRow);
    public const int GlobalAt = EffectAt + Effects * (1 + EffectRow);
    public const int TerrainAt = GlobalAt + 1 + GlobalRow;
    public const int MacroAt = TerrainAt + 1 + TerrainRow;
    public const int ObservationBytes = MacroAt + 1 + MacroRow;

    public const int FullHeroRow = 24;
    public const int FullStructureRow = 7;
    public const int FullLaneRow = 7;
    public const int FullGlobalRow = 18;
    public const int FullWardRow = 4;
    public const int FullHeroAt = 0;
    public const int FullStructureAt = FullHeroAt + UnitIndex.Heroes * (1 + FullHeroRow);
    public const int FullLaneAt = FullStructureAt + UnitIndex.Structures * (1 + FullStructureRow);
    public const int FullGlobalAt = FullLaneAt + UnitIndex.Lanes * (1 + FullLaneRow);
    public const int FullWardAt = FullGlobalAt + 1 + FullGlobalRow;
    public const int FullStateBytes = FullWardAt + UnitIndex.Wards * (1 + FullWardRow);

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
    public const float Resistance = 200f;
    public const float Worth = 15_000f;
    public const float Streak = 8f;
    public const float SpellSeconds = 120f;
    public const float ItemSeconds = 60f;
    public const float StealthSeconds = 10f;
    public const float AttackSeconds = 2f;
    public const float SummonSeconds = 30f;
    public const float WardSeconds = 180f;
    public const float EpicHp = 16_000f;
    public const float EpicSeconds = 300f;
    public const float BuffSeconds = 120f;
    public const float Epics = 4f;
    public const float MacroSeconds = 5f;

    /// <summary>Creeps and monsters farther away than this are not listed.</summary>
    public const float UnitHorizon = 16f;

    /// <summary>Hostile projectiles and zones farther away than this are not listed.</summary>
    public const float EffectHorizon = 14f;
}
