using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics.X86;
using SelfPlayArena.Core;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>
/// The same choice as <see cref="RandomPlayer"/>, uniform over legal verbs and then over each used head's legal options, made eight mask
/// bytes at a time, so that a simulation benchmark is not one of choosing.
/// </summary>
internal sealed class FastRandomChoice
{
    private readonly Head[] _heads;

    private readonly record struct Head(int Offset, int Size, int[] RowOfVerb);

    public FastRandomChoice(EnvironmentSpec spec)
    {
        _heads = [.. spec.Heads.Select((h, i) => new Head(spec.MaskOffset(i, 0), h.Size, [.. h.MaskRows]))];
    }

    /// <summary>Chooses an action [heads] from one agent's mask.</summary>
    public void Act(ReadOnlySpan<byte> mask, Span<short> action, ref Rng rng)
    {
        int verb = Pick(mask.Slice(_heads[0].Offset, _heads[0].Size), ref rng);
        action[0] = (short)verb;
        for (int h = 1; h < _heads.Length; h++)
        {
            ref readonly Head head = ref _heads[h];
            int row = head.RowOfVerb[Math.Max(verb, 0)];
            action[h] = row < 0 ? (short)-1 : (short)Pick(mask.Slice(head.Offset + row * head.Size, head.Size), ref rng);
        }
    }

    private static int Pick(ReadOnlySpan<byte> legal, ref Rng rng)
    {
        Span<ulong> words = stackalloc ulong[(legal.Length + 63) / 64];
        int count = 0;
        int i = 0;
        for (; i + 8 <= legal.Length; i += 8)
        {
            // Eight bytes of 0 or 1 become eight bits: the multiplication moves bit 8k to bit 56 + k.
            ulong bits = (BinaryPrimitives.ReadUInt64LittleEndian(legal[i..]) * 0x0102040810204080) >> 56;
            words[i >> 6] |= bits << (i & 63);
        }
        for (; i < legal.Length; i++)
            words[i >> 6] |= (ulong)legal[i] << (i & 63);
        foreach (ulong word in words)
            count += BitOperations.PopCount(word);
        if (count == 0)
            return -1;
        int k = rng.Next(count);
        for (int w = 0; w < words.Length; w++)
        {
            int here = BitOperations.PopCount(words[w]);
            if (k < here)
                return w * 64 + Select(words[w], k);
            k -= here;
        }
        return -1;
    }

    /// <summary>Index of the k-th set bit.</summary>
    private static int Select(ulong word, int k)
    {
        if (Bmi2.X64.IsSupported)
            return BitOperations.TrailingZeroCount(Bmi2.X64.ParallelBitDeposit(1ul << k, word));
        for (; k > 0; k--)
            word &= word - 1;
        return BitOperations.TrailingZeroCount(word);
    }
}
