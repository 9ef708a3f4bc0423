using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SelfPlayArena.Core;

namespace SelfPlayArena.Rollout;

/// <summary>A run's folder on disk and the files in it.</summary>
/// <param name="keep">
/// Keeps a copy of a file where other machines find it; called with its path when it is whole on the disk, before anything refers to it. What it
/// throws ends the run. Null where the folder itself is all that there is.
/// </param>
public sealed class RunFolder(string path, Action<string>? keep = null)
{
    private const string CheckpointPrefix = "checkpoint-";

    /// <summary>How settings and progress are written: snake_case, numbers that JSON lacks (NaN) as names.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public string Path => path;

    /// <summary>The settings the run was created with.</summary>
    public string Settings => System.IO.Path.Combine(path, "run.json");

    /// <summary>The league's event log, the only truth about results.</summary>
    public string Events => System.IO.Path.Combine(path, "events.jsonl");

    /// <summary>One <see cref="RunProgress"/> a line.</summary>
    public string Progress => System.IO.Path.Combine(path, "progress.jsonl");

    /// <summary>The newest policy, ready to be played with.</summary>
    public string Latest => System.IO.Path.Combine(path, "latest.bundle");

    /// <summary>The policy that the run started from, if it did not start from new weights.</summary>
    public string Start => System.IO.Path.Combine(path, "start.bundle");

    /// <summary>Folder of the frozen versions.</summary>
    public string Policies => System.IO.Path.Combine(path, "policies");

    /// <summary>Folder of recorded matches.</summary>
    public string Replays => System.IO.Path.Combine(path, "replays");

    /// <summary>Folder in which grains remember what they were told, where they keep that on disk.</summary>
    public string Grains => System.IO.Path.Combine(path, "grains");

    /// <summary>The learner's checkpoint after a number of updates.</summary>
    public string Checkpoint(long updates) => System.IO.Path.Combine(path, $"{CheckpointPrefix}{updates.ToString("D8", CultureInfo.InvariantCulture)}.safetensors");

    /// <summary>The hosts' state that belongs to a checkpoint (lockstep mode).</summary>
    public static string HostState(string checkpoint) => System.IO.Path.ChangeExtension(checkpoint, ".hosts");

    /// <summary>Checkpoints, newest first.</summary>
    public IReadOnlyList<string> Checkpoints()
        => [.. Directory.EnumerateFiles(path, CheckpointPrefix + "*.safetensors").OrderDescending(StringComparer.Ordinal)];

    /// <summary>A file is whole on the disk: settings, a checkpoint, a bundle.</summary>
    internal void Keep(string file) => keep?.Invoke(file);

    /// <summary>Deletes all checkpoints but the newest two.</summary>
    public void PruneCheckpoints()
    {
        foreach (string old in Checkpoints().Skip(2))
        {
            File.Delete(old);
            File.Delete(HostState(old));
        }
    }

    /// <exception cref="InvalidDataException">The file is missing or not what <see cref="WriteSettings"/> wrote; says which file.</exception>
    public RunSettings ReadSettings()
    {
        if (!File.Exists(Settings))
            throw new InvalidDataException($"{path} is not a run: it has no run.json");
        try
        {
            return JsonSerializer.Deserialize<RunSettings>(File.ReadAllBytes(Settings), Json) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{Settings}: not a run's settings: {e.Message}", e);
        }
    }

    public void WriteSettings(RunSettings settings)
        => AtomicFile.Write(Settings, JsonSerializer.SerializeToUtf8Bytes(settings, new JsonSerializerOptions(Json) { WriteIndented = true }));
}
