namespace SelfPlayArena.Core;

/// <summary>Finds what somebody may have meant who misspelt a name.</summary>
public static class Spelling
{
    /// <summary>The entry of <paramref name="allowed"/> that is nearest to a misspelt word, if any is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> allowed)
    {
        string? best = null;
        int least = Math.Max(2, word.Length / 3) + 1;
        foreach (string candidate in allowed)
        {
            int distance = EditDistance(word, candidate);
            if (distance < least)
            {
                least = distance;
                best = candidate;
            }
        }
        return best;
    }

    /// <summary>"; did you mean 'x'?" or nothing.</summary>
    public static string Suggestion(string word, IEnumerable<string> allowed)
        => Nearest(word, allowed) is { } near ? $" (did you mean '{near}'?)" : "";

    /// <summary>Levenshtein's distance (1966): insertions, deletions and replacements.</summary>
    private static int EditDistance(string a, string b)
    {
        int[] row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
