using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

internal sealed unsafe partial class ObservationWriter
{
    /// <summary>Bytes from one row of <see cref="DescribeHeroes"/> to the next.</summary>
    public const int RowStride = TeamSight.HeroStride;

    /// <summary>
    /// By what a team knows of a hero, the bytes of its row that it is shown: own fallen, enemy fallen, enemy hidden, own, enemy seen. What a
    /// score board shows of everybody is shown always; own macro commands and cooldowns are not for opponents to see.
    /// </summary>
    private static readonly byte[] Shown =
    [
        .. Bytes([0, 12, 23, 27, 28, 29, 30, 37]),
        .. Bytes([0, 12, 23, 27, 28, 29, 30]),
        .. Bytes([0, 12, 22, 27, 28, 29, 30]),
        .. Bytes([0, .. Enumerable.Range(9, 12), 22, .. Enumerable.Range(24, 14)]),
        .. Bytes([0, .. Enumerable.Range(9, 12), 22, 25, 26, .. Enumerable.Range(27, 10)]),
    ];

    private const int Hidden = 2;

    private static byte[] Bytes(int[] shown)
    {
        byte[] mask = new byte[RowStride];
        foreach (int i in shown)
            mask[i] = byte.MaxValue;
        return mask;
    }

    /// <summary>Writes the rows [10 units, <see cref="RowStride"/>] of all heroes, once for both teams, with everything that somebody may be shown.</summary>
    public static void DescribeHeroes(WorldState* s, byte* rows)
    {
        int tick = s->Tick;
        for (int u = 0; u < UnitIndex.Heroes; u++)
        {
            if (s->Present[u] == 0)
                continue;
            byte* p = rows + u * RowStride;
            p[0] = s->Kind[u];
            Four(
                Vector128.Create(s->GoldSpent[u], s->KillStreak[u], s->Kills[u], (float)s->Deaths[u])
                    * Vector128.Create(1f / Sizes.Worth, 1f / Sizes.Streak, 1f / Sizes.Kills, 1f / Sizes.Kills),
                p + 27);
            p[37] = s->Macro[u];
            p[23] = Q((s->RespawnTick[u] - tick) * (PerSecond / Sizes.RespawnSeconds));
            p[22] = 127;
            Four(
                Vector128.Create(s->Hp[u] / s->MaxHp[u], s->Hp[u] * (1f / Sizes.HeroHp), s->MaxMana[u] > 0f ? s->Mana[u] / s->MaxMana[u] : 0f, s->Level[u] * (1f / RulesDefinition.MaxLevel)),
                p + 9);
            int slow = -Combat.One(s->SlowUntil[u] > tick);
            float speed = s->MoveSpeed[u] * Unsafe.BitCast<int, float>((Unsafe.BitCast<float, int>(1f - s->SlowAmount[u]) & slow) | (Unsafe.BitCast<float, int>(1f) & ~slow));
            Four(
                Vector128.Create(s->Attack[u], s->AttackRange[u], speed, 0f)
                    * Vector128.Create(1f / Sizes.HeroAttack, 1f / Sizes.AttackRange, PerTickToPerSecond / Sizes.Speed, 0f),
                p + 13);
            Four(
                Vector128.Create(s->Armor[u], s->MagicResist[u], s->Power[u], s->AttackInterval[u])
                    * Vector128.Create(1f / Sizes.Resistance, 1f / Sizes.Resistance, 1f / Sizes.HeroAttack, PerSecond / Sizes.AttackSeconds),
                p + 31);
            p[35] = Flag(s->StealthUntil[u] > tick);
            p[36] = Flag(s->CastSkill[u] >= 0);
            p[16] = Flag(s->StunUntil[u] > tick);
            p[17] = Flag(s->RootUntil[u] > tick);
            p[18] = (byte)(127 & slow);
            p[19] = Flag(s->SilenceUntil[u] > tick);
            p[20] = 127;
            p[24] = Flag(s->SkillLevel[u * 4 + 3] != 0 & s->SkillReady[u * 4 + 3] <= tick);
            p[25] = Flag(s->RecallTicks[u] != 0);
            p[26] = (byte)(Q(s->Shield[u] * (1f / Sizes.HeroHp)) & -Combat.One(s->ShieldUntil[u] > tick));
        }
    }

    /// <summary>Fills in the rows of all heroes as a team knows them; call after <see cref="TeamSight.Gather"/>, before <see cref="Write"/>.</summary>
    /// <param name="rows">From <see cref="DescribeHeroes"/>.</param>
    public static void Describe(WorldState* s, TeamSight* t, byte* rows)
    {
        for (int i = 0; i < UnitIndex.Heroes; i++)
        {
            int u = t->HeroUnit[i];
            if (s->Present[u] == 0)
                continue;
            int own = Combat.One(i < UnitIndex.HeroesPerTeam);
            int alive = s->Alive[u];
            int known = alive != 0 ? (own != 0 ? 3 : Hidden + 2 * t->HeroSeen[i]) : 1 - own;
            byte* p = TeamSight.Row(t, i);
            byte* row = rows + u * RowStride;
            ref byte shown = ref Shown[known * RowStride];
            for (int k = 0; k < RowStride; k += Vector128<byte>.Count)
                (Vector128.Load(row + k) & Vector128.LoadUnsafe(ref shown, (nuint)k)).Store(p + k);
            int never = s->LastSeenTick[u] >> 31;
            int since = (Q((s->Tick - s->LastSeenTick[u]) * (PerSecond / Sizes.HiddenSeconds)) & ~never) | (127 & never);
            p[21] = (byte)(since & -Combat.One(known == Hidden));
        }
    }
}
