using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Research;

/// <summary>
/// A batch of matches that one client steps. Knows nothing of connections: requests come one after the other, and a frame that is returned is good until
/// the next request. Dispose gives its memory back to the budget.
/// </summary>
internal sealed class BatchSession : IDisposable
{
    private const int FewMatches = 8, ManyMatches = 64;
    private const long MostFrameBytes = 256L << 20;
    private const int NetworkCopies = 2;

    private readonly BatchRequest _request;
    private readonly EnvironmentSpec _spec;
    private readonly StepThreads _threads;
    private readonly ResearchBudget.Share _share;
    private readonly Shard[] _shards;
    private readonly StepFrame _frame;
    private readonly short[] _actions;
    private readonly (int Shard, int Match)[] _places;

    private BatchSession(IEnvironmentFactory factory, BatchRequest request, IReadOnlyList<Seating> byMatch, IReadOnlyDictionary<string, Contestant> players, StepThreads threads, ResearchBudget.Share share)
    {
        _request = request;
        _spec = factory.Spec;
        _threads = threads;
        _share = share;
        int driven = BatchRequest.Driven(byMatch[0]);
        _frame = new StepFrame(_spec, request.Matches, driven, request.FullState);
        _actions = new short[request.Matches * driven * _spec.Heads.Count];
        int shards = Math.Max(Math.Min(threads.Count, Rounds(request.Matches, FewMatches)), Rounds(request.Matches, ManyMatches));
        _shards = new Shard[shards];
        _places = new (int, int)[request.Matches];
        for (int s = 0; s < shards; s++)
        {
            int from = (int)((long)s * request.Matches / shards), to = (int)((long)(s + 1) * request.Matches / shards);
            _shards[s] = new Shard(factory, request, from, [.. byMatch.Skip(from).Take(to - from)], players, _frame);
            for (int m = from; m < to; m++)
                _places[m] = (s, m - from);
        }
        Opened = Describe(factory, byMatch, players);
    }

    /// <summary>What a client learns of its batch: JSON.</summary>
    public string Opened { get; }

    public int Matches => _request.Matches;

    /// <summary>Agents that the client drives, over all matches.</summary>
    public int DrivenAgents => _frame.Illegal.Length;

    /// <summary>Illegal actions of the last step.</summary>
    public int IllegalActions => _frame.Illegal.Count((byte)1);

    /// <summary>What the last step took.</summary>
    public double Seconds { get; private set; }

    /// <summary>Bytes of a step's actions.</summary>
    public int ActionBytes => _actions.Length * sizeof(short);

    /// <summary>Makes the matches that are asked for. They begin with the first <see cref="ResetAsync"/>.</summary>
    /// <exception cref="Refusal">The request cannot be met; says why and what is allowed.</exception>
    public static BatchSession Open(BatchRequest request, IGameCatalog games, ResearchLimits limits, ResearchBudget budget, StepThreads threads)
    {
        IEnvironmentFactory factory = request.MakeFactory(games);
        EnvironmentSpec spec = factory.Spec;
        IReadOnlyList<Seating> byMatch = request.ByMatch(spec, limits);
        int driven = BatchRequest.Driven(byMatch[0]);
        long frame = (long)request.Matches * (driven * ((long)spec.ObservationBytes + spec.MaskBytes + spec.Rewards.Count * 2 * sizeof(float)) + (request.FullState ? spec.Teams * spec.FullStateBytes : 0));
        if (frame > MostFrameBytes)
            throw Refusal.BadRequest($"a step of {request.Matches} matches with {driven} driven agents would send {frame >> 20} MiB; allowed: {MostFrameBytes >> 20} MiB, so open fewer matches");
        string[] names = NamesOf(request, limits);
        // What can be told beforehand is held against the budget before anything is made or read; networks, of which nothing is known until they are read, one by one.
        ResearchBudget.Share share = budget.Take(
            request.Matches * (long)factory.Create(1).SnapshotBytes + (long)request.Matches * spec.Agents * 2 * (spec.ObservationBytes + spec.MaskBytes) + 2 * frame);
        try
        {
            Dictionary<string, Contestant> players = LoadPlayers(names, games, spec, share);
            return new BatchSession(factory, request, byMatch, players, threads, share);
        }
        catch
        {
            share.Dispose();
            throw;
        }
    }

