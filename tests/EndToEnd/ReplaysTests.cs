using System.Diagnostics;
using Microsoft.Playwright;
using SelfPlayArena.Testing;
using static Microsoft.Playwright.Assertions;

namespace SelfPlayArena.EndToEnd.Tests;

/// <summary>The Replays page with matches of an evaluation.</summary>
public sealed class ReplaysTests(Browser browser) : ArenaTests(browser)
{
    [ToolFact(Browser.Program, "--version", Needs = Browser.Package)]
    public async Task ReplaysAreFoundDownloadedAndWatched()
    {
        string replays = Path.Combine(Runs, "play", "replays");
        Evaluate(replays, "scripted:hard", "scripted:easy", "ember", "quill");
        Evaluate(replays, "scripted:medium", "random", "rime", "shade");
        await using ArenaProcess arena = await Serve();
        await using Visit visit = await Open(arena, "/replays");
        IPage page = visit.Page;
        ILocator rows = page.Locator(".replays tbody tr");
        await Expect(rows).ToHaveCountAsync(4);
        await visit.Keep("replays");

        ILocator search = page.GetByRole(AriaRole.Searchbox);
        await search.FillAsync("shade medium");
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows.First).ToContainTextAsync("Shade");
        await search.FillAsync("nobody of this name");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing found" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show all" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(4);

        await search.FillAsync("quill");
        await Expect(rows).ToHaveCountAsync(2);
        IDownload download = await page.RunAndWaitForDownloadAsync(() => rows.First.GetByLabel("Download").ClickAsync());
        byte[] fetched = await File.ReadAllBytesAsync(await download.PathAsync());
        Assert.Contains(Directory.EnumerateFiles(replays), file => File.ReadAllBytes(file).AsSpan().SequenceEqual(fetched));

        await rows.First.GetByRole(AriaRole.Link, new() { Name = "Watch" }).ClickAsync();
        await Expect(page.Locator(".match-page canvas").First).ToBeVisibleAsync();
        await Expect(page.GetByText("Opening the match")).ToHaveCountAsync(0);
        await visit.Keep("replay");
        Assert.Empty(visit.Faults);
    }

    /// <summary>Two recorded duels. Recordings are numbered from the start each time, so that they get names of their own.</summary>
    private void Evaluate(string replays, string a, string b, string home, string away)
    {
        string fresh = Path.Combine(Runs, $"{home}-{away}");
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "arena.dll"), "eval", "--a", a, "--b", b, "--mode", "1v1", "--home", home, "--away", away, "--matches", "2", "--record", fresh];
        using Process process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> told = process.StandardOutput.ReadToEndAsync(), complained = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, told.Result + complained.Result);
        Directory.CreateDirectory(replays);
        foreach (string file in Directory.EnumerateFiles(fresh))
            File.Move(file, Path.Combine(replays, $"{home}-{Path.GetFileName(file)}"));
        Directory.Delete(fresh);
    }
}
