using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Systems;

/// <summary>Puts everything in place for a new match.</summary>
internal static unsafe class Setup
{
    public static void Run(MobaWorld w, WorldState* s, ulong seed, ReadOnlySpan<byte> lineups)
    {
        if (lineups.Length is not (0 or UnitIndex.Heroes))
            throw new ArgumentException($"line-ups have {lineups.Length} entries; allowed: 0 or {UnitIndex.Heroes}", nameof(lineups));
        new Span<byte>(s, sizeof(WorldState)).Clear();
        s->Seed = seed;
        s->Winner = -1;
        s->NextWaveTick = w.Rules.FirstWave;
        for (int u = 0; u < UnitIndex.Count; u++)
        {
            s->AttackTarget[u] = -1;
            s->Team[u] = TeamOf(u);
        }
        for (int i = 0; i < WorldState.MaxProjectiles; i++)
            s->ProjectileTarget[i] = s->ProjectileEffect[i] = -1;
        Structures(w, s);
        Heroes(w, s, seed, lineups);
        for (int c = 0; c < WorldState.Camps; c++)
            s->CampRespawn[c] = !w.Mode.Jungle ? int.MaxValue : c < Objectives.FirstCamp ? w.Rules.CampFirst : Objectives.Of(w, c).First;
        Vision.Run(w, s, everything: true);
    }

    private static byte TeamOf(int u)
    {
        if (UnitIndex.IsHero(u))
            return (byte)(u / UnitIndex.HeroesPerTeam);
        if (UnitIndex.IsStructure(u))
            return (byte)((u - UnitIndex.FirstStructure) / UnitIndex.StructuresPerTeam);
        if (UnitIndex.IsCreep(u))
            return (byte)((u - UnitIndex.FirstCreep) / UnitIndex.CreepsPerTeam);
        if (UnitIndex.IsSummon(u))
            return (byte)((u - UnitIndex.FirstSummon) / UnitIndex.SummonsPerTeam);
        return UnitIndex.IsWard(u) ? (byte)((u - UnitIndex.FirstWard) / UnitIndex.WardsPerTeam) : (byte)UnitIndex.Neutral;
    }

    private static void Structures(MobaWorld w, WorldState* s)
    {
        for (int i = 0; i < UnitIndex.Structures; i++)
        {
            int u = UnitIndex.FirstStructure + i;
            int k = i % UnitIndex.StructuresPerTeam;
            int tier = k == UnitIndex.AncientOfTeam ? 3 : k % 3;
            UnitDefinition d = w.Rules.Structures[tier];
            bool there = tier == 3 || w.HasLane(k / 3);
            s->X[u] = w.Map.StructureX[i];
            s->Y[u] = w.Map.StructureY[i];
            s->Kind[u] = (byte)tier;
            s->Alive[u] = (byte)(there ? 1 : 0);
            float hp = (int)(d.MaxHp * (1f + w.Rules.StructureHpPerHero * (w.HeroesPerTeam - 1)));
            s->MaxHp[u] = hp;
            s->Hp[u] = there ? hp : 0f;
            s->Attack[u] = d.Attack;
            s->Armor[u] = d.Armor;
            s->MagicResist[u] = d.MagicResist;
            s->AttackRange[u] = d.AttackRange;
            s->AttackInterval[u] = (ushort)d.AttackInterval;
            s->TowerAggro[i] = -1;
            s->Protected[i] = (byte)(tier == 0 && there ? 0 : 1);
        }
    }

    private static void Heroes(MobaWorld w, WorldState* s, ulong seed, ReadOnlySpan<byte> lineups)
    {
        Span<byte> drawn = stackalloc byte[UnitIndex.Heroes];
        if (lineups.IsEmpty)
            Draw(w.AllHeroes, seed, drawn);
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            int slot = h % UnitIndex.HeroesPerTeam;
            byte kind = lineups.IsEmpty ? drawn[h] : lineups[h];
            if (kind >= w.Content.Heroes.Length)
                throw new ArgumentException($"line-up entry {h} is {kind}; allowed: 0 to {w.Content.Heroes.Length - 1}", nameof(lineups));
            s->Kind[h] = kind;
            s->CastSkill[h] = -1;
            s->CastTarget[h] = -1;
            s->DashEffect[h] = -1;
            s->DashTarget[h] = -1;
            s->LastSeenTick[h] = -1;
            s->LastHurtTick[h] = -1000;
            s->LastStrikeTick[h] = -1000;
            s->LastStruckHero[h] = -1;
            s->OrderTarget[h] = -1;
            for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
                s->HurtByTick[h * 5 + i] = s->HelpedByTick[h * 5 + i] = -1;
            if (slot >= w.HeroesPerTeam)
                continue;
            s->Present[h] = 1;
            s->Gold[h] = s->GoldEarned[h] = w.Rules.StartGold;
            s->Level[h] = 1;
            HeroDefinition d = w.Content.Heroes[kind];
            for (int k = 0; k < WorldState.Spells; k++)
                s->Spell[h * WorldState.Spells + k] = (byte)d.Spells[k];
            s->SkillPoints[h] = 1;
            Learning.FollowOrder(w, s, h);
            s->WardCharges[h] = (byte)w.Rules.Ward.Charges;
            s->AttackRange[h] = d.AttackRange;
            HeroStats.Compute(w, s, h);
            HeroUpkeep.Appear(w, s, h);
        }
    }

    /// <summary>Distinct heroes within each team, both teams drawn alike from their own stream.</summary>
    /// <param name="pool">Hero definitions to draw from.</param>
    /// <param name="drawn">[10] by team * 5 + slot; of a pool of fewer than five, the last slots are 0.</param>
    public static void Draw(ReadOnlySpan<byte> pool, ulong seed, Span<byte> drawn)
    {
        Span<byte> order = stackalloc byte[pool.Length];
        int each = Math.Min(pool.Length, UnitIndex.HeroesPerTeam);
        drawn.Clear();
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            var rng = new Rng(Seeds.Derive(seed, "lineup", (ulong)team));
            pool.CopyTo(order);
            for (int i = 0; i < each; i++)
            {
                int j = i + rng.Next(pool.Length - i);
                (order[i], order[j]) = (order[j], order[i]);
                drawn[UnitIndex.Hero(team, i)] = order[i];
            }
        }
    }
}
