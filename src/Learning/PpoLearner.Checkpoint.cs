using System.Globalization;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using static SelfPlayArena.Learning.CheckpointContent;

namespace SelfPlayArena.Learning;

public sealed partial class PpoLearner
{
    private const string CheckpointFormat = "learner-1";
    private const string CompanionPrefix = "companion.";
    private const string FirstPrefix = "adam.exp_avg.";
    private const string SecondPrefix = "adam.exp_avg_sq.";
    private const string ReferencePrefix = "reference.";
    private const string CountsName = "novelty.counts";

    /// <summary>
    /// Writes everything that is needed to go on exactly to one safetensors file, atomically: weights by their names, Adam's state,
    /// counters, return statistics and the random generator.
    /// </summary>
    /// <param name="companions">Entries that the caller wants kept with it, given back by <see cref="Load"/>.</param>
    /// <exception cref="IOException">The disk is full or the file cannot be written; what was there before is still there.</exception>
    public void Save(string path, IReadOnlyDictionary<string, string>? companions = null)
    {
        var tensors = new Dictionary<string, WeightTensor>();
        AddTensors(tensors, _plan, "", FlatParameters.ToArray(_network.Parameters.Values));
        AddTensors(tensors, _plan, FirstPrefix, FlatParameters.ToArray(_adam.First));
        AddTensors(tensors, _plan, SecondPrefix, FlatParameters.ToArray(_adam.Second));
        if (_reference is not null)
            AddTensors(tensors, _plan, ReferencePrefix, _reference.Flat());
        if (_batch.Novelty is { } novelty)
            tensors.Add(CountsName, new WeightTensor([novelty.Counts.Length], [.. novelty.Counts]));
        (ulong a, ulong b, ulong c, ulong d) = _rng.State;
        var metadata = new Dictionary<string, string>
        {
            ["format"] = CheckpointFormat,
            ["environment"] = _plan.Spec.Name,
            ["environment.hash"] = Hex([_plan.Spec.Hash]),
            ["network"] = _plan.Description.Name,
            ["version"] = Text(Version),
            ["trained_steps"] = Text(TrainedSteps),
            ["dropped_steps"] = Text(DroppedSteps),
            ["faults"] = Text(Faults),
            ["adam.step"] = Text(_adam.Steps),
            ["rng"] = Hex([a, b, c, d]),
            ["returns.updates"] = Text(_returnUpdates),
            ["returns.mean"] = Hex(_returnMean.Select(BitConverter.DoubleToUInt64Bits)),
            ["returns.square"] = Hex(_returnSquare.Select(BitConverter.DoubleToUInt64Bits)),
        };
        if (_reference is not null)
            metadata.Add("kl.weight", Hex([BitConverter.SingleToUInt32Bits(_kl.Weight)]));
        foreach ((string key, string value) in companions ?? new Dictionary<string, string>())
            metadata.Add(CompanionPrefix + key, value);
        SafeTensors.Save(path, tensors, metadata);
    }

    /// <summary>Goes on where <see cref="Save"/> was called. The network must be the same, the options may differ.</summary>
    /// <returns>The companions that were saved with it.</returns>
    /// <exception cref="BundleException">Not a sound checkpoint of this network; nothing was changed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IReadOnlyDictionary<string, string> Load(string path)
    {
        SafeTensorsContent content = SafeTensors.Load(path);
        string format = Metadata(content, path, "format");
        if (format != CheckpointFormat)
            throw new BundleException(path, $"is of format '{format}'; expected a learner's checkpoint, '{CheckpointFormat}'");
        ulong[] hash = Words(content, path, "environment.hash", 1);
        if (hash[0] != _plan.Spec.Hash)
            throw new BundleException(path, $"is for environment '{Metadata(content, path, "environment")}' of another layout than the present '{_plan.Spec.Name}'");
        float[] values = TakeTensors(content, path, _plan, "");
        float[] first = TakeTensors(content, path, _plan, FirstPrefix);
        float[] second = TakeTensors(content, path, _plan, SecondPrefix);
        // A run may take up a reference policy later than it began: then the one it was started with stays.
        bool referenced = _reference is not null && content.Metadata.ContainsKey("kl.weight");
        float[] reference = referenced ? TakeTensors(content, path, _plan, ReferencePrefix) : [];
        float klWeight = referenced ? BitConverter.UInt32BitsToSingle((uint)Words(content, path, "kl.weight", 1)[0]) : _kl.Weight;
        ulong[] rng = Words(content, path, "rng", 4);
        ulong[] mean = Words(content, path, "returns.mean", _returnMean.Length);
        ulong[] square = Words(content, path, "returns.square", _returnSquare.Length);
        long version = Number(content, path, "version");
        long trained = Number(content, path, "trained_steps"), dropped = Number(content, path, "dropped_steps");
        long faults = Number(content, path, "faults"), steps = Number(content, path, "adam.step"), updates = Number(content, path, "returns.updates");

        _network.Parameters.SetValues(values);
        FlatParameters.Set(_adam.First, first);
        FlatParameters.Set(_adam.Second, second);
        _adam.Steps = steps;
        if (referenced)
            _reference!.Import(reference);
        if (_batch.Novelty is { } novelty && content.Tensors.TryGetValue(CountsName, out WeightTensor? counts) && counts.Values.Length == novelty.Counts.Length)
            counts.Values.CopyTo(novelty.Counts, 0);
        _kl.Weight = klWeight;
        _rng = Rng.FromState((rng[0], rng[1], rng[2], rng[3]));
        for (int h = 0; h < _returnMean.Length; h++)
            (_returnMean[h], _returnSquare[h]) = (BitConverter.UInt64BitsToDouble(mean[h]), BitConverter.UInt64BitsToDouble(square[h]));
        _returnUpdates = updates;
        (Version, TrainedSteps, DroppedSteps, Faults) = ((int)version, trained, dropped, faults);
        return content.Metadata.Where(m => m.Key.StartsWith(CompanionPrefix, StringComparison.Ordinal)).ToDictionary(m => m.Key[CompanionPrefix.Length..], m => m.Value);
    }
}
