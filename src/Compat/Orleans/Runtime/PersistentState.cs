using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>Connects a grain's state to its storage provider.</summary>
internal sealed class PersistentState<T>(string name, GrainId grain, IGrainStorage storage) : IPersistentState<T>, IStoredState
{
    private readonly GrainState<T> _state = new();

    public T State
    {
        get => _state.State!;
        set => _state.State = value;
    }

    public string? Etag => _state.ETag;

    public bool RecordExists => _state.RecordExists;

    public Task ReadStateAsync() => storage.ReadStateAsync(name, grain, _state);

    public Task WriteStateAsync() => storage.WriteStateAsync(name, grain, _state);

    public Task ClearStateAsync() => storage.ClearStateAsync(name, grain, _state);
}

/// <summary>A state of any type, to be read before the grain is activated.</summary>
internal interface IStoredState
{
    Task ReadStateAsync();
}
