using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>Connects a grain's state to its storage provider.</summary>
internal sealed class PersistentState<T>(string name, GrainId grain, IGrainStorage storage) : IPersistentState<T>, IStoredState
{
    // A provider may leave the state as it is where it has none.
    private readonly GrainState<T> _state = new(Activator.CreateInstance<T>());
    private bool _read;

    public T State
    {
        get => _state.State!;
        set => _state.State = value;
    }

    public string? Etag => _state.ETag;

    public bool RecordExists => _read ? _state.RecordExists : throw new InvalidOperationException("State has not yet been loaded");

    public async Task ReadStateAsync()
    {
        await Ask(nameof(ReadStateAsync), () => storage.ReadStateAsync(name, grain, _state));
        _read = true;
    }

    public Task WriteStateAsync() => Ask(nameof(WriteStateAsync), () => storage.WriteStateAsync(name, grain, _state));

    public Task ClearStateAsync() => Ask(nameof(ClearStateAsync), () => storage.ClearStateAsync(name, grain, _state));

    private async Task Ask(string operation, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is not OrleansException)
        {
            throw new OrleansException($"Error from storage provider {storage.GetType().Name}.{name} during {operation} for grain {grain}{Environment.NewLine} {e.Message}", e);
        }
    }
}

/// <summary>A state of any type, to be read before the grain is activated.</summary>
internal interface IStoredState
{
    Task ReadStateAsync();
}
