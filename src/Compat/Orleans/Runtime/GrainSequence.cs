using System.Reflection;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>
/// A sequence that a grain makes and its caller pulls, in batches of up to 100, by calls that interleave with others. Leaving early
/// disposes the grain's iterator; the end of the grain aborts it.
/// </summary>
internal sealed class GrainSequence<T>(GrainMethod method, object?[] arguments, Silo silo, GrainClass implementation, GrainId id) : IAsyncEnumerable<T>
{
    private const int Batch = 100;

    private IAsyncEnumerator<T> Begin(Grain grain, CancellationToken cancellation)
        => ((IAsyncEnumerable<T>)method.Method.Invoke(grain, BindingFlags.DoNotWrapExceptions, null, arguments, null)!).GetAsyncEnumerator(cancellation);

    private T Copy(T item) => (T)ValueCodec.Copy(item, silo)!;

    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        Source? source = null;
        try
        {
            while (true)
            {
                var pull = new Pull(this, source, cancellationToken);
                await silo.Ask(id, implementation, pull, method.Method).ConfigureAwait(false);
                source = pull.Source;
                foreach (T item in pull.Items)
                    yield return item;
                if (pull.Over)
                    yield break;
            }
        }
        finally
        {
            if (source is not null)
                await source.Close().ConfigureAwait(false);
        }
    }

    /// <summary>The grain's side of one enumeration.</summary>
    private sealed class Source(IAsyncEnumerator<T> items, Activation activation)
    {
        private bool _closed;

        public IAsyncEnumerator<T> Items => items;

        public Activation Activation => activation;

        public Task Close() => activation.Run(async () =>
        {
            if (_closed)
                return;
            _closed = true;
            await items.DisposeAsync();
        });
    }

    private sealed class Pull(GrainSequence<T> sequence, Source? source, CancellationToken cancellation) : Request, IAnswered
    {
        private readonly TaskCompletionSource<object?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool Interleaves => true;

        public Task<object?> Answer => _answer.Task;

        public Source? Source { get; private set; } = source;

        public List<T> Items { get; } = [];

        public bool Over { get; private set; }

        public override async Task Run(Grain grain)
        {
            try
            {
                var here = (Activation)grain.GrainContext;
                if (Source is not null && Source.Activation != here)
                    throw new EnumerationAbortedException("The grain ended while it was being enumerated.");
                Source ??= new Source(sequence.Begin(grain, cancellation), here);
                // At least one item, and then what is there without waiting.
                ValueTask<bool> next;
                do
                {
                    next = Source.Items.MoveNextAsync();
                    if (!next.IsCompleted && Items.Count > 0)
                    {
                        // The iterator is on its way already: its item belongs to this batch.
                        Over = !await next.AsTask().WaitAsync(here.Ended);
                    }
                    else
                    {
                        Over = !(next.IsCompleted ? await next : await next.AsTask().WaitAsync(here.Ended));
                    }
                    if (!Over)
                        Items.Add(sequence.Copy(Source.Items.Current));
                }
                while (!Over && Items.Count < Batch && next.IsCompletedSuccessfully);
                _answer.TrySetResult(null);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && ((Activation)grain.GrainContext).Ended.IsCancellationRequested)
            {
                Fail(new EnumerationAbortedException("The grain ended while it was being enumerated."));
            }
            catch (Exception e)
            {
                Fail(e);
            }
        }

        public override void Fail(Exception e) => _answer.TrySetException(e);
    }
}

internal static class GrainSequence
{
    public static object Create(GrainMethod method, object?[] arguments, Silo silo, GrainClass implementation, GrainId id)
        => Activator.CreateInstance(typeof(GrainSequence<>).MakeGenericType(method.Result!), method, arguments, silo, implementation, id)!;
}

/// <summary>A request for whose answer somebody waits.</summary>
internal interface IAnswered
{
    Task<object?> Answer { get; }
}
