using System.Text.Json;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.League;

/// <param name="State">running, paused or stopped.</param>
/// <param name="Members">Frozen versions on disk.</param>
/// <param name="Changed">When it was last active.</param>
/// <param name="Problem">Why it cannot be read; null normally.</param>
internal sealed record RunAnswer(
    string Name, string? Environment, string? Mode, string? Rules, string? Network, string State, long TrainedSteps, double Seconds, int Members, DateTime Changed, string? Problem);

/// <summary>The runs on disk and the one of this process. A name from outside is only ever compared with those that are there.</summary>
internal sealed class RunShelf(ServerOptions options, ServedLeague served, FolderNames folders)
{
    private const int MostNamed = 20;
    private readonly RunCatalog _catalog = new(options.Runs);

    public const string Running = "running", Paused = "paused", Stopped = "stopped";

    /// <summary>Most recently active first.</summary>
    public IReadOnlyList<RunAnswer> All() => [.. _catalog.Names().Select(Describe)];

    public IReadOnlyList<string> Names() => _catalog.Names();

    /// <summary>The run that a client means; without a name the one that is served, or the most recent.</summary>
    /// <exception cref="Refusal">There is none.</exception>
    public (string Name, RunFolder Folder) Find(string? name)
    {
        IReadOnlyList<string> names = _catalog.Names();
        string? wanted = string.IsNullOrEmpty(name) ? served.Run?.Name ?? options.Run ?? (names.Count > 0 ? names[0] : null) : name;
        if (wanted is null)
            throw Refusal.NotFound("There are no runs yet; 'arena league' starts one.");
        if (!names.Contains(wanted))
            throw Refusal.NotFound($"There is no run '{Shortened(wanted)}'; there {(names.Count == 0 ? "are none" : $"are: {string.Join(", ", names.Take(MostNamed))}")}.");
        return (wanted, _catalog.Folder(wanted));
    }

    /// <summary>running, paused or stopped.</summary>
    public string StateOf(string name, RunFolder folder)
        => served.Run is { } own && own.Name == name ? own.Health.State == "ended" ? Stopped : own.Paused ? Paused : Running
            : RunCatalog.RunningProcess(folder) is null ? Stopped : Running;

    /// <summary>Hero-steps trained as of the last update that was told of.</summary>
    public static long TrainedSteps(RunFolder folder)
    {
        using JsonDocument? last = RunCatalog.LastProgress(folder);
        return (long)Number(last, "trained_steps");
    }

    internal static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "…";

    private RunAnswer Describe(string name)
    {
        RunFolder folder = _catalog.Folder(name);
        RunSettings? settings = null;
        string? problem = null;
        try
        {
            settings = folder.ReadSettings();
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            problem = $"its settings cannot be read: {folders.Without(e.Message)}";
        }
        using JsonDocument? last = RunCatalog.LastProgress(folder);
        return new RunAnswer(
            name, settings?.Environment, settings?.Mode, settings?.Rules, settings?.Network, StateOf(name, folder),
            (long)Number(last, "trained_steps"), Number(last, "seconds"), RunCatalog.Versions(folder).Count, RunCatalog.LastActivity(folder), problem);
    }

    private static double Number(JsonDocument? line, string name)
        => line is not null && line.RootElement.ValueKind == JsonValueKind.Object && line.RootElement.TryGetProperty(name, out JsonElement number) && number.ValueKind == JsonValueKind.Number
            ? number.GetDouble()
            : 0;
}
