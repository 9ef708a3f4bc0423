namespace SelfPlayArena.Moba;

/// <summary>Reads a rules file.</summary>
internal static class RulesLoader
{
    /// <summary>Monster kinds in index order; the map names them.</summary>
    public static readonly string[] MonsterNames = ["golem", "wolf", "imp", "drake", "colossus"];

    public static RulesDefinition Read(ContentNode n)
    {
        n.Only("$schema", "name", "time_limit", "decision_ticks", "first_wave", "wave_interval", "melee_per_wave", "ranged_per_wave", "siege_every", "creeps", "structures", "monsters", "camps", "gold", "xp", "level_xp", "respawn", "recall", "fountain_regen", "assist_window", "tower", "sight", "shop", "super_creeps", "ward", "epics", "bounty");
        ContentNode camps = n["camps"].Only("first", "respawn");
        ContentNode gold = n["gold"].Only("start", "per_minute", "kill", "kill_per_level", "first_blood", "assist", "tower_team");
        ContentNode xp = n["xp"].Only("per_minute", "kill", "kill_per_level", "range");
        ContentNode respawn = n["respawn"].Only("base", "per_level", "per_minute");
        ContentNode tower = n["tower"].Only("ramp", "ramp_max", "backdoor", "fortified_until", "fortified", "hp_per_hero", "power");
        ContentNode super = n["super_creeps"].Only("inner", "base");
        ContentNode epics = n["epics"].Only("buff", "push");
        ContentNode sight = n["sight"].Only("hero", "creep", "structure", "brush");
        int[] levels = [.. n["level_xp"].Items(RulesDefinition.MaxLevel, RulesDefinition.MaxLevel).Select(l => l.Whole(0, 1_000_000))];
        for (int i = 1; i < levels.Length; i++)
        {
            if (levels[i] <= levels[i - 1])
                throw n["level_xp"].Error("must rise from level to level");
        }
        return new RulesDefinition
        {
            Name = n["name"].Text(),
            TimeLimit = n["time_limit"].Ticks(3600f),
            DecisionTicks = n["decision_ticks"].Whole(1, 15),
            FirstWave = n["first_wave"].Ticks(600f),
            WaveInterval = Math.Max(15, n["wave_interval"].Ticks(600f)),
            MeleePerWave = n["melee_per_wave"].Whole(0, 5),
            RangedPerWave = n["ranged_per_wave"].Whole(0, 5),
            SiegeEvery = n["siege_every"].Whole(1, 100),
            Creeps = Units(n["creeps"], "melee", "ranged", "siege", "champion"),
            Structures = Units(n["structures"], "outer", "inner", "base", "ancient"),
            Monsters = Units(n["monsters"], MonsterNames),
            SuperInner = super["inner"].Number(0f, 5f),
            SuperBase = super["base"].Number(0f, 5f),
            Ward = Ward(n["ward"]),
            BuffEpic = Epic(epics["buff"], "stats"),
            PushEpic = Epic(epics["push"], "strength", "champions"),
            Bounty = Bounty(n["bounty"]),
            ShopAnywhere = n["shop"].Choice("fountain", "anywhere") == 1,
            CampFirst = camps["first"].Ticks(3000f),
            CampRespawn = camps["respawn"].Ticks(3000f),
            StartGold = gold["start"].Whole(0, 100_000),
            GoldPerMinute = gold["per_minute"].Whole(0, 100_000),
            KillGold = gold["kill"].Whole(0, 100_000),
            KillGoldPerLevel = gold["kill_per_level"].Whole(0, 10_000),
            FirstBloodGold = gold["first_blood"].Whole(0, 100_000),
            AssistGold = gold["assist"].Whole(0, 100_000),
            TowerTeamGold = gold["tower_team"].Whole(0, 100_000),
            XpPerMinute = xp["per_minute"].Whole(0, 100_000),
            KillXp = xp["kill"].Whole(0, 100_000),
            KillXpPerLevel = xp["kill_per_level"].Whole(0, 10_000),
            XpRange = xp["range"].Number(1f, 60f),
            LevelXp = levels,
            RespawnBase = respawn["base"].Ticks(300f),
            RespawnPerLevel = respawn["per_level"].Ticks(60f),
            RespawnPerMinute = respawn["per_minute"].Ticks(60f),
            RecallTicks = Math.Max(1, n["recall"].Ticks(60f)),
            FountainRegen = n["fountain_regen"].Number(0f, 1f) / RulesDefinition.TicksPerSecond,
            AssistWindow = n["assist_window"].Ticks(60f),
            TowerRamp = tower["ramp"].Number(0f, 5f),
            TowerRampMax = tower["ramp_max"].Whole(0, 50),
            TowerBackdoor = tower["backdoor"].Number(0f, 1f),
            FortifiedUntil = tower["fortified_until"].Ticks(3000f),
            Fortified = tower["fortified"].Number(0f, 1f),
            StructureHpPerHero = tower["hp_per_hero"].Number(0f, 2f),
            StructurePower = tower["power"].Number(0f, 5f),
            HeroSight = sight["hero"].Number(1f, 12f),
            CreepSight = sight["creep"].Number(1f, 12f),
            StructureSight = sight["structure"].Number(1f, 12f),
            BrushSight = sight["brush"].Number(0f, 12f),
        };
    }

    private static WardRules Ward(ContentNode n)
    {
        n.Only("charges", "recharge", "duration", "sight", "hits", "gold");
        return new WardRules
        {
            Charges = n["charges"].Whole(0, 9),
            Recharge = Math.Max(1, n["recharge"].Ticks(600f)),
            Duration = Math.Max(1, n["duration"].Ticks(600f)),
            Sight = n["sight"].Number(1f, 12f),
            Hits = n["hits"].Whole(1, 20),
            Gold = n["gold"].Whole(0, 10_000),
        };
    }

    private static EpicRules Epic(ContentNode n, params ReadOnlySpan<string> gains)
    {
        n.Only(["first", "respawn", "duration", .. gains]);
        return new EpicRules
        {
            First = n["first"].Ticks(3000f),
            Respawn = Math.Max(1, n["respawn"].Ticks(3000f)),
            Duration = n["duration"].Ticks(600f),
            Stats = gains.Contains("stats") ? StatNames.ReadTable(n["stats"]) : new float[StatNames.Count],
            Strength = gains.Contains("strength") ? n["strength"].Number(0f, 5f) : 0f,
            Champions = gains.Contains("champions") ? n["champions"].Whole(0, 1) : 0,
        };
    }

    private static BountyRules Bounty(ContentNode n)
    {
        n.Only("from", "per_kill", "most", "percent_per_death", "least_percent");
        return new BountyRules
        {
            From = n["from"].Whole(1, 20),
            PerKill = n["per_kill"].Whole(0, 10_000),
            Most = n["most"].Whole(0, 50),
            PercentPerDeath = n["percent_per_death"].Whole(0, 100),
            LeastPercent = n["least_percent"].Whole(0, 100),
        };
    }

    private static UnitDefinition[] Units(ContentNode n, params string[] names)
    {
        n.Only(names);
        return [.. names.Select(name => UnitLoader.Read(name, n[name].Only(UnitLoader.Members)))];
    }
}
