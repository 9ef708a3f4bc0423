using System.Threading.Channels;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>Frames on their way to one client: so many and no more. Whoever reads too slowly is not waited for.</summary>
internal sealed class Outbox
{
    /// <summary>Frames that can wait: about two seconds' worth.</summary>
    public const int Most = 64;

    private readonly Channel<byte[]> _frames = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(Most) { SingleReader = true, SingleWriter = false, FullMode = BoundedChannelFullMode.Wait });

    public int Waiting => _frames.Reader.Count;

    public ChannelReader<byte[]> Reader => _frames.Reader;

    /// <summary>False if there is no room for it, or nobody reads any more.</summary>
    public bool TryPut(byte[] frame) => _frames.Writer.TryWrite(frame);

    /// <summary>No more frames come; what waits is still sent.</summary>
    public void Close() => _frames.Writer.TryComplete();
}
