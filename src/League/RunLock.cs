using System.Globalization;

namespace SelfPlayArena.League;

/// <summary>
/// Holds a directory for one process. The operating system drops the lock with the process, however it ends, so a killed run never locks
/// anybody out. The process id stands in a second file, because a locked file cannot be read by others.
/// </summary>
public sealed class RunLock : IDisposable
{
    private readonly FileStream _lock;

    private RunLock(FileStream held) => _lock = held;

    /// <exception cref="RunInUseException">A live process holds the directory.</exception>
    public static RunLock Acquire(string directory)
    {
        Directory.CreateDirectory(directory);
        string pidFile = Path.Combine(directory, "league.pid");
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(directory, "league.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(Path.Combine(directory, "league.lock")))
        {
            throw new RunInUseException(directory, Holder(pidFile));
        }
        try
        {
            File.WriteAllText(pidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch
        {
            held.Dispose();
            throw;
        }
        return new RunLock(held);
    }

    private static int? Holder(string pidFile)
    {
        try
        {
            return int.TryParse(File.ReadAllText(pidFile), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Lets go. The file stays: deleting it could pull it from under a process that has just locked it.</summary>
    public void Dispose() => _lock.Dispose();
}
