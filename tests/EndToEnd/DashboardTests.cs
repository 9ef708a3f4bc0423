using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SelfPlayArena.Testing;
using static Microsoft.Playwright.Assertions;

namespace SelfPlayArena.EndToEnd.Tests;

/// <summary>The League page beside a league that trains, as somebody at the screen sees and uses it.</summary>
public sealed partial class DashboardTests(Browser browser) : ArenaTests(browser)
{
    [ToolFact(Browser.Program, "--version", Needs = Browser.Package)]
    public async Task ARunningLeagueIsFollowedPausedSnapshottedAndStoppedFromThePage()
    {
        await using ArenaProcess arena = await SmallLeague();
        await using Visit visit = await Open(arena);
        IPage page = visit.Page;

        await Expect(page.Locator(".page-head .tag")).ToHaveTextAsync("running");
        await Expect(page.GetByLabel("Run", new() { Exact = true })).ToHaveValueAsync("demo");
        await Expect(page.Locator(".ratings tbody tr").First).ToBeVisibleAsync();
        await Expect(page.Locator(".ratings")).ToContainTextAsync("main (latest)");
        await Expect(page.Locator(".elo canvas")).ToBeVisibleAsync();
        await Expect(page.Locator(".payoff table.heat tbody tr").First).ToBeVisibleAsync();
        await Expect(page.Locator(".throughput canvas")).ToBeVisibleAsync();
        await Expect(page.Locator(".losses canvas")).ToHaveCountAsync(6);
        // While it runs the figures move by themselves.
        string updates = await Updates(page).InnerTextAsync();
        await Expect(Updates(page)).Not.ToHaveTextAsync(updates);

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.Locator(".page-head .tag")).ToHaveTextAsync("paused");
        // The update that was under way still ends, whenever a busy machine lets it.
        string before = "";
        for (int i = 0; i < 20 && updates != before; i++)
        {
            before = updates;
            await NextProgress(page);
            await NextProgress(page);
            updates = await Updates(page).InnerTextAsync();
        }
        await NextProgress(page);
        await NextProgress(page);
        await Expect(Updates(page)).ToHaveTextAsync(updates);

        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.Locator(".page-head .tag")).ToHaveTextAsync("running");
        await Expect(Updates(page)).Not.ToHaveTextAsync(updates);

        await Expect(page.Locator(".family .member")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Snapshot" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("frozen");
        await Expect(page.Locator(".family .member")).ToHaveCountAsync(2);
        await Expect(page.Locator(".ratings")).ToContainTextAsync("main 1");
        await visit.Keep("league");
        await visit.Keep("league-whole", whole: true);

        // Stopping is asked about, and Escape means no.
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Stop demo?");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.Locator(".page-head .tag")).ToHaveTextAsync("running");
        Assert.Empty(visit.Faults);

        await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and stop" }).ClickAsync();
        Assert.True(await arena.Ended() == 0, arena.Said);
        await Expect(page.Locator(".lost-server")).ToContainTextAsync("cannot be reached");
        await visit.Keep("server-lost");
    }

    [ToolFact(Browser.Program, "--version", Needs = Browser.Package)]
    public async Task ThePageFollowsTheSystemsThemeUntilAnotherIsChosenAndKeepsTheChoice()
    {
        await using ArenaProcess arena = await Serve();
        await using Visit visit = await Open(arena, "/", ColorScheme.Light);
        IPage page = visit.Page;
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch to the dark theme" }).ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.ReloadAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        Assert.Empty(visit.Faults);
    }

    [ToolFact(Browser.Program, "--version", Needs = Browser.Package)]
    public async Task WhereNothingHasRunYetEveryPageSaysWhatToDo()
    {
        await using ArenaProcess arena = await Serve();
        await using Visit visit = await Open(arena);
        IPage page = visit.Page;
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No league has run here yet" })).ToBeVisibleAsync();
        await Expect(page.GetByText("./arena league")).ToBeVisibleAsync();
        await visit.Keep("league-empty");
        await page.GetByRole(AriaRole.Link, new() { Name = "Replays" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No replays yet" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Watch" }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nobody is playing" })).ToBeVisibleAsync();
        await page.GotoAsync("/no/such/page");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "There is no such page" })).ToBeVisibleAsync();
        Assert.Empty(visit.Faults);
    }

    [ToolFact(Browser.Program, "--version", Needs = Browser.Package)]
    public async Task TheKeyboardReachesEveryControlAndShowsWhereItIs()
    {
        await using ArenaProcess arena = await SmallLeague();
        await using Visit visit = await Open(arena);
        IPage page = visit.Page;
        await Expect(page.Locator(".elo canvas")).ToBeVisibleAsync();
        var reached = new HashSet<string>();
        for (int i = 0; i < 80 && !reached.Contains("Over time"); i++)
        {
            await page.Keyboard.PressAsync("Tab");
            // [name, whether an outline is drawn]
            string[] focused = await page.EvaluateAsync<string[]>(
                "() => { const e = document.activeElement, s = getComputedStyle(e); return [e.getAttribute('aria-label') ?? e.textContent.trim(), String(s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || e.tagName === 'g')]; }");
            Assert.True(focused[1] == "true", $"nothing shows that '{focused[0]}' has the keyboard");
            reached.Add(focused[0]);
            if (focused[0] == "By version")
            {
                await page.Keyboard.PressAsync("ArrowRight");
                await Expect(page.GetByRole(AriaRole.Radio, new() { Name = "Over time" })).ToBeFocusedAsync();
                reached.Add("Over time");
            }
        }
        Assert.Superset(new HashSet<string> { "Skip to the content", "League", "Watch", "Play", "Replays", "Pause", "Snapshot", "Stop", "Over time" }, reached);
        Assert.Empty(visit.Faults);
    }

    private Task<ArenaProcess> SmallLeague()
    {
        string config = Path.Combine(Runs, "small.yaml");
        File.WriteAllText(config, """
            environment: matching
            matches_per_actor: 32
            batch_steps: 1024
            snapshot_steps: 1000000000
            checkpoint_seconds: 1
            anchors: [random, perfect@1]
            self_play_share: 0.5
            anchor_share: 0.3
            """);
        return ArenaProcess.StartLeague(Runs, "--config", config, "--name", "demo", "--json", "--metrics", "off");
    }

    private static ILocator Updates(IPage page) => page.Locator(".figure").Filter(new() { HasText = "Updates" }).Locator("dd");

    private static Task NextProgress(IPage page) => page.WaitForResponseAsync(Progress());

    [GeneratedRegex("/api/league/progress")]
    private static partial Regex Progress();
}
