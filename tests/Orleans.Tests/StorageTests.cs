using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Orleans.Tests;

/// <summary>What a storage provider of one's own, and the grains that use it, rely on.</summary>
public sealed class StorageTests : IAsyncLifetime
{
    private readonly Ledger _ledger = new();
    private readonly List<string> _made = [];
    private readonly IHost _host;

    public StorageTests()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort: 11121, gatewayPort: 30021);
            silo.AddMemoryGrainStorageAsDefault();
            silo.Services.AddGrainStorage("ledger", (_, name) =>
            {
                _made.Add(name);
                return _ledger;
            });
        });
        _host = builder.Build();
    }

    public Task InitializeAsync() => _host.StartAsync();

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private IBookGrain Book(string key) => _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IBookGrain>(key);

    [Fact]
    public async Task A_provider_is_made_once_read_when_a_grain_wakes_and_told_names_of_state_and_grain()
    {
        Assert.Equal(("", false, null), await Book("a/b").Look());
        await Book("other").Look();
        Assert.Equal(["ledger"], _made);
        Assert.Equal(2, _ledger.Reads.Count);
        Assert.All(_ledger.Reads, r => Assert.StartsWith("page ", r, StringComparison.Ordinal));
        Assert.Contains(_ledger.Reads, r => r.EndsWith("/a/b", StringComparison.Ordinal));
        Assert.Same(_ledger, _host.Services.GetRequiredKeyedService<IGrainStorage>("ledger"));
    }

    [Fact]
    public async Task What_is_written_carries_the_providers_etag_and_what_is_cleared_is_gone()
    {
        await Book("k").Write("one");
        Assert.Equal(("one", true, "1"), await Book("k").Look());
        await Book("k").Write("two");
        Assert.Equal(("two", true, "2"), await Book("k").Look());
        await Book("k").Clear();
        Assert.Equal(("", false, null), await Book("k").Look());
        Assert.Empty(_ledger.Pages);
    }

    [Fact]
    public async Task A_grain_that_lost_to_another_writer_says_so_ends_and_wakes_with_what_is_stored()
    {
        await Book("k").Write("mine");
        (string key, _) = Assert.Single(_ledger.Pages);
        _ledger.Pages[key] = (new Page { Text = "theirs" }, 7);
        InconsistentStateException e = await Assert.ThrowsAsync<InconsistentStateException>(() => Book("k").Write("mine again"));
        Assert.Equal(("7", "1"), (e.StoredEtag, e.CurrentEtag));
        Assert.Equal(("theirs", true, "7"), await Book("k").Look());
        await Book("k").Write("both");
        Assert.Equal(("both", true, "8"), await Book("k").Look());
    }

    [Fact]
    public async Task A_grain_that_reads_again_sees_what_another_wrote()
    {
        await Book("k").Write("mine");
        (string key, _) = Assert.Single(_ledger.Pages);
        _ledger.Pages[key] = (new Page { Text = "theirs" }, 7);
        Assert.Equal(("mine", true, "1"), await Book("k").Look());
        await Book("k").Reread();
        Assert.Equal(("theirs", true, "7"), await Book("k").Look());
    }

    [Fact]
    public async Task A_provider_that_fails_is_heard_of_as_an_Orleans_exception_with_the_reason_inside()
    {
        await Book("k").Write("mine");
        _ledger.Broken = new InvalidDataException("the page is torn");
        OrleansException write = await Assert.ThrowsAsync<OrleansException>(() => Book("k").Write("more"));
        Assert.Equal("the page is torn", Assert.IsType<InvalidDataException>(write.InnerException).Message);
        OrleansException read = await Assert.ThrowsAsync<OrleansException>(() => Book("asleep").Look());
        Assert.IsType<InvalidDataException>(read.InnerException);
        _ledger.Broken = null;
        Assert.Equal("", (await Book("asleep").Look()).Text);
    }

    [Fact]
    public async Task A_state_without_a_providers_name_is_kept_by_the_default_one()
    {
        IDiaryGrain diary = _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IDiaryGrain>("d");
        await diary.Write("today");
        await diary.Leave();
        Assert.Equal("today", await diary.Read());
        Assert.Empty(_ledger.Pages);
    }

    [Fact]
    public async Task A_provider_that_is_not_there_is_asked_for_by_name()
    {
        Exception thrown = await Assert.ThrowsAnyAsync<Exception>(() => _host.Services.GetRequiredService<IGrainFactory>().GetGrain<ILostGrain>("l").Work());
        // The real runtime wraps what a grain's construction throws.
        BadProviderConfigException e = Assert.IsType<BadProviderConfigException>(thrown.GetBaseException());
        Assert.Contains("nowhere", e.Message, StringComparison.Ordinal);
    }
}

