namespace SelfPlayArena.Server.Matches.Bots;

/// <summary>How a bot plays: who decides, and how fast and true its hands are. The one table of levels.</summary>
/// <param name="Player">The scripted player that decides where no other is named and no league has one of the level's rating.</param>
/// <param name="Target">Rating, on the Elo scale of a league, of the player that is looked for; see <see cref="RatedPool"/>.</param>
/// <param name="DelayTicks">Ticks (15 a second) between seeing and doing.</param>
/// <param name="ActionsPerSecond">Orders that it can change in a second, 0 for no limit.</param>
/// <param name="Noise">Share of decisions that go astray: another direction, or none at all.</param>
/// <param name="FirstGuess">Rating that it has for people who play against it, hands and all, until their matches have told more.</param>
/// <param name="Sentence">What a person is told.</param>
internal sealed record Difficulty(string Name, string Player, double Target, int DelayTicks, int ActionsPerSecond, float Noise, double FirstGuess, string Sentence)
{
    /// <summary>Of bots of which nothing is said.</summary>
    public const string Usual = "medium";

    /// <summary>
    /// A person needs some 200 to 250 ms to react to what is seen; professional players give three to five meaningful orders a second. Targets are 150
    /// apart, by which a level's player beats the one before it in seven matches of ten; <c>scripted:easy</c> has 1000.
    /// </summary>
    public static IReadOnlyList<Difficulty> All { get; } =
    [
        new("beginner", "scripted:easy@1", 850, 9, 2, 0.25f, 700, "slow to react, often aims wide"),
        new("easy", "scripted:easy@1", 1000, 6, 3, 0.1f, 900, "plays plainly and takes its time"),
        new("medium", "scripted:medium@1", 1150, 5, 4, 0.03f, 1150, "knows the game, reacts like an attentive person"),
        new("hard", "scripted:hard@1", 1300, 4, 5, 0f, 1400, "plays for the team, reacts like a trained person"),
        new("expert", "scripted:hard@1", 1450, 3, 7, 0f, 1500, "as hard, with the hands of a professional"),
        new("machine", "scripted:hard@1", 1600, 0, 0, 0f, 1600, "reacts at once, as no person can"),
    ];

    /// <summary>Whether nobody can be too strong for it.</summary>
    public bool IsHighest => ReferenceEquals(this, All[^1]);

    public double ReactionMilliseconds => Math.Round(1000.0 * DelayTicks / Moba.RulesDefinition.TicksPerSecond);

    public static Difficulty? Named(string name) => All.FirstOrDefault(d => d.Name == name);
}
