using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.Server.Matches.Bots;

namespace SelfPlayArena.Server.People;

/// <summary>Who had a seat when a match ended.</summary>
/// <param name="Person">Key of the person (<see cref="PersonCookie"/>); null for a bot, and for somebody who cannot be told from others.</param>
/// <param name="Name">What the person wants to be called; null for anonymous. For a bot its player with its difficulty.</param>
/// <param name="Difficulty">Of a bot; null for a person.</param>
internal sealed record RatedSeat(int Team, string? Person, string? Name, Difficulty? Difficulty);

/// <summary>What a match did to a person's rating.</summary>
internal sealed record RatingChange(Rating Before, Rating After);

/// <param name="Name">Anonymous people are called so, with four digits to tell them apart.</param>
/// <param name="Error">Half the width of the 95% interval.</param>
internal sealed record PersonAnswer(string Name, double Rating, double Error, int Games, int Wins, DateTimeOffset Last);

/// <summary>
/// Ratings of the people who played here, and of the bots that they played against. Kept in one file in the folder of runs, replaced whole or not at all
/// after each match, on a thread of the pool: whoever ends a match must not wait for a disk. Thread-safe.
/// </summary>
internal sealed class PeopleRatings : IDisposable
{
    public const string FileName = "people.json";

    /// <summary>Whoever has not played for longest is forgotten beyond this.</summary>
    private const int Most = 10_000;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private readonly Lock _gate = new(), _writing = new();
    private readonly string _file;
    private readonly TimeProvider _time;
    private readonly Action<string> _tell;
    private readonly bool _keeps;
    private readonly Dictionary<string, Entry> _entries;
    private Task _saved = Task.CompletedTask;
    private long _version, _written;

    /// <param name="folder">Where the file is; made when there is something to write.</param>
    /// <param name="tell">Is told what cannot be read or written, and why.</param>
    /// <param name="keeps">False where another process keeps the file: what is counted here is then forgotten at the end.</param>
    public PeopleRatings(string folder, TimeProvider time, Action<string> tell, bool keeps = true)
    {
        _file = Path.Combine(folder, FileName);
        _time = time;
        _tell = tell;
        _keeps = keeps;
        _entries = Load();
    }

    /// <summary>People, best first; those who have not played lately are less certain.</summary>
    public IReadOnlyList<PersonAnswer> All()
    {
        lock (_gate)
        {
            DateTimeOffset now = _time.GetUtcNow();
            return
            [
                .. _entries.Values.Where(e => e.Person).Select(e => (Entry: e, Rating: e.Now(now))).OrderByDescending(e => e.Rating.Mean)
                    .Select(e => new PersonAnswer(e.Entry.Shown, Math.Round(e.Rating.Mean, 1), Math.Round(Rating.Z95 * e.Rating.Deviation, 1), e.Entry.Games, e.Entry.Wins, e.Entry.Last)),
            ];
        }
    }

    /// <summary>Counts a match; what it did to each seat's rating, null for bots and for people who cannot be told from others.</summary>
    /// <param name="winner">Team, -1 for a draw.</param>
    public IReadOnlyList<RatingChange?> Count(IReadOnlyList<RatedSeat> seats, int winner)
    {
        if (!seats.Any(s => s.Person is not null) || seats.Select(s => s.Team).Distinct().Count() != 2)
            return [.. seats.Select(_ => (RatingChange?)null)];
        lock (_gate)
        {
            DateTimeOffset now = _time.GetUtcNow();
            string[] keys = [.. seats.Select((s, i) => s.Person ?? (s.Difficulty is null ? $"?{i}" : $"bot {s.Name}"))];
            string[] distinct = [.. keys.Distinct()];
            Entry[] entries = [.. distinct.Select(k => EntryOf(k, seats[Array.IndexOf(keys, k)], now))];
            Rating[] before = [.. entries.Select(e => e.Now(now))];
            int[][] teams = [.. Enumerable.Range(0, 2).Select(t => keys.Select((k, i) => (Key: k, seats[i].Team)).Where(x => x.Team == t).Select(x => Array.IndexOf(distinct, x.Key)).ToArray())];
            Rating[] after = Rating.AfterMatch(before, teams, winner < 0 ? 0.5 : winner == 0 ? 1 : 0);
            for (int i = 0; i < entries.Length; i++)
            {
                RatedSeat seat = seats[Array.IndexOf(keys, distinct[i])];
                if (seat.Person is null && seat.Difficulty is null)
                    continue;
                _entries[distinct[i]] = entries[i] with
                {
                    Name = seat.Name,
                    Mean = after[i].Mean,
                    Deviation = after[i].Deviation,
                    Games = entries[i].Games + 1,
                    Wins = entries[i].Wins + (seat.Team == winner ? 1 : 0),
                    Last = now,
                };
            }
            Forget();
            Save();
            return [.. seats.Select((s, i) => s.Person is null ? null : new RatingChange(before[Array.IndexOf(distinct, keys[i])], after[Array.IndexOf(distinct, keys[i])]))];
        }
    }

