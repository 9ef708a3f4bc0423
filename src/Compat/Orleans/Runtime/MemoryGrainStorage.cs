using Orleans.Runtime;
using Orleans.Serialization;

namespace Orleans.Storage;

/// <summary>States in memory, as bytes, so that nobody shares them with a grain.</summary>
internal sealed class MemoryGrainStorage : IGrainStorage
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Name, GrainId Grain), (byte[] Bytes, string ETag)> _states = [];

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        bool there;
        (byte[] Bytes, string ETag) state;
        lock (_lock)
            there = _states.TryGetValue((stateName, grainId), out state);
        grainState.State = there ? (T)ValueCodec.Read(state.Bytes, null)! : Activator.CreateInstance<T>();
        grainState.RecordExists = there;
        grainState.ETag = there ? state.ETag : null;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        byte[] bytes = ValueCodec.Write(grainState.State);
        string etag = Guid.NewGuid().ToString("N");
        lock (_lock)
        {
            Check(stateName, grainId, grainState.ETag);
            _states[(stateName, grainId)] = (bytes, etag);
        }
        grainState.ETag = etag;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (_lock)
        {
            Check(stateName, grainId, grainState.ETag);
            _states.Remove((stateName, grainId));
        }
        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
        return Task.CompletedTask;
    }

    private void Check(string name, GrainId grain, string? etag)
    {
        string? stored = _states.TryGetValue((name, grain), out (byte[] Bytes, string ETag) there) ? there.ETag : null;
        if (stored != etag)
            throw new InconsistentStateException($"State '{name}' of {grain} was written by somebody else.", stored, etag);
    }
}
