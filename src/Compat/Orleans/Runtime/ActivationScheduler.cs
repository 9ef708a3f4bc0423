using System.Collections.Concurrent;

namespace Orleans.Runtime;

/// <summary>Runs the turns of one activation one after another, on the thread pool. Awaits inside a turn come back to it.</summary>
internal sealed class ActivationScheduler : TaskScheduler
{
    private readonly ConcurrentQueue<Task> _turns = new();
    private int _running;

    public override int MaximumConcurrencyLevel => 1;

    protected override void QueueTask(Task task)
    {
        _turns.Enqueue(task);
        Wake();
    }

    // A turn that waits for another of the same activation would otherwise run it in the middle of itself.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _turns];

    private void Wake()
    {
        if (Interlocked.CompareExchange(ref _running, 1, 0) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(static s => s.Work(), this, preferLocal: false);
    }

    private void Work()
    {
        // A bounded number of turns at a time: one busy grain must not keep a thread from the others.
        for (int i = 0; i < 64 && _turns.TryDequeue(out Task? turn); i++)
            TryExecuteTask(turn);
        // A full fence: looking at the queue before the others can see that nobody works would leave a turn there that neither side wakes for.
        Interlocked.Exchange(ref _running, 0);
        if (!_turns.IsEmpty)
            Wake();
    }
}
