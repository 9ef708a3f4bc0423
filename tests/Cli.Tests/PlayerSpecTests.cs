using SelfPlayArena.Cli;

namespace SelfPlayArena.Cli.Tests;

public sealed class PlayerSpecTests
{
    [Theory]
    [InlineData("random", "Scripted", "random", null)]
    [InlineData("scripted:easy", "Scripted", "easy", null)]
    [InlineData("scripted:easy@1", "Scripted", "easy", 1)]
    [InlineData("run:mine@latest", "Run", "mine", null)]
    [InlineData("run:mine", "Run", "mine", null)]
    [InlineData("run:my-run.2@17", "Run", "my-run.2", 17)]
    [InlineData("file:/a/b@c.bundle", "File", "/a/b@c.bundle", null)]
    public void FormsAreUnderstood(string text, string origin, string name, int? version)
    {
        PlayerSpec spec = PlayerSpec.Parse(text);
        Assert.Equal((origin, name, version), (spec.Origin.ToString(), spec.Name, spec.Version));
        Assert.Equal(text, spec.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("easy")]
    [InlineData("scripted:")]
    [InlineData("scripted:@1")]
    [InlineData("scripted:easy@")]
    [InlineData("run:@latest")]
    [InlineData("run:mine@")]
    [InlineData("run:mine@0")]
    [InlineData("run:mine@-1")]
    [InlineData("run:mine@newest")]
    [InlineData("bot:mine")]
    [InlineData("file:")]
    public void AnythingElseListsTheForms(string text)
    {
        string message = Assert.Throws<UserError>(() => PlayerSpec.Parse(text)).Message;
        foreach (string form in new[] { "random", "scripted:easy", "run:NAME@latest", "run:NAME@7", "file:PATH" })
            Assert.Contains(form, message, StringComparison.Ordinal);
    }
}
