using SelfPlayArena.Server.Replays;

namespace SelfPlayArena.Server.Hosting;

/// <summary>
/// The folder in which matches of people and their ratings are kept. One server has it for its own, by a lock that ends with the process: two would go on with the
/// same matches and each overwrite what the other counted.
/// </summary>
internal sealed class PlayFolder : IDisposable
{
    private const string LockName = "server.lock";
    private readonly FileStream? _lock;

    public PlayFolder(ServerOptions options, ServerFaults faults)
    {
        Path = System.IO.Path.Combine(options.Runs, ReplayNames.Played);
        IsOwn = true;
        // Where there are no runs yet, there is nothing that another could be keeping.
        if (!Directory.Exists(options.Runs))
            return;
        try
        {
            Directory.CreateDirectory(Path);
            _lock = new FileStream(System.IO.Path.Combine(Path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            IsOwn = false;
            faults.Tell("matches", $"running matches and ratings of people are not kept: {System.IO.Path.GetFullPath(Path)} is another server's, or cannot be written ({e.Message})");
        }
    }

    public string Path { get; }

    /// <summary>Whether this server goes on with what is there, and keeps what comes.</summary>
    public bool IsOwn { get; }

    public void Dispose() => _lock?.Dispose();
}
