using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests.Exactness;

/// <summary>What must hold in every state that a match can come to. Each check names the unit and the tick.</summary>
internal static unsafe class StateChecks
{
    /// <summary>No timer points farther ahead than this: five minutes.</summary>
    private const int Farthest = 5 * 60 * RulesDefinition.TicksPerSecond;

    private static readonly StateFields.Field[] Timers =
    [
        .. StateFields.All.Where(f => f.Type == typeof(ushort)
            && (f.Name.EndsWith("Until", StringComparison.Ordinal) || f.Name.EndsWith("Ready", StringComparison.Ordinal)
                || f.Name.EndsWith("End", StringComparison.Ordinal) || f.Name is "RespawnTick" or "ExpireTick")),
    ];

    private static readonly StateFields.Field[] Units =
    [
        .. StateFields.All.Where(f => f.Name is "AttackTarget" or "OrderTarget" or "CastTarget" or "DashTarget" or "ProjectileTarget"),
    ];

    public static void All(MobaWorld w, ref WorldState state)
    {
        fixed (WorldState* s = &state)
        {
            if (StateFields.NotFinite(s) is { } bad)
                Assert.Fail($"tick {s->Tick}: {bad}");
            UnitsAreSound(w, s);
            for (int h = 0; h < UnitIndex.Heroes; h++)
                HeroIsSound(w, s, h);
            StructuresAreSound(w, s);
            LooseThingsAreSound(s);
            TimersAreSound(s);
            Check(s->Tick <= w.Rules.TimeLimit && s->Winner is >= -1 and <= 1 && s->Finished <= 1, s, -1, "the match's own fields");
            Check(s->Finished != 0 == (s->Reason != EndReason.None), s, -1, "an end without reason");
        }
    }

    private static void UnitsAreSound(MobaWorld w, WorldState* s)
    {
        for (int u = 0; u < UnitIndex.Count; u++)
        {
            bool alive = s->Alive[u] != 0;
            Check(s->Alive[u] <= 1 && s->Visible[u] <= 3 && s->Team[u] <= UnitIndex.Neutral, s, u, "alive, visible or team");
            Check(s->Hp[u] >= 0f && s->Hp[u] <= s->MaxHp[u], s, u, $"hp {s->Hp[u]} of {s->MaxHp[u]}");
            Check(alive == s->Hp[u] > 0f, s, u, $"alive {s->Alive[u]} with {s->Hp[u]} hp");
            if (!alive)
                continue;
            float x = s->X[u];
            float y = s->Y[u];
            Check(MathF.Abs(x) < GameMap.Half && MathF.Abs(y) < GameMap.Half && w.Map.Walkable(x, y), s, u, $"at ({x}, {y}), in a wall or off the map");
            Check(s->Team[u] == UnitIndex.Neutral || (s->Visible[u] >> s->Team[u] & 1) != 0, s, u, "its own team does not see it");
            Check(s->MoveSpeed[u] >= 0f && s->MoveSpeed[u] < 2f && s->AttackRange[u] >= 0f && s->Attack[u] >= 0f, s, u, "speed, range or attack");
            Check(s->SlowAmount[u] >= 0f && s->SlowAmount[u] <= 1f, s, u, $"slowed by {s->SlowAmount[u]}");
            Check(s->AttackTarget[u] < 0 || s->Team[s->AttackTarget[u]] != s->Team[u], s, u, $"strikes its own team's unit {s->AttackTarget[u]}");
        }
        for (int i = 0; i < UnitIndex.Creeps; i++)
        {
            bool listed = (s->LaneAlive[i / UnitIndex.CreepsPerLane] >> i % UnitIndex.CreepsPerLane & 1) != 0;
            Check(listed == (s->Alive[UnitIndex.FirstCreep + i] != 0), s, UnitIndex.FirstCreep + i, $"listed in its lane: {listed}");
        }
    }

