using System.Globalization;
using System.Runtime.InteropServices;
using SelfPlayArena.Core;

namespace SelfPlayArena.Moba;

/// <summary>What a computation of the signature played and found.</summary>
/// <param name="Hash">Over all states, observations, masks and rewards on the way.</param>
/// <param name="Decisions">Match-decisions played.</param>
/// <param name="HeroSteps">Heroes' decisions played.</param>
/// <param name="Kills">Heroes killed.</param>
/// <param name="Towers">Structures destroyed.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MobaSignature(ulong Hash, long Decisions, long HeroSteps, int Kills, int Towers)
{
    private const int LookEvery = 16;

    /// <summary>
    /// One number that pins the whole engine: fixed seeds, both modes, random and scripted players. Any change of rules, content, senses or
    /// rewards changes it; no change of machine may.
    /// </summary>
    public static MobaSignature Compute()
    {
        var total = new MobaSignature(StableHash.Start, 0, 0, 0, 0);
        (string Mode, string Rules, bool HomeEasy, bool AwayEasy, int Decisions)[] programme =
        [
            ("1v1", "quick", false, false, 700),
            ("1v1", "quick", true, false, 2700),
            ("5v5", "quick", false, false, 700),
            ("5v5", "quick", true, true, 2700),
            ("5v5", "full", true, false, 700),
        ];
        for (int i = 0; i < programme.Length; i++)
        {
            var (mode, rules, homeEasy, awayEasy, decisions) = programme[i];
            total = Play(total, new MobaOptions { Mode = mode, Rules = rules }, (ulong)(1000 + i), homeEasy, awayEasy, decisions);
        }
        return total with { Hash = StableHash.Finish(total.Hash) };
    }

    /// <summary>The hash in hexadecimal, then the counts.</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Hash:x16} decisions={Decisions} hero_steps={HeroSteps} kills={Kills} towers={Towers}");

    private static MobaSignature Play(MobaSignature total, MobaOptions options, ulong seed, bool homeEasy, bool awayEasy, int decisions)
    {
        var environment = new MobaEnvironment(options, 1);
        EnvironmentSpec spec = environment.Spec;
        int agents = spec.Agents;
        byte[] observations = new byte[agents * spec.ObservationBytes];
        byte[] masks = new byte[agents * spec.MaskBytes];
        byte[] full = new byte[spec.Teams * spec.FullStateBytes];
        short[] actions = new short[agents * spec.Heads.Count];
        float[] rewards = new float[agents * spec.Rewards.Count];
        var status = new MatchStatus[1];
        var rng = new Rng(Seeds.Derive(seed, "signature"));
        environment.Reset(0, seed);
        ulong hash = total.Hash;
        int played = 0;
        while (played < decisions && status[0] == MatchStatus.Running)
        {
            environment.Observe(0, observations, masks, full);
            for (int a = 0; a < agents; a++)
            {
                Span<short> action = actions.AsSpan(a * spec.Heads.Count, spec.Heads.Count);
                if (a < spec.AgentsPerTeam ? homeEasy : awayEasy)
                    environment.ActScripted(0, a, 0, action, ref rng);
                else
                    RandomPlayer.Act(spec, masks.AsSpan(a * spec.MaskBytes, spec.MaskBytes), action, ref rng);
            }
            environment.Step(actions, rewards, status);
            hash = StableHash.Append(hash, MemoryMarshal.AsBytes<float>(rewards));
            if (++played % LookEvery == 0)
            {
                hash = StableHash.Append(hash, observations);
                hash = StableHash.Append(hash, masks);
                hash = StableHash.Append(hash, full);
                ulong state = environment.StateHash(0);
                hash = StableHash.Append(hash, MemoryMarshal.AsBytes(new Span<ulong>(ref state)));
            }
        }
        return new MobaSignature(hash, total.Decisions + played, total.HeroSteps + played * agents,
            total.Kills + KillsOf(in environment.State(0)), total.Towers + TowersOf(in environment.State(0)));
    }

    private static unsafe int KillsOf(in WorldState s)
    {
        int kills = 0;
        for (int h = 0; h < UnitIndex.Heroes; h++)
            kills += s.Kills[h];
        return kills;
    }

    private static unsafe int TowersOf(in WorldState s) => s.StructuresLost[0] + s.StructuresLost[1];
}
