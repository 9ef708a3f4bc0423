using Orleans;
using SelfPlayArena.Core;

namespace SelfPlayArena.Grains;

/// <summary>
/// Brings the results of all of a run's hosts in this process to its league, in groups, without making any host wait. A result leaves only when
/// the league says that it is on the disk; until then it is brought again and again, and the league counts its id once.
/// </summary>
internal sealed class ResultOutbox : IDisposable
{
    /// <summary>A group leaves when it has so many results, or when its first is so old.</summary>
    private const int Group = 32;
    private static readonly TimeSpan GroupAge = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromSeconds(2);

    private readonly object _gate = new();
    private readonly Queue<ResultCard> _waiting = new();
    private readonly ILeagueGrain _league;
    private readonly GrainMeter _meter;
    private readonly Action<string> _log;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sending;
    private bool _hurry;

    public ResultOutbox(ILeagueGrain league, GrainMeter meter, Action<string> log)
    {
        (_league, _meter, _log) = (league, meter, log);
        _sending = Task.Run(SendAsync);
    }

    /// <summary>Results that the league has not acknowledged.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    public void Post(MatchResult result)
    {
        lock (_gate)
            _waiting.Enqueue(ResultCard.Of(result));
        _wake.Release();
    }

    /// <summary>Sends what waits at once; true when all of it was acknowledged, false if that took too long.</summary>
    public async Task<bool> DrainAsync(TimeSpan patience)
    {
        long start = Environment.TickCount64;
        while (Waiting > 0)
        {
            if (Environment.TickCount64 - start > patience.TotalMilliseconds || _sending.IsCompleted)
                return false;
            Volatile.Write(ref _hurry, true);
            _wake.Release();
            await Task.Delay(2).ConfigureAwait(false);
        }
        return true;
    }

    public void Dispose()
    {
        if (_stop.IsCancellationRequested)
            return;
        _stop.Cancel();
        _sending.Wait();
        _stop.Dispose();
        _wake.Dispose();
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                await _wake.WaitAsync(_stop.Token).ConfigureAwait(false);
                long first = Environment.TickCount64;
                while (Waiting is > 0 and < Group && !Volatile.Read(ref _hurry) && Environment.TickCount64 - first < GroupAge.TotalMilliseconds)
                    await _wake.WaitAsync(GroupAge, _stop.Token).ConfigureAwait(false);
                Volatile.Write(ref _hurry, false);
                await BringAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever disposes of the outbox has drained it, or has lost patience.
        }
    }

    private async Task BringAsync()
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(50);
        string told = "";
        while (true)
        {
            ResultCard[] group;
            lock (_gate)
                group = [.. _waiting.Take(4 * Group)];
            if (group.Length == 0)
                return;
            try
            {
                ResultsReceipt receipt = await _meter.Call("league", "report", () => _league.Report(group, durable: true)).ConfigureAwait(false);
                foreach (string problem in receipt.Problems)
                    _log($"a result does not fit the league and was thrown away: {problem}");
                lock (_gate)
                {
                    for (int i = 0; i < group.Length; i++)
                        _waiting.Dequeue();
                }
                pause = TimeSpan.FromMilliseconds(50);
            }
            // A call that was cancelled on its way, as by a silo that goes, is one more that failed; only this end's own end is none.
            catch (Exception e) when (e is not OperationCanceledException || !_stop.IsCancellationRequested)
            {
                if (e.Message != told)
                    _log($"{group.Length} result(s) could not be brought to the league and will be brought again: {e.Message}");
                told = e.Message;
                await Task.Delay(pause, _stop.Token).ConfigureAwait(false);
                pause = pause * 2 < Longest ? pause * 2 : Longest;
            }
        }
    }
}
