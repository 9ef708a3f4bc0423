using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Orleans.Storage;

/// <summary>States in memory, as bytes, so that nobody shares them with a grain.</summary>
internal sealed class MemoryGrainStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string Name, GrainId Grain), (byte[] Bytes, int Version)> _states = new();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        bool there = _states.TryGetValue((stateName, grainId), out (byte[] Bytes, int Version) state);
        grainState.State = there ? (T)ValueCodec.Read(state.Bytes, null)! : Activator.CreateInstance<T>();
        grainState.RecordExists = there;
        grainState.ETag = there ? Text(state.Version) : null;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        byte[] bytes = ValueCodec.Write(grainState.State);
        int version = Check(stateName, grainId, grainState) + 1;
        _states[(stateName, grainId)] = (bytes, version);
        grainState.ETag = Text(version);
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Check(stateName, grainId, grainState);
        _states.TryRemove((stateName, grainId), out _);
        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
        return Task.CompletedTask;
    }

    private int Check<T>(string name, GrainId grain, IGrainState<T> state)
    {
        int stored = _states.TryGetValue((name, grain), out (byte[] Bytes, int Version) there) ? there.Version : 0;
        string? etag = stored == 0 ? null : Text(stored);
        return etag == state.ETag ? stored : throw new InconsistentStateException($"State '{name}' of {grain} was written by somebody else.", etag, state.ETag);
    }

    private static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);
}
