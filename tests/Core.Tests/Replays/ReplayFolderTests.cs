using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;

namespace SelfPlayArena.Core.Tests.Replays;

public sealed class ReplayFolderTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("arena-folder-").FullName, "replays");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    private List<ulong> Play(ReplayFolder recorder, int matches, int first = 1)
    {
        var environment = new MixingEnvironment(3);
        List<ulong> taken = [];
        for (int i = first; i < first + matches; i++)
        {
            if (Recorded.Play(recorder, environment, (ulong)i, Recorded.AnyNumbers((ulong)i)).Taken)
                taken.Add((ulong)i);
        }
        return taken;
    }

    [Fact]
    public void The_share_asked_for_is_recorded_and_the_same_matches_each_time()
    {
        List<ulong> first, again;
        using (ReplayFolder recorder = Recorded.Folder(_folder, MixingEnvironment.Layout, share: 0.25))
            first = Play(recorder, 400);
        using (ReplayFolder recorder = Recorded.Folder(_folder, MixingEnvironment.Layout, share: 0.25))
            again = Play(recorder, 400);
        Assert.InRange(first.Count, 70, 130);
        Assert.Equal(first, again);
        Assert.Equal(first, Directory.GetFiles(_folder).Select(f => ReplayFile.ReadHeader(f).Seed).Order());
    }

    [Fact]
    public void A_share_of_nothing_records_nothing_and_one_of_all_records_all()
    {
        using (ReplayFolder recorder = Recorded.Folder(_folder, MixingEnvironment.Layout, share: 0))
            Assert.Empty(Play(recorder, 40));
        Assert.False(Directory.Exists(_folder));
        using (ReplayFolder recorder = Recorded.Folder(_folder, MixingEnvironment.Layout, share: 1))
            Assert.Equal(40, Play(recorder, 40).Count);
        Assert.Equal(40, Directory.GetFiles(_folder).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => Recorded.Folder(_folder, MixingEnvironment.Layout, share: 1.5));
    }

    [Fact]
    public void Only_the_newest_are_kept_those_of_earlier_sessions_included()
    {
        using (ReplayFolder recorder = Recorded.Folder(_folder, MixingEnvironment.Layout, keep: 20))
            Play(recorder, 12);
        Assert.Equal(12, Directory.GetFiles(_folder).Length);
        foreach (string file in Directory.GetFiles(_folder))
            File.SetLastWriteTimeUtc(file, new DateTime(2020, 1, 1, 0, 0, (int)ReplayFile.ReadHeader(file).Seed, DateTimeKind.Utc));
        string foreign = Path.Combine(_folder, "notes.txt");
        File.WriteAllText(foreign, "not a replay, not ours");
        using (ReplayFolder recorder = Recorded.Folder(_folder, MixingEnvironment.Layout, keep: 20))
        {
            Play(recorder, 15, first: 100);
            Play(recorder, 1, first: 114);
        }
        ulong[] kept = [.. Directory.GetFiles(_folder, "*.replay").Select(f => ReplayFile.ReadHeader(f).Seed).Order()];
        Assert.Equal([8, 9, 10, 11, 12, .. Enumerable.Range(100, 15).Select(i => (ulong)i)], kept);
        Assert.True(File.Exists(foreign));
    }

    [Fact]
    public void What_cannot_be_written_is_said_once_with_its_path_and_matches_go_on()
    {
        File.WriteAllText(_folder, "a file where the folder should be");
        using ReplayFolder recorder = Recorded.Folder(_folder, MixingEnvironment.Layout);
        Assert.Equal(200, Play(recorder, 200).Count);
        recorder.Dispose();
        Assert.Contains(Path.Combine(_folder, "00000001-"), recorder.Fault, StringComparison.Ordinal);
        Assert.Equal(0, recorder.Written);
    }

    [Fact]
    public void Matches_given_up_leave_nothing_behind()
    {
        var environment = new MixingEnvironment(50);
        using (ReplayFolder recorder = Recorded.Folder(_folder, environment.Spec))
        {
            environment.Reset(0, 1);
            recorder.Begin(environment, 0, new MatchToRecord(1, "m", 0, ["a", "b"]))!.Abandon();
        }
        Assert.False(Directory.Exists(_folder));
    }
}
