using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Matching;

namespace SelfPlayArena.Core.Tests.Replays;

/// <summary>Matches played and recorded by the simplest host there can be.</summary>
internal static class Recorded
{
    public static EnvironmentRecipe MatchingRecipe { get; } = EnvironmentRecipe.Plain("matching");

    public static ReplayFolder Folder(string path, EnvironmentSpec spec, double share = 1, int keep = int.MaxValue)
        => new(path, EnvironmentRecipe.Plain(spec.Name), spec, share, keep);

    /// <summary>Offers one match for recording and plays it to its end.</summary>
    /// <param name="act">Fills the actions [agents, heads] of a decision.</param>
    /// <returns>Hashes of the states after 0, 1, 2, … decisions; whether the match was recorded.</returns>
    public static (List<ulong> States, bool Taken) Play(IMatchRecorder recorder, IBatchEnvironment environment, ulong seed, Action<int, short[]> act)
    {
        environment.Reset(0, seed);
        ReplayRecording? recording = recorder.Begin(environment, 0, new MatchToRecord(seed, $"match-{seed}", (long)seed, ["main@latest", "scripted:random"]));
        var states = new List<ulong> { environment.StateHash(0) };
        short[] actions = new short[environment.Spec.Agents * environment.Spec.Heads.Count];
        for (MatchStatus status = MatchStatus.Running; status == MatchStatus.Running;)
        {
            act(states.Count - 1, actions);
            status = environment.StepOnly(0, actions);
            recording?.Decided(environment, 0, actions);
            states.Add(environment.StateHash(0));
        }
        recording?.Ended(environment, 0);
        return (states, recording is not null);
    }

    /// <summary>Random legal choices in the matching task.</summary>
    public static Action<int, short[]> RandomChoices(MatchingEnvironment environment, ulong seed)
    {
        EnvironmentSpec spec = environment.Spec;
        var rng = new Rng(seed);
        byte[] observations = new byte[spec.Agents * spec.ObservationBytes], masks = new byte[spec.Agents * spec.MaskBytes];
        return (_, actions) =>
        {
            environment.Observe(0, observations, masks, default);
            for (int a = 0; a < spec.Agents; a++)
                RandomPlayer.Act(spec, masks.AsSpan(a * spec.MaskBytes, spec.MaskBytes), actions.AsSpan(a * spec.Heads.Count, spec.Heads.Count), ref rng);
        };
    }

    /// <summary>Any numbers, with long stretches in which nothing changes.</summary>
    public static Action<int, short[]> AnyNumbers(ulong seed)
    {
        var rng = new Rng(seed);
        return (decision, actions) =>
        {
            if (decision == 0)
                actions.AsSpan().Fill(-1);
            for (int change = decision % 7 == 3 ? rng.Next(20) : 0; change > 0; change--)
                actions[rng.Next(actions.Length)] = rng.Next(2) == 0 ? (short)rng.Next(65536) : (short)(rng.Next(40) - 1);
        };
    }

    /// <summary>Writes one match of the matching task, the only file in the folder.</summary>
    public static string MatchingFile(string folder, ulong seed, EnvironmentSpec? spec = null)
    {
        var environment = new MatchingEnvironment(1);
        using (var recorder = new ReplayFolder(folder, MatchingRecipe, spec ?? environment.Spec))
            Play(recorder, environment, seed, RandomChoices(environment, seed));
        return Assert.Single(Directory.GetFiles(folder));
    }
}
