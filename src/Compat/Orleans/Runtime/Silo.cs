using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>All grains of this process: there is no other machine.</summary>
internal sealed class Silo(IServiceProvider services, IOptions<GrainCollectionOptions> collection, IOptions<SiloMessagingOptions> messaging, TimeProvider time, ILogger<Silo> log) : IHostedService, IClusterClient
{
    private static readonly Lazy<Dictionary<Type, GrainClass>> Implementations = new(FindImplementations);

    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();
    private readonly ConcurrentDictionary<Type, bool> _checked = new();
    private readonly Lock _making = new();
    private ITimer? _collector;
    private bool _stopping;

    public IServiceProvider ServiceProvider { get; } = services;

    public TimeProvider Time { get; } = time;

    /// <summary>How long a caller waits for an answer.</summary>
    public TimeSpan ResponseTimeout => messaging.Value.ResponseTimeout;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _collector = Time.CreateTimer(_ => Collect(), null, collection.Value.CollectionQuantum, collection.Value.CollectionQuantum);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // From here on none is made: one that came after the look at all of them would be told nothing, and keep what it holds.
        lock (_making)
            _stopping = true;
        _collector?.Dispose();
        Activation[] all = [.. _activations.Values];
        foreach (Activation activation in all)
            activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo is stopping."), cancellationToken);
        await Task.WhenAll(all.Select(a => a.Gone)).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        if (string.IsNullOrWhiteSpace(primaryKey))
            throw new ArgumentException("A grain's key must not be empty.", nameof(primaryKey));
        return Get<TGrainInterface>(primaryKey);
    }

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey
        => Get<TGrainInterface>(primaryKey.ToString("X", CultureInfo.InvariantCulture));

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey
        => Get<TGrainInterface>(primaryKey.ToString("N"));

    /// <summary>A reference under another interface of the same grain.</summary>
    public object Reference(Type grainInterface, GrainId id) => GrainProxy.Create(grainInterface, this, ImplementationOf(grainInterface), id);

    /// <summary>Sends a request to the grain, which is activated if need be.</summary>
    public void Send(GrainId id, GrainClass implementation, Request request)
    {
        if (Activated(id, implementation) is not { } activation)
            request.Fail(new OrleansException($"The silo is stopping: {id} is not activated any more."));
        // It is on its way out; the request waits until it is gone, and wakes a new one.
        else if (!activation.TryCall(request))
            _ = activation.Gone.ContinueWith(_ => Send(id, implementation, request), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>Sends a request and waits for its answer, not for ever.</summary>
    /// <exception cref="TimeoutException">None came in time.</exception>
    public async Task<object?> Ask(GrainId id, GrainClass implementation, Request request, MethodInfo method)
    {
        Task<object?> answer = request is Call call ? call.Answer : ((IAnswered)request).Answer;
        Send(id, implementation, request);
        try
        {
            return await answer.WaitAsync(ResponseTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException e) when (!answer.IsCompleted)
        {
            throw new TimeoutException($"Response did not arrive on time in {ResponseTimeout} for {method.DeclaringType?.Name}.{method.Name} of {id}.", e);
        }
    }

    public void Forget(Activation activation) => _activations.TryRemove(KeyValuePair.Create(activation.GrainId, activation));

    public void Complain(string what, Exception e) => log.LogWarning(e, "{What}", what);

    private TGrainInterface Get<TGrainInterface>(string key)
    {
        GrainClass implementation = ImplementationOf(typeof(TGrainInterface));
        return (TGrainInterface)GrainProxy.Create(typeof(TGrainInterface), this, implementation, GrainId.Create(implementation.Name, key));
    }

    /// <summary>The grain's activation, made if need be; null if there is none and the silo stops.</summary>
    private Activation? Activated(GrainId id, GrainClass implementation)
    {
        if (_activations.TryGetValue(id, out Activation? there))
            return there;
        lock (_making)
            return _stopping ? null : _activations.GetOrAdd(id, static (i, a) => new Activation(a.Silo, a.Class, i), (Silo: this, Class: implementation));
    }

    private GrainClass ImplementationOf(Type grainInterface)
    {
        if (!Implementations.Value.TryGetValue(grainInterface, out GrainClass? implementation))
            throw new ArgumentException($"Could not find an implementation for interface {grainInterface}", nameof(grainInterface));
        _checked.GetOrAdd(grainInterface, i =>
        {
            foreach (MethodInfo method in i.GetInterfaces().Append(i).SelectMany(t => t.GetMethods()))
                implementation.Method(method).Check();
            return true;
        });
        return implementation;
    }

    private void Collect()
    {
        foreach (Activation activation in _activations.Values)
        {
            if (activation.IdleFor(collection.Value.CollectionAge))
                activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ActivationIdle, "The activation was idle."));
        }
    }

    private static Dictionary<Type, GrainClass> FindImplementations()
    {
        var found = new Dictionary<Type, GrainClass>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var queue = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies());
        string own = typeof(Silo).Assembly.GetName().Name!;
        while (queue.TryDequeue(out Assembly? assembly))
        {
            if (!seen.Add(assembly.FullName!) || !Array.Exists(assembly.GetReferencedAssemblies(), a => a.Name == own))
                continue;
            foreach (AssemblyName reference in assembly.GetReferencedAssemblies())
            {
                if (!seen.Contains(reference.FullName) && !reference.Name!.StartsWith("System.", StringComparison.Ordinal) && !reference.Name.StartsWith("Microsoft.", StringComparison.Ordinal))
                    queue.Enqueue(Assembly.Load(reference));
            }
            foreach (Type type in assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && t.IsSubclassOf(typeof(Grain))))
            {
                var implementation = new GrainClass(type);
                foreach (Type i in type.GetInterfaces().Where(i => typeof(IGrain).IsAssignableFrom(i) && i.Assembly != typeof(Silo).Assembly))
                    found[i] = implementation;
            }
        }
        return found;
    }
}
