using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Serialization;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>What is to be known about an implementation of grains.</summary>
internal sealed class GrainClass
{
    private readonly ConstructorInfo _constructor;
    private readonly ConcurrentDictionary<MethodInfo, GrainMethod> _methods = new();

    public GrainClass(Type type)
    {
        Type = type;
        Reentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        _constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).MaxBy(c => c.GetParameters().Length)!;
        string name = type.Name;
        Name = (name.EndsWith("Grain", StringComparison.Ordinal) && name.Length > 5 ? name[..^5] : name).ToLowerInvariant();
    }

    public Type Type { get; }

    /// <summary>First part of a grain's name.</summary>
    public string Name { get; }

    public bool Reentrant { get; }

    public GrainMethod Method(MethodInfo method) => _methods.GetOrAdd(method, m => new GrainMethod(m));

    /// <summary>A new grain with the services and states that its constructor asks for.</summary>
    public (Grain Grain, List<IStoredState> States) Make(Activation activation)
    {
        var states = new List<IStoredState>();
        ParameterInfo[] parameters = _constructor.GetParameters();
        object?[] arguments = new object?[parameters.Length];
        for (int i = 0; i < parameters.Length; i++)
        {
            if (parameters[i].GetCustomAttribute<PersistentStateAttribute>() is { } wanted)
            {
                Type state = parameters[i].ParameterType.GetGenericArguments()[0];
                bool named = !string.IsNullOrWhiteSpace(wanted.StorageName);
                IGrainStorage storage = (named ? activation.ActivationServices.GetKeyedService<IGrainStorage>(wanted.StorageName) : activation.ActivationServices.GetService<IGrainStorage>())
                    ?? throw new BadProviderConfigException($"No {(named ? $"storage provider named '{wanted.StorageName}'" : "default storage provider")} is there for state '{wanted.StateName}' of {Type}.");
                arguments[i] = Activator.CreateInstance(typeof(PersistentState<>).MakeGenericType(state), wanted.StateName, activation.GrainId, storage);
                states.Add((IStoredState)arguments[i]!);
            }
            else
            {
                arguments[i] = activation.ActivationServices.GetService(parameters[i].ParameterType)
                    ?? (parameters[i].HasDefaultValue ? parameters[i].DefaultValue : throw new InvalidOperationException($"Unable to resolve service for type '{parameters[i].ParameterType}' while attempting to activate '{Type}'."));
            }
        }
        return ((Grain)_constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null), states);
    }
}

/// <summary>How calls of one method of an interface are made.</summary>
internal sealed class GrainMethod
{
    public GrainMethod(MethodInfo method)
    {
        Method = method;
        Interleaves = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        ReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        OneWay = method.IsDefined(typeof(OneWayAttribute));
        Type result = method.ReturnType;
        Result = result.IsGenericType ? result.GetGenericArguments()[0] : null;
        Shape = !result.IsGenericType
            ? result == typeof(Task) ? ResultShape.Task : result == typeof(ValueTask) ? ResultShape.ValueTask : ResultShape.Unknown
            : result.GetGenericTypeDefinition() == typeof(Task<>) ? ResultShape.TaskOf
            : result.GetGenericTypeDefinition() == typeof(ValueTask<>) ? ResultShape.ValueTaskOf
            : result.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>) ? ResultShape.Sequence
            : ResultShape.Unknown;
    }

    public MethodInfo Method { get; }
    public bool Interleaves { get; }
    public bool ReadOnly { get; }
    public bool OneWay { get; }
    public ResultShape Shape { get; }

    /// <summary>T of Task&lt;T&gt;, ValueTask&lt;T&gt; and IAsyncEnumerable&lt;T&gt;.</summary>
    public Type? Result { get; }

    /// <summary>Refuses a method whose parameters or result cannot travel.</summary>
    /// <exception cref="CodecNotFoundException">A type has no serializer.</exception>
    public void Check()
    {
        if (Shape == ResultShape.Unknown)
            throw new ArgumentException($"{Method.DeclaringType}.{Method.Name} returns {Method.ReturnType}; allowed: Task, Task<T>, ValueTask, ValueTask<T>, IAsyncEnumerable<T>");
        foreach (ParameterInfo p in Method.GetParameters())
            ValueCodec.Require(p.ParameterType, $"parameter '{p.Name}' of {Method.DeclaringType}.{Method.Name}");
        if (Result is not null)
            ValueCodec.Require(Result, $"the result of {Method.DeclaringType}.{Method.Name}");
    }
}

internal enum ResultShape
{
    Unknown,
    Task,
    TaskOf,
    ValueTask,
    ValueTaskOf,
    Sequence,
}
