using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SelfPlayArena.Core;
using SelfPlayArena.Grains;
using SelfPlayArena.League;
using SelfPlayArena.Rollout;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Cluster;

/// <summary>
/// Where a silo finds runs: logs in the database, files in a scratch folder of this process that is filled from the database when a run comes here
/// and from which each finished file goes there. Thread-safe.
/// </summary>
public sealed class ClusterRunHome(ClusterDatabase database, SiloOptions options, TimeProvider time) : IRunHome, IRunWatcher
{
    private const int CheckpointsKept = 2;
    private static readonly TimeSpan LogPatience = TimeSpan.FromSeconds(10), DatabasePatience = TimeSpan.FromMinutes(2), LearnerPatience = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, Lock> _gates = new();
    private readonly ConcurrentDictionary<string, bool> _learning = new();
    private readonly SharedSecret _secret = SharedSecret.Of(database.ReadStreamSecret());

    public IEventLog OpenLog(string run) => PostgresEventLog.Open(
        database, run, string.Create(CultureInfo.InvariantCulture, $"silo {options.Name} (process {System.Environment.ProcessId} on {System.Environment.MachineName})"), LogPatience, time);

    /// <summary>The run's folder here, with every file that the database keeps of it.</summary>
    public RunFolder Folder(string run)
    {
        string path = Path.GetFullPath(Path.Combine(options.Scratch, run));
        var folder = new RunFolder(path, file => Keep(run, path, file));
        lock (_gates.GetOrAdd(run, _ => new Lock()))
        {
            Directory.CreateDirectory(folder.Policies);
            Fill(run, folder);
        }
        return folder;
    }

    public IEnvironmentFactory Environment(RunSettings settings) => options.EnvironmentOf(settings);

    public IEnvironmentFactory Environment(EnvironmentRecipe recipe) => options.EnvironmentOfRecipe(recipe);

    public ITrajectoryTransport Transport(int capacity) => new TrajectoryQueue(capacity);

    public RunDoor? OpenDoor(string run, ILocalRunPort port)
    {
        _learning[run] = true;
        Socket socket = LearnerListener.Bind(new IPEndPoint(IPAddress.IsLoopback(options.Address) ? options.Address : options.Address.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, options.StreamPort));
        var listener = new LearnerListener(socket, port, _secret, new StreamLimits(), line => options.Log($"{run}: {line}"), time);
        return new RunDoor($"{options.Address}:{listener.EndPoint.Port.ToString(CultureInfo.InvariantCulture)}", listener);
    }

    public WorkerTarget Target(string endpoint)
    {
        int colon = endpoint.LastIndexOf(':');
        return new WorkerTarget(endpoint[..colon].Trim('[', ']'), int.Parse(endpoint.AsSpan(colon + 1), CultureInfo.InvariantCulture), _secret, LearnerPatience);
    }

    public void Opened(string name, SelfPlayRun run) => _learning[name] = true;

    public void Updated(string name, RunProgress progress)
    {
    }

    public void Ended(string name, Exception? failure) => _learning.TryRemove(name, out _);

    private void Fill(string run, RunFolder folder)
    {
        var files = new RunFiles(database, run);
        IReadOnlyList<KeptFile> kept = PostgresEventLog.Read(database, run, 0, 1).Any() ? files.List() : [];
        if (!_learning.ContainsKey(run))
        {
            // What was written here and did not reach the database belongs to a past that nobody else knows.
            var names = kept.Select(k => k.Path).ToHashSet(StringComparer.Ordinal);
            foreach (string stray in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories))
            {
                if (stray != folder.Progress && !names.Contains(NameOf(folder.Path, stray)))
                    File.Delete(stray);
            }
        }
        foreach (KeptFile file in kept)
        {
            string target = Path.Combine(folder.Path, file.Path);
            if (!File.Exists(target))
                files.Fetch(file.Path, target);
        }
    }

    /// <summary>Waits for a database that is away: a learner that can save nothing has nothing better to do.</summary>
    private void Keep(string run, string path, string file)
    {
        _learning[run] = true;
        var files = new RunFiles(database, run);
        string name = NameOf(path, file);
        long start = time.GetTimestamp();
        for (int pause = 100; ; pause = Math.Min(2 * pause, 2000))
        {
            try
            {
                files.Keep(name, file);
                if (IsCheckpoint(name))
                    files.Forget([.. files.List().Select(f => f.Path).Where(IsCheckpoint).OrderDescending(StringComparer.Ordinal).Skip(CheckpointsKept)]);
                return;
            }
            catch (ClusterException e) when (time.GetElapsedTime(start) < DatabasePatience)
            {
                options.Log($"{run}: {name} is not in the database yet: {e.Message}");
                Thread.Sleep(pause);
            }
        }
    }

    private static bool IsCheckpoint(string name) => name.StartsWith("checkpoint-", StringComparison.Ordinal);

    private static string NameOf(string folder, string file) => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
}
