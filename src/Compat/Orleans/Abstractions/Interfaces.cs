namespace Orleans.Runtime
{
    /// <summary>Anything that has an address.</summary>
    public interface IAddressable
    {
    }
}

namespace Orleans
{
    /// <summary>A grain as others see it. Methods return Task, Task&lt;T&gt;, ValueTask, ValueTask&lt;T&gt; or IAsyncEnumerable&lt;T&gt;.</summary>
    public interface IGrain : Runtime.IAddressable
    {
    }

    public interface IGrainWithStringKey : IGrain
    {
    }

    public interface IGrainWithIntegerKey : IGrain
    {
    }

    public interface IGrainWithGuidKey : IGrain
    {
    }

    /// <summary>What every implementation of a grain is.</summary>
    public interface IGrainBase
    {
        Runtime.IGrainContext GrainContext { get; }

        Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

        Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
    }

    /// <summary>Gives references to grains. A grain is there as soon as somebody calls it.</summary>
    public interface IGrainFactory
    {
        /// <exception cref="ArgumentException">No implementation, or an empty key.</exception>
        TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
            where TGrainInterface : IGrainWithStringKey;

        /// <inheritdoc cref="GetGrain{TGrainInterface}(string, string)"/>
        TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
            where TGrainInterface : IGrainWithIntegerKey;

        /// <inheritdoc cref="GetGrain{TGrainInterface}(string, string)"/>
        TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
            where TGrainInterface : IGrainWithGuidKey;
    }

    /// <summary>The grains as a program outside them sees them.</summary>
    public interface IClusterClient : IGrainFactory
    {
        IServiceProvider ServiceProvider { get; }
    }

    /// <summary>State as a storage provider reads and writes it.</summary>
    public interface IGrainState<T>
    {
        T? State { get; set; }

        string? ETag { get; set; }

        bool RecordExists { get; set; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>The place in which a grain lives.</summary>
    public interface IGrainContext
    {
        GrainId GrainId { get; }

        IServiceProvider ActivationServices { get; }

        /// <summary>Ends this activation once the calls it has begun are over.</summary>
        void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
    }

    /// <summary>A timer of a grain; its callbacks are turns of the grain.</summary>
    public interface IGrainTimer : IDisposable
    {
        void Change(TimeSpan dueTime, TimeSpan period);
    }

    /// <summary>A state that a storage provider keeps.</summary>
    public interface IPersistentState<TState> : Core.IStorage<TState>
    {
    }
}

namespace Orleans.Core
{
    public interface IStorage
    {
        string? Etag { get; }

        bool RecordExists { get; }

        Task ClearStateAsync();

        /// <exception cref="Storage.InconsistentStateException">Another activation wrote since this one read.</exception>
        Task WriteStateAsync();

        Task ReadStateAsync();
    }

    public interface IStorage<TState> : IStorage
    {
        TState State { get; set; }
    }
}

namespace Orleans.Storage
{
    /// <summary>
    /// Where states of grains are kept. A write or a clear is refused with <see cref="InconsistentStateException"/> when the state's ETag is not the one
    /// that was stored last. What is no <see cref="Runtime.OrleansException"/> reaches the grain wrapped in one.
    /// </summary>
    public interface IGrainStorage
    {
        Task ReadStateAsync<T>(string stateName, Runtime.GrainId grainId, IGrainState<T> grainState);

        Task WriteStateAsync<T>(string stateName, Runtime.GrainId grainId, IGrainState<T> grainState);

        Task ClearStateAsync<T>(string stateName, Runtime.GrainId grainId, IGrainState<T> grainState);
    }
}
