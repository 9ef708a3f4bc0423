using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using MessagePack;
using SelfPlayArena.Core;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Research;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Tests.Research;

public sealed class ResearchSocketTests
{
    private static readonly ServerOptions s_options = TestServer.Options with { Games = new TestGames() };
    private static readonly int s_heads = TestGames.MatchingSpec.Heads.Count;

    [Fact]
    public async Task ABatchIsOpenedResetAndSteppedAndItsSpecIsSentAsJson()
    {
        await using TestServer server = await TestServer.Start(s_options);
        using ResearchClient client = await ResearchClient.Connect(server);
        Frame opened = await client.Open(ResearchClient.TwoMatches);
        Assert.Equal("opened", opened.Name);
        using JsonDocument told = JsonDocument.Parse(opened.Text);
        Assert.Equal(2, told.RootElement.GetProperty("matches").GetInt32());
        Assert.Equal(TestGames.MatchingSpec.AgentsPerTeam, told.RootElement.GetProperty("drivenAgents").GetInt32());
        EnvironmentSpec spec = EnvironmentSpec.FromJson(told.RootElement.GetProperty("spec").GetRawText());
        Assert.Equal(TestGames.MatchingSpec.Hash, spec.Hash);
        int rows = 2 * spec.AgentsPerTeam;
        Frame state = await client.Reset(1);
        Assert.Equal((rows * spec.ObservationBytes, rows * spec.MaskBytes, 0), (state.Observations.Length, state.Masks.Length, state.FullState.Length));
        Frame stepped = await client.Step(new short[rows * s_heads]);
        Assert.Equal((rows * spec.Rewards.Count, 2, rows), (stepped.Rewards.Length, stepped.Status.Length, stepped.Illegal.Length));
    }

