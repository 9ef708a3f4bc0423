using System.Net;
using System.Net.Sockets;

namespace SelfPlayArena.Streaming.Tests;

/// <summary>Passes bytes on between a worker and a learner, and cuts each connection after a number of bytes drawn from a seed.</summary>
internal sealed class CuttingProxy : IDisposable
{
    private readonly Socket _socket = LearnerListener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly int _target;
    private readonly System.Random _random;
    private readonly int _most;
    private volatile bool _cutting = true, _closed;
    private int _cuts;

    public CuttingProxy(int target, int seed, int most)
    {
        (_target, _random, _most) = (target, new System.Random(seed), most);
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>From now on connections live.</summary>
    public void StopCutting() => _cutting = false;

    public void Dispose()
    {
        _closed = true;
        _socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_closed)
        {
            try
            {
                Socket worker = await _socket.AcceptAsync();
                var learner = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await learner.ConnectAsync(IPAddress.Loopback, _target);
                int up = _random.Next(1, _most), down = _random.Next(1, _most);
                _ = PassAsync(worker, learner, up);
                _ = PassAsync(learner, worker, down);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over, or the learner is.
            }
        }
    }

    private async Task PassAsync(Socket from, Socket to, int left)
    {
        var buffer = new byte[777];
        try
        {
            while (true)
            {
                int n = await from.ReceiveAsync(buffer);
                if (n == 0)
                    break;
                if (_cutting && (left -= n) <= 0)
                {
                    await to.SendAsync(buffer.AsMemory(0, Math.Max(0, n + left)));
                    Interlocked.Increment(ref _cuts);
                    break;
                }
                for (int sent = 0; sent < n;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, n - sent));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut from the other direction.
        }
        finally
        {
            from.Dispose();
            to.Dispose();
        }
    }
}