    /// <summary>Waits until what was counted is on disk.</summary>
    public void Flush()
    {
        Task saved;
        lock (_gate)
            saved = _saved;
        saved.GetAwaiter().GetResult();
    }

    public void Dispose() => Flush();

    private Entry EntryOf(string key, RatedSeat seat, DateTimeOffset now)
    {
        if (_entries.TryGetValue(key, out Entry? known))
            return known;
        Rating first = seat.Difficulty is { } difficulty ? new Rating(difficulty.FirstGuess, 150) : Rating.Unknown;
        return new Entry(key, seat.Person is not null, seat.Name, first.Mean, first.Deviation, 0, 0, now);
    }

    private void Forget()
    {
        foreach (string oldest in _entries.Values.Where(e => e.Person).OrderByDescending(e => e.Last).Skip(Most).Select(e => e.Key).ToArray())
            _entries.Remove(oldest);
    }

    private void Save()
    {
        if (!_keeps)
            return;
        long version = ++_version;
        Entry[] entries = [.. _entries.Values];
        _saved = Task.Run(() => Write(version, entries));
    }

    private void Write(long version, Entry[] entries)
    {
        lock (_writing)
        {
            // A later match may have been quicker.
            if (version < _written)
                return;
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
                AtomicFile.Write(_file, JsonSerializer.SerializeToUtf8Bytes(entries.OrderBy(e => e.Key, StringComparer.Ordinal), Json));
                _written = version;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _tell($"the ratings of people in {_file} cannot be written: {e.Message}");
            }
        }
    }

    /// <summary>A file that cannot be read is set aside: nobody's evening should end because of it.</summary>
    private Dictionary<string, Entry> Load()
    {
        if (!File.Exists(_file))
            return [];
        try
        {
            Entry?[] entries = JsonSerializer.Deserialize<Entry?[]>(File.ReadAllBytes(_file), Json) ?? throw new JsonException("it is null");
            return entries.Contains(null) ? throw new JsonException("an entry is null") : entries.ToDictionary(e => e!.Key, e => e!);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            string aside = $"{_file}.damaged-{_time.GetUtcNow():yyyyMMdd-HHmmss}";
            try
            {
                File.Move(_file, aside, overwrite: true);
                _tell($"{_file} cannot be read ({e.Message}) and was set aside as {aside}; ratings begin anew");
            }
            catch (Exception move) when (move is IOException or UnauthorizedAccessException)
            {
                _tell($"{_file} can neither be read ({e.Message}) nor set aside ({move.Message}); ratings begin anew");
            }
            return [];
        }
    }

    private sealed record Entry(string Key, bool Person, string? Name, double Mean, double Deviation, int Games, int Wins, DateTimeOffset Last)
    {
        [System.Text.Json.Serialization.JsonIgnore]
        public string Shown => Name ?? $"anonymous {Key[..Math.Min(4, Key.Length)]}";

        public Rating Now(DateTimeOffset now) => new Rating(Mean, Deviation).After(Person ? now - Last : TimeSpan.Zero);
    }
}
