using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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

    /// <summary>What is taken before a decision is played: [terms, 10 heroes] of the running totals.</summary>
    [InlineArray(UnitIndex.Heroes * Count)]
    public struct Totals
    {
        private float _first;
    }

    /// <summary>The totals lie side by side by hero, so eight heroes' are taken at once. Of heroes that are not present they mean nothing.</summary>
    public static void Take(WorldState* s, ref Totals totals)
    {
        ref float t = ref totals[0];
        Take(s, 0, ref t);
        Take(s, UnitIndex.Heroes - 8, ref t);
    }

    private static void Take(WorldState* s, int h, ref float t)
    {
        Vector256<float> none = Vector256<float>.Zero;
        Vector256<float> alive = Vector256.ConvertToSingle(ObservationWriter.Wide(s->Alive + h));
        Vector256<float> first = Vector256.LessThan(Vector256.Create(h) + Vector256<int>.Indices, Vector256.Create(UnitIndex.HeroesPerTeam)).AsSingle();
        Vector256<float> maxMana = Vector256.Load(s->MaxMana + h);
        Vector256<float> ancient = Vector256.Load(s->AncientDamage + h);
        float towerHp = Reciprocal(s->MaxHp[UnitIndex.Tower(0, 1, 0)]);
        float ancientHp = Reciprocal(s->MaxHp[UnitIndex.Ancient(0)]);
        Put(ref t, Gold, h, Whole(s->GoldEarned + h));
        Put(ref t, Xp, h, Whole(s->XpEarned + h));
        Put(ref t, LastHit, h, Whole(s->LastHits + h));
        Put(ref t, Kill, h, Whole(s->Kills + h));
        Put(ref t, Death, h, Whole(s->Deaths + h));
        Put(ref t, Assist, h, Whole(s->Assists + h));
        Put(ref t, Hp, h, Vector256.GreaterThan(alive, none) & (Vector256.Load(s->Hp + h) / Vector256.Load(s->MaxHp + h)));
        Put(ref t, Mana, h, Vector256.Load(s->Mana + h) * (Vector256.GreaterThan(maxMana, none) & (Vector256<float>.One / maxMana)));
        Put(ref t, Damage, h, Vector256.Load(s->DamageToHeroes + h));
        Put(ref t, Tower, h, (Vector256.Load(s->DamageToStructures + h) - ancient) * towerHp + Vector256.Load(s->TowerCredit + h));
        Put(ref t, Monster, h, Whole(s->MonsterKills + h));
        Put(ref t, Ancient, h, ancient * ancientHp);
        Put(ref t, Win, h, alive);
        Put(ref t, Epic, h, Vector256.ConditionalSelect(first, Vector256.Create((float)s->EpicsSlain[0]), Vector256.Create((float)s->EpicsSlain[1])));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Whole(int* of) => Vector256.ConvertToSingle(Vector256.Load(of));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ref float totals, int term, int h, Vector256<float> of) => of.StoreUnsafe(ref totals, (nuint)(term * UnitIndex.Heroes + h));

    /// <summary>Writes what a decision brought, [agents, terms].</summary>
    [SkipLocalsInit]
    public static void Write(WorldState* s, ref Totals before, int perTeam, Span<float> rewards)
    {
        Unsafe.SkipInit(out Totals after);
        Take(s, ref after);
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            float foes = 0f;
            for (int i = 0; i < perTeam; i++)
                foes += s->MaxHp[UnitIndex.Hero(1 - team, i)];
            float perFoe = perTeam / foes;
            float win = s->Finished == 0 || s->Winner < 0 ? 0f : s->Winner == team ? 1f : -1f;
            for (int i = 0; i < perTeam; i++)
            {
                int hero = UnitIndex.Hero(team, i);
                Span<float> row = rewards.Slice((team * perTeam + i) * Count, Count);
                for (int t = 0; t < Count; t++)
                    row[t] = after[t * UnitIndex.Heroes + hero] - before[t * UnitIndex.Heroes + hero];
                row[Gold] *= PerGold;
                row[Xp] *= PerXp;
                row[Damage] *= perFoe;
                bool lived = before[Win * UnitIndex.Heroes + hero] != 0f;
                if (!lived)
                {
                    row[Hp] = 0f;
                    row[Mana] = 0f;
                }
                row[Win] = win;
            }
        }
    }

    private static float Reciprocal(float x) => x > 0f ? 1f / x : 0f;
}
