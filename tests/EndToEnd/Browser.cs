using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Playwright;

namespace SelfPlayArena.EndToEnd.Tests;

/// <summary>Chromium of this machine, driven by Playwright. Screenshots are kept under <c>artifacts/screenshots</c>.</summary>
public sealed class Browser : IAsyncLifetime
{
    public const string Program = "chromium", Package = "Debian's chromium";

    /// <summary>Milliseconds that a page may take to show what is expected; machines of tests are busy.</summary>
    public const float Patience = 180_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable(),
            // Root has no sandbox of its own; software rendering stands in for a graphics card.
            Args = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
            Timeout = Patience,
        });
        Assertions.SetDefaultExpectTimeout(Patience);
    }

    /// <summary>A page of a fresh profile on a laptop's screen.</summary>
    internal async Task<Visit> Visit(string url, ColorScheme theme = ColorScheme.Dark)
    {
        IBrowserContext context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = url,
            ViewportSize = new ViewportSize { Width = 1366, Height = 768 },
            ColorScheme = theme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(Patience);
        return new Visit(await context.NewPageAsync(), url);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
    }

    private static string Executable()
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, Program)).First(File.Exists);
}

/// <summary>One person's page, and what it did that a person does not see.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly string _url;

    public Visit(IPage page, string url)
    {
        (Page, _url) = (page, url);
        page.PageError += (_, error) => _faults.Enqueue($"error: {error}");
        page.Console += (_, message) =>
        {
            // What the network refuses is told by pages themselves, and Chromium writes it to the console as well.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal) && !message.Text.Contains("net::ERR_CONNECTION", StringComparison.Ordinal))
                _faults.Enqueue($"console: {message.Text}");
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(_url, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                _faults.Enqueue($"asked elsewhere: {request.Url}");
        };
    }

    public IPage Page { get; }

    /// <summary>Uncaught errors, complaints on the console, and requests to other hosts than the arena's.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public async Task Keep(string name, bool whole = false)
    {
        string folder = Path.Combine(Root(), "artifacts", "screenshots");
        Directory.CreateDirectory(folder);
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), FullPage = whole });
    }

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../.."));
}
