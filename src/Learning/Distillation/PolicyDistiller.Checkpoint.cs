using SelfPlayArena.Policies;
using static SelfPlayArena.Learning.CheckpointContent;

namespace SelfPlayArena.Learning.Distillation;

public sealed partial class PolicyDistiller
{
    private const string Format = "distillation-1";
    private const string CompanionPrefix = "companion.";
    private const string FirstPrefix = "adam.exp_avg.";
    private const string SecondPrefix = "adam.exp_avg_sq.";

    /// <summary>Writes all that is needed to go on to one safetensors file, atomically. Teachers and matches under way are not part of it.</summary>
    /// <param name="companions">Entries that the caller wants kept with it.</param>
    /// <exception cref="IOException">The file cannot be written; what was there before is still there.</exception>
    public void Save(string path, IReadOnlyDictionary<string, string> companions)
    {
        var tensors = new Dictionary<string, WeightTensor>();
        AddTensors(tensors, _plan, "", FlatParameters.ToArray(_student.Parameters.Values));
        AddTensors(tensors, _plan, FirstPrefix, FlatParameters.ToArray(_adam.First));
        AddTensors(tensors, _plan, SecondPrefix, FlatParameters.ToArray(_adam.Second));
        var metadata = new Dictionary<string, string>
        {
            ["format"] = Format,
            ["network"] = _plan.Description.ToJson(),
            ["version"] = Text(Version),
            ["trained_steps"] = Text(TrainedSteps),
            ["adam.step"] = Text(_adam.Steps),
            ["values.updates"] = Text(_units),
            ["values.mean"] = Hex(_mean.Select(BitConverter.DoubleToUInt64Bits)),
            ["values.square"] = Hex(_square.Select(BitConverter.DoubleToUInt64Bits)),
            ["teachers.steps"] = Hex(_scores.Steps.Select(s => (ulong)s)),
        };
        foreach ((string key, string value) in companions)
            metadata.Add(CompanionPrefix + key, value);
        SafeTensors.Save(path, tensors, metadata);
    }

    /// <summary>What <see cref="Save"/> was given to keep, and the student's network.</summary>
    /// <exception cref="BundleException">Not a sound checkpoint of a distillation.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static (NetworkDescription Network, IReadOnlyDictionary<string, string> Companions) Read(string path)
    {
        SafeTensorsContent content = SafeTensors.Load(path);
        string format = Metadata(content, path, "format");
        if (format != Format)
            throw new BundleException(path, $"is of format '{format}'; expected a distillation's state, '{Format}'");
        return (NetworkDescription.FromJson(Metadata(content, path, "network")), content.Metadata
            .Where(m => m.Key.StartsWith(CompanionPrefix, StringComparison.Ordinal)).ToDictionary(m => m.Key[CompanionPrefix.Length..], m => m.Value));
    }

    /// <summary>Goes on where <see cref="Save"/> was called, with the same network and teachers.</summary>
    /// <exception cref="BundleException">Not a sound checkpoint of this network and number of teachers; nothing was changed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Load(string path)
    {
        SafeTensorsContent content = SafeTensors.Load(path);
        float[] values = TakeTensors(content, path, _plan, ""), first = TakeTensors(content, path, _plan, FirstPrefix), second = TakeTensors(content, path, _plan, SecondPrefix);
        ulong[] mean = Words(content, path, "values.mean", _mean.Length), square = Words(content, path, "values.square", _square.Length);
        ulong[] steps = Words(content, path, "teachers.steps", _scores.Steps.Length);
        (long version, long trained) = (Number(content, path, "version"), Number(content, path, "trained_steps"));
        (long adam, long units) = (Number(content, path, "adam.step"), Number(content, path, "values.updates"));
        _student.Parameters.SetValues(values);
        FlatParameters.Set(_adam.First, first);
        FlatParameters.Set(_adam.Second, second);
        (_adam.Steps, _units, Version, TrainedSteps) = (adam, units, (int)version, trained);
        for (int h = 0; h < _mean.Length; h++)
            (_mean[h], _square[h]) = (BitConverter.UInt64BitsToDouble(mean[h]), BitConverter.UInt64BitsToDouble(square[h]));
        for (int t = 0; t < steps.Length; t++)
            _scores.Steps[t] = (long)steps[t];
    }
}
