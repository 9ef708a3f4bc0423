namespace SelfPlayArena.Core.Tests;

public sealed class RecentlyUsedTests
{
    [Fact]
    public void What_was_asked_for_longest_ago_makes_room()
    {
        var kept = new RecentlyUsed<string, int>(2);
        kept.Add("a", 1);
        kept.Add("b", 2);
        Assert.True(kept.TryGet("a", out int a));
        Assert.Equal(1, a);
        kept.Add("c", 3);
        Assert.False(kept.TryGet("b", out _));
        Assert.True(kept.TryGet("a", out _));
        Assert.True(kept.TryGet("c", out _));
        Assert.Equal(2, kept.Count);
    }

    [Fact]
    public void A_key_has_one_value_and_only_that_one_can_be_forgotten()
    {
        var kept = new RecentlyUsed<string, string>(3);
        kept.Add("a", "old");
        kept.Add("a", "new");
        Assert.Equal(1, kept.Count);
        kept.Remove("a", "old");
        Assert.True(kept.TryGet("a", out string? value));
        Assert.Equal("new", value);
        kept.Remove("a", "new");
        Assert.False(kept.TryGet("a", out _));
        Assert.Equal(0, kept.Count);
    }
}
