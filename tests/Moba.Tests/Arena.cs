using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests;

/// <summary>An environment with its buffers and a seeded random player, as the tests drive it.</summary>
internal sealed class Arena
{
    public Arena(string mode = "5v5", int matches = 1, ulong seed = 1)
        : this(new MobaOptions { Mode = mode }, matches, seed)
    {
    }

    public Arena(MobaOptions options, int matches, ulong seed)
    {
        Env = new MobaEnvironment(options, matches);
        Spec = Env.Spec;
        Agents = Spec.Agents;
        Observations = new byte[matches * Agents * Spec.ObservationBytes];
        Masks = new byte[matches * Agents * Spec.MaskBytes];
        Full = new byte[matches * Spec.Teams * Spec.FullStateBytes];
        Actions = new short[matches * Agents * Spec.Heads.Count];
        Rewards = new float[matches * Agents * Spec.Rewards.Count];
        Status = new MatchStatus[matches];
        Rngs = new Rng[matches];
        for (int m = 0; m < matches; m++)
        {
            Rngs[m] = new Rng(Seeds.Derive(seed, "test", (ulong)m));
            Env.Reset(m, seed + (ulong)m);
        }
    }

    public MobaEnvironment Env { get; }
    public EnvironmentSpec Spec { get; }
    public int Agents { get; }
    public byte[] Observations { get; }
    public byte[] Masks { get; }
    public byte[] Full { get; }
    public short[] Actions { get; }
    public float[] Rewards { get; }
    public MatchStatus[] Status { get; }
    public Rng[] Rngs { get; }

    public Span<byte> ObservationOf(int match, int agent) => Observations.AsSpan((match * Agents + agent) * Spec.ObservationBytes, Spec.ObservationBytes);

    public Span<byte> MaskOf(int match, int agent) => Masks.AsSpan((match * Agents + agent) * Spec.MaskBytes, Spec.MaskBytes);

    public Span<short> ActionsOf(int match) => Actions.AsSpan(match * Agents * Spec.Heads.Count, Agents * Spec.Heads.Count);

    public Span<short> ActionOf(int match, int agent) => Actions.AsSpan((match * Agents + agent) * Spec.Heads.Count, Spec.Heads.Count);

    public void Observe(int match)
    {
        int o = Observations.Length / Env.Matches;
        int k = Masks.Length / Env.Matches;
        int f = Full.Length / Env.Matches;
        Env.Observe(match, Observations.AsSpan(match * o, o), Masks.AsSpan(match * k, k), Full.AsSpan(match * f, f));
    }

    /// <summary>Observes all matches and lets the given teams play easy, the others at random.</summary>
    public void Choose(bool homeEasy = false, bool awayEasy = false)
    {
        for (int m = 0; m < Env.Matches; m++)
        {
            Observe(m);
            for (int a = 0; a < Agents; a++)
            {
                if (a < Spec.AgentsPerTeam ? homeEasy : awayEasy)
                    Env.ActScripted(m, a, 0, ActionOf(m, a), ref Rngs[m]);
                else
                    RandomPlayer.Act(Spec, MaskOf(m, a), ActionOf(m, a), ref Rngs[m]);
            }
        }
    }

    public void Step() => Env.Step(Actions, Rewards, Status);

    public void Play(int decisions, bool homeEasy = false, bool awayEasy = false)
    {
        for (int i = 0; i < decisions; i++)
        {
            Choose(homeEasy, awayEasy);
            Step();
        }
    }

    public int HeroOf(int agent) => agent < Spec.AgentsPerTeam ? agent : UnitIndex.HeroesPerTeam + agent - Spec.AgentsPerTeam;
}
