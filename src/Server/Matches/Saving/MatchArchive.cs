using System.Collections.Concurrent;
using System.Globalization;
using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Moba;
using SelfPlayArena.Server.Matches.Live;
using SelfPlayArena.Server.Replays;

namespace SelfPlayArena.Server.Matches.Saving;

/// <summary>Where matches go when they are over: replays. They are packed and written on a thread of its own.</summary>
internal sealed class MatchArchive : IDisposable
{
    private readonly string _folder;
    private readonly Action<string> _tell;
    private readonly BlockingCollection<(string File, Func<byte[]> Content)> _ended = [];
    private readonly Thread _writer;

    /// <param name="tell">Is told what cannot be written, and why.</param>
    public MatchArchive(string folder, Action<string> tell)
    {
        _folder = folder;
        _tell = tell;
        _writer = new Thread(Work) { IsBackground = true, Name = "match archive" };
        _writer.Start();
    }

    /// <summary>Takes a match that is over; its tape must not change any more.</summary>
    /// <returns>The replay's name.</returns>
    public string Keep(LiveMatch match, MobaEnvironment environment, MatchTape tape, IReadOnlyList<Seat> seats)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{match.Id}");
        string[] players = [.. seats.Select(s => s.PlayerName)];
        var subject = new MatchToRecord(match.Seed, match.Id, 0, players);
        EnvironmentRecipe recipe = MobaRecipe.Of(match.Options);
        tape.End(environment, 0);
        _ended.Add((Path.Combine(_folder, name + ReplayFile.Extension), () => tape.Replay(subject, recipe, players)));
        return ReplayNames.Of(ReplayNames.Played, name);
    }

    /// <summary>Writes what waits and ends.</summary>
    public void Dispose()
    {
        if (_ended.IsAddingCompleted)
            return;
        _ended.CompleteAdding();
        _writer.Join();
    }

    private void Work()
    {
        foreach ((string file, Func<byte[]> content) in _ended.GetConsumingEnumerable())
        {
            try
            {
                Directory.CreateDirectory(_folder);
                AtomicFile.Write(file, content());
            }
            catch (Exception e)
            {
                // Whatever it is, the process must not end by it.
                _tell($"the replay {file} cannot be written: {e.Message}");
            }
        }
    }
}
