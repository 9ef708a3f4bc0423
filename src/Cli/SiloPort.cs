using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SelfPlayArena.Cli;

/// <summary>
/// A port for a silo, kept from other silos of this machine by a locked file as long as this lives: a silo binds its port late, and two that start
/// at a time would both find it free.
/// </summary>
internal sealed class SiloPort : IDisposable
{
    public const int First = 11_111;
    private readonly FileStream _lock;

    private SiloPort(int number, FileStream held) => (Number, _lock) = (number, held);

    public int Number { get; }

    /// <param name="wanted">A certain port, or 0 for the first free one.</param>
    /// <exception cref="UserError">It is taken.</exception>
    public static SiloPort Take(IPAddress address, int wanted)
    {
        for (int port = wanted > 0 ? wanted : First; port < (wanted > 0 ? wanted + 1 : First + 1000); port++)
        {
            if (Try(address, port) is { } held)
                return new SiloPort(port, held);
        }
        throw new UserError(wanted > 0 ? $"--silo-port {wanted.ToString(CultureInfo.InvariantCulture)} is taken; 0 takes the first free one" : "no port is free for the silo; give one by --silo-port");
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream? Try(IPAddress address, int port)
    {
        FileStream? held = null;
        try
        {
            held = new FileStream(Path.Combine(Path.GetTempPath(), $"arena-silo-{port.ToString(CultureInfo.InvariantCulture)}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, port));
            return held;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException)
        {
            held?.Dispose();
            return null;
        }
    }
}
