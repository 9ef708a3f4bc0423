using Microsoft.Playwright;

namespace SelfPlayArena.EndToEnd.Tests;

/// <summary>What the tests of the pages begin with: a browser, a folder for the runs of each test, an arena, and somebody's page in it.</summary>
public abstract class ArenaTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    /// <summary>Where this test's runs and replays are.</summary>
    protected string Runs { get; } = Directory.CreateTempSubdirectory("arena-pages-").FullName;

    public void Dispose()
    {
        Directory.Delete(Runs, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>An arena that serves without training.</summary>
    internal Task<ArenaProcess> Serve() => ArenaProcess.Start(Runs, "--port", "serve");

    /// <summary>Somebody who comes to a page with a fresh browser.</summary>
    internal async Task<Visit> Open(ArenaProcess arena, string path = "/", ColorScheme theme = ColorScheme.Dark)
    {
        Visit visit = await browser.Visit(arena.Url, theme);
        await visit.Page.GotoAsync(path);
        return visit;
    }
}
