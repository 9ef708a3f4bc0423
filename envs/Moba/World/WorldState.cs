using System.Runtime.InteropServices;

namespace SelfPlayArena.Moba;

/// <summary>How a match ended.</summary>
public enum EndReason : byte
{
    None,
    Ancient,
    TimeLimit,
}

/// <summary>
/// The whole state of one match in one flat block: copying the block is a snapshot, hashing its bytes is its signature. Nothing that
/// follows from content or map is kept here. Arrays by unit use <see cref="UnitIndex"/>; times named Until are absolute ticks (in the past
/// means over). Reset clears every byte, so padding is always zero.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct WorldState
{
    public const int MaxProjectiles = 64;
    public const int ProjectilesPerTeam = 32;
    public const int MaxZones = 24;
    public const int ZonesPerTeam = 12;
    public const int BuffSlots = 4;
    public const int Skills = 4;
    public const int Spells = 2;
    public const int ItemSlots = 6;

    /// <summary>Places of triggers a hero: its passive, then one an item slot.</summary>
    public const int TriggerSlots = 1 + ItemSlots;
    public const int Camps = 16;

    /// <summary>Places of orders that wait for a reaction delay.</summary>
    public const int PendingOrders = 4;

    // The match.
    public ulong Seed;
    public int Tick;

    /// <summary>1 once the match is over; then ticks change nothing.</summary>
    public byte Finished;

    /// <summary>0 or 1; -1 for a draw or while running.</summary>
    public sbyte Winner;
    public EndReason Reason;
    public byte FirstBlood;
    public int NextWaveTick;
    public int WaveCount;
    public fixed int StructuresLost[2];

    /// <summary>Bit s of entry team * 3 + lane: creep slot s of that lane is alive.</summary>
    public fixed ushort LaneAlive[8];

    // By unit.
    public fixed float X[UnitIndex.Count];
    public fixed float Y[UnitIndex.Count];

    /// <summary>Multiples of 1/64, so that sums of damage do not depend on their order.</summary>
    public fixed float Hp[UnitIndex.Count];
    public fixed float MaxHp[UnitIndex.Count];

    /// <summary>Damage of a basic attack before armour, buffs included.</summary>
    public fixed float Attack[UnitIndex.Count];
    public fixed float Armor[UnitIndex.Count];
    public fixed float MagicResist[UnitIndex.Count];
    public fixed float AttackRange[UnitIndex.Count];

    /// <summary>Cells a tick, buffs included, slows not.</summary>
    public fixed float MoveSpeed[UnitIndex.Count];

    /// <summary>Share of speed that a slow takes away while <see cref="SlowUntil"/> lies ahead.</summary>
    public fixed float SlowAmount[UnitIndex.Count];

    /// <summary>Cells a tick of a forced movement (knock-back or dash) while <see cref="ForcedUntil"/> lies ahead.</summary>
    public fixed float ForcedX[UnitIndex.Count];
    public fixed float ForcedY[UnitIndex.Count];

    /// <summary>Damage a tick of damage over time, before resistance.</summary>
    public fixed float DotAmount[UnitIndex.Count];

    /// <summary>Current attack target, -1 for none.</summary>
    public fixed short AttackTarget[UnitIndex.Count];

    /// <summary>Ticks between two attacks.</summary>
    public fixed ushort AttackInterval[UnitIndex.Count];

    /// <summary>Tick at which the next attack may start.</summary>
    public fixed ushort AttackReady[UnitIndex.Count];

    /// <summary>Tick at which the attack in progress lands or is launched; 0 when none is in progress.</summary>
    public fixed ushort WindUpEnd[UnitIndex.Count];
    public fixed ushort StunUntil[UnitIndex.Count];
    public fixed ushort RootUntil[UnitIndex.Count];
    public fixed ushort SlowUntil[UnitIndex.Count];
    public fixed ushort SilenceUntil[UnitIndex.Count];
    public fixed ushort ForcedUntil[UnitIndex.Count];
    public fixed ushort DotUntil[UnitIndex.Count];

    /// <summary>Brush does not hide a unit that attacked or cast until then.</summary>
    public fixed ushort RevealedUntil[UnitIndex.Count];
    public fixed byte DotOwner[UnitIndex.Count];

    /// <summary><see cref="DamageType"/>; plus 4 where a trigger laid it.</summary>
    public fixed byte DotType[UnitIndex.Count];

    /// <summary>0, 1 or <see cref="UnitIndex.Neutral"/>.</summary>
    public fixed byte Team[UnitIndex.Count];

    /// <summary>Heroes: index of the hero definition. Creeps: 0 melee, 1 ranged, 2 siege, 3 champion (of a pushing wave). Summoned units: index of the definition. Structures: tier, 3 for ancients. Monsters: index of the monster definition.</summary>
    public fixed byte Kind[UnitIndex.Count];
    public fixed byte Alive[UnitIndex.Count];

    /// <summary>Bit t: team t sees the unit. Own units and structures are always seen.</summary>
    public fixed byte Visible[UnitIndex.Count];

    /// <summary>For each team (team * count + unit): the unit that saw this one last, tried first.</summary>
    public fixed byte Viewer[2 * UnitIndex.Count];

    // By structure (index minus FirstStructure).

    /// <summary>1 while a structure cannot be hurt because one before it stands (or it does not exist in this mode).</summary>
    public fixed byte Protected[UnitIndex.Structures];

    /// <summary>Hero that drew the tower's aggro, as long as it is in range; -1 for none.</summary>
    public fixed sbyte TowerAggro[UnitIndex.Structures];

    /// <summary>Consecutive shots at the same hero.</summary>
    public fixed byte TowerShots[UnitIndex.Structures];

    // By monster camp.
    public fixed int CampRespawn[Camps];

    /// <summary>1 while the camp chases somebody.</summary>
    public fixed byte CampAwake[Camps];

    // By hero.
    public fixed byte Present[UnitIndex.Heroes];
    public fixed byte Level[UnitIndex.Heroes];
    public fixed byte SkillLevel[UnitIndex.Heroes * Skills];
    public fixed float Mana[UnitIndex.Heroes];
    public fixed float MaxMana[UnitIndex.Heroes];
    public fixed float HpRegen[UnitIndex.Heroes];
    public fixed float ManaRegen[UnitIndex.Heroes];

    /// <summary>Added to skills through their power ratio.</summary>
    public fixed float Power[UnitIndex.Heroes];
    public fixed float LifeSteal[UnitIndex.Heroes];
    public fixed float CritChance[UnitIndex.Heroes];

    /// <summary>Tick at which a skill may be cast again.</summary>
    public fixed ushort SkillReady[UnitIndex.Heroes * Skills];

    /// <summary>Gold at hand: earned minus spent on items.</summary>
    public fixed int Gold[UnitIndex.Heroes];

    /// <summary>Gold spent on items so far; what is at hand is what was earned less this.</summary>
    public fixed int GoldSpent[UnitIndex.Heroes];

    /// <summary>By hero * ItemSlots + slot: item + 1, 0 for an empty slot.</summary>
    public fixed byte Items[UnitIndex.Heroes * ItemSlots];

    /// <summary>Tick at which the item's active may be used again.</summary>
    public fixed ushort ItemReady[UnitIndex.Heroes * ItemSlots];

    /// <summary>By hero * Spells + slot: index of the summoner spell.</summary>
    public fixed byte Spell[UnitIndex.Heroes * Spells];
    public fixed ushort SpellReady[UnitIndex.Heroes * Spells];

    /// <summary>By hero * TriggerSlots + slot: tick at which a trigger may happen again, and how often its cause came since it last did.</summary>
    public fixed ushort TriggerReady[UnitIndex.Heroes * TriggerSlots];
    public fixed byte TriggerCount[UnitIndex.Heroes * TriggerSlots];

    /// <summary>Bit by <see cref="TriggerOn"/>: the hero has a trigger of that kind.</summary>
    public fixed byte TriggersOn[UnitIndex.Heroes];

    /// <summary>Skill points not yet spent; with <see cref="ManualSkills"/> 0 they are spent at once in the recommended order.</summary>
    public fixed byte SkillPoints[UnitIndex.Heroes];
    public fixed byte ManualSkills[UnitIndex.Heroes];

    /// <summary>1: gold is spent only by <see cref="Verb.Buy"/>; 0: the recommended build buys itself.</summary>
    public fixed byte ManualShop[UnitIndex.Heroes];

    /// <summary>How many entries of the recommended build are bought or passed over.</summary>
    public fixed byte BuildStep[UnitIndex.Heroes];

    /// <summary>A stealthed hero is unseen until then.</summary>
    public fixed ushort StealthUntil[UnitIndex.Heroes];
    public fixed byte WardCharges[UnitIndex.Heroes];

    /// <summary>Tick at which the next ward charge comes.</summary>
    public fixed ushort WardReady[UnitIndex.Heroes];

    /// <summary>Kills since the last death.</summary>
    public fixed byte KillStreak[UnitIndex.Heroes];

    /// <summary>Deaths since the last kill or assist.</summary>
    public fixed byte DeathStreak[UnitIndex.Heroes];
    public fixed float Haste[UnitIndex.Heroes];
    public fixed float ArmorPen[UnitIndex.Heroes];
    public fixed float MagicPen[UnitIndex.Heroes];
    public fixed float Tenacity[UnitIndex.Heroes];

    /// <summary>Macro command a hero follows (<see cref="MacroCommand"/>), and since which tick.</summary>
    public fixed byte Macro[UnitIndex.Heroes];
    public fixed ushort MacroSince[UnitIndex.Heroes];

    /// <summary>Unit that the command was about when it was given; 255 for none.</summary>
    public fixed byte MacroGoal[UnitIndex.Heroes];
    public fixed int Xp[UnitIndex.Heroes];

    /// <summary>Tick of return of a dead hero.</summary>
    public fixed ushort RespawnTick[UnitIndex.Heroes];

    /// <summary>Ticks the recall has lasted, 0 when none is under way.</summary>
    public fixed ushort RecallTicks[UnitIndex.Heroes];
    public fixed float Shield[UnitIndex.Heroes];
    public fixed ushort ShieldUntil[UnitIndex.Heroes];

    /// <summary>By hero * BuffSlots + slot: <see cref="Stat"/>, amount (may be negative), end.</summary>
    public fixed byte BuffStat[UnitIndex.Heroes * BuffSlots];
    public fixed float BuffAmount[UnitIndex.Heroes * BuffSlots];
    public fixed ushort BuffUntil[UnitIndex.Heroes * BuffSlots];

    /// <summary>Ability being cast (0 to 3 skills, 4 and 5 spells, 6 an item's active), or -1; the cast takes effect at <see cref="CastEnd"/>.</summary>
    public fixed sbyte CastSkill[UnitIndex.Heroes];
    public fixed ushort CastEnd[UnitIndex.Heroes];

    /// <summary>Item + 1 whose active is being used while <see cref="CastSkill"/> is 6.</summary>
    public fixed byte CastItem[UnitIndex.Heroes];
    public fixed short CastTarget[UnitIndex.Heroes];
    public fixed float CastX[UnitIndex.Heroes];
    public fixed float CastY[UnitIndex.Heroes];

    /// <summary>Effect (index into the content's effects) of a dash under way, applied on arrival; -1 for none.</summary>
    public fixed short DashEffect[UnitIndex.Heroes];
    public fixed sbyte DashSkill[UnitIndex.Heroes];
    public fixed short DashTarget[UnitIndex.Heroes];

    /// <summary>Unit vector of where the hero looks.</summary>
    public fixed float FaceX[UnitIndex.Heroes];
    public fixed float FaceY[UnitIndex.Heroes];

    /// <summary>1 if the hero moved by itself in the last tick.</summary>
    public fixed byte Moving[UnitIndex.Heroes];

    /// <summary>Where and when the enemy team saw the hero last (tick -1: never).</summary>
    public fixed float LastSeenX[UnitIndex.Heroes];
    public fixed float LastSeenY[UnitIndex.Heroes];
    public fixed int LastSeenTick[UnitIndex.Heroes];

    /// <summary>Tick at which the hero was last damaged by anything.</summary>
    public fixed int LastHurtTick[UnitIndex.Heroes];

    /// <summary>By victim * 5 + enemy slot: last tick at which that enemy hero damaged or disabled the victim (-1: never). Kill and assist credit.</summary>
    public fixed int HurtByTick[UnitIndex.Heroes * UnitIndex.HeroesPerTeam];

    /// <summary>By hero * 5 + slot: last tick at which that team mate healed, shielded or buffed the hero (-1: never).</summary>
    public fixed int HelpedByTick[UnitIndex.Heroes * UnitIndex.HeroesPerTeam];

    /// <summary>Tick at which the hero last damaged an enemy hero (draws towers and creeps), and whom.</summary>
    public fixed int LastStrikeTick[UnitIndex.Heroes];
    public fixed sbyte LastStruckHero[UnitIndex.Heroes];

    // Standing orders by hero; Orders.Give writes them.
    public fixed byte OrderVerb[UnitIndex.Heroes];
    public fixed short OrderTarget[UnitIndex.Heroes];
    public fixed float OrderX[UnitIndex.Heroes];
    public fixed float OrderY[UnitIndex.Heroes];

    // Orders that wait for a reaction delay, by hero * PendingOrders + place; see Control/Reflexes.
    public fixed byte PendingVerb[UnitIndex.Heroes * PendingOrders];
    public fixed short PendingTarget[UnitIndex.Heroes * PendingOrders];
    public fixed float PendingX[UnitIndex.Heroes * PendingOrders];
    public fixed float PendingY[UnitIndex.Heroes * PendingOrders];

    /// <summary>Bit i: the order changed i decisions ago; kept for heroes with a capped action rate.</summary>
    public fixed byte RecentOrders[UnitIndex.Heroes];

    // Running totals by hero; rewards are differences of these.
    public fixed int GoldEarned[UnitIndex.Heroes];
    public fixed int XpEarned[UnitIndex.Heroes];
    public fixed int LastHits[UnitIndex.Heroes];
    public fixed int Kills[UnitIndex.Heroes];
    public fixed int Deaths[UnitIndex.Heroes];
    public fixed int Assists[UnitIndex.Heroes];
    public fixed int MonsterKills[UnitIndex.Heroes];

    /// <summary>Shares of destroyed towers: 1 split among the heroes nearby or striking, else among the whole team.</summary>
    public fixed float TowerCredit[UnitIndex.Heroes];

    // Hp really taken away (shields included, overkill not).
    public fixed float DamageToHeroes[UnitIndex.Heroes];
    public fixed float DamageToStructures[UnitIndex.Heroes];
    public fixed float DamageToCreeps[UnitIndex.Heroes];
    public fixed float DamageToMonsters[UnitIndex.Heroes];
    public fixed float AncientDamage[UnitIndex.Heroes];
    public fixed float DamageTaken[UnitIndex.Heroes];

    /// <summary>Hp and shield given to oneself and to allies by skills and life-steal.</summary>
    public fixed float Healing[UnitIndex.Heroes];

    public fixed int WardsPlaced[UnitIndex.Heroes];

    // By summoned unit and ward (index minus FirstSummon): end, owner (a hero), and of what level.
    public fixed ushort ExpireTick[UnitIndex.Summons + UnitIndex.Wards];
    public fixed byte OwnerHero[UnitIndex.Summons + UnitIndex.Wards];

    // By team.

    /// <summary>Tick until which the first epic monster's buff, and the second's pushing wave, last.</summary>
    public fixed ushort TeamBuffUntil[UnitIndex.Teams];
    public fixed ushort PushUntil[UnitIndex.Teams];

    /// <summary>Epic monsters slain so far, by team.</summary>
    public fixed int EpicsSlain[UnitIndex.Teams];

    // Projectiles: team 0 uses places 0 to 31, team 1 the others; monsters strike without.

    /// <summary>1 while in flight.</summary>
    public fixed byte ProjectileAlive[MaxProjectiles];
    public fixed byte ProjectileTeam[MaxProjectiles];

    /// <summary>Unit that launched it.</summary>
    public fixed byte ProjectileOwner[MaxProjectiles];

    /// <summary>Unit it homes on, -1 for one that flies straight.</summary>
    public fixed short ProjectileTarget[MaxProjectiles];

    /// <summary>Index of the projectile effect whose children it carries, -1 for a basic attack.</summary>
    public fixed short ProjectileEffect[MaxProjectiles];
    public fixed byte ProjectileSkill[MaxProjectiles];
    public fixed byte ProjectilePierces[MaxProjectiles];
    public fixed float ProjectileX[MaxProjectiles];
    public fixed float ProjectileY[MaxProjectiles];

    /// <summary>Cells a tick.</summary>
    public fixed float ProjectileVX[MaxProjectiles];
    public fixed float ProjectileVY[MaxProjectiles];
    public fixed float ProjectileSpeed[MaxProjectiles];

    /// <summary>Cells left to fly (straight ones).</summary>
    public fixed float ProjectileRange[MaxProjectiles];

    /// <summary>Half width in which it hits, in cells.</summary>
    public fixed float ProjectileWidth[MaxProjectiles];

    /// <summary>Damage of a basic attack before armour, fixed at launch.</summary>
    public fixed float ProjectileDamage[MaxProjectiles];

    /// <summary>Units a piercing projectile has hit already: bit of the unit index, low and high 64 (wards are never hit).</summary>
    public fixed ulong ProjectileHitLow[MaxProjectiles];
    public fixed ulong ProjectileHitHigh[MaxProjectiles];

    // Zones: team 0 uses places 0 to 11, team 1 the others.
    public fixed byte ZoneAlive[MaxZones];
    public fixed byte ZoneTeam[MaxZones];
    public fixed byte ZoneOwner[MaxZones];
    public fixed byte ZoneSkill[MaxZones];
    public fixed short ZoneEffect[MaxZones];
    public fixed float ZoneX[MaxZones];
    public fixed float ZoneY[MaxZones];
    public fixed float ZoneRadius[MaxZones];

    /// <summary>Tick of the next pulse (the first comes after the delay).</summary>
    public fixed int ZoneNext[MaxZones];

    /// <summary>Tick of the zone's end.</summary>
    public fixed int ZoneUntil[MaxZones];

    /// <summary>Ticks left until an absolute tick, 0 if it is past.</summary>
    public readonly int Remaining(int until) => (until - Tick) & ~((until - Tick) >> 31);
}
