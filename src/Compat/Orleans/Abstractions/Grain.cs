using System.Globalization;
using Orleans.Runtime;

namespace Orleans;

/// <summary>Base of grains: objects with a name, activated by the first call, working one turn at a time.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    protected Grain() => GrainContext = Activation.BeingMade
        ?? throw new InvalidOperationException("Grain was created outside of the Orleans creation process and no runtime was specified.");

    public IGrainContext GrainContext { get; }

    public string IdentityString => GrainContext.GrainId.ToString();

    protected IGrainFactory GrainFactory => Context.Silo;

    protected internal IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    private Activation Context => (Activation)GrainContext;

    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends this activation after the calls it has begun; the next call makes a new one.</summary>
    protected void DeactivateOnIdle() => ((IGrainBase)this).DeactivateOnIdle();

    /// <summary>Keeps this activation from being collected as idle for so long.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => Context.KeepUntil(timeSpan);
}

public static class GrainBaseExtensions
{
    public static void DeactivateOnIdle(this IGrainBase grain)
        => grain.GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, $"{nameof(DeactivateOnIdle)} was called."));

    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return new GrainTimer((Activation)grain.GrainContext, callback, options);
    }

    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<Task> callback, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return grain.RegisterGrainTimer(_ => callback(), options);
    }

    public static IGrainTimer RegisterGrainTimer<TState>(this IGrainBase grain, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return grain.RegisterGrainTimer(token => callback(state, token), options);
    }
}

public static class GrainExtensions
{
    /// <summary>A reference to a grain, to hand to others.</summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain is GrainProxy proxy
            ? (TGrainInterface)proxy.Silo.Reference(typeof(TGrainInterface), proxy.GrainId)
            : (TGrainInterface)((Activation)((IGrainBase)grain).GrainContext).Silo.Reference(typeof(TGrainInterface), grain.GetGrainId());
    }

    public static GrainId GetGrainId(this IAddressable grain) => grain switch
    {
        GrainProxy proxy => proxy.GrainId,
        IGrainBase implementation => implementation.GrainContext.GrainId,
        _ => throw new ArgumentException($"{grain.GetType()} is not a grain", nameof(grain)),
    };

    /// <exception cref="InvalidOperationException">The key is not a number.</exception>
    public static long GetPrimaryKeyLong(this IAddressable grain)
        => long.TryParse(grain.GetGrainId().KeyText, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long key)
            ? key
            : throw new InvalidOperationException("The key of this grain is not a number.");

    /// <exception cref="InvalidOperationException">The key is not a GUID.</exception>
    public static Guid GetPrimaryKey(this IAddressable grain)
        => Guid.TryParse(grain.GetGrainId().KeyText, out Guid key) ? key : throw new InvalidOperationException("The key of this grain is not a GUID.");

    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().KeyText;
}
