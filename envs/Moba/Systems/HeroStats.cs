namespace SelfPlayArena.Moba.Systems;

/// <summary>A hero's stats from level, passive, items, the team's epic buff and buffs; what its triggers listen to.</summary>
internal static unsafe class HeroStats
{
    private const float FastestAttack = 4f;

    public static void Compute(MobaWorld w, WorldState* s, int h)
    {
        HeroDefinition d = w.Content.Heroes[s->Kind[h]];
        float levels = s->Level[h] - 1;
        float* sum = stackalloc float[StatNames.Count];
        for (int i = 1; i < StatNames.Count; i++)
            sum[i] = (i == (int)Stat.MoveSpeed ? 0f : d.Base[i]) + d.Growth[i] * levels + d.Passive[i];
        for (int slot = h * WorldState.ItemSlots; slot < (h + 1) * WorldState.ItemSlots; slot++)
        {
            if (s->Items[slot] == 0)
                continue;
            float[] item = w.Content.Items[s->Items[slot] - 1].Stats;
            for (int i = 1; i < StatNames.Count; i++)
                sum[i] += item[i];
        }
        if (s->TeamBuffUntil[s->Team[h]] > s->Tick)
        {
            float[] slayers = w.Rules.BuffEpic.Stats;
            for (int i = 1; i < StatNames.Count; i++)
                sum[i] += slayers[i];
        }
        // Buffs are whole 1/1024 and summed by themselves: the order in which they came does not matter.
        float* buffs = stackalloc float[StatNames.Count];
        for (int i = 0; i < StatNames.Count; i++)
            buffs[i] = 0f;
        for (int b = h * WorldState.BuffSlots; b < (h + 1) * WorldState.BuffSlots; b++)
        {
            if (s->BuffUntil[b] > s->Tick)
                buffs[s->BuffStat[b]] += s->BuffAmount[b];
        }
        for (int i = 1; i < StatNames.Count; i++)
            sum[i] += buffs[i];

        s->Attack[h] = Positive(sum[(int)Stat.Attack]);
        s->Power[h] = Positive(sum[(int)Stat.Power]);
        s->Armor[h] = Positive(sum[(int)Stat.Armor]);
        s->MagicResist[h] = Positive(sum[(int)Stat.MagicResist]);
        s->HpRegen[h] = Combat.Exact(Positive(sum[(int)Stat.HpRegen]));
        s->ManaRegen[h] = Positive(sum[(int)Stat.ManaRegen]);
        s->LifeSteal[h] = Positive(sum[(int)Stat.LifeSteal]);
        s->CritChance[h] = Positive(sum[(int)Stat.CritChance]);
        s->Haste[h] = Positive(sum[(int)Stat.Haste]);
        s->ArmorPen[h] = Share(sum[(int)Stat.ArmorPen]);
        s->MagicPen[h] = Share(sum[(int)Stat.MagicPen]);
        s->Tenacity[h] = Share(sum[(int)Stat.Tenacity]);
        s->TriggersOn[h] = Triggers.Listening(w, s, h);
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

    /// <summary>Penetration and tenacity never pass four fifths.</summary>
    private static float Share(float v) => v > 0.8f ? 0.8f : v > 0f ? v : 0f;
}