[GenerateSerializer]
public sealed class Page
{
    [Id(0)]
    public string Text { get; set; } = "";
}

/// <summary>A provider as small as one can be: it leaves a state as it is where it has none.</summary>
internal sealed class Ledger : IGrainStorage
{
    public ConcurrentDictionary<string, (object? State, int Version)> Pages { get; } = new();

    public ConcurrentBag<string> Reads { get; } = [];

    public Exception? Broken { get; set; }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Break();
        Reads.Add($"{stateName} {grainId}");
        if (Pages.TryGetValue($"{stateName} {grainId}", out (object? State, int Version) page))
            (grainState.State, grainState.ETag, grainState.RecordExists) = ((T?)page.State, $"{page.Version}", true);
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        int version = Check($"{stateName} {grainId}", grainState.ETag) + 1;
        Pages[$"{stateName} {grainId}"] = (grainState.State, version);
        (grainState.ETag, grainState.RecordExists) = ($"{version}", true);
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Check($"{stateName} {grainId}", grainState.ETag);
        Pages.TryRemove($"{stateName} {grainId}", out _);
        (grainState.State, grainState.ETag, grainState.RecordExists) = (Activator.CreateInstance<T>(), null, false);
        return Task.CompletedTask;
    }

    private int Check(string page, string? etag)
    {
        Break();
        int version = Pages.TryGetValue(page, out (object? State, int Version) there) ? there.Version : 0;
        string? stored = version == 0 ? null : $"{version}";
        return stored == etag ? version : throw new InconsistentStateException("another was faster", stored, etag);
    }

    private void Break()
    {
        if (Broken is not null)
            throw Broken;
    }
}

public interface IBookGrain : IGrainWithStringKey
{
    Task Write(string text);

    Task<(string Text, bool Exists, string? Etag)> Look();

    Task Reread();

    Task Clear();
}

public sealed class BookGrain([PersistentState("page", "ledger")] IPersistentState<Page> page) : Grain, IBookGrain
{
    public Task Write(string text)
    {
        page.State = new Page { Text = text };
        return page.WriteStateAsync();
    }

    public Task<(string Text, bool Exists, string? Etag)> Look() => Task.FromResult((page.State.Text, page.RecordExists, page.Etag));

    public Task Reread() => page.ReadStateAsync();

    public Task Clear() => page.ClearStateAsync();
}

public interface IDiaryGrain : IGrainWithStringKey
{
    Task Write(string text);

    Task<string> Read();

    Task Leave();
}

public sealed class DiaryGrain([PersistentState("diary")] IPersistentState<Page> diary) : Grain, IDiaryGrain
{
    public Task Write(string text)
    {
        diary.State.Text = text;
        return diary.WriteStateAsync();
    }

    public Task<string> Read() => Task.FromResult(diary.State.Text);

    public Task Leave()
    {
        diary.State.Text = "never written";
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

public interface ILostGrain : IGrainWithStringKey
{
    Task Work();
}

public sealed class LostGrain([PersistentState("lost", "nowhere")] IPersistentState<Page> lost) : Grain, ILostGrain
{
    public Task Work() => lost.ReadStateAsync();
}