    [Fact]
    public async Task WhatIsWrongButReadableIsAnsweredAndTheBatchGoesOn()
    {
        await using TestServer server = await TestServer.Start(s_options);
        using ResearchClient client = await ResearchClient.Connect(server);
        short[] nothing = new short[2 * TestGames.MatchingSpec.AgentsPerTeam * s_heads];
        Says("no batch is open", await client.Step(nothing));
        Says("no batch is open", await client.Reset(1));
        Says("no request for a batch", await client.Open("{"));
        Says("neither 'client' nor a player", await client.Open(ResearchClient.TwoMatches.Replace("random", "nobody", StringComparison.Ordinal)));
        Assert.Equal("opened", (await client.Open(ResearchClient.TwoMatches)).Name);
        Says("one a connection", await client.Open(ResearchClient.TwoMatches));
        Says("'reset' first", await client.Step(nothing));
        Says("first 'reset' of all", await client.Ask(ResearchClient.Message((ref MessagePackWriter w) => { w.WriteArrayHeader(3); w.Write("reset"); w.WriteNil(); w.WriteArrayHeader(1); w.Write(0); })));
        Assert.Equal("state", (await client.Reset(1)).Name);
        Says("Nothing was stepped", await client.Step(new short[1]));
        Says("frame 'jump'", await client.Ask(ResearchClient.Message((ref MessagePackWriter w) => { w.WriteArrayHeader(1); w.Write("jump"); })));
        Assert.Equal("stepped", (await client.Step(nothing)).Name);

        static void Says(string what, Frame frame)
        {
            Assert.Equal("error", frame.Name);
            Assert.Contains(what, frame.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(new byte[] { 0xC1 }, "every frame is one MessagePack array")]
    [InlineData(new byte[] { 0x01 }, "it is no array")]
    [InlineData(new byte[] { 0x92, 0xA4 }, "every frame is one MessagePack array")]
    [InlineData(new byte[] { }, "every frame is one MessagePack array")]
    public async Task WhatCannotBeReadEndsTheConnectionWithAWordWhy(byte[] frame, string why)
    {
        await using TestServer server = await TestServer.Start(s_options);
        using ResearchClient client = await ResearchClient.Connect(server);
        await client.Send(frame);
        Assert.Contains(why, (await client.Receive())!.Text, StringComparison.Ordinal);
        Assert.Null(await client.Receive());
        Assert.Equal(WebSocketCloseStatus.InvalidPayloadData, client.Socket.CloseStatus);
    }

    [Fact]
    public async Task TextAndFramesThatAreTooLongEndTheConnection()
    {
        await using TestServer server = await TestServer.Start(s_options);
        using (ResearchClient client = await ResearchClient.Connect(server))
        {
            await client.Send("hello"u8.ToArray(), WebSocketMessageType.Text);
            Assert.Contains("binary frames", (await client.Receive())!.Text, StringComparison.Ordinal);
            Assert.Null(await client.Receive());
        }
        using (ResearchClient client = await ResearchClient.Connect(server))
        {
            await client.Send(new byte[100_000]);
            Assert.Contains("longer than any may be", (await client.Receive())!.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AConnectionThatIsDroppedInTheMiddleFreesEverything()
    {
        await using TestServer server = await TestServer.Start(s_options with { Research = new ResearchLimits { Sessions = 1 } });
        for (int round = 0; round < 3; round++)
        {
            using ResearchClient client = await ResearchClient.Connect(server);
            Assert.Equal("opened", (await client.Open(ResearchClient.TwoMatches)).Name);
            using ResearchClient other = await ResearchClient.Connect(server);
            Assert.Contains("1 batches are open; allowed: 1 at once", (await other.Open(ResearchClient.TwoMatches)).Text, StringComparison.Ordinal);
            await client.Reset(1);
            await client.Send(ResearchClient.Message((ref MessagePackWriter w) => { w.WriteArrayHeader(2); w.Write("step"); w.Write(new byte[2 * 2 * TestGames.MatchingSpec.AgentsPerTeam * s_heads]); }));
            client.Socket.Abort();
            await Closed(server);
        }
    }

    [Fact]
    public async Task AClientThatReadsNothingIsLetGo()
    {
        const int matches = 600;
        await using TestServer server = await TestServer.Start(s_options with { Research = new ResearchLimits { Send = TimeSpan.FromSeconds(3) } });
        using ResearchClient client = await ResearchClient.Connect(server);
        Assert.Equal("opened", (await client.Open($$"""{"environment": "moba", "matches": {{matches}}, "seatings": [{"seats": ["client", "client"]}]}""")).Name);
        Frame state = await client.Reset(1);
        int heads = new TestGames().Create(EnvironmentRecipe.Plain(TestGames.Moba)).Spec.Heads.Count;
        Assert.InRange(state.Observations.Length, 1_000_000, 2_000_000);
        byte[] step = ResearchClient.Message((ref MessagePackWriter w) => { w.WriteArrayHeader(2); w.Write("step"); w.Write(new byte[matches * 2 * heads * 2]); });
        // Answers of two megabytes each fill what lies between server and client.
        try
        {
            for (int i = 0; i < 12; i++)
                await client.Send(step);
        }
        catch (WebSocketException)
        {
            // Let go before the last.
        }
        await Closed(server);
    }

    [Fact]
    public async Task ASilentClientIsLetGoAndAServerThatStopsSaysSo()
    {
        await using (TestServer server = await TestServer.Start(s_options with { Research = new ResearchLimits { Idle = TimeSpan.FromMilliseconds(50) } }))
        {
            using ResearchClient client = await ResearchClient.Connect(server);
            Assert.Contains("nothing was asked for", (await client.Receive())!.Text, StringComparison.Ordinal);
            Assert.Null(await client.Receive());
        }
        TestServer stopping = await TestServer.Start(s_options);
        using ResearchClient last = await ResearchClient.Connect(stopping);
        await last.Open(ResearchClient.TwoMatches);
        Task stop = stopping.DisposeAsync().AsTask();
        Assert.Contains("the server stops", (await last.Receive())!.Text, StringComparison.Ordinal);
        await stop;
    }

    [Fact]
    public async Task TheEndpointIsAWebSocketAndOnlyWhereThereAreEnvironments()
    {
        await using TestServer server = await TestServer.Start(s_options), bare = await TestServer.Start();
        HttpResponseMessage plain = await server.Client.GetAsync("/ws/env");
        Assert.Equal(HttpStatusCode.UpgradeRequired, plain.StatusCode);
        await Assert.ThrowsAsync<WebSocketException>(() => ResearchClient.Connect(bare));
    }

    [Fact]
    public async Task WhoDoesNotKnowTheTokenOrComesFromAnotherSitesPageIsNotLetIn()
    {
        const string token = "0123456789abcdef";
        await using TestServer server = await TestServer.Start(s_options with { Token = token });
        await Assert.ThrowsAsync<WebSocketException>(() => ResearchClient.Connect(server));
        await Assert.ThrowsAsync<WebSocketException>(() => ResearchClient.Connect(server, (AccessToken.Header, token), ("Origin", "http://elsewhere.example")));
        using ResearchClient client = await ResearchClient.Connect(server, (AccessToken.Header, token));
        Assert.Equal("opened", (await client.Open(ResearchClient.TwoMatches)).Name);
    }

    /// <summary>Waits until no batch is open, and nothing is counted for one.</summary>
    private static async Task Closed(TestServer server)
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        string metrics;
        // Slower than the server would refuse.
        while (!(metrics = await server.Client.GetStringAsync("/metrics", patience.Token)).Contains("arena_research_batches 0\n", StringComparison.Ordinal))
            await Task.Delay(50, patience.Token);
        Assert.Contains("arena_research_bytes 0\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public void HostileFramesAreRefusedAndNeverAnythingElse()
    {
        byte[][] honest =
        [
            ResearchClient.Message((ref MessagePackWriter w) => { w.WriteArrayHeader(2); w.Write("open"); w.Write(ResearchClient.TwoMatches); }),
            ResearchClient.Message((ref MessagePackWriter w) => { w.WriteArrayHeader(3); w.Write("reset"); w.Write(7ul); w.WriteArrayHeader(2); w.Write(0); w.Write(1); }),
            ResearchClient.Message((ref MessagePackWriter w) => { w.WriteArrayHeader(2); w.Write("step"); w.Write(new byte[24]); }),
        ];
        var rng = new Rng(12);
        int refused = 0;
        for (int i = 0; i < 30_000; i++)
        {
            byte[] frame = [.. honest[rng.Next(honest.Length)]];
            for (int changes = 1 + rng.Next(4); changes > 0; changes--)
                frame[rng.Next(Math.Min(frame.Length, 16))] = (byte)rng.Next(256);
            try
            {
                if (ResearchRequest.Read(frame.AsMemory(0, 1 + rng.Next(frame.Length)), mostMatches: 2) is ResearchRequest.Open open)
                    BatchRequest.Parse(open.Json);
            }
            catch (Exception e) when (e is Refusal or InvalidDataException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 15_000, 30_000);
    }
}
