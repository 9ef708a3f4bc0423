namespace SelfPlayArena.Moba.Systems;

/// <summary>A hero's stats from level, passive, upgrades and buffs.</summary>
internal static unsafe class HeroStats
{
    private const float FastestAttack = 4f;

    public static void Compute(MobaWorld w, WorldState* s, int h)
    {
        HeroDefinition d = w.Content.Heroes[s->Kind[h]];
        float levels = s->Level[h] - 1;
        float upgrades = s->GoldSpent[h] / w.Rules.UpgradePrice;
        float[] upgrade = w.Rules.Upgrade;
        float* sum = stackalloc float[StatNames.Count];
        for (int i = 1; i < StatNames.Count; i++)
            sum[i] = (i == (int)Stat.MoveSpeed ? 0f : d.Base[i]) + d.Growth[i] * levels + d.Passive[i] + upgrade[i] * upgrades;
        for (int b = h * WorldState.BuffSlots; b < (h + 1) * WorldState.BuffSlots; b++)
        {
            if (s->BuffUntil[b] > s->Tick)
                sum[s->BuffStat[b]] += s->BuffAmount[b];
        }

        s->Attack[h] = Positive(sum[(int)Stat.Attack]);
        s->Power[h] = Positive(sum[(int)Stat.Power]);
        s->Armor[h] = Positive(sum[(int)Stat.Armor]);
        s->MagicResist[h] = Positive(sum[(int)Stat.MagicResist]);
        s->HpRegen[h] = Combat.Exact(Positive(sum[(int)Stat.HpRegen]));
        s->ManaRegen[h] = Positive(sum[(int)Stat.ManaRegen]);
        s->LifeSteal[h] = Positive(sum[(int)Stat.LifeSteal]);
        s->CritChance[h] = Positive(sum[(int)Stat.CritChance]);
        float share = 1f + sum[(int)Stat.MoveSpeed];
        s->MoveSpeed[h] = d.Base[(int)Stat.MoveSpeed] * (share < 0.3f ? 0.3f : share > 2f ? 2f : share);
        float speed = sum[(int)Stat.AttackSpeed];
        speed = speed < 0.3f ? 0.3f : speed > FastestAttack ? FastestAttack : speed;
        int interval = (int)(d.AttackInterval / speed + 0.5f);
        s->AttackInterval[h] = (ushort)(interval < 3 ? 3 : interval);
        float maxHp = Combat.Exact(Positive(sum[(int)Stat.MaxHp]));
        if (s->Alive[h] != 0)
        {
            // A rise is given, a fall only cuts: a buff's end never kills.
            float hp = s->Hp[h] + (maxHp > s->MaxHp[h] ? maxHp - s->MaxHp[h] : 0f);
            s->Hp[h] = hp > maxHp ? maxHp : hp;
        }
        s->MaxHp[h] = maxHp;
        s->MaxMana[h] = Positive(sum[(int)Stat.MaxMana]);
        if (s->Mana[h] > s->MaxMana[h])
            s->Mana[h] = s->MaxMana[h];
    }

    private static float Positive(float v) => v > 0f ? v : 0f;
}
