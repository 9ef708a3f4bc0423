using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Server.League;

/// <summary>Finds lines in runs' progress files without reading them whole at every look. Thread-safe.</summary>
internal sealed class ProgressFiles(RunShelf shelf)
{
    /// <summary>Most lines in one answer; more than a chart has pixels.</summary>
    public const int MostLines = 2_000;

    private const int MostFollowed = 4;
    private readonly Lock _gate = new();
    private readonly RecentlyUsed<string, Followed> _followed = new(MostFollowed);

    /// <summary>Lines after an update, evenly thinned, the last one always among them, each as it stands in the file.</summary>
    public IReadOnlyList<byte[]> After(string? run, long update)
    {
        (string name, RunFolder folder) = shelf.Find(run);
        if (!File.Exists(folder.Progress))
            return [];
        Followed file;
        lock (_gate)
        {
            if (!_followed.TryGet(name, out file!))
                _followed.Add(name, file = new Followed(folder.Progress));
        }
        return file.After(update);
    }

    /// <summary>Where the lines of one file are and which update each tells of.</summary>
    private sealed class Followed(string path)
    {
        private readonly Lock _gate = new();
        private readonly List<(long Offset, int Length, long Update)> _lines = [];
        private long _end;

        public IReadOnlyList<byte[]> After(long update)
        {
            lock (_gate)
            {
                using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
                Index(stream);
                // A run that went back to a checkpoint tells of some updates twice: what comes after the last line that says so counts.
                int first = update < 0 ? 0 : _lines.FindLastIndex(l => l.Update <= update) + 1;
                int count = _lines.Count - first, kept = Math.Min(count, MostLines);
                var answer = new byte[kept][];
                for (int i = 0; i < kept; i++)
                {
                    (long offset, int length, _) = _lines[kept == 1 ? _lines.Count - 1 : first + (int)((long)i * (count - 1) / (kept - 1))];
                    stream.Seek(offset, SeekOrigin.Begin);
                    stream.ReadExactly(answer[i] = new byte[length]);
                }
                return answer;
            }
        }

        private void Index(FileStream stream)
        {
            if (stream.Length < _end)
            {
                // Another file by this name.
                _lines.Clear();
                _end = 0;
            }
            byte[] buffer = new byte[1 << 16];
            long start = _end;
            var line = new MemoryStream();
            stream.Seek(_end, SeekOrigin.Begin);
            while (stream.Read(buffer) is var read and > 0)
            {
                ReadOnlySpan<byte> rest = buffer.AsSpan(0, read);
                while (rest.IndexOf((byte)'\n') is var feed and >= 0)
                {
                    line.Write(rest[..feed]);
                    if (UpdateOf(line.GetBuffer().AsSpan(0, (int)line.Length)) is { } update)
                        _lines.Add((start, (int)line.Length, update));
                    start += line.Length + 1;
                    line.SetLength(0);
                    rest = rest[(feed + 1)..];
                }
                line.Write(rest);
            }
            // What follows the last line feed is still being written.
            _end = start;
        }

        /// <summary>Null for what is no line of progress: the rest of one that a killed process left half written.</summary>
        private static long? UpdateOf(ReadOnlySpan<byte> line)
        {
            try
            {
                var reader = new Utf8JsonReader(line);
                long? update = null;
                while (reader.Read())
                {
                    if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("updates"u8) && reader.Read() && reader.TryGetInt64(out long number))
                        update = number;
                }
                return update;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return null;
            }
        }
    }
}
