using System.Reflection;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>A reference to a grain: calls of its interface become requests. Two references to one grain are equal, not identical.</summary>
internal class GrainProxy : DispatchProxy
{
    public Silo Silo { get; private set; } = null!;

    public GrainId GrainId { get; private set; }

    private GrainClass Class { get; set; } = null!;

    public static object Create(Type grainInterface, Silo silo, GrainClass implementation, GrainId id)
    {
        object made = Create(grainInterface, typeof(GrainProxy));
        var proxy = (GrainProxy)made;
        proxy.Silo = silo;
        proxy.Class = implementation;
        proxy.GrainId = id;
        return made;
    }

    public override bool Equals(object? obj) => obj is GrainProxy other && other.GrainId == GrainId;

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => $"GrainReference:{GrainId}";

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.DeclaringType == typeof(object))
            return targetMethod.Name switch { nameof(Equals) => Equals(args![0]), nameof(GetHashCode) => GetHashCode(), _ => ToString() };
        GrainMethod method = Class.Method(targetMethod);
        var copies = new object?[args?.Length ?? 0];
        for (int i = 0; i < copies.Length; i++)
            copies[i] = ValueCodec.Copy(args![i], Silo);
        if (method.Shape == ResultShape.Sequence)
            return GrainSequence.Create(method, copies, Silo, Class, GrainId);
        var call = new Call(method, copies, Silo);
        if (method.OneWay)
        {
            Silo.Send(GrainId, Class, call);
            _ = call.Answer.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return Results.As(Task.FromResult<object?>(null), method);
        }
        return Results.As(Silo.Ask(GrainId, Class, call, targetMethod), method);
    }
}
