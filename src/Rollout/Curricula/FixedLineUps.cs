namespace SelfPlayArena.Rollout.Curricula;

/// <summary>The line-ups of a curriculum's teacher, as settings write them: <c>a b c d e vs f g h i j</c>.</summary>
/// <param name="Home">Heroes of the first team.</param>
/// <param name="Away">Heroes of the second.</param>
public sealed record FixedLineUps(IReadOnlyList<string> Home, IReadOnlyList<string> Away)
{
    /// <exception cref="ArgumentException">Not of this form.</exception>
    public static FixedLineUps Parse(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        int versus = Array.IndexOf(words, "vs");
        if (versus <= 0 || versus == words.Length - 1 || Array.LastIndexOf(words, "vs") != versus)
            throw new ArgumentException($"teachers: '{text}' is no pair of line-ups; allowed: the heroes of both teams with 'vs' between them, as in 'a b c d e vs f g h i j'");
        return new FixedLineUps(words[..versus], words[(versus + 1)..]);
    }
}
