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

    private const string Random = "random";

    /// <summary>
    /// What is played: all modes, rule sets and scripted players, with shopping and macro commands left to the players, with slow hands, and
    /// with a draft. Home and away name scripted players, or say random.
    /// </summary>
    internal static IReadOnlyList<(MobaOptions Options, string Home, string Away, int Decisions)> Programme { get; } =
    [
        (new MobaOptions { Mode = "1v1", Rules = "quick" }, Random, Random, 600),
        (new MobaOptions { Mode = "1v1", Rules = "quick", Shopping = MobaOptions.Policy, Macro = MobaOptions.Policy }, MobaSpec.Easy, Random, 1600),
        (new MobaOptions { Mode = "3v3", Rules = "quick" }, ScriptedPlayers.Hard, MobaSpec.Easy, 1000),
        (new MobaOptions { Mode = "3v3", Rules = "full", ReactionDelay = [2], ActionRate = [4] }, ScriptedPlayers.Medium, Random, 600),
        (new MobaOptions { Mode = "5v5", Rules = "quick", Shopping = MobaOptions.Policy, Macro = MobaOptions.Policy }, Random, Random, 600),
        (new MobaOptions { Mode = "5v5", Rules = "quick" }, ScriptedPlayers.Hard, ScriptedPlayers.Medium, 2000),
        (new MobaOptions { Mode = "5v5", Rules = "full", Draft = DraftOrder.Standard(5), Bans = 2 }, ScriptedPlayers.Micro, ScriptedPlayers.Hard, 1000),
    ];

    /// <summary>
    /// One number that pins the whole engine: fixed seeds, all modes and rule sets, random and scripted players. Any change of rules, content,
    /// senses, players or rewards changes it; no change of machine may.
    /// </summary>
    public static MobaSignature Compute()
    {
        var total = new MobaSignature(StableHash.Start, 0, 0, 0, 0);
        for (int i = 0; i < Programme.Count; i++)
        {
            var (options, home, away, decisions) = Programme[i];
            total = Play(total, options, (ulong)(1000 + i), home, away, decisions);
        }
        return total with { Hash = StableHash.Finish(total.Hash) };
    }

    /// <summary>The hash in hexadecimal, then the counts.</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Hash:x16} decisions={Decisions} hero_steps={HeroSteps} kills={Kills} towers={Towers}");

    private static MobaSignature Play(MobaSignature total, MobaOptions options, ulong seed, string home, string away, int decisions)
    {
        var environment = new MobaEnvironment(options, 1);
        EnvironmentSpec spec = environment.Spec;
        int homePlayer = spec.ScriptedPlayers.ToList().IndexOf(home);
        int awayPlayer = spec.ScriptedPlayers.ToList().IndexOf(away);
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
                int player = a < spec.AgentsPerTeam ? homePlayer : awayPlayer;
                if (player >= 0)
                    environment.ActScripted(0, a, player, action, ref rng);
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
