using System.Security.Cryptography;
using System.Text;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace SelfPlayArena.Grains.Tests;

public sealed class FileGrainStorageTests : IDisposable
{
    private static readonly GrainId Learner = GrainId.Create("learner", "run");
    private readonly string _root = Directory.CreateTempSubdirectory("arena-memory-").FullName;
    private readonly string _folder;

    public FileGrainStorageTests() => _folder = Path.Combine(_root, "runs", "grains");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    public sealed class Note
    {
        public string? Text { get; set; }

        public double Number { get; set; }
    }

    private FileGrainStorage Storage => new(_folder);

    private string File => Assert.Single(Directory.GetFiles(_folder, "*.state"));

    private async Task<GrainState<Note>> Read(GrainId grain, string state = "note")
    {
        var read = new GrainState<Note>();
        await Storage.ReadStateAsync(state, grain, read);
        return read;
    }

    private async Task<GrainState<Note>> Written(GrainId grain, string text, string state = "note")
    {
        GrainState<Note> page = await Read(grain, state);
        page.State = new Note { Text = text, Number = double.NaN };
        await Storage.WriteStateAsync(state, grain, page);
        return page;
    }

    [Fact]
    public async Task What_was_written_is_read_by_whoever_comes_later_until_it_is_cleared()
    {
        GrainState<Note> none = await Read(Learner);
        Assert.True(none is { RecordExists: false, ETag: null, State.Text: null });
        Assert.False(Directory.Exists(_folder));
        GrainState<Note> first = await Written(Learner, "é\n\"☃\"");
        GrainState<Note> later = await Read(Learner);
        Assert.Equal((true, first.ETag, "é\n\"☃\"", double.NaN), (later.RecordExists, later.ETag, later.State!.Text, later.State.Number));
        Assert.False((await Read(Learner, "other")).RecordExists);

        await Storage.ClearStateAsync("note", Learner, later);
        Assert.True(later is { RecordExists: false, ETag: null, State.Text: null });
        Assert.False((await Read(Learner)).RecordExists);
        Assert.Empty(Directory.GetFiles(_folder, "*.state"));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("note", Learner, first));
        Assert.NotEqual(first.ETag, (await Written(Learner, "anew")).ETag);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(70)]
    [InlineData(10_000)]
    public async Task A_writer_killed_before_its_file_had_its_name_leaves_what_was_there(int written)
    {
        GrainState<Note> old = await Written(Learner, "old");
        string file = File;
        byte[] before = await System.IO.File.ReadAllBytesAsync(file);
        await Storage.WriteStateAsync("note", Learner, new GrainState<Note>(new Note { Text = "new" }, old.ETag));
        byte[] after = await System.IO.File.ReadAllBytesAsync(file);
        // As it stood at that moment: the old file, a part or all of the new one beside it, the lock that the system has let go of.
        await System.IO.File.WriteAllBytesAsync(file, before);
        await System.IO.File.WriteAllBytesAsync(file + ".new", after[..Math.Min(written, after.Length)]);

        GrainState<Note> read = await Read(Learner);
        Assert.Equal(("old", old.ETag), (read.State!.Text, read.ETag));
        await Written(Learner, "next");
        Assert.Equal("next", (await Read(Learner)).State!.Text);
        Assert.Equal(["lock", Path.GetFileName(file)], Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).Reverse());
    }

    [Fact]
    public async Task Of_writers_that_read_the_same_one_wins_and_the_others_learn_that_they_lost()
    {
        GrainState<Note> start = await Written(Learner, "0");
        for (int round = 0; round < 5; round++)
        {
            string? etag = (await Read(Learner)).ETag;
            GrainState<Note>[] pages = [.. Enumerable.Range(0, 8).Select(i => new GrainState<Note>(new Note { Text = $"{round} {i}" }, etag))];
            Exception?[] outcomes = await Task.WhenAll(pages.Select(p => Record.ExceptionAsync(() => Storage.WriteStateAsync("note", Learner, p))));
            int winner = Array.FindIndex(outcomes, o => o is null);
            Assert.Equal(7, outcomes.OfType<InconsistentStateException>().Count());
            GrainState<Note> now = await Read(Learner);
            Assert.Equal(($"{round} {winner}", pages[winner].ETag), (now.State!.Text, now.ETag));
            InconsistentStateException lost = outcomes.OfType<InconsistentStateException>().First();
            Assert.Equal((now.ETag, etag), (lost.StoredEtag, lost.CurrentEtag));
        }
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync("note", Learner, start));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("note", Learner, new GrainState<Note>(new Note())));
    }

    [Fact]
    public async Task No_name_of_a_grain_leads_out_of_the_folder_or_to_the_file_of_another()
    {
        string[] keys =
        [
            "run", "RUN", "run/0", "/run", "..", ".", "../run", "../../run", "/etc/passwd", "..\\run", "C:\\run", "run\0", "run\n", "a@note", "%2f", "/", "lock", "con", "é", "e\u0301",
            "走る", "🦀", new string('x', 5000), new string('x', 4999) + "y", new string('é', 100),
        ];
        foreach (string key in keys)
            await Written(GrainId.Create("learner", key), key);
        await Written(Learner, "odd state", "../note");
        foreach (string key in keys)
            Assert.Equal(key, (await Read(GrainId.Create("learner", key))).State!.Text);
        Assert.Equal("odd state", (await Read(Learner, "../note")).State!.Text);

        string[] files = Directory.GetFiles(_root, "*", SearchOption.AllDirectories);
        Assert.All(files, f => Assert.Equal(_folder, Path.GetDirectoryName(f)));
        Assert.Equal(keys.Length + 1 + 1, files.Select(Path.GetFileName).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public async Task A_file_that_differs_in_any_byte_or_lacks_some_is_refused_by_name()
    {
        await Written(Learner, "whole");
        string file = File;
        byte[] whole = await System.IO.File.ReadAllBytesAsync(file);
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] flipped = [.. whole];
            flipped[i] ^= 1;
            await Refused(file, flipped);
            await Refused(file, whole[..i]);
        }
        await Refused(file, [.. whole, (byte)'\n']);
        await System.IO.File.WriteAllBytesAsync(file, whole);
        Assert.Equal("whole", (await Read(Learner)).State!.Text);
    }

    [Fact]
    public async Task A_file_of_another_grain_another_version_or_another_type_is_refused_by_name()
    {
        await Written(Learner, "mine");
        string file = File;
        string text = await System.IO.File.ReadAllTextAsync(file);
        string lines = text[..(text.TrimEnd('\n').LastIndexOf('\n') + 1)];
        await Refused(file, Sealed(lines.Replace("learner/run", "learner/other", StringComparison.Ordinal)), "belongs to state 'note' of learner/other");
        await Refused(file, Sealed(lines.Replace("\"format\":1", "\"format\":2", StringComparison.Ordinal)), "its format is 2");
        await Refused(file, Sealed("no header\n" + lines), "first line");
        await Refused(file, Sealed(lines.Replace("\"mine\"", "[1]", StringComparison.Ordinal)), "holds no Note");
        await Refused(file, Sealed(lines.Split('\n')[0]), "");
    }

    private static byte[] Sealed(string lines) => Encoding.UTF8.GetBytes(lines + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines))) + "\n");

    private async Task Refused(string file, byte[] content, string why = "")
    {
        await System.IO.File.WriteAllBytesAsync(file, content);
        InvalidDataException e = await Assert.ThrowsAsync<InvalidDataException>(() => Read(Learner));
        Assert.Contains(file, e.Message, StringComparison.Ordinal);
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
    }
}
