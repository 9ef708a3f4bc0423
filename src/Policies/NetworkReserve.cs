namespace SelfPlayArena.Policies;

/// <summary>
/// Memory for networks that are yet to come. A process that will hold a dozen frozen policies holds as many empty ones from the start and lets one
/// go for each that it reads, so that it is as large after minutes as after hours: the collector lets more garbage gather the more lives.
/// Not thread-safe.
/// </summary>
/// <param name="count">Networks to come.</param>
public sealed class NetworkReserve(int count)
{
    private readonly Stack<PolicyNetwork> _empty = new();
    private bool _claimed;

    /// <summary>Empty networks held now.</summary>
    public int Held => _empty.Count;

    /// <summary>Takes the memory, the first time it is asked to.</summary>
    /// <param name="plan">What the networks to come are like.</param>
    public void Claim(NetworkPlan plan)
    {
        if (_claimed)
            return;
        _claimed = true;
        var zeros = Weights.Zeros(plan);
        while (_empty.Count < count)
            _empty.Push(new PolicyNetwork(plan, zeros));
    }

    /// <summary>Lets one network's share go, for one that has come.</summary>
    public void Spend() => _ = _empty.TryPop(out _);
}
