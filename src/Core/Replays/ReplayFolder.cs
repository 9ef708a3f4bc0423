using System.Collections.Concurrent;
using System.Globalization;

namespace SelfPlayArena.Core.Replays;

/// <summary>
/// Records a share of the matches that begin, one file each, into a folder that keeps the newest. Files are packed and written on a thread of
/// their own. What cannot be written is lost and said once; the matches go on.
/// </summary>
public sealed class ReplayFolder : IMatchRecorder, IDisposable
{
    private const int MostWaiting = 64;
    private readonly string _path;
    private readonly EnvironmentRecipe _recipe;
    private readonly EnvironmentSpec _spec;
    private readonly double _share;
    private readonly int _keep;
    private readonly ConcurrentBag<ReplayRecording> _free = [];
    private readonly BlockingCollection<ReplayRecording> _ended = new(MostWaiting);
    private readonly Thread _writer;
    private List<string>? _files;
    private volatile string? _fault;
    private bool _closed;
    private long _written, _failures;

    /// <param name="path">The folder; made when the first replay is written.</param>
    /// <param name="recipe">How the environment that is recorded can be made again.</param>
    /// <param name="share">Share of matches to record, 0 to 1. Which ones follows from their seeds.</param>
    /// <param name="keep">Number of files to keep; the oldest in the folder are deleted.</param>
    public ReplayFolder(string path, EnvironmentRecipe recipe, EnvironmentSpec spec, double share = 1, int keep = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        if (!(share is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "the share of recorded matches is 0 to 1");
        (_path, _recipe, _spec, _share, _keep) = (path, recipe, spec, share, keep);
        _writer = new Thread(WriteAll) { IsBackground = true, Name = "replays" };
        _writer.Start();
    }

    /// <summary>Why the first replay that could not be written could not, with its path; null while all could.</summary>
    public string? Fault => _fault;

    /// <summary>Replays written.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Replays that could not be written.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    public ReplayRecording? Begin(IBatchEnvironment environment, int match, MatchToRecord subject)
    {
        if (_share <= 0 || (Seeds.Derive(subject.Seed, "record") >> 11) * (1.0 / (1ul << 53)) >= _share)
            return null;
        if (!_free.TryTake(out ReplayRecording? recording))
            recording = new ReplayRecording(this, _spec);
        recording.Begin(environment, match, subject);
        return recording;
    }

    /// <summary>Writes what has ended and waits until it is on disk.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, true))
            return;
        _ended.CompleteAdding();
        _writer.Join();
        _ended.Dispose();
    }

    internal void Take(ReplayRecording recording)
    {
        try
        {
            _ended.Add(recording);
        }
        catch (Exception e) when (e is InvalidOperationException or ObjectDisposedException)
        {
            // A host that ends a match while the folder is being closed: the recording is lost, the host goes on.
        }
    }

    internal void GiveBack(ReplayRecording recording) => _free.Add(recording);

    private void WriteAll()
    {
        foreach (ReplayRecording recording in _ended.GetConsumingEnumerable())
        {
            string file = Path.Combine(_path, string.Create(CultureInfo.InvariantCulture, $"{recording.Subject.Number:D8}-{recording.Subject.Seed:x16}{ReplayFile.Extension}"));
            try
            {
                Directory.CreateDirectory(_path);
                _files ??= OldestFirst(_path);
                AtomicFile.Write(file, recording.Encode(_recipe, _spec));
                Interlocked.Increment(ref _written);
                _files.Remove(file);
                _files.Add(file);
                Prune();
            }
            catch (Exception e)
            {
                Interlocked.Increment(ref _failures);
                _fault ??= $"matches are not recorded: {file} cannot be written: {e.Message}";
            }
            GiveBack(recording);
        }
    }

    private void Prune()
    {
        while (_files!.Count > _keep)
        {
            string oldest = _files[0];
            _files.RemoveAt(0);
            File.Delete(oldest);
        }
    }

    /// <summary>Replays of a folder in the order in which they were written.</summary>
    public static List<string> OldestFirst(string folder)
        => [.. Directory.EnumerateFiles(folder, "*" + ReplayFile.Extension).OrderBy(File.GetLastWriteTimeUtc).ThenBy(f => f, StringComparer.Ordinal)];
}
