using System.Runtime.CompilerServices;
using SelfPlayArena.Core;

namespace SelfPlayArena.Moba;

/// <summary>
/// Reward terms a hero, as differences of the state's running totals over one decision. Raw amounts, each about 1 for one event; the
/// host applies weights, the zero-sum treatment and team spirit.
/// </summary>
internal static unsafe class Rewards
{
    public const int Gold = 0;
    public const int Xp = 1;
    public const int LastHit = 2;
    public const int Kill = 3;
    public const int Death = 4;
    public const int Assist = 5;
    public const int Hp = 6;
    public const int Mana = 7;
    public const int Damage = 8;
    public const int Tower = 9;
    public const int Monster = 10;
    public const int Ancient = 11;
    public const int Win = 12;
    public const int Epic = 13;
    public const int Count = 14;

    /// <summary>Amounts of gold and of xp that count as 1.</summary>
    private const float PerGold = 1f / 100f;
    private const float PerXp = 1f / 100f;

    /// <summary>
    /// The default weights aim at learning from scratch in minutes. Dying costs enough to teach retreat, not so much that a beginner hides in
    /// its base, where nothing can be learnt. Mana costs nothing, or skills go unused.
    /// </summary>
    public static readonly IReadOnlyList<RewardTermSpec> Terms =
    [
        new("gold", "farming", 0.2f),
        new("xp", "farming", 0.05f),
        new("last_hit", "farming", 0.15f),
        new("kill", "kda", 0.6f),
        new("death", "kda", -0.4f),
        new("assist", "kda", 0.3f),
        new("hp", "damage", 0.3f),
        new("mana", "damage", 0f),
        new("damage", "damage", 0.3f),
        new("tower", "pushing", 2f),
        new("monster", "farming", 0.05f),
        new("ancient", "pushing", 3f),
        new("win", "win", 3f),
        new("epic", "pushing", 0.5f),
    ];

    /// <summary>What is taken before a decision is played: [10 heroes, terms] of the running totals.</summary>
    [InlineArray(UnitIndex.Heroes * Count)]
    public struct Totals
    {
        private float _first;
    }

    public static void Take(in WorldState s, ref Totals totals)
    {
        float towerHp = Reciprocal(s.MaxHp[UnitIndex.Tower(0, 1, 0)]);
        float ancientHp = Reciprocal(s.MaxHp[UnitIndex.Ancient(0)]);
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            if (s.Present[h] == 0)
                continue;
            int at = h * Count;
            totals[at + Gold] = s.GoldEarned[h];
            totals[at + Xp] = s.XpEarned[h];
            totals[at + LastHit] = s.LastHits[h];
            totals[at + Kill] = s.Kills[h];
            totals[at + Death] = s.Deaths[h];
            totals[at + Assist] = s.Assists[h];
            totals[at + Hp] = s.Alive[h] == 0 ? 0f : s.Hp[h] / s.MaxHp[h];
            totals[at + Mana] = s.Mana[h] * Reciprocal(s.MaxMana[h]);
            totals[at + Damage] = s.DamageToHeroes[h];
            totals[at + Tower] = (s.DamageToStructures[h] - s.AncientDamage[h]) * towerHp + s.TowerCredit[h];
            totals[at + Monster] = s.MonsterKills[h];
            totals[at + Ancient] = s.AncientDamage[h] * ancientHp;
            totals[at + Win] = s.Alive[h];
            totals[at + Epic] = s.EpicsSlain[h / UnitIndex.HeroesPerTeam];
        }
    }

    /// <summary>Writes what a decision brought, [agents, terms].</summary>
    public static void Write(in WorldState s, in Totals before, int perTeam, Span<float> rewards)
    {
        Unsafe.SkipInit(out Totals after);
        Take(in s, ref after);
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            float foes = 0f;
            for (int i = 0; i < perTeam; i++)
                foes += s.MaxHp[UnitIndex.Hero(1 - team, i)];
            float perFoe = perTeam / foes;
            for (int i = 0; i < perTeam; i++)
            {
                int hero = UnitIndex.Hero(team, i);
                Span<float> row = rewards.Slice((team * perTeam + i) * Count, Count);
                for (int t = 0; t < Count; t++)
                    row[t] = after[hero * Count + t] - before[hero * Count + t];
                row[Gold] *= PerGold;
                row[Xp] *= PerXp;
                row[Damage] *= perFoe;
                bool lived = before[hero * Count + Win] != 0f;
                if (!lived)
                {
                    row[Hp] = 0f;
                    row[Mana] = 0f;
                }
                row[Win] = s.Finished == 0 || s.Winner < 0 ? 0f : s.Winner == team ? 1f : -1f;
            }
        }
    }

    private static float Reciprocal(float x) => x > 0f ? 1f / x : 0f;
}
