using System.Net;
using System.Net.Http.Json;
using SelfPlayArena.Core;
using SelfPlayArena.Moba;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Matches.Live;

namespace SelfPlayArena.Server.Tests.Matches;

/// <summary>What a defect may take with it, and who is told of it.</summary>
public sealed class FailureTests
{
    private const string Unplayable = "unplayable";

    [Fact]
    public async Task AMatchThatFailsEndsAloneAndWhoeverRunsTheServerIsTold()
    {
        using var table = new Table();
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var matches = new LiveMatches(new Players(), new TickMeter(null), table.Folder, null, null, null, what => told.TrySetResult(what));
        Entry sound = matches.Open(new OpenRequest("1v1", "quick"));
        Watcher watcher = matches.Get(sound.Id).Attach(null, -1);
        Entry broken = matches.Open(new OpenRequest("1v1", "quick", Seats: [new SeatRequest(0, 0, "bot", Player: Unplayable)]));
        Assert.Contains(broken.Id, await told.Task.WaitAsync(TestServer.Patience), StringComparison.Ordinal);
        using var patience = new CancellationTokenSource(TestServer.Patience);
        int before = matches.Get(sound.Id).View().Tick;
        while (matches.Get(sound.Id).View().Tick < before + 5)
            await watcher.Outbox.Reader.ReadAsync(patience.Token);
        Assert.Equal(sound.Id, Assert.Single(matches.All).Id);
    }

    [Fact]
    public async Task AnAnswerThatFailsIsToldToWhoeverRunsTheServerAndNotToTheClient()
    {
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestServer server = await TestServer.Start(TestServer.Options with { Games = new Broken(), Tell = what => told.TrySetResult(what) });
        using HttpResponseMessage answer = await server.Client.PostAsJsonAsync("/api/matches", new { mode = "1v1", seats = new[] { new { team = 0, slot = 0, kind = "bot", player = "run:any" } } });
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.DoesNotContain(Broken.Secret, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains(Broken.Secret, await told.Task.WaitAsync(TestServer.Patience), StringComparison.Ordinal);
        Assert.Contains("arena_server_faults_total{part=\"requests\"} 1", await server.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    /// <summary>Knows one more player, whose first decision fails.</summary>
    private sealed class Players : IPlayerSource
    {
        private readonly PlayerSource _scripted = new(null, files: false);

        public Contestant Load(string player, EnvironmentSpec spec) => player == Unplayable ? new Contestant(player, player, null) : _scripted.Load(player, spec);
    }

    private sealed class Broken : IGameCatalog
    {
        public const string Secret = "the catalogue fell over";

        public IEnvironmentFactory Create(EnvironmentRecipe recipe) => throw new InvalidOperationException(Secret);

        public IEnvironmentFactory CreateAsIn(string run) => throw new InvalidOperationException(Secret);

        public Contestant Load(string player, EnvironmentSpec spec) => throw new InvalidOperationException(Secret);
    }
}
