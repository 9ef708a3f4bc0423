using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SelfPlayArena.Core;
using SelfPlayArena.Moba;
using SelfPlayArena.Policies;
using SelfPlayArena.Testing;
using static Microsoft.Playwright.Assertions;

namespace SelfPlayArena.EndToEnd.Tests;

/// <summary>A live match of bots, as somebody watches it.</summary>
public sealed class WatchTests(Browser browser) : ArenaTests(browser)
{
    [ToolFact(Browser.Program, "--version", Needs = Browser.Package)]
    public async Task ALiveMatchIsWatchedWithTheFogOfEachSideItsHeroesAndItsScore()
    {
        await using ArenaProcess arena = await Serve();
        string id = await OpenBots(arena.Url);
        await using Visit visit = await Open(arena, $"/watch/match/{id}");
        IPage page = visit.Page;
        Picture all = await Picture.Until(page, p => p.View == "all" && p.Heroes == 10 && p.Units.Any(u => u.Kind == "creep"), "both sides and their creeps are seen");

        // Who watches moves the picture, and selects whom to look at.
        await page.Mouse.MoveAsync(683, 400);
        await page.Mouse.WheelAsync(0, -1200);
        Picture near = await Picture.Until(page, p => p.Camera.Zoom > all.Camera.Zoom * 1.5, "the wheel zooms");
        await page.GetByLabel("Map. Click to look there.").ClickAsync(new() { Position = new() { X = 30, Y = 160 } });
        await Picture.Until(page, p => p.Camera.X < near.Camera.X - 10, "a click on the small map moves the picture");
        await page.Keyboard.PressAsync("3");
        await Picture.Until(page, p => p.Selected == 2, "the third hero is selected");
        await Expect(page.Locator(".m-hero .m-skills .m-ability")).ToHaveCountAsync(4);
        await page.GetByRole(AriaRole.Tab, new() { Name = "Mind" }).ClickAsync();
        await Expect(page.Locator(".m-hero")).ToContainTextAsync("A scripted player follows rules");
        await page.Keyboard.PressAsync("f");
        await visit.Keep("watch");

        await page.Keyboard.PressAsync("m");
        await page.GetByRole(AriaRole.Radio, new() { Name = "Home" }).ClickAsync();
        Picture home = await Picture.Until(page, p => p.View == "0" && p.Units.Length > 0, "home's view is shown");
        Assert.Contains(home.Units, u => u.Kind == "hero" && u.Team == 0);
        await visit.Keep("watch-fog");

        await page.Keyboard.DownAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Scoreboard" }).Locator("tbody tr")).ToHaveCountAsync(10);
        await visit.Keep("watch-scoreboard");
        await page.Keyboard.UpAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Scoreboard" })).ToHaveCountAsync(0);
        Assert.Empty(visit.Faults);
    }

    [ToolFact(Browser.Program, "--version", Needs = Browser.Package)]
    public async Task ThePolicysMindOfTheSelectedHeroIsShownAndChangesAsTheMatchGoesOn()
    {
        await using ArenaProcess arena = await Serve();
        string player = UntrainedPolicy();
        string id = await OpenBots(arena.Url, "1v1", new { team = 0, slot = 0, kind = "bot", player }, new { team = 1, slot = 0, kind = "bot", player });
        await using Visit visit = await Open(arena, $"/watch/match/{id}");
        IPage page = visit.Page;
        await Picture.Until(page, p => p.View == "all" && p.Heroes == 2, "both heroes are seen");
        await page.Keyboard.PressAsync("2");
        await Picture.Until(page, p => p.Selected >= 0, "a hero is selected");
        await page.GetByRole(AriaRole.Tab, new() { Name = "Mind" }).ClickAsync();

        ILocator values = page.Locator(".m-mind .m-values"), shares = page.Locator(".m-mind .m-shares").First;
        await Expect(values.Locator("li").First).ToBeVisibleAsync();
        await Expect(values).ToContainTextAsync(new Regex("[0-9]\\.[0-9]{2}"));
        await Expect(shares.Locator("li").First).ToContainTextAsync("%");
        // What it observes is shown a block at a time.
        ILocator blocks = page.GetByLabel("What it observes");
        await blocks.SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await Expect(page.Locator(".m-observed dd").First).ToContainTextAsync(new Regex("[0-9]"));
        Picture before = (await Picture.Of(page))!;
        foreach (string part in (string[])[".m-values", ".m-shares", ".m-observed"])
        {
            string told = await page.Locator($".m-mind {part}").First.InnerTextAsync();
            await page.WaitForFunctionAsync("([part, told]) => { const now = document.querySelector(`.m-mind ${part}`)?.innerText; return now && now !== told; }", new[] { part, told });
        }
        Assert.True((await Picture.Of(page))!.Tick > before.Tick);
        await visit.Keep("watch-mind");

        // Another hero has a mind of its own; a side's view has none to show.
        await page.Keyboard.PressAsync("1");
        await Expect(values.Locator("li").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "Home" }).ClickAsync();
        await Expect(page.Locator(".m-hero")).ToContainTextAsync("A mind is told only to those who see both sides");
        Assert.Empty(visit.Faults);
    }

    /// <summary>A policy that knows nothing has expectations and probabilities all the same.</summary>
    private string UntrainedPolicy()
    {
        EnvironmentSpec spec = MobaEnvironment.SpecFor(new MobaOptions { Mode = "1v1", Rules = "quick" });
        var plan = new NetworkPlan(NetworkSize.Tiny.Describe(spec), spec);
        string file = Path.Combine(Runs, "untrained.bundle");
        new PolicyBundle(plan, WeightInitializer.Create(plan, 1), new PolicyCard { Member = "untrained" }).Save(file);
        return "file:" + file;
    }

    /// <summary>Opens a match in which nobody sits, which begins at once.</summary>
    private static async Task<string> OpenBots(string url, string mode = "5v5", params object[] seats)
    {
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        using HttpResponseMessage opened = await client.PostAsJsonAsync("/api/matches", new { mode, rules = "quick", draft = "none", seats });
        Assert.True(opened.IsSuccessStatusCode, await opened.Content.ReadAsStringAsync());
        JsonElement match = await opened.Content.ReadFromJsonAsync<JsonElement>();
        return match.GetProperty("id").GetString()!;
    }
}