    /// <summary>Starts matches anew.</summary>
    /// <param name="seed">Where their seeds come from henceforth; null to go on with the sequence that they had.</param>
    /// <param name="matches">Which; null for all.</param>
    /// <returns>A <c>state</c> frame.</returns>
    /// <exception cref="Refusal">There is no such match.</exception>
    public async Task<ReadOnlyMemory<byte>> ResetAsync(ulong? seed, IReadOnlyList<int>? matches)
    {
        if (matches?.Any(m => (uint)m >= (uint)Matches) == true)
            throw Refusal.BadRequest($"match {matches.First(m => (uint)m >= (uint)Matches)} is not of this batch; allowed: 0 to {Matches - 1}");
        ILookup<int, int>? chosen = matches?.Distinct().ToLookup(m => _places[m].Shard, m => _places[m].Match);
        await _threads.RunAsync(_shards.Length, s =>
        {
            foreach (int m in chosen?[s] ?? Enumerable.Range(0, _shards[s].Matches))
                _shards[s].Reset(m, seed);
        });
        return _frame.State();
    }

    /// <summary>Plays one decision of all matches.</summary>
    /// <param name="actions">int16 [matches, driven agents, heads], little endian.</param>
    /// <returns>A <c>stepped</c> frame.</returns>
    /// <exception cref="Refusal">Not as many bytes as that.</exception>
    public async Task<ReadOnlyMemory<byte>> StepAsync(ReadOnlySequence<byte> actions)
    {
        if (actions.Length != ActionBytes)
        {
            throw Refusal.BadRequest(
                $"actions have {actions.Length} bytes; allowed: {ActionBytes}, int16 [{Matches} matches, {DrivenAgents / Matches} driven agents, {_spec.Heads.Count} heads]. Nothing was stepped");
        }
        long start = Stopwatch.GetTimestamp();
        actions.CopyTo(MemoryMarshal.AsBytes(_actions.AsSpan()));
        await _threads.RunAsync(_shards.Length, s => _shards[s].Step(_actions));
        Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return _frame.Stepped(_shards, Seconds);
    }

    public void Dispose() => _share.Dispose();

    private static int Rounds(int matches, int each) => (matches + each - 1) / each;

    private static string[] NamesOf(BatchRequest request, ResearchLimits limits)
    {
        string[] names = [.. request.Seatings.SelectMany(s => s.Seats).Where(n => n != BatchRequest.Client).Distinct(StringComparer.Ordinal)];
        return names.Length <= limits.Players ? names : throw Refusal.BadRequest($"seatings name {names.Length} different players; allowed: {limits.Players}");
    }

    private static Dictionary<string, Contestant> LoadPlayers(string[] names, IGameCatalog games, EnvironmentSpec spec, ResearchBudget.Share share)
    {
        var players = new Dictionary<string, Contestant>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            try
            {
                players[name] = games.Load(name, spec);
            }
            catch (Exception e) when (e is ArgumentException or InvalidDataException or IOException or UnauthorizedAccessException)
            {
                throw Refusal.BadRequest($"seat '{name}' is neither '{BatchRequest.Client}' nor a player: {e.Message}");
            }
            if (players[name].Policy is { } policy)
                share.Add(NetworkCopies * sizeof(float) * (long)policy.Network.Plan.ParameterCount, $"this batch with the network of '{name}'");
        }
        return players;
    }

    private string Describe(IEnvironmentFactory factory, IReadOnlyList<Seating> byMatch, IReadOnlyDictionary<string, Contestant> players)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("protocol", AboutRoutes.Protocol);
            json.WriteStartObject("environment");
            json.WriteString("name", factory.Recipe.Name);
            json.WritePropertyName("options");
            factory.Recipe.Options.WriteTo(json);
            json.WriteEndObject();
            json.WriteNumber("matches", Matches);
            json.WriteNumber("drivenAgents", DrivenAgents / Matches);
            json.WriteBoolean("autoReset", _request.AutoReset);
            json.WriteStartObject("bytes");
            json.WriteNumber("observation", _spec.ObservationBytes);
            json.WriteNumber("mask", _spec.MaskBytes);
            json.WriteNumber("fullState", _request.FullState ? _spec.FullStateBytes : 0);
            json.WriteEndObject();
            json.WriteStartArray("seatings");
            for (int m = 0; m < byMatch.Count; m += byMatch[m].Matches!.Value)
            {
                Seating seating = byMatch[m];
                json.WriteStartObject();
                json.WriteNumber("matches", seating.Matches!.Value);
                json.WriteStartArray("seats");
                foreach (string seat in seating.Seats)
                    json.WriteStringValue(seat == BatchRequest.Client || players[seat].Scripted is not { } scripted || scripted == RandomPlayer.Name ? seat : MemberId.ScriptedPrefix + scripted);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WritePropertyName("spec");
            json.WriteRawValue(_spec.ToJson());
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
