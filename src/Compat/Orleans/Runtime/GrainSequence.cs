using System.Reflection;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>
/// A sequence that a grain makes and its caller pulls, in batches of up to 100, by calls that interleave with others. Nobody waits in the grain for an
/// item for longer than half as long as a caller waits for an answer: then it is asked again, and meanwhile the grain may end. Leaving early disposes the
/// grain's iterator; the end of the grain aborts it.
/// </summary>
internal sealed class GrainSequence<T>(GrainMethod method, object?[] arguments, Silo silo, GrainClass implementation, GrainId id) : IAsyncEnumerable<T>
{
    private const int Batch = 100;

    private Source Open(Grain grain, Activation here, CancellationToken cancellation)
    {
        var items = (IAsyncEnumerable<T>)method.Method.Invoke(grain, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
        var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation, here.Ended);
        return new Source(items.GetAsyncEnumerator(leaving.Token), leaving, here);
    }

    private T Copy(T item) => (T)ValueCodec.Copy(item, silo)!;

    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        Source? source = null;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var pull = new Pull(this, source, cancellationToken);
                try
                {
                    await silo.Ask(id, implementation, pull, method.Method).ConfigureAwait(false);
                }
                finally
                {
                    source = pull.Source;
                }
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

    /// <summary>The grain's side of one enumeration: used in the grain's turns alone.</summary>
    private sealed class Source(IAsyncEnumerator<T> items, CancellationTokenSource leaving, Activation activation)
    {
        private bool _closed;

        public IAsyncEnumerator<T> Items => items;

        public Activation Activation => activation;

        /// <summary>Where the iterator is on its way to its next item: null while it rests.</summary>
        public Task<bool>? Coming { get; set; }

        public Task Close() => activation.Run(async () =>
        {
            if (_closed)
                return;
            _closed = true;
            await leaving.CancelAsync();
            // An iterator cannot be disposed of on its way.
            if (Coming is { } coming)
                await ((Task)coming).WaitAsync(activation.Silo.ResponseTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (Coming is null or { IsCompleted: true })
                await items.DisposeAsync();
            leaving.Dispose();
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
                Source ??= sequence.Open(grain, here, cancellation);
                // What is there without waiting, or else the first that comes.
                while (!Over && Items.Count < Batch && Source.Coming is null)
                {
                    ValueTask<bool> next = Source.Items.MoveNextAsync();
                    if (next.IsCompletedSuccessfully)
                        Take(next.Result);
                    else
                        Source.Coming = next.AsTask();
                }
                if (!Over && Items.Count == 0 && Source.Coming is { } coming)
                {
                    await ((Task)coming).WaitAsync(here.Silo.ResponseTimeout / 2, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                    if (coming.IsCompleted)
                    {
                        Source.Coming = null;
                        Take(await coming);
                    }
                }
                _answer.TrySetResult(null);
            }
            catch (Exception e)
            {
                Fail(e);
            }
        }

        public override void Fail(Exception e) => _answer.TrySetException(e);

        private void Take(bool another)
        {
            if (another)
                Items.Add(sequence.Copy(Source!.Items.Current));
            else
                Over = true;
        }
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
