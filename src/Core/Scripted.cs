namespace SelfPlayArena.Core;

/// <summary>The player that every environment has: uniform over legal verbs, then over the legal options of each head the verb uses.</summary>
public static class RandomPlayer
{
    public const string Name = "random";

    /// <summary>Chooses an action [heads] from one agent's mask [mask bytes].</summary>
    public static void Act(EnvironmentSpec spec, ReadOnlySpan<byte> mask, Span<short> action, ref Rng rng)
    {
        IReadOnlyList<ActionHeadSpec> heads = spec.Heads;
        int offset = 0;
        int verb = 0;
        for (int h = 0; h < heads.Count; h++)
        {
            ActionHeadSpec head = heads[h];
            int row = h == 0 ? 0 : head.MaskRows[verb];
            int size = head.Size;
            action[h] = row < 0 ? (short)-1 : Pick(mask.Slice(offset + row * size, size), ref rng);
            if (h == 0)
                verb = Math.Max(action[0], (short)0);
            offset += head.MaskRowCount * size;
        }
    }

    private static short Pick(ReadOnlySpan<byte> legal, ref Rng rng)
    {
        int count = 0;
        foreach (byte b in legal)
            count += b;
        if (count == 0)
            return -1;
        int k = rng.Next(count);
        for (int i = 0; i < legal.Length; i++)
        {
            if (legal[i] != 0 && k-- == 0)
                return (short)i;
        }
        return -1;
    }
}
