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
        DescribeHeroes(s, 0, rows);
        DescribeHeroes(s, UnitIndex.Heroes - 8, rows);
    }

    /// <summary>Eight heroes at once; see <see cref="DescribeEight"/>.</summary>
    [SkipLocalsInit]
    private static void DescribeHeroes(WorldState* s, int u, byte* rows)
    {
        const int Words = 4;
        Vector256<float> none = Vector256<float>.Zero;
        Vector256<int> tick = Vector256.Create(s->Tick);
        Vector256<float> maxMana = Vector256.Load(s->MaxMana + u);
        Vector256<float> hp = Vector256.Load(s->Hp + u);
        Vector256<float> slow = Vector256.GreaterThan(Wide(s->SlowUntil + u), tick).AsSingle();
        ulong* words = stackalloc ulong[Words * 8];

        Join(
            Four(
                hp / Vector256.Load(s->MaxHp + u),
                hp * (1f / Sizes.HeroHp),
                Vector256.GreaterThan(maxMana, none) & (Vector256.Load(s->Mana + u) / maxMana),
                Vector256.ConvertToSingle(Wide(s->Level + u)) * (1f / RulesDefinition.MaxLevel)),
            Four(
                Vector256.Load(s->Attack + u) * (1f / Sizes.HeroAttack),
                Vector256.Load(s->AttackRange + u) * (1f / Sizes.AttackRange),
                Vector256.Load(s->MoveSpeed + u) * Vector256.ConditionalSelect(slow, Vector256<float>.One - Vector256.Load(s->SlowAmount + u), Vector256<float>.One) * (PerTickToPerSecond / Sizes.Speed),
                Later(s->StunUntil + u, tick)),
            words);
        Join(
            Four(Later(s->RootUntil + u, tick), slow & Vector256<float>.One, Later(s->SilenceUntil + u, tick), Vector256<float>.One),
            Four(none, Vector256<float>.One, Vector256.ConvertToSingle(Wide(s->RespawnTick + u) - tick) * (PerSecond / Sizes.RespawnSeconds), none),
            words + 8);
        Join(
            Four(
                Vector256<float>.One - (Vector256.Equals(Wide(s->RecallTicks + u), Vector256<int>.Zero).AsSingle() & Vector256<float>.One),
                Vector256.GreaterThan(Wide(s->ShieldUntil + u), tick).AsSingle() & (Vector256.Load(s->Shield + u) * (1f / Sizes.HeroHp)),
                Vector256.ConvertToSingle(Vector256.Load(s->GoldSpent + u)) * (1f / Sizes.Worth),
                Vector256.ConvertToSingle(Wide(s->KillStreak + u)) * (1f / Sizes.Streak)),
            Four(
                Vector256.ConvertToSingle(Vector256.Load(s->Kills + u)) * (1f / Sizes.Kills),
                Vector256.ConvertToSingle(Vector256.Load(s->Deaths + u)) * (1f / Sizes.Kills),
                Vector256.Load(s->Armor + u) * (1f / Sizes.Resistance),
                Vector256.Load(s->MagicResist + u) * (1f / Sizes.Resistance)),
            words + 16);
        Join(
            Four(
                Vector256.Load(s->Power + u) * (1f / Sizes.HeroAttack),
                Vector256.ConvertToSingle(Wide(s->AttackInterval + u)) * (PerSecond / Sizes.AttackSeconds),
                Later(s->StealthUntil + u, tick),
                Near.Lanes(Near.Casting(s) >> u) & Vector256<float>.One),
            Wide(s->Macro + u),
            words + 24);

        for (int i = 0; i < 8; i++)
        {
            byte* p = rows + (u + i) * RowStride;
            p[0] = s->Kind[u + i];
            *(ulong*)(p + 1) = 0;
            *(ulong*)(p + 9) = words[i];
            *(ulong*)(p + 17) = words[8 + i];
            *(ulong*)(p + 25) = words[16 + i];
            *(ulong*)(p + 33) = words[24 + i];
            int ultimate = (u + i) * WorldState.Skills + WorldState.Skills - 1;
            p[24] = Flag(s->SkillLevel[ultimate] != 0 & s->SkillReady[ultimate] <= s->Tick);
        }
    }

    /// <summary>1 where a time lies ahead.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Later(ushort* until, Vector256<int> tick) => Vector256.GreaterThan(Wide(until), tick).AsSingle() & Vector256<float>.One;

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
