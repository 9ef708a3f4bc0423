using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SelfPlayArena.Testing;
using static Microsoft.Playwright.Assertions;

namespace SelfPlayArena.EndToEnd.Tests;

/// <summary>A person and a match, from the first page to the replay.</summary>
public sealed partial class PlayTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1), Fight = TimeSpan.FromMinutes(3), Match = TimeSpan.FromMinutes(9), Pause = TimeSpan.FromMilliseconds(150);
    private readonly string _folder = Directory.CreateTempSubdirectory("arena-play-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ToolFact(Browser.Program, "--version", Needs = Browser.Package)]
    public async Task APersonDraftsPlaysLeavesComesBackFinishesAndWatchesTheReplay()
    {
        await using ArenaProcess arena = await ArenaProcess.Start(_folder, "--port", "serve");
        await using Visit visit = await browser.Visit(arena.Url);
        IPage page = visit.Page;
        await OpenDuel(page);
        await visit.Keep("lobby");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the match" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Pick your hero" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Ember" }).ClickAsync();
        await visit.Keep("draft");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pick Ember" }).ClickAsync();

        Seen start = await Until(page, seen => seen.Hero is not null && seen.Own >= 0 && seen.Unit(seen.Own) is not null, "the own hero is on the map");
        await LearnAndBuy(page, visit);
        await Walk(page, start.Unit(start.Own)!);
        await Cast(page);
        await KillACreep(page);
        await visit.Keep("play");

        // Leaving: the bot has the seat at once. Coming back: it is one's own again.
        string room = page.Url;
        string id = MatchId().Match(room).Groups[1].Value;
        int left = (await Look(page))!.Tick;
        await page.GotoAsync("about:blank");
        await Expected(async () => !await IsConnected(arena, id), "the seat is a bot's");
        await page.GotoAsync(room);
        Seen back = await Until(page, seen => seen.Hero is not null && seen.Tick > left, "the match goes on where it is now");
        Assert.Equal(start.Own, back.Own);
        Assert.True(await IsConnected(arena, id));
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
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Play", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "1v1" }).ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "Quick" }).ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "Draft", Exact = true }).ClickAsync();
        await page.GetByLabel("Bot in away seat 1").SelectOptionAsync("d:machine");
        await page.GetByLabel("Your name").FillAsync("Ann");
    }

    private static async Task LearnAndBuy(IPage page, Visit visit)
    {
        Seen now = await Until(page, seen => seen.Hero is { Gold: > 0 }, "the hero has gold");
        if (now.Hero!.SkillPoints > 0)
            await page.Keyboard.PressAsync("Alt+q");
        await Until(page, seen => seen.Hero!.SkillLevels.Sum() > 0, "a skill is learnt");
        int items = now.Hero.Items.Length;
        await page.Keyboard.PressAsync("p");
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Shop" })).ToBeVisibleAsync();
        await visit.Keep("shop");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = BuyButton() }).ClickAsync();
        await Until(page, seen => seen.Hero!.Items.Length > items, "an item is bought");
        await page.Keyboard.PressAsync("p");
    }

    private static async Task Walk(IPage page, SeenUnit from)
    {
        await page.Mouse.ClickAsync(830, 250, new() { Button = MouseButton.Right });
        await Until(page, seen => seen.Unit(seen.Own) is { } at && Math.Abs(at.X - from.X) + Math.Abs(at.Y - from.Y) > 2, "the hero walks");
    }

    private static async Task Cast(IPage page)
    {
        int at = Array.FindIndex((await Look(page))!.Hero!.SkillLevels, level => level > 0);
        await page.Mouse.MoveAsync(760, 300);
        await page.Keyboard.PressAsync("qwer"[at].ToString());
        await page.Mouse.ClickAsync(760, 300);
        await Until(page, seen => seen.Hero!.Cooldowns[at] > 0, "the skill was cast");
    }

    /// <summary>Goes to the middle of the lane and strikes the weakest creep in sight until one falls to the own hero.</summary>
    private static async Task KillACreep(IPage page)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Fight)
        {
            Seen seen = (await Look(page))!;
            if (seen.Hero is { CreepScore: > 0 })
                return;
            SeenUnit? prey = seen.Units.Where(u => u.Kind == "creep" && u.Team == 1 && u.Visible && u.ScreenX is > 250 and < 1100 && u.ScreenY is > 70 and < 600).MinBy(u => u.Hp);
            if (prey is not null)
                await page.Mouse.ClickAsync((float)prey.ScreenX, (float)prey.ScreenY, new() { Button = MouseButton.Right });
            else
                await page.GetByLabel("Map. Click to look there.").ClickAsync(new() { Button = MouseButton.Right, Position = new() { X = 208 * 0.47f, Y = 208 * 0.53f } });
            await Task.Delay(prey is null ? 5 * Pause : 2 * Pause);
        }
        Assert.Fail($"no creep fell to the hero within {Fight}");
    }

    private static async Task WatchReplay(IPage page, Visit visit)
    {
        Seen first = await Until(page, seen => seen.View == "all" && seen.Units.Count(u => u.Kind == "structure") > 4, "the replay is shown");
        await Until(page, seen => seen.Tick > first.Tick, "the replay goes on");
        ILocator track = page.GetByRole(AriaRole.Slider, new() { Name = "Time of the match" });
        await track.ClickAsync();
        Seen middle = await Until(page, seen => seen.Tick > first.Tick + 200, "the replay is at its middle");
        await page.Keyboard.PressAsync("1");
        await Expect(page.Locator(".m-hero")).ToContainTextAsync("Ember");
        await page.Keyboard.PressAsync("g");
        await visit.Keep("replay");
        await page.GetByRole(AriaRole.Radio, new() { Name = "Away" }).ClickAsync();
        await Until(page, seen => seen.View == "1" && seen.Units.Length > 0, "the replay is seen with the fog of away");
        await visit.Keep("replay-fog");
        Assert.True(middle.Tick > 0);
    }

    private static async Task<Seen> Until(IPage page, Func<Seen, bool> holds, string what)
    {
        var watch = Stopwatch.StartNew();
        Seen? seen = null;
        while (watch.Elapsed < Soon)
        {
            seen = await Look(page);
            if (seen is not null && holds(seen))
                return seen;
            await Task.Delay(Pause);
        }
        Assert.Fail($"within {Soon} it was not so that {what}; the page shows {(seen is null ? "no match" : $"tick {seen.Tick}, {seen.Units.Length} units, {seen.Hero}")}");
        return null!;
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

    private static Task<Seen?> Look(IPage page) => page.EvaluateAsync<Seen?>("() => window.arenaMatch?.() ?? null");

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

    /// <summary>What <c>window.arenaMatch()</c> tells.</summary>
    internal sealed class Seen
    {
        public int Tick { get; set; }

        public string View { get; set; } = "";

        public int Own { get; set; }

        public SeenHero? Hero { get; set; }

        public SeenUnit[] Units { get; set; } = [];

        public SeenUnit? Unit(int id) => Units.FirstOrDefault(unit => unit.Id == id);
    }

    internal sealed class SeenHero
    {
        public int Gold { get; set; }

        public int[] Items { get; set; } = [];

        public int CreepScore { get; set; }

        public int SkillPoints { get; set; }

        public int[] SkillLevels { get; set; } = [];

        public double[] Cooldowns { get; set; } = [];

        public override string ToString() => $"{Gold} gold, {Items.Length} items, {CreepScore} creeps, skills {string.Join(',', SkillLevels)}";
    }

    internal sealed class SeenUnit
    {
        public int Id { get; set; }

        public string Kind { get; set; } = "";

        public int Team { get; set; }

        public double X { get; set; }

        public double Y { get; set; }

        public double Hp { get; set; }

        public double ScreenX { get; set; }

        public double ScreenY { get; set; }

        public bool Visible { get; set; }
    }
}
