namespace Prometheus;

/// <summary>Thrown by a callback before collection to tell that metrics cannot be had now, and why.</summary>
public class ScrapeFailedException : Exception
{
    public ScrapeFailedException()
    {
    }

    public ScrapeFailedException(string message)
        : base(message)
    {
    }

    public ScrapeFailedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
