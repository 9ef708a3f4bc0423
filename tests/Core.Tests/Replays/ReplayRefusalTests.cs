using System.Buffers.Binary;
using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Matching;

namespace SelfPlayArena.Core.Tests.Replays;

/// <summary>What is no whole replay, or one of another game, is never played.</summary>
public sealed class ReplayRefusalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("arena-refused-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Refused(byte[] content)
    {
        string file = Path.Combine(_folder, "changed.replay");
        File.WriteAllBytes(file, content);
        string message = Assert.Throws<ReplayException>(() => ReplayFile.Read(file)).Message;
        Assert.Contains(file, message, StringComparison.Ordinal);
        Assert.Equal(message, Assert.Throws<ReplayException>(() => ReplayFile.ReadHeader(file)).Message);
        return message;
    }

    [Fact]
    public void Every_flipped_bit_is_refused_with_the_part_it_is_in()
    {
        byte[] whole = File.ReadAllBytes(Recorded.MatchingFile(Path.Combine(_folder, "whole"), 3));
        var parts = new HashSet<string>();
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] damaged = [.. whole];
            damaged[i] ^= (byte)(1 << i % 8);
            string message = Refused(damaged);
            foreach (string part in new[] { "is not a replay", "format", "prologue", "header", "state hashes", "actions", "whole file" })
            {
                if (message.Contains(part, StringComparison.Ordinal))
                    parts.Add(part);
            }
        }
        Assert.Equal(["actions", "format", "header", "is not a replay", "prologue", "state hashes", "whole file"], parts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_truncation_and_every_addition_is_refused()
    {
        byte[] whole = File.ReadAllBytes(Recorded.MatchingFile(Path.Combine(_folder, "whole"), 3));
        for (int length = 8; length < whole.Length; length++)
            Assert.Contains($"is truncated: {length}", Refused(whole[..length]), StringComparison.Ordinal);
        Assert.Contains("is not a replay", Refused([]), StringComparison.Ordinal);
        Assert.Contains("1 bytes follow its end", Refused([.. whole, 0]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_format_and_other_files_are_refused_in_words()
    {
        byte[] newer = File.ReadAllBytes(Recorded.MatchingFile(Path.Combine(_folder, "whole"), 3));
        BinaryPrimitives.WriteInt32LittleEndian(newer.AsSpan(8), ReplayFile.Version + 1);
        Assert.Contains("newer than this program", Refused(newer), StringComparison.Ordinal);
        Assert.Contains("is not a replay", Refused("{\"matches\": 200}"u8.ToArray()), StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => ReplayFile.Read(Path.Combine(_folder, "none.replay")));
    }

    [Fact]
    public void Other_content_and_another_layout_are_refused_with_both_hashes()
    {
        EnvironmentSpec today = new MatchingEnvironment(1).Spec;
        Replay older = ReplayFile.Read(Recorded.MatchingFile(Path.Combine(_folder, "older"), 3, Changed(today, "matching-0", today.Heads)));
        string message = Assert.Throws<ReplayException>(() => new ReplayPlayer(older, new MatchingEnvironment(1))).Message;
        Assert.Contains("other content", message, StringComparison.Ordinal);
        Assert.Contains("matching-0", message, StringComparison.Ordinal);
        Assert.Contains("matching-1", message, StringComparison.Ordinal);

        var renamed = today.Heads.Select((h, i) => i == 2 ? h with { Options = ["west", "middle", "east"] } : h);
        EnvironmentSpec turned = Changed(today, today.ContentHash, [.. renamed]);
        Replay other = ReplayFile.Read(Recorded.MatchingFile(Path.Combine(_folder, "other"), 3, turned));
        message = Assert.Throws<ReplayException>(() => new ReplayPlayer(other, new MatchingEnvironment(1))).Message;
        Assert.Contains("another layout", message, StringComparison.Ordinal);
        Assert.Contains(Replay.LayoutHash(turned), message, StringComparison.Ordinal);
        Assert.Contains(Replay.LayoutHash(today), message, StringComparison.Ordinal);

        Replay foreign = ReplayFile.Read(Recorded.MatchingFile(Path.Combine(_folder, "foreign"), 3));
        Assert.Contains("not of test/mixing", Assert.Throws<ReplayException>(() => new ReplayPlayer(foreign, new MixingEnvironment())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_formats_replay_still_reads_and_plays_to_its_end()
    {
        Replay golden = ReplayFile.Read(Path.Combine(AppContext.BaseDirectory, "Golden", "matching-1.replay"));
        ReplayHeader header = golden.Header;
        Assert.Equal(("matching", "matching-1", "dfb37a09fa41c530", 9, 5), (header.Game, header.ContentHash, header.Seed.ToString("x16", System.Globalization.CultureInfo.InvariantCulture), header.Decisions, header.Opening));
        Assert.Equal("2df2bf15afcff35f", golden.FinalHash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));
        // When the task changes it must change its content hash; this file is then refused, and a new one joins it.
        if (Replay.Unfit(header, new MatchingEnvironment(1).Spec) is { } why)
            Assert.Contains(header.ContentHash, why, StringComparison.Ordinal);
        else
            Assert.Null(new ReplayPlayer(golden, new MatchingEnvironment(1)).Verify());
    }

    private static EnvironmentSpec Changed(EnvironmentSpec spec, string content, IReadOnlyList<ActionHeadSpec> heads) => new()
    {
        Name = spec.Name,
        ContentHash = content,
        Teams = spec.Teams,
        AgentsPerTeam = spec.AgentsPerTeam,
        SecondsPerDecision = spec.SecondsPerDecision,
        TicksPerDecision = spec.TicksPerDecision,
        Observation = spec.Observation,
        FullState = spec.FullState,
        Heads = heads,
        ValueHeads = spec.ValueHeads,
        Rewards = spec.Rewards,
        ScriptedPlayers = spec.ScriptedPlayers,
    };
}