    private static void HeroIsSound(MobaWorld w, WorldState* s, int h)
    {
        Check(s->Gold[h] == s->GoldEarned[h] - s->GoldSpent[h] && s->Gold[h] >= 0 && s->GoldSpent[h] >= 0, s, h,
            $"gold {s->Gold[h]} of {s->GoldEarned[h]} earned and {s->GoldSpent[h]} spent");
        int worth = 0;
        for (int slot = h * WorldState.ItemSlots; slot < (h + 1) * WorldState.ItemSlots; slot++)
        {
            Check(s->Items[slot] <= w.Content.Items.Length, s, h, $"item {s->Items[slot]}");
            worth += s->Items[slot] == 0 ? 0 : w.Content.Items[s->Items[slot] - 1].Price;
        }
        Check(worth == s->GoldSpent[h], s, h, $"spent {s->GoldSpent[h]}, its items are worth {worth}");
        if (s->Present[h] == 0)
        {
            Check(s->Alive[h] == 0 && s->GoldEarned[h] == 0 && s->XpEarned[h] == 0 && h % UnitIndex.HeroesPerTeam >= w.HeroesPerTeam, s, h, "absent but living or paid");
            return;
        }
        Check(s->Mana[h] >= 0f && s->Mana[h] <= s->MaxMana[h], s, h, $"mana {s->Mana[h]} of {s->MaxMana[h]}");
        int level = s->Level[h];
        int[] table = w.Rules.LevelXp;
        Check(level is >= 1 and <= RulesDefinition.MaxLevel && s->Xp[h] == s->XpEarned[h] && s->Xp[h] >= table[level - 1]
            && (level == RulesDefinition.MaxLevel || s->Xp[h] < table[level]), s, h, $"level {level} with {s->Xp[h]} xp");
        int learnt = s->SkillPoints[h];
        for (int k = 0; k < WorldState.Skills; k++)
        {
            int skill = s->SkillLevel[h * WorldState.Skills + k];
            Check(skill == 0 || level >= Learning.LevelNeeded(k, skill - 1), s, h, $"skill {k} at level {skill} on hero level {level}");
            learnt += skill;
        }
        Check(learnt == level, s, h, $"{learnt} skill levels and points at level {level}");
        Check(s->Alive[h] != 0 || s->RespawnTick[h] >= s->Tick, s, h, $"dead although due at {s->RespawnTick[h]}");
        Check(s->WardCharges[h] <= w.Rules.Ward.Charges && s->Spell[h * WorldState.Spells] < w.Content.Spells.Length, s, h, $"{s->WardCharges[h]} wards, or a spell");
        Check(s->Shield[h] >= 0f && s->CritChance[h] >= 0f && s->LifeSteal[h] >= 0f && s->Haste[h] > -1f, s, h, "shield, criticals, life-steal or haste");
        Check(s->CastSkill[h] is >= -1 and < Abilities.Count, s, h, $"casts {s->CastSkill[h]}");
        Check(s->OrderVerb[h] <= (byte)Verb.Learn, s, h, $"order {s->OrderVerb[h]}");
        if (s->Alive[h] == 0)
            return;
        float face = s->FaceX[h] * s->FaceX[h] + s->FaceY[h] * s->FaceY[h];
        Check(face is > 0.99f and < 1.01f, s, h, $"looks along ({s->FaceX[h]}, {s->FaceY[h]})");
        bool seen = (s->Visible[h] >> (1 - s->Team[h]) & 1) != 0;
        Check(!seen || s->Tick == 0 || (s->LastSeenTick[h] == s->Tick && s->LastSeenX[h] == s->X[h] && s->LastSeenY[h] == s->Y[h]), s, h, "seen, but not noted as seen here and now");
        Check(s->LastSeenTick[h] <= s->Tick && s->LastHurtTick[h] <= s->Tick && s->LastStrikeTick[h] <= s->Tick, s, h, "a past that lies ahead");
    }

    private static void StructuresAreSound(MobaWorld w, WorldState* s)
    {
        int* lost = stackalloc int[UnitIndex.Teams];
        for (int i = 0; i < UnitIndex.Structures; i++)
        {
            int u = UnitIndex.FirstStructure + i;
            int team = i / UnitIndex.StructuresPerTeam;
            int k = i % UnitIndex.StructuresPerTeam;
            bool ancient = k == UnitIndex.AncientOfTeam;
            bool exists = ancient || w.HasLane(k / 3);
            Check(s->Team[u] == team && (exists || s->Alive[u] == 0), s, u, "team, or a tower of a lane that is not played");
            Check(s->Alive[u] == 0 || s->Visible[u] == 3, s, u, "a structure that somebody does not see");
            Check(s->Protected[i] == 0 || s->Alive[u] == 0 || s->Hp[u] == s->MaxHp[u], s, u, "hurt while protected");
            Check(s->TowerAggro[i] is >= -1 and < UnitIndex.Heroes, s, u, $"aggro {s->TowerAggro[i]}");
            if (!ancient && exists && k % 3 < 2 && s->Alive[u] != 0)
                Check(s->Alive[u + 1] != 0, s, u, "stands although the one behind it fell");
            lost[team] += exists && s->Alive[u] == 0 ? 1 : 0;
        }
        for (int team = 0; team < UnitIndex.Teams; team++)
            Check(s->StructuresLost[team] == lost[team], s, UnitIndex.Ancient(team), $"{s->StructuresLost[team]} structures lost, {lost[team]} missing");
    }

