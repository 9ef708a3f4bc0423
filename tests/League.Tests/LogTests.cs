using System.Globalization;
using System.Text;

namespace SelfPlayArena.League.Tests;

public sealed class LogTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_follower_reads_each_event_once_while_the_log_grows_leaves_half_a_line_for_later_and_sees_when_the_file_is_another()
    {
        List<LeagueEvent> events = Some.History(60, 4);
        string path = _directory.File();
        using FileEventLog log = FileEventLog.Open(path);
        var follower = new LogFollower(path);
        var read = new List<LeagueEvent>();
        for (int i = 0; i < events.Count; i += 7)
        {
            log.Append(i, events[i..Math.Min(i + 7, events.Count)]);
            read.AddRange(follower.Next());
            Assert.Empty(follower.Next());
        }
        Assert.Equal(LeagueState.Fold(events).Describe(), LeagueState.Fold(read).Describe());
        Assert.Equal(events.Count, follower.Position);

        byte[] whole = File.ReadAllBytes(path);
        string copy = Path.Combine(Path.GetDirectoryName(path)!, "copy.jsonl");
        File.WriteAllBytes(copy, whole[..^10]);
        var second = new LogFollower(copy);
        Assert.Equal(events.Count - 1, second.Next().Count);
        File.WriteAllBytes(copy, whole);
        Assert.Single(second.Next());
        Assert.False(second.IsLost);
        File.WriteAllBytes(copy, whole[..(whole.Length / 2)]);
        Assert.True(second.IsLost);
    }

    [Fact]
    public void A_log_reads_back_every_event_and_from_any_position()
    {
        List<LeagueEvent> events = Some.History(120, 4);
        string path = _directory.File();
        using (FileEventLog log = FileEventLog.Open(path))
        {
            log.Append(0, events[..7]);
            for (int i = 7; i < events.Count; i++)
                ((IEventLog)log).Append(i, events[i]);
        }
        using FileEventLog again = FileEventLog.Open(path);
        Assert.Null(again.TornTail);
        Assert.Equal(events.Count, again.NextPosition);
        Assert.Equal(LeagueState.Fold(events).Describe(), LeagueState.Fold(again.ReadFrom(0)).Describe());
        Assert.Equal(((MatchFinished)events[100]).Match, ((MatchFinished)again.ReadFrom(100).First()).Match);
        Assert.Equal(((MatchFinished)events[100]).Scores, ((MatchFinished)again.ReadFrom(100).First()).Scores);
        Assert.Empty(again.ReadFrom(events.Count));
        Assert.Equal(events.Count, FileEventLog.Read(path).Count());
    }

    [Fact]
    public void Cut_at_every_byte_it_opens_with_exactly_the_finished_events_and_goes_on()
    {
        List<LeagueEvent> events = Some.History(4, 5);
        string whole = _directory.File("whole/league.jsonl");
        using (FileEventLog log = FileEventLog.Open(whole))
            log.Append(0, events);
        byte[] bytes = File.ReadAllBytes(whole);
        string[] folds = [.. Enumerable.Range(1, events.Count).Select(n => LeagueState.Fold(events.Take(n)).Describe())];

        for (int length = 0; length <= bytes.Length; length++)
        {
            int finished = bytes.AsSpan(0, length).Count((byte)'\n');
            string path = _directory.File("cut.jsonl");
            File.WriteAllBytes(path, bytes[..length]);
            using var file = new UnsyncedFile(path);
            using FileEventLog log = FileEventLog.Open(path, file);
            Assert.Equal(finished, log.NextPosition);
            bool torn = length > 0 && bytes[length - 1] != '\n';
            Assert.Equal(torn, log.TornTail is not null);
            if (finished > 0)
                Assert.Equal(folds[finished - 1], LeagueState.Fold(log.ReadFrom(0)).Describe());
            if (finished < events.Count)
            {
                log.Append(finished, events[finished..]);
                Assert.Equal(bytes, File.ReadAllBytes(path));
            }
            if (log.TornTail is TornTail tail)
            {
                Assert.Equal(finished + 1, tail.Line);
                Assert.Equal(bytes[(length - (int)tail.Bytes)..length], File.ReadAllBytes(tail.SideFile));
                File.Delete(tail.SideFile);
            }
        }
    }

    [Fact]
    public void Side_files_of_two_crashes_at_one_place_are_both_kept()
    {
        string path = Written(Some.Members());
        for (int crash = 0; crash < 2; crash++)
        {
            File.AppendAllText(path, "{\"v\":1,\"posi");
            FileEventLog.Open(path).Dispose();
        }
        Assert.Equal(2, Directory.GetFiles(_directory.Path, "*.torn-*").Length);
    }

    [Fact]
    public void Any_flipped_byte_in_a_finished_line_is_an_error_with_file_and_line_and_changes_nothing()
    {
        string path = Written(Some.History(3, 6));
        byte[] good = File.ReadAllBytes(path);
        for (int at = 0; at < good.Length; at += 7)
        {
            if (good[at] == '\n')
                continue;
            byte[] bad = [.. good];
            bad[at] ^= 0x04;
            File.WriteAllBytes(path, bad);
            using var file = new UnsyncedFile(path);
            LogCorruptException e = Assert.Throws<LogCorruptException>(() => FileEventLog.Open(path, file));
            Assert.Equal(1 + good.AsSpan(0, at).Count((byte)'\n'), e.Line);
            Assert.Contains($"{path}, line {e.Line}:", e.Message, StringComparison.Ordinal);
            Assert.Equal(bad, File.ReadAllBytes(path));
        }
    }

    [Fact]
    public void A_lost_line_in_the_middle_is_an_error()
    {
        string path = Written(Some.Members());
        string[] lines = File.ReadAllLines(path);
        File.WriteAllText(path, lines[0] + "\n" + lines[2] + "\n");
        LogCorruptException e = Assert.Throws<LogCorruptException>(() => FileEventLog.Open(path));
        Assert.Equal(2, e.Line);
        Assert.Contains("position 2 where 1 was expected", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Newer_formats_and_kinds_are_refused_by_name()
    {
        string path = Written(Some.Members());
        string old = File.ReadAllText(path);
        File.WriteAllText(path, old.Replace("{\"v\":1,\"position\":2", "{\"v\":2,\"position\":2", StringComparison.Ordinal));
        Assert.Contains("line 3: this event cannot be read, it has format version 2", Assert.Throws<LogCorruptException>(() => FileEventLog.Open(path)).Message, StringComparison.Ordinal);

        byte[] body = Encoding.UTF8.GetBytes("{\"kind\":\"member-promoted\",\"member\":\"main\"}");
        Span<byte> position = stackalloc byte[8];
        position[0] = 4;
        ulong checksum = Core.StableHash.Finish(Core.StableHash.Append(Core.StableHash.Append(Core.StableHash.Start, position), body));
        File.WriteAllText(path, old + string.Create(CultureInfo.InvariantCulture, $"{{\"v\":1,\"position\":4,\"checksum\":\"{checksum:x16}\",\"event\":{Encoding.UTF8.GetString(body)}}}\n"));
        Assert.Contains("kind 'member-promoted', which this program does not know", Assert.Throws<LogCorruptException>(() => FileEventLog.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_format_is_the_one_that_earlier_programs_wrote()
    {
        string path = _directory.File();
        const string Golden = """
            {"v":1,"position":0,"checksum":"0001564da7be5958","event":{"kind":"match-finished","match":"1.0/17","matchup":5,"home":"main@latest","away":"scripted:easy@1","homeSide":1,"homeVersion":3,"winner":1,"decisions":2700,"reason":"ancient","scores":[1.5,2],"seed":99}}
            """;
        using (FileEventLog log = FileEventLog.Open(path))
            ((IEventLog)log).Append(0, Some.Match("1.0/17", Some.Latest, Some.Easy, 1, 5));
        Assert.Equal(Golden + "\n", File.ReadAllText(path));
    }

    [Fact]
    public void A_directory_in_use_is_refused_with_the_process_id_and_free_again_afterwards()
    {
        string path = _directory.File();
        using (FileEventLog.Open(path))
        {
            RunInUseException e = Assert.Throws<RunInUseException>(() => FileEventLog.Open(path));
            Assert.Equal(Environment.ProcessId, e.ProcessId);
            Assert.Contains($"process {Environment.ProcessId}", e.Message, StringComparison.Ordinal);
            Assert.Empty(FileEventLog.Read(path));
        }
        FileEventLog.Open(path).Dispose();
    }

    [Fact]
    public void A_conflicting_position_is_refused()
    {
        using FileEventLog log = FileEventLog.Open(_directory.File());
        log.Append(0, Some.Members());
        Assert.Throws<LogConflictException>(() => ((IEventLog)log).Append(3, Some.Created()));
        Assert.Equal(4, log.NextPosition);
    }

    [Fact]
    public void A_full_disk_leaves_a_valid_log_that_goes_on_when_there_is_room()
    {
        string path = _directory.File();
        using var file = new UnsyncedFile(path);
        using FileEventLog log = FileEventLog.Open(path, file);
        log.Append(0, Some.Members());
        long good = new FileInfo(path).Length;
        file.Room = good + 100;
        LeagueEvent[] group = [Some.Match("a/0", Some.Latest, Some.Easy, 1), Some.Match("a/1", Some.Latest, Some.Easy, 1)];
        LeagueLogException e = Assert.Throws<LeagueLogException>(() => log.Append(4, group));
        Assert.Contains("No space left", e.Message, StringComparison.Ordinal);
        Assert.Equal(good, new FileInfo(path).Length);
        Assert.Equal(4, log.NextPosition);
        file.Room = long.MaxValue;
        log.Append(4, group);
        Assert.Equal(2, LeagueState.Fold(FileEventLog.Read(path)).Matches);
    }

    [Fact]
    public void A_failed_sync_takes_the_group_back_and_a_log_that_cannot_be_cut_back_closes()
    {
        string path = _directory.File();
        using var file = new UnsyncedFile(path);
        using FileEventLog log = FileEventLog.Open(path, file);
        log.Append(0, Some.Members());
        file.FailingFlushes = 1;
        Assert.Throws<LeagueLogException>(() => ((IEventLog)log).Append(4, Some.Match("a/0", Some.Latest, Some.Easy, 1)));
        Assert.Equal(4, FileEventLog.Read(path).Count());
        file.FailingFlushes = 2;
        Assert.Throws<LeagueLogException>(() => ((IEventLog)log).Append(4, Some.Match("a/0", Some.Latest, Some.Easy, 1)));
        Assert.Contains("closed for writing", Assert.Throws<LeagueLogException>(() => ((IEventLog)log).Append(4, Some.Created())).Message, StringComparison.Ordinal);
    }

    private string Written(List<LeagueEvent> events)
    {
        string path = _directory.File();
        using FileEventLog log = FileEventLog.Open(path);
        log.Append(0, events);
        return path;
    }

    /// <summary>A file on a disk with limited room, without waiting for the disk.</summary>
    private sealed class UnsyncedFile(string path) : ILogFile
    {
        private readonly DiskLogFile _file = new(path);

        public long Room { get; set; } = long.MaxValue;

        public int FailingFlushes { get; set; }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            if (offset + bytes.Length > Room)
            {
                _file.Write(offset, bytes[..(int)(Room - offset)]);
                throw new IOException("No space left on device");
            }
            _file.Write(offset, bytes);
        }

        public void SetLength(long length) => _file.SetLength(length);

        public void Flush()
        {
            if (FailingFlushes > 0)
            {
                FailingFlushes--;
                throw new IOException("Input/output error");
            }
        }

        public void Dispose() => _file.Dispose();
    }
}
