using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SelfPlayArena.Testing;
using static Microsoft.Playwright.Assertions;

namespace SelfPlayArena.EndToEnd.Tests;

/// <summary>From the Play page into a match: alone, and two people who meet in a lobby and draft.</summary>
public sealed class LobbyTests(Browser browser) : ArenaTests(browser)
{
    [ToolFact(Browser.Program, "--version", Needs = Browser.Package)]
    public async Task TwoPeopleMeetInALobbyDraftTheirHeroesAndAreInTheMatchTogether()
    {
        await using ArenaProcess arena = await Serve();
        await using Visit host = await Open(arena, "/play");
        await Choose(host.Page, "Heroes", "Draft with bans");
        await host.Page.GetByRole(AriaRole.Button, new() { Name = "Keep this seat for a person" }).ClickAsync();
        await host.Page.GetByLabel("Your name").FillAsync("Mira");
        await host.Keep("setup");
        await host.Page.GetByRole(AriaRole.Button, new() { Name = "Open the lobby" }).ClickAsync();
        await Expect(host.Page.GetByRole(AriaRole.Heading, new() { Name = "Lobby" })).ToBeVisibleAsync();
        await Expect(host.Page.GetByText("waiting for somebody")).ToBeVisibleAsync();

        await using Visit guest = await Open(arena, "/play");
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
            // The time for this turn may run out meanwhile: then there is nothing to confirm.
            ILocator confirm = turn.Page.GetByRole(AriaRole.Button, new() { NameRegex = Confirm });
            ILocator turnOver = turn.Page.Locator(".draft-head h1").Filter(new() { HasNotTextRegex = Asked }).Or(turn.Page.Locator(".match-page canvas")).First;
            await confirm.Or(turnOver).First.WaitForAsync();
            if (!await confirm.IsVisibleAsync())
                continue;
            Task click = confirm.ClickAsync();
            if (await Task.WhenAny(click, turnOver.WaitForAsync()) == click)
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
    public async Task AGuestWhoseHostLeavesIsToldSoAndStartsTheMatch()
    {
        await using ArenaProcess arena = await Serve();
        await using Visit host = await Open(arena, "/play");
        await host.Page.GetByRole(AriaRole.Button, new() { Name = "Keep this seat for a person" }).ClickAsync();
        await host.Page.GetByRole(AriaRole.Button, new() { Name = "Open the lobby" }).ClickAsync();
        await Expect(host.Page.GetByRole(AriaRole.Heading, new() { Name = "Lobby" })).ToBeVisibleAsync();
        await using Visit guest = await Open(arena, "/play");
        await guest.Page.Locator(".open-lobby").GetByRole(AriaRole.Link, new() { Name = "Join" }).ClickAsync();
        await guest.Page.GetByRole(AriaRole.Button, new() { Name = "Sit here" }).ClickAsync();
        await Expect(guest.Page.GetByText("the host starts the match")).ToBeVisibleAsync();

        await host.Page.GetByRole(AriaRole.Button, new() { Name = "Leave" }).ClickAsync();
        await Expect(guest.Page.GetByText("you are the host now")).ToBeVisibleAsync();
        await guest.Keep("lobby-handed-over");
        await guest.Page.GetByRole(AriaRole.Button, new() { Name = "Start with bots in the free seats" }).ClickAsync();
        await Expect(guest.Page.Locator(".match-page canvas").First).ToBeVisibleAsync();
        Assert.Empty(host.Faults);
        Assert.Empty(guest.Faults);
    }

    [ToolFact(Browser.Program, "--version", Needs = Browser.Package)]
    public async Task WhoeverClosesTheTabDuringAMatchIsLedBackToTheSeat()
    {
        await using ArenaProcess arena = await Serve();
        await using Visit visit = await Open(arena, "/play");
        IPage page = visit.Page;
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
    public async Task APageIsInTheMatchAgainByItselfWhenTheServerIsBack()
    {
        await using ArenaProcess before = await Serve();
        await using Visit visit = await Open(before, "/play");
        IPage page = visit.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the match" }).ClickAsync();
        await Picture.Until(page, seen => seen.Own >= 0 && seen.Tick > 0, "the match is shown");
        await page.EvaluateAsync("() => window.stayed = true");
        before.Terminate();
        Assert.True(await before.Ended() == 0, before.Said);
        await Expect(page.Locator(".link-banner")).ToContainTextAsync("Trying again");
        int stopped = (await Picture.Of(page))!.Tick;
        await using ArenaProcess after = await before.StartAgain(Runs, "--port", "serve");
        await Expect(page.Locator(".link-banner")).ToHaveCountAsync(0);
        await Picture.Until(page, seen => seen is { Own: >= 0, Hero: not null } && seen.Tick > stopped, "the match goes on");
        Assert.True(await page.EvaluateAsync<bool>("() => window.stayed === true"));
        Assert.Empty(visit.Faults);
    }

    [ToolFact(Browser.Program, "--version", Needs = Browser.Package)]
    public async Task WhoeverPlaysAloneStopsTheTimeAndLeavesByTheSettings()
    {
        await using ArenaProcess arena = await Serve();
        await using Visit visit = await Open(arena, "/play");
        IPage page = visit.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the match" }).ClickAsync();
        await Picture.Until(page, seen => seen.Own >= 0 && seen.Tick > 0, "the match is shown");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.GetByText("Paused", new() { Exact = true })).ToBeVisibleAsync();
        int stopped = (await Picture.Of(page))!.Tick;
        await page.GetByRole(AriaRole.Button, new() { Name = "Settings" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Settings" })).ToBeVisibleAsync();
        Assert.Equal(stopped, (await Picture.Of(page))!.Tick);
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Picture.Until(page, seen => seen.Tick > stopped, "the time goes on");
        await page.GetByRole(AriaRole.Link, new() { Name = "Leave the match" }).ClickAsync();
        await Expect(page.GetByText("a bot holds it while you are away")).ToBeVisibleAsync();
        Assert.Empty(visit.Faults);
    }

    [ToolFact(Browser.Program, "--version", Needs = Browser.Package)]
    public async Task AnExhibitionBetweenBotsIsStartedAndWatched()
    {
        await using ArenaProcess arena = await Serve();
        await using Visit visit = await Open(arena, "/watch");
        IPage page = visit.Page;
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
        await using ArenaProcess arena = await Serve();
        await using Visit visit = await Open(arena, "/play/nosuchmatch");
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
