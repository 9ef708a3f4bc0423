using System.Globalization;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Rollout.Distillation;

/// <summary>The student against itself, over and over: each host in the game of one teacher, whose number is its matchup's.</summary>
internal sealed class StudentMatches(int lessons, ulong seed) : IMatchDirector, IPolicySource
{
    private static readonly PlayerId Student = new(new MemberId("student"), PlayerId.Latest);
    private readonly object _gate = new();
    private readonly Dictionary<int, ulong> _begun = [];
    private volatile PolicyVersion? _latest;

    public Assignment? Next(int host)
    {
        ulong number;
        lock (_gate)
        {
            number = _begun.GetValueOrDefault(host);
            _begun[host] = number + 1;
        }
        ulong match = Seeds.Derive(seed, string.Create(CultureInfo.InvariantCulture, $"host {host}"), number);
        return new Assignment(
            new Matchup(host % lessons, Student, Student, int.MaxValue, seed), string.Create(CultureInfo.InvariantCulture, $"{host}#{number}"), (int)(number % 2), match);
    }

    public void Ended(int host, Assignment assignment)
    {
    }

    public void Report(int host, MatchResult result)
    {
    }

    public PolicyVersion Get(PlayerId player) => _latest ?? throw new InvalidOperationException("nothing was published yet");

    public void Publish(NetworkPlan plan, Weights weights, int version) => _latest = new PolicyVersion(new PolicyNetwork(plan, weights), version);
}
