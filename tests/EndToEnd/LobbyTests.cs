using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SelfPlayArena.Testing;
using static Microsoft.Playwright.Assertions;

namespace SelfPlayArena.EndToEnd.Tests;

/// <summary>From the Play page into a match: alone, and two people who meet in a lobby and draft.</summary>
public sealed class LobbyTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("arena-lobby-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ToolFact(Browser.Program, "--version", Needs = Browser.Package)]
    public async Task TwoPeopleMeetInALobbyDraftTheirHeroesAndAreInTheMatchTogether()
    {
        await using ArenaProcess arena = await ArenaProcess.Start(_folder, "--port", "serve");
        await using Visit host = await browser.Visit(arena.Url);
        await host.Page.GotoAsync("/play");
        await Choose(host.Page, "Heroes", "Draft with bans");
        await host.Page.GetByRole(AriaRole.Button, new() { Name = "Keep this seat for a person" }).ClickAsync();
        await host.Page.GetByLabel("Your name").FillAsync("Mira");
        await host.Keep("setup");
        await host.Page.GetByRole(AriaRole.Button, new() { Name = "Open the lobby" }).ClickAsync();
        await Expect(host.Page.GetByRole(AriaRole.Heading, new() { Name = "Lobby" })).ToBeVisibleAsync();
        await Expect(host.Page.GetByText("waiting for somebody")).ToBeVisibleAsync();

        await using Visit guest = await browser.Visit(arena.Url);
        await guest.Page.GotoAsync("/play");
        await guest.Page.Locator(".open-lobby").GetByRole(AriaRole.Link, new() { Name = "Join" }).ClickAsync();
        await guest.Page.GetByLabel("Your name").FillAsync("Jon");
        await guest.Page.GetByRole(AriaRole.Button, new() { Name = "Sit here" }).ClickAsync();
        await Expect(guest.Page.GetByText("the host starts the match")).ToBeVisibleAsync();
        await Expect(host.Page.Locator(".seat.away")).ToContainTextAsync("Jon");
        await host.Keep("lobby-of-two");

        await host.Page.GetByRole(AriaRole.Button, new() { Name = "Start the match" }).ClickAsync();
        await Expect(host.Page.Locator(".draft-head h1")).ToBeVisibleAsync();
        await Expect(guest.Page.Locator(".draft-head h1")).ToBeVisibleAsync();
        await Expect(host.Page.Locator(".draft-side.away")).ToContainTextAsync("Jon");
        await host.Keep("draft-of-two");
        // Two bans and a pick each; whose turn it is, is drawn. A pick that is not chosen in time is the server's.
        string[] heroes = ["Ember", "Rime", "Quill", "Shade", "Warden", "Anchor"];
        foreach (string hero in heroes)
        {
            if (await OnTurn(host, guest) is not { } turn)
                break;
            await turn.Page.Locator(".hero-card").Filter(new() { HasText = hero }).ClickAsync();
            try
            {
                await turn.Page.GetByRole(AriaRole.Button, new() { NameRegex = Confirm }).ClickAsync(new() { Timeout = 10_000 });
            }
            catch (TimeoutException)
            {
                // The time for this turn ran out meanwhile.
                continue;
            }
            await Task.WhenAll(Gone(host, hero), Gone(guest, hero));
        }
        foreach (Visit visit in (Visit[])[host, guest])
        {
            await Expect(visit.Page.Locator(".match-page canvas").First).ToBeVisibleAsync();
            Assert.Empty(visit.Faults);
        }
        await Expect(host.Page.GetByText("Opening the match")).ToHaveCountAsync(0);
        await host.Keep("match-of-two");
    }

    [ToolFact(Browser.Program, "--version", Needs = Browser.Package)]
    public async Task WhoeverClosesTheTabDuringAMatchIsLedBackToTheSeat()
    {
        await using ArenaProcess arena = await ArenaProcess.Start(_folder, "--port", "serve");
        await using Visit visit = await browser.Visit(arena.Url);
        IPage page = visit.Page;
        await page.GotoAsync("/play");
        await page.Locator(".hero-card").Filter(new() { HasText = "Ember" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the match" }).ClickAsync();
        await Expect(page.Locator(".match-page canvas").First).ToBeVisibleAsync();
        string match = page.Url;

        await page.GotoAsync("/play");
        await Expect(page.GetByText("a bot holds it while you are away")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Return to it" }).ClickAsync();
        await Expect(page.Locator(".match-page canvas").First).ToBeVisibleAsync();
        Assert.Equal(match, page.Url);
        Assert.Empty(visit.Faults);
    }

    [ToolFact(Browser.Program, "--version", Needs = Browser.Package)]
    public async Task AnExhibitionBetweenBotsIsStartedAndWatched()
    {
        await using ArenaProcess arena = await ArenaProcess.Start(_folder, "--port", "serve");
        await using Visit visit = await browser.Visit(arena.Url);
        IPage page = visit.Page;
        await page.GotoAsync("/watch");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start and watch" }).ClickAsync();
        await Expect(page.Locator(".match-page canvas").First).ToBeVisibleAsync();
        Assert.Contains("/watch/match/", page.Url, StringComparison.Ordinal);
        await page.GotoAsync("/");
        await Expect(page.Locator(".live-match")).ToContainTextAsync("hard bot");
        Assert.Empty(visit.Faults);
    }

    [ToolFact(Browser.Program, "--version", Needs = Browser.Package)]
    public async Task AMatchThatIsNotThereIsSaidToBeGone()
    {
        await using ArenaProcess arena = await ArenaProcess.Start(_folder, "--port", "serve");
        await using Visit visit = await browser.Visit(arena.Url);
        await visit.Page.GotoAsync("/play/nosuchmatch");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "This match is over, or never was" })).ToBeVisibleAsync();
        Assert.Empty(visit.Faults);
    }

    private static async Task Choose(IPage page, string group, string choice)
        => await page.GetByRole(AriaRole.Radiogroup, new() { Name = group }).GetByRole(AriaRole.Radio, new() { Name = choice, Exact = true }).ClickAsync();

    /// <summary>Whose turn it is; null once the match has begun.</summary>
    private static async Task<Visit?> OnTurn(Visit one, Visit other)
    {
        Task first = MyTurn(one), second = MyTurn(other), begun = one.Page.Locator(".match-page canvas").First.WaitForAsync();
        Task done = await Task.WhenAny(first, second, begun);
        await done;
        return done == first ? one : done == second ? other : null;
    }

    private static Task MyTurn(Visit visit) => visit.Page.Locator(".draft-head h1").Filter(new() { HasTextRegex = Asked }).WaitForAsync();

    /// <summary>The hero can no longer be taken, or the draft is over.</summary>
    private static Task Gone(Visit visit, string hero)
        => visit.Page.WaitForFunctionAsync(
            "hero => { const c = [...document.querySelectorAll('.hero-card')].find(c => c.textContent.includes(hero)); return !c || c.getAttribute('aria-disabled') === 'true'; }", hero);

    private static readonly Regex Asked = new("^(Ban a hero|Pick your hero)$");

    private static readonly Regex Confirm = new("^(Ban|Pick) ");
}
