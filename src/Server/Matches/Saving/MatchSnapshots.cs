using SelfPlayArena.Core;

namespace SelfPlayArena.Server.Matches.Saving;

/// <summary>
/// Keeps lobbies and running matches on disk, so that a restart of the server does not end them: one file a match, whole or not at all, written by a thread of
/// its own, since disks make one wait. Of several snapshots of a match that wait, the newest is written.
/// </summary>
internal sealed class MatchSnapshots : IDisposable
{
    private const string Extension = ".match";

    private readonly string _folder;
    private readonly Action<string> _tell;
    private readonly bool _keeps;
    private readonly object _gate = new();
    private readonly Dictionary<string, SavedMatch?> _waiting = [];
    private readonly Thread _writer;
    private bool _closed, _busy;

    /// <param name="tell">Is told what cannot be read or written, and why.</param>
    /// <param name="keeps">False where another process goes on with what is in the folder: nothing is read or written then.</param>
    public MatchSnapshots(string folder, Action<string> tell, bool keeps = true)
    {
        _folder = folder;
        _keeps = keeps;
        _tell = tell;
        _writer = new Thread(Work) { IsBackground = true, Name = "match snapshots" };
        _writer.Start();
    }

    public void Put(SavedMatch match) => Put(match.Id, match);

    /// <summary>The match is over or given up.</summary>
    public void Forget(string id) => Put(id, null);

    /// <summary>Lobbies and matches that had not ended when the last process did. Files that cannot be read are set aside.</summary>
    public List<SavedMatch> Read()
    {
        var found = new List<SavedMatch>();
        if (!_keeps || !Directory.Exists(_folder))
            return found;
        foreach (string file in Directory.EnumerateFiles(_folder, "*" + Extension))
        {
            try
            {
                SavedMatch saved = MatchFile.Decode(File.ReadAllBytes(file));
                // Its file would be looked for under the name that it gives itself.
                if (saved.Id != Path.GetFileNameWithoutExtension(file))
                    throw new InvalidDataException("it is of a match with another name");
                found.Add(saved);
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                Refuse(Path.GetFileNameWithoutExtension(file), e.Message);
            }
        }
        return found;
    }

    /// <summary>The match of a snapshot cannot be gone on with; the file is kept for whoever wants to know why.</summary>
    public void Refuse(string id, string why)
    {
        // The match is lost to those who played it, who are told that there is none; whoever runs the server is told why.
        string file = FileOf(id), aside = file + ".refused";
        try
        {
            if (!_keeps || !File.Exists(file))
                return;
            File.Move(file, aside, overwrite: true);
            _tell($"match {id} is lost: what was kept of it in {file} cannot be gone on with: {why}; it was set aside as {aside}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _tell($"match {id} is lost: what was kept of it in {file} can neither be gone on with ({why}) nor set aside ({e.Message})");
        }
    }

    /// <summary>Waits until all that was put is on disk.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            while (_waiting.Count > 0 || _busy)
                Monitor.Wait(_gate);
        }
    }

    /// <summary>Writes what waits and ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
        _writer.Join();
    }

    private void Put(string id, SavedMatch? match)
    {
        if (!_keeps)
            return;
        lock (_gate)
        {
            _waiting[id] = match;
            Monitor.PulseAll(_gate);
        }
    }

    private void Work()
    {
        while (Next() is { } next)
        {
            try
            {
                if (next.Match is null)
                {
                    File.Delete(FileOf(next.Id));
                }
                else
                {
                    Directory.CreateDirectory(_folder);
                    AtomicFile.Write(FileOf(next.Id), MatchFile.Encode(next.Match));
                }
            }
            catch (DirectoryNotFoundException)
            {
                // Nothing was ever kept of the match.
            }
            catch (Exception e)
            {
                // Whatever it is, the process must not end by it.
                _tell($"match {next.Id} is not kept in {FileOf(next.Id)} and would not outlive the server: {e.Message}");
            }
        }
    }

    private (string Id, SavedMatch? Match)? Next()
    {
        lock (_gate)
        {
            _busy = false;
            Monitor.PulseAll(_gate);
            while (_waiting.Count == 0)
            {
                if (_closed)
                    return null;
                Monitor.Wait(_gate);
            }
            (string id, SavedMatch? match) = _waiting.First();
            _waiting.Remove(id);
            _busy = true;
            return (id, match);
        }
    }

    private string FileOf(string id) => Path.Combine(_folder, id + Extension);
}
