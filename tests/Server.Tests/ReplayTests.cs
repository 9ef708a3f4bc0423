using System.Net;
using System.Text.Json;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Moba;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Server.Tests;

/// <summary>Listing, searching and fetching replays of a run and of played matches.</summary>
public sealed class ReplayTests(RunOnDisk disk) : IClassFixture<RunOnDisk>
{
    [Fact]
    public async Task A_runs_replays_are_listed_newest_first_by_pages_and_fetched_byte_by_byte()
    {
        await using TestServer server = await disk.Serve(o => o with { Games = new Games() });
        List<string> files = ReplayFolder.OldestFirst(disk.Folder.Replays);
        JsonElement first = await server.Client.Json("/api/replays");
        Assert.Equal(files.Count, first.GetProperty("total").GetInt32());
        int pages = first.GetProperty("pages").GetInt32();
        Assert.Equal((files.Count + 23) / 24, pages);
        Assert.True(pages > 1);
        var seen = new List<JsonElement>();
        for (int page = 1; page <= pages; page++)
            seen.AddRange((await server.Client.Json($"/api/replays?page={page}")).GetProperty("items").EnumerateArray());
        Assert.Equal(files.Select(f => $"small:{Path.GetFileNameWithoutExtension(f)}").Order(), seen.Select(r => r.GetProperty("id").GetString()!).Order());
        DateTime[] when = [.. seen.Select(r => r.GetProperty("when").GetDateTime())];
        Assert.Equal(when.OrderDescending(), when);

        string id = seen[0].GetProperty("id").GetString()!, file = Path.Combine(disk.Folder.Replays, id["small:".Length..] + ReplayFile.Extension);
        ReplayHeader header = ReplayFile.ReadHeader(file);
        Assert.Equal(header.Players, seen[0].GetProperty("players").EnumerateArray().Select(p => p.GetString()));
        Assert.Equal(header.Outcome.Winner, seen[0].GetProperty("winner").GetInt32());
        Assert.Equal(JsonValueKind.Null, seen[0].GetProperty("obstacle").ValueKind);
        Assert.Equal(File.ReadAllBytes(file), await server.Client.GetByteArrayAsync($"/api/replays/{id}"));
    }

    [Fact]
    public async Task Replays_of_played_matches_are_found_by_hero_mode_and_player_and_a_damaged_one_says_so()
    {
        string root = Directory.CreateTempSubdirectory("arena-played-").FullName, folder = Path.Combine(root, "play", "replays");
        try
        {
            var factory = new Games.MobaFactory(new MobaOptions { Mode = "1v1", Rules = "quick", Home = ["ember"], Away = ["quill"] });
            using (var replays = new ReplayFolder(folder, factory.Recipe, factory.Spec))
                Evaluation.Play(factory, new Contestant("scripted:hard", "hard@1", null), new Contestant("random", "random", null), 2, seed: 1, threads: 1, recorder: replays);
            File.WriteAllBytes(Path.Combine(folder, "broken.replay"), [1, 2, 3]);
            await using TestServer server = await disk.Serve(o => o with { Runs = root, Games = new Games() });

            JsonElement found = await server.Client.Json("/api/replays?q=EMBER%201v1%20hard");
            Assert.Equal(2, found.GetProperty("total").GetInt32());
            JsonElement replay = found.GetProperty("items")[0];
            Assert.Equal(JsonValueKind.Null, replay.GetProperty("run").ValueKind);
            Assert.Equal(("1v1", "quick"), (replay.GetProperty("mode").GetString(), replay.GetProperty("rules").GetString()));
            Assert.Equal("ember", replay.GetProperty("lineups")[0][0].GetString());
            Assert.Equal("quill", replay.GetProperty("lineups")[1][0].GetString());
            Assert.Equal(Math.Round(15 * replay.GetProperty("seconds").GetDouble()), replay.GetProperty("ticks").GetInt64(), 1.0);
            Assert.Equal(0, (await server.Client.Json("/api/replays?q=ember%20shade")).GetProperty("total").GetInt32());

            JsonElement broken = Assert.Single((await server.Client.Json("/api/replays?q=broken")).GetProperty("items").EnumerateArray());
            string obstacle = broken.GetProperty("obstacle").GetString()!;
            Assert.StartsWith("broken.replay", obstacle, StringComparison.Ordinal);
            Assert.DoesNotContain(root, obstacle, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Theory]
    [InlineData("..%2F..%2Fsmall%2Frun.json")]
    [InlineData("small:..%2Frun")]
    [InlineData("small:..")]
    [InlineData("..:run")]
    [InlineData("small:.")]
    [InlineData(":")]
    [InlineData("%2Fetc%2Fpasswd")]
    [InlineData("small:00000000-0000000000000000")]
    [InlineData("run.json")]
    [InlineData("..%5C..%5Crun")]
    public async Task An_id_that_is_no_replays_is_refused_whatever_path_it_means(string id)
    {
        await using TestServer server = await disk.Serve();
        string refused = await server.Client.Refused($"/api/replays/{id}", id.StartsWith("small:0", StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.BadRequest);
        Assert.DoesNotContain(disk.Root, refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_in_a_replay_folder_is_not_followed()
    {
        string link = Path.Combine(disk.Folder.Replays, "way-out.replay");
        File.CreateSymbolicLink(link, disk.Folder.Settings);
        try
        {
            await using TestServer server = await disk.Serve();
            await server.Client.Refused("/api/replays/small:way-out", HttpStatusCode.NotFound);
            Assert.Equal(0, (await server.Client.Json("/api/replays?q=way-out")).GetProperty("total").GetInt32());
        }
        finally
        {
            File.Delete(link);
        }
    }

    [Theory]
    [InlineData("page=0", "allowed: 1 to")]
    [InlineData("page=99999", "allowed: 1 to")]
    [InlineData("page=two", "page")]
    public async Task A_page_that_is_not_there_is_refused_with_those_that_are(string query, string says)
    {
        await using TestServer server = await disk.Serve();
        Assert.Contains(says, await server.Client.Refused($"/api/replays?{query}", HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("allowed: 200", await server.Client.Refused($"/api/replays?q={new string('x', 201)}", HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }
}
