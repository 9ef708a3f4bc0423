using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Tests.Research;

namespace SelfPlayArena.Server.Tests;

/// <summary>That clients are told what went wrong with files, and not where the server keeps them.</summary>
public sealed class FolderNameTests : IDisposable
{
    private readonly string _runs = Directory.CreateTempSubdirectory("arena-secret-place-").FullName;

    public void Dispose() => Directory.Delete(_runs, recursive: true);

    [Theory]
    [InlineData("/home/ada/arena/runs", "/home/ada/arena/runs/one/bundles/main-1.bundle: damaged", "runs/one/bundles/main-1.bundle: damaged")]
    [InlineData("/home/ada/arena/runs/", "there is no run 'x' in /home/ada/arena/runs", "there is no run 'x' in runs")]
    [InlineData("/home/ada/../bo", "Could not find file '/home/bo/a' nor '/home/ada/../bo/b'.", "Could not find file 'runs/a' nor 'runs/b'.")]
    [InlineData("/home/ada/runs", "There is nothing at /api/x; what there is stands in /openapi/v1.json.", "There is nothing at /api/x; what there is stands in /openapi/v1.json.")]
    [InlineData("/runs", "/runs/one is damaged; the others stand at /api/runs.", "runs/one is damaged; the others stand at /api/runs.")]
    [InlineData("/", "a / b", "a / b")]
    public void A_message_names_files_as_they_are_called_inside_the_folder_of_runs(string runs, string message, string told)
        => Assert.Equal(told, new FolderNames(TestServer.Options with { Runs = runs }).Without(message));

    [Fact]
    public async Task Neither_pages_nor_programs_are_told_where_the_runs_are()
    {
        Directory.CreateDirectory(Path.Combine(_runs, "broken"));
        File.WriteAllText(Path.Combine(_runs, "broken", "run.json"), "{");
        await using TestServer server = await TestServer.Start(TestServer.Options with { Runs = _runs, Games = new Damaged(_runs) });
        var asked = new HttpRequestMessage(HttpMethod.Post, "/api/matches")
        {
            Content = JsonContent.Create(new { mode = "1v1", seats = new[] { new { team = 0, slot = 0, kind = "bot", player = "run:one@1" } } }),
        };
        Tells("runs/one/bundles/main-1.bundle", await server.Client.Refused(asked, HttpStatusCode.BadRequest));
        using ResearchClient client = await ResearchClient.Connect(server);
        Tells("runs/one/bundles/main-1.bundle", (await client.Open(ResearchClient.TwoMatches.Replace("random", "run:one@1", StringComparison.Ordinal))).Text);
        JsonElement runs = await server.Client.Json("/api/runs");
        Assert.DoesNotContain(_runs, runs.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("its settings cannot be read", runs.GetRawText(), StringComparison.Ordinal);

        void Tells(string file, string told)
        {
            Assert.Contains(file, told, StringComparison.Ordinal);
            Assert.DoesNotContain(_runs, told, StringComparison.Ordinal);
        }
    }

    /// <summary>A catalogue whose players are files that cannot be read.</summary>
    private sealed class Damaged(string runs) : IGameCatalog
    {
        private readonly TestGames _games = new();

        public IEnvironmentFactory Create(EnvironmentRecipe recipe) => _games.Create(recipe);

        public IEnvironmentFactory CreateAsIn(string run) => _games.CreateAsIn(run);

        public Contestant Load(string player, EnvironmentSpec spec) => player.StartsWith("run:", StringComparison.Ordinal)
            ? throw new InvalidDataException($"{Path.Combine(runs, "one", "bundles", "main-1.bundle")}: truncated")
            : _games.Load(player, spec);
    }
}
