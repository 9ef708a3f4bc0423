using System.Net.Sockets;
using SelfPlayArena.Rollout;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Cli;

/// <summary>Where workers come in: the listener, its log, and its metrics.</summary>
internal sealed class WorkersDoor : IDisposable
{
    private readonly WorkersLog _log;
    private readonly LearnerListener _listener;

    public WorkersDoor(Socket socket, IRunPort port, SharedSecret secret, WorkersLog log, ListenerMetrics? metrics)
    {
        _log = log;
        _listener = new LearnerListener(socket, port, secret, new StreamLimits(), log.Write, TimeProvider.System);
        metrics?.Watch(_listener);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _log.Dispose();
    }
}
