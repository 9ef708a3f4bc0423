using System.Text.Json;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Reporting;

/// <summary>A point of a run's course.</summary>
/// <param name="Steps">Trained hero-steps.</param>
/// <param name="Seconds">Seconds of the run, over all its processes.</param>
internal readonly record struct CoursePoint(double Steps, double Seconds, double Value);

/// <summary>
/// The course of a run as its progress file has it: every number by name, those within an object as <c>object.name</c>. Whatever version of the
/// program wrote a line, the numbers that it has are taken.
/// </summary>
internal sealed class RunHistory
{
    private readonly Dictionary<string, List<CoursePoint>> _series = new(StringComparer.Ordinal);
    private readonly List<(double Steps, string What)> _faults = [];
    private readonly List<long> _staleness = [];

    private RunHistory(string name, RunSettings settings) => (Name, Settings) = (name, settings);

    public string Name { get; }

    public RunSettings Settings { get; }

    /// <summary>Lines read.</summary>
    public int Updates { get; private set; }

    /// <summary>Lines that are no JSON, other than a half-written last one.</summary>
    public int Damaged { get; private set; }

    public double TrainedSteps { get; private set; }

    public double Seconds { get; private set; }

    /// <summary>Updates that were not applied, and what was not finite; the first hundred.</summary>
    public IReadOnlyList<(double Steps, string What)> Faults => _faults;

    /// <summary>Hero-steps learnt from by how many updates old they were, from 0; the last entry also holds older ones.</summary>
    public IReadOnlyList<long> StepsByStaleness => _staleness;

    /// <summary>All names.</summary>
    public IEnumerable<string> Names => _series.Keys;

    /// <summary>A number's course; empty if the run has none of this name.</summary>
    public IReadOnlyList<CoursePoint> this[string name] => _series.TryGetValue(name, out List<CoursePoint>? points) ? points : [];

    /// <exception cref="UserError">The run's settings cannot be read.</exception>
    public static RunHistory Read(RunFolder folder, string name)
    {
        RunSettings settings;
        try
        {
            settings = folder.ReadSettings();
        }
        catch (InvalidDataException e)
        {
            throw new UserError(e.Message);
        }
        var history = new RunHistory(name, settings);
        if (!File.Exists(folder.Progress))
            return history;
        using var reader = new StreamReader(new FileStream(folder.Progress, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        bool broken = false;
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0)
                continue;
            if (broken)
                history.Damaged++;
            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                history.Add(document.RootElement);
                broken = false;
            }
            catch (JsonException)
            {
                broken = true;
            }
        }
        return history;
    }

    private void Add(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object || Number(line, "trained_steps") is not { } steps || Number(line, "seconds") is not { } seconds)
            return;
        Updates++;
        (TrainedSteps, Seconds) = (steps, seconds);
        foreach (JsonProperty p in line.EnumerateObject())
        {
            switch (p.Value.ValueKind)
            {
                case JsonValueKind.Number:
                    Put(p.Name, p.Value.GetDouble());
                    break;
                case JsonValueKind.Object:
                    foreach (JsonProperty inner in p.Value.EnumerateObject())
                    {
                        if (inner.Value.ValueKind == JsonValueKind.Number)
                            Put($"{p.Name}.{inner.Name}", inner.Value.GetDouble());
                    }
                    break;
                case JsonValueKind.Array when p.NameEquals("anchors"):
                    foreach (JsonElement a in p.Value.EnumerateArray())
                    {
                        if (Number(a, "games") > 0 && Number(a, "win_rate") is { } rate && a.TryGetProperty("anchor", out JsonElement anchor))
                            Put($"anchor.{anchor.GetString()}", rate);
                    }
                    break;
                case JsonValueKind.Array when p.NameEquals("ratings"):
                    foreach (JsonElement r in p.Value.EnumerateArray())
                    {
                        if (Number(r, "games") > 0 && Number(r, "elo") is { } elo && r.TryGetProperty("player", out JsonElement player)
                            && player.ValueKind == JsonValueKind.String && player.GetString()!.EndsWith("@latest", StringComparison.Ordinal))
                            Put("elo", elo);
                    }
                    break;
                case JsonValueKind.Array when p.NameEquals("steps_by_staleness"):
                    int age = 0;
                    foreach (JsonElement count in p.Value.EnumerateArray())
                    {
                        if (_staleness.Count == age)
                            _staleness.Add(0);
                        _staleness[age++] += count.ValueKind == JsonValueKind.Number && count.TryGetInt64(out long steps64) ? steps64 : 0;
                    }
                    break;
                case JsonValueKind.String when p.NameEquals("fault") && _faults.Count < 100:
                    _faults.Add((steps, p.Value.GetString()!));
                    break;
            }
        }

        void Put(string name, double value)
        {
            if (!double.IsFinite(value))
                return;
            if (!_series.TryGetValue(name, out List<CoursePoint>? points))
                _series.Add(name, points = []);
            points.Add(new CoursePoint(steps, seconds, value));
        }
    }

    private static double? Number(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement field) && field.ValueKind == JsonValueKind.Number ? field.GetDouble() : null;
}
