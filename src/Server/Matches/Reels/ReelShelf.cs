using SelfPlayArena.Core;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Replays;

namespace SelfPlayArena.Server.Matches.Reels;

/// <summary>Replays that were made ready lately. Making one ready plays a whole match; so many at a time, and no more.</summary>
internal sealed class ReelShelf(ServerOptions options) : IDisposable
{
    private const int Most = 8, AtATime = 2;
    private readonly RecentlyUsed<(string Id, DateTime Written), Reel> _kept = new(Most);
    private readonly SemaphoreSlim _turn = new(AtATime);

    /// <exception cref="Security.Refusal">There is no such replay, or it cannot be shown.</exception>
    public async Task<Reel> Get(string id, CancellationToken cancellation)
    {
        string path = ReplayNames.PathOf(options.Runs, id);
        (string, DateTime) key = (id, File.GetLastWriteTimeUtc(path));
        // What is ready waits for nobody; and who waited may find that another made it ready meanwhile.
        if (Kept(key) is { } ready)
            return ready;
        await _turn.WaitAsync(cancellation);
        try
        {
            if (Kept(key) is { } kept)
                return kept;
            Reel made = await Task.Run(() => new Reel(id, path), cancellation);
            lock (_kept)
                _kept.Add(key, made);
            return made;
        }
        finally
        {
            _turn.Release();
        }
    }

    private Reel? Kept((string, DateTime) key)
    {
        lock (_kept)
            return _kept.TryGet(key, out Reel? kept) ? kept : null;
    }

    public void Dispose() => _turn.Dispose();
}
