namespace SelfPlayArena.League.Tests;

public sealed class GoldenLogTests
{
    private static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", name);

    [Fact]
    public void The_first_formats_log_still_folds_to_the_same_league()
        => Assert.Equal(File.ReadAllText(Golden("events-1.txt")), LeagueState.Fold(FileEventLog.Read(Golden("events-1.jsonl"))).Describe());
}
