namespace TorchSharp;

/// <summary>
/// Disposes the tensors which its thread creates while it is the innermost scope. Each thread has its own chain of
/// scopes; a tensor made on another thread belongs to that thread's scope, or to none.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic]
    private static DisposeScope? current;

    private readonly DisposeScope? outer;
    private List<IDisposable> held = new(64);
    private bool disposed;

    internal DisposeScope()
    {
        outer = current;
        current = this;
    }

    internal static DisposeScope? Current => current;

    /// <summary>How many disposables the scope holds.</summary>
    public int DisposablesCount => Open().held.Count;

    /// <summary>A snapshot of what the scope holds.</summary>
    public IReadOnlyList<IDisposable> DisposablesView => Open().held.ToArray();

    private DisposeScope? OpenOuter
    {
        get
        {
            DisposeScope? scope = outer;
            while (scope is { disposed: true })
            {
                scope = scope.outer;
            }
            return scope;
        }
    }

    public bool Contains(IDisposable disposable) => IndexOf(disposable) >= 0;

    /// <summary>Hands the disposable to the scope around this one, or frees it from all scopes where there is none.</summary>
    public T MoveToOuter<T>(T disposable)
        where T : IDisposable
    {
        Move(disposable, OpenOuter);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable => (MoveToOuter(first), MoveToOuter(second));

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable => (MoveToOuter(first), MoveToOuter(second), MoveToOuter(third));

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOuter((IEnumerable<IDisposable>)disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables)
    {
        foreach (IDisposable disposable in disposables)
        {
            Move(disposable, OpenOuter);
        }
    }

    /// <summary>Takes the disposable out of the scope: it then lives until somebody disposes it.</summary>
    public T Detach<T>(T disposable)
        where T : IDisposable
    {
        Move(disposable, null);
        return disposable;
    }

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        foreach (IDisposable disposable in disposables)
        {
            Move(disposable, null);
        }
    }

    /// <summary>Adds disposables to the scope; a tensor leaves the scope it was in.</summary>
    public void Attach(IDisposable disposable)
    {
        Open();
        if (disposable is torch.Tensor { OwningScope: { } owner } tensor)
        {
            owner.Remove(tensor);
        }
        Add(disposable);
    }

    public void Attach(params IDisposable[] disposables) => Array.ForEach(disposables, Attach);

    public void DisposeEverything() => DisposeEverythingBut(Array.Empty<IDisposable>());

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    /// <summary>Disposes what the scope holds, except these; the scope stays open and keeps them.</summary>
    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        Open();
        HashSet<IDisposable> keep = new(inKeep, ReferenceEqualityComparer.Instance);
        List<IDisposable> old = held;
        held = new(Math.Max(64, keep.Count));
        foreach (IDisposable disposable in old)
        {
            if (keep.Contains(disposable))
            {
                Add(disposable);
            }
            else
            {
                Release(disposable);
            }
        }
    }

    public void Dispose()
    {
        if (disposed)
        {
            return;
        }
        disposed = true;
        while (current is { disposed: true } done)
        {
            current = done.outer;
        }
        foreach (IDisposable disposable in held)
        {
            Release(disposable);
        }
        held = [];
    }

    internal void Add(IDisposable disposable)
    {
        if (disposable is torch.Tensor tensor)
        {
            tensor.OwningScope = this;
            tensor.ScopeIndex = held.Count;
        }
        held.Add(disposable);
    }

    internal void Remove(IDisposable disposable)
    {
        int index = IndexOf(disposable);
        if (index < 0)
        {
            return;
        }
        IDisposable last = held[^1];
        held[index] = last;
        held.RemoveAt(held.Count - 1);
        if (last is torch.Tensor moved)
        {
            moved.ScopeIndex = index;
        }
        if (disposable is torch.Tensor tensor)
        {
            tensor.OwningScope = null;
        }
    }

    internal static void MoveOut(torch.Tensor tensor)
    {
        if (tensor.OwningScope is { } owner)
        {
            owner.Move(tensor, owner.OpenOuter);
        }
    }

    private static void Release(IDisposable disposable)
    {
        if (disposable is torch.Tensor tensor)
        {
            tensor.OwningScope = null;
        }
        disposable.Dispose();
    }

    private void Move(IDisposable disposable, DisposeScope? target)
    {
        Open();
        if (IndexOf(disposable) < 0)
        {
            return;
        }
        Remove(disposable);
        target?.Add(disposable);
    }

    private int IndexOf(IDisposable disposable) =>
        disposable is torch.Tensor tensor
            ? ReferenceEquals(tensor.OwningScope, this) ? tensor.ScopeIndex : -1
            : held.FindIndex(d => ReferenceEquals(d, disposable));

    private DisposeScope Open()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return this;
    }
}
