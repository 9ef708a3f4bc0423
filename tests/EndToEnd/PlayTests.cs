using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SelfPlayArena.Testing;
using static Microsoft.Playwright.Assertions;

namespace SelfPlayArena.EndToEnd.Tests;

/// <summary>A person and a match, from the first page to the replay.</summary>
public sealed partial class PlayTests(Browser browser) : ArenaTests(browser)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(3), Fight = TimeSpan.FromMinutes(3), Match = TimeSpan.FromMinutes(9), Pause = TimeSpan.FromMilliseconds(150);

    [ToolFact(Browser.Program, "--version", Needs = Browser.Package)]
    public async Task APersonDraftsPlaysLeavesComesBackFinishesAndWatchesTheReplay()
    {
        await using ArenaProcess arena = await Serve();
        await using Visit visit = await Open(arena);
        IPage page = visit.Page;
        await OpenDuel(page);
        await visit.Keep("lobby");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the match" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Pick your hero" })).ToBeVisibleAsync();
        await page.Locator(".hero-card").Filter(new() { HasText = "Ember" }).DblClickAsync();

        Picture start = await Picture.Until(page, seen => seen.Hero is not null && seen.Own >= 0 && seen.Unit(seen.Own) is not null, "the own hero is on the map");
        await LearnAndBuy(page, visit);
        await Walk(page, start.Unit(start.Own)!);
        await Cast(page);
        await KillACreep(page);
        await visit.Keep("play");

        // Leaving: the bot has the seat at once. Coming back: it is one's own again. Who plays alone may hold the match meanwhile: it is there
        // however long the page takes to be shown again.
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.GetByText("Paused", new() { Exact = true })).ToBeVisibleAsync();
        string room = page.Url;
        string id = MatchId().Match(room).Groups[1].Value;
        int left = (await Picture.Of(page))!.Tick;
        await page.GotoAsync("about:blank");
        await Expected(async () => !await IsConnected(arena, id), "the seat is a bot's");
        await page.GotoAsync(room);
        Picture back = await Picture.Until(page, seen => seen.Hero is not null && seen.Tick >= left, "the match is there");
        Assert.Equal(start.Own, back.Own);
        Assert.True(await IsConnected(arena, id));
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Picture.Until(page, seen => seen.Tick > back.Tick, "the match goes on");
        await visit.Keep("play-again");

        // An idle person's ancient falls, and the end is told with a replay.
        await page.Keyboard.PressAsync("b");
        await Expect(page.Locator("dialog.result")).ToBeVisibleAsync(new() { Timeout = (float)Match.TotalMilliseconds });
        await visit.Keep("result");
        await page.Locator("dialog.result").GetByRole(AriaRole.Link, new() { Name = "replay" }).ClickAsync();
        await WatchReplay(page, visit);
        Assert.Empty(visit.Faults);
    }

    /// <summary>Home the person, away a bot with the fastest hands, so that the match ends soon.</summary>
    private static async Task OpenDuel(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Play", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "1v1" }).ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "Quick" }).ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "Draft", Exact = true }).ClickAsync();
        await page.GetByLabel("Bot in away seat 1").SelectOptionAsync("d:machine");
        await page.GetByLabel("Your name").FillAsync("Ann");
    }

    private static async Task LearnAndBuy(IPage page, Visit visit)
    {
        // The match begins with a point spent as is recommended, which whoever learns by hand is given back in the first tick.
        Picture now = await Picture.Until(page, seen => seen is { Hero.Gold: > 0, Tick: > 1 }, "the hero has gold");
        if (now.Hero!.SkillPoints > 0)
            await page.Keyboard.PressAsync("Alt+q");
        await Picture.Until(page, seen => seen.Hero?.SkillLevels.Sum() > 0, "a skill is learnt");
        int items = now.Hero.Items.Length;
        ILocator shop = page.GetByRole(AriaRole.Dialog, new() { Name = "Shop" });
        await page.Keyboard.PressAsync("p");
        await Expect(shop).ToBeVisibleAsync();
        // The key that opens it closes it: nothing in the shop takes the game's keys.
        await page.Keyboard.PressAsync("p");
        await Expect(shop).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("p");
        await Expect(shop).ToBeVisibleAsync();
        await visit.Keep("shop");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = BuyButton() }).ClickAsync();
        await Picture.Until(page, seen => seen.Hero?.Items.Length > items, "an item is bought");
        await page.Keyboard.PressAsync("p");
    }

    private static async Task Walk(IPage page, PictureUnit from)
    {
        await page.Mouse.ClickAsync(830, 250, new() { Button = MouseButton.Right });
        await Picture.Until(page, seen => seen.Unit(seen.Own) is { } at && Math.Abs(at.X - from.X) + Math.Abs(at.Y - from.Y) > 2, "the hero walks");
    }

    private static async Task Cast(IPage page)
    {
        int at = Array.FindIndex((await Picture.Until(page, seen => seen.Hero is not null, "the hero's affairs are told")).Hero!.SkillLevels, level => level > 0);
        // A page that is shown once in seconds is not asked during the few of a cooldown: it looks itself, whenever it is told of the match.
        await page.EvaluateAsync("at => { window.wasCast = false; setInterval(() => window.wasCast ||= (window.arenaMatch?.().hero?.cooldowns[at] ?? 0) > 0, 100); }", at);
        await Expected(
            async () =>
            {
                await page.Mouse.MoveAsync(760, 300);
                await page.Keyboard.PressAsync("qwer"[at].ToString());
                await page.Mouse.ClickAsync(760, 300);
                await Task.Delay(4 * Pause);
                return await page.EvaluateAsync<bool>("() => window.wasCast");
            },
            "the skill was cast");
    }

    /// <summary>Attack-moves to the middle of the lane, with skills where creeps are, until one falls to the own hero.</summary>
    private static async Task KillACreep(IPage page)
    {
        ILocator map = page.GetByLabel("Map. Click to look there.");
        Picture? now = null;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Fight)
        {
            now = await Picture.Of(page);
            if (now!.Hero is { CreepScore: > 0 })
                return;
            PictureUnit? prey = now.Units.Where(u => u.Kind == "creep" && u.Team == 1 && u.Visible && u.ScreenX is > 250 and < 1100 && u.ScreenY is > 70 and < 600).MinBy(u => u.Hp);
            if (prey is { Hp: < 110 })
                await page.Mouse.ClickAsync((float)prey.ScreenX, (float)prey.ScreenY, new() { Button = MouseButton.Right });
            else if (prey is not null && now.Hero is { } hero && hero.SkillLevels[0] > 0 && hero.Cooldowns[0] <= 0)
            {
                await page.Keyboard.PressAsync("q");
                await page.Mouse.ClickAsync((float)prey.ScreenX, (float)prey.ScreenY);
            }
            else
            {
                await page.Keyboard.PressAsync("a");
                await map.ClickAsync(new() { Position = new() { X = 208 * 0.48f, Y = 208 * 0.52f } });
            }
            await Task.Delay(4 * Pause);
        }
        Assert.Fail($"no creep fell to the hero within {Fight}: {now?.Hero}, tick {now?.Tick}");
    }

    private static async Task WatchReplay(IPage page, Visit visit)
    {
        Picture first = await Picture.Until(page, seen => seen.View == "all" && seen.Units.Count(u => u.Kind == "structure") > 4, "the replay is shown");
        await Picture.Until(page, seen => seen.Tick > first.Tick, "the replay goes on");
        ILocator track = page.GetByRole(AriaRole.Slider, new() { Name = "Time of the match" });
        await track.ClickAsync();
        Picture middle = await Picture.Until(page, seen => seen.Tick > first.Tick + 200, "the replay is at its middle");
        await page.Keyboard.PressAsync("1");
        await Expect(page.Locator(".m-hero")).ToContainTextAsync("Ann");
        await page.Keyboard.PressAsync("g");
        await visit.Keep("replay");
        await page.GetByRole(AriaRole.Radio, new() { Name = "Away" }).ClickAsync();
        await Picture.Until(page, seen => seen.View == "1" && seen.Units.Length > 0, "the replay is seen with the fog of away");
        await visit.Keep("replay-fog");
        Assert.True(middle.Tick > 0);
    }

    private static async Task Expected(Func<Task<bool>> holds, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(watch.Elapsed < Soon, $"within {Soon} it was not so that {what}");
            await Task.Delay(Pause);
        }
    }

    private static async Task<bool> IsConnected(ArenaProcess arena, string id)
    {
        using var client = new HttpClient { BaseAddress = new Uri(arena.Url) };
        string said = await client.GetStringAsync(new Uri($"/api/matches/{id}", UriKind.Relative));
        return said.Contains("\"connected\":true", StringComparison.Ordinal);
    }

    [GeneratedRegex("^Buy")]
    private static partial Regex BuyButton();

    [GeneratedRegex("/play/([^/?]+)")]
    private static partial Regex MatchId();
}
