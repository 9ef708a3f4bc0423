using System.Text.Json;
using System.Text.Json.Serialization;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Research;

/// <summary>Some matches of a batch and who plays in them.</summary>
/// <param name="Matches">How many; null for all.</param>
/// <param name="Seats">One entry an agent, or one a team: <see cref="BatchRequest.Client"/> or a player's name.</param>
internal sealed record Seating(int? Matches, IReadOnlyList<string> Seats);

/// <summary>What a client asks for when it opens a batch; JSON with keys in camelCase.</summary>
internal sealed record BatchRequest
{
    /// <summary>The seat of an agent that the client drives.</summary>
    public const string Client = "client";

    public const float MaxTemperature = 10;

    private const string FilePrefix = "file:";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        MaxDepth = 16,
    };

    /// <summary>Name of the environment; null when <see cref="Run"/> says it.</summary>
    public string? Environment { get; init; }

    /// <summary>The environment's options, as replays have them; those left out have their defaults.</summary>
    public JsonElement? Options { get; init; }

    /// <summary>A run whose environment it shall be, instead of a name and options.</summary>
    public string? Run { get; init; }

    public required int Matches { get; init; }

    public required IReadOnlyList<Seating> Seatings { get; init; }

    /// <summary>Sampling temperature of policies: 1 as in training, 0 for the likeliest action.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Whether the privileged state is sent with observations.</summary>
    public bool FullState { get; init; }

    /// <summary>Whether a match that ended is followed by the next at once.</summary>
    public bool AutoReset { get; init; } = true;

    /// <exception cref="Refusal">Not such a request; says where.</exception>
    public static BatchRequest Parse(string json)
    {
        try
        {
            BatchRequest? request = JsonSerializer.Deserialize<BatchRequest>(json, Json);
            return request?.Seatings is null ? throw new JsonException("it is null, or its seatings are") : request;
        }
        catch (JsonException e)
        {
            throw Refusal.BadRequest($"what was sent with 'open' is no request for a batch: {e.Message}");
        }
    }

    /// <summary>Refuses players that are files of this machine, which only programs on this machine may name.</summary>
    /// <exception cref="Refusal">It names one.</exception>
    public BatchRequest WithoutFiles() => Seatings.Any(s => s?.Seats?.Any(n => n?.StartsWith(FilePrefix, StringComparison.Ordinal) == true) == true)
        ? throw Refusal.Forbidden("files of this machine may be named by programs on this machine only; allowed: run:NAME@7, scripted players and random")
        : this;

    /// <summary>The environment that is asked for.</summary>
    /// <exception cref="Refusal">There is none such.</exception>
    public IEnvironmentFactory MakeFactory(IGameCatalog games)
    {
        if (Environment is null == Run is null)
            throw Refusal.BadRequest("either 'environment' or 'run' says which environment it is; allowed: one of the two");
        if (Run is not null && Options is not null)
            throw Refusal.BadRequest("'options' go with 'environment'; those of a run are the run's");
        try
        {
            if (Run is not null)
                return games.CreateAsIn(Run);
            JsonElement options = Options ?? JsonSerializer.SerializeToElement(new Dictionary<string, string>());
            return games.Create(new EnvironmentRecipe(Environment!, options));
        }
        catch (ArgumentException e)
        {
            throw Refusal.BadRequest(e.Message);
        }
    }

    /// <summary>The seating of each match, in their order.</summary>
    /// <exception cref="Refusal">Numbers that do not fit each other or the environment.</exception>
    public IReadOnlyList<Seating> ByMatch(EnvironmentSpec spec, ResearchLimits limits)
    {
        if (Matches < 1 || Matches > limits.Matches)
            throw Refusal.BadRequest($"matches is {Matches}; allowed: 1 to {limits.Matches}");
        if (!(Temperature >= 0 && Temperature <= MaxTemperature))
            throw Refusal.BadRequest($"temperature is {Temperature}; allowed: 0 to {MaxTemperature}");
        var all = new List<Seating>(Matches);
        foreach (Seating? seating in Seatings)
        {
            if (seating?.Seats is null || seating.Seats.Any(s => s is null))
                throw Refusal.BadRequest("an entry of seatings is null; allowed: {\"matches\": N, \"seats\": [one an agent]}");
            if (seating.Seats.Count != spec.Agents && seating.Seats.Count != spec.Teams)
                throw Refusal.BadRequest($"a seating has {seating.Seats.Count} seats; {spec.Name} takes {spec.Teams}, one a team, or {spec.Agents}, one an agent, numbered team by team");
            int count = seating.Matches ?? (Seatings.Count == 1 ? Matches : throw Refusal.BadRequest("one of several seatings does not say for how many matches it is"));
            if (count < 1 || all.Count + (long)count > Matches)
                throw Refusal.BadRequest($"seatings are for more or fewer matches than there are; allowed: {Matches} together, each at least 1");
            all.AddRange(Enumerable.Repeat(ByAgent(seating, spec) with { Matches = count }, count));
        }
        if (all.Count != Matches)
            throw Refusal.BadRequest($"seatings are for {all.Count} matches; there are {Matches}");
        int driven = Driven(all[0]);
        if (driven == 0 || all.Any(s => Driven(s) != driven))
            throw Refusal.BadRequest($"seats '{Client}' are what the client drives; allowed: at least one, and the same number in every match");
        return all;
    }

    private static Seating ByAgent(Seating seating, EnvironmentSpec spec) => seating.Seats.Count == spec.Agents
        ? seating
        : seating with { Seats = [.. Enumerable.Range(0, spec.Agents).Select(a => seating.Seats[a / spec.AgentsPerTeam])] };

    public static int Driven(Seating seating) => seating.Seats.Count(s => s == Client);
}