    private static void LooseThingsAreSound(WorldState* s)
    {
        for (int i = 0; i < WorldState.MaxProjectiles; i++)
        {
            if (s->ProjectileAlive[i] == 0)
                continue;
            Check(s->ProjectileTeam[i] == i / WorldState.ProjectilesPerTeam && s->ProjectileOwner[i] < UnitIndex.Count, s, -1, $"projectile {i} of the wrong team or of nobody");
            Check(MathF.Abs(s->ProjectileX[i]) < 2 * GameMap.Half && MathF.Abs(s->ProjectileY[i]) < 2 * GameMap.Half, s, -1, $"projectile {i} far off the map");
            Check(s->ProjectileSpeed[i] >= 0f && s->ProjectileRange[i] >= -4f && s->ProjectileDamage[i] >= 0f, s, -1, $"projectile {i}: speed, range or damage");
        }
        for (int i = 0; i < WorldState.MaxZones; i++)
        {
            if (s->ZoneAlive[i] == 0)
                continue;
            Check(s->ZoneTeam[i] == i / WorldState.ZonesPerTeam && s->ZoneRadius[i] > 0f && s->ZoneUntil[i] >= s->Tick - 1 && s->ZoneUntil[i] <= s->Tick + Farthest, s, -1, $"zone {i}");
        }
        for (int i = 0; i < UnitIndex.Summons + UnitIndex.Wards; i++)
        {
            int u = UnitIndex.FirstSummon + i;
            if (s->Alive[u] == 0)
                continue;
            int team = i < UnitIndex.Summons ? i / UnitIndex.SummonsPerTeam : (i - UnitIndex.Summons) / UnitIndex.WardsPerTeam;
            Check(s->Team[u] == team && s->OwnerHero[i] / UnitIndex.HeroesPerTeam == team && s->ExpireTick[i] >= s->Tick, s, u, $"owner {s->OwnerHero[i]}, ends at {s->ExpireTick[i]}");
        }
    }

    private static void TimersAreSound(WorldState* s)
    {
        int latest = s->Tick + Farthest;
        foreach (StateFields.Field f in Timers)
        {
            ushort* p = (ushort*)((byte*)s + f.Offset);
            for (int i = 0; i < f.Length; i++)
            {
                if (p[i] > latest)
                    Assert.Fail($"tick {s->Tick}: {f.Name}[{i}] is {p[i]}");
            }
        }
        foreach (StateFields.Field f in Units)
        {
            short* p = (short*)((byte*)s + f.Offset);
            for (int i = 0; i < f.Length; i++)
            {
                if (p[i] is < -1 or >= UnitIndex.Count)
                    Assert.Fail($"tick {s->Tick}: {f.Name}[{i}] is {p[i]}");
            }
        }
    }

    private static void Check(bool holds, WorldState* s, int unit, [System.Runtime.CompilerServices.InterpolatedStringHandlerArgument("holds")] ref Message message)
    {
        if (!holds)
            Assert.Fail($"tick {s->Tick}, unit {unit}: {message.ToString()}");
    }

    private static void Check(bool holds, WorldState* s, int unit, string message)
    {
        if (!holds)
            Assert.Fail($"tick {s->Tick}, unit {unit}: {message}");
    }

    /// <summary>Text that is put together only where a check fails: the checks run millions of times.</summary>
    [System.Runtime.CompilerServices.InterpolatedStringHandler]
    private ref struct Message
    {
        private System.Text.StringBuilder? _text;

        public Message(int literal, int formatted, bool holds, out bool build)
        {
            build = !holds;
            _text = holds ? null : new System.Text.StringBuilder(literal + formatted * 8);
        }

        public readonly void AppendLiteral(string s) => _text!.Append(s);

        public readonly void AppendFormatted<T>(T value) => _text!.Append(System.Globalization.CultureInfo.InvariantCulture, $"{value}");

        public override readonly string ToString() => _text?.ToString() ?? "";
    }
}
