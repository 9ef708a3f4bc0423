using SelfPlayArena.Core;
using SelfPlayArena.Learning.Cloning;
using SelfPlayArena.Matching;
using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning.Tests;

[Collection("libtorch")]
public sealed class CloningTests
{
    private static NetworkPlan Plan { get; } = new(
        new NetworkSize("mini", Entity: 16, Queries: 2, Trunk: 32, Core: 32, Head: 16, Critic: 32).Describe(new MatchingEnvironment(1).Spec), new MatchingEnvironment(1).Spec);

    [Fact]
    public void TheLossIsTheMaskedCrossEntropyOfTheHeadsThatWereUsedAndItsGradientIsProbabilityMinusChoice()
    {
        using DisposeScope scope = NewDisposeScope();
        // Two steps. Head 0: logits 0, ln 3, 9 with the last forbidden: p = 1/4, 3/4. Head 1 is used in the first step only: p = 1/2, 1/2.
        float ln3 = MathF.Log(3);
        Tensor verb = tensor([0f, ln3, 9f, 0f, ln3, 9f]).reshape(2, 3).requires_grad_();
        Tensor target = tensor([1f, 1f, 5f, -5f]).reshape(2, 2).requires_grad_();
        HeadInputs first = new(tensor([1L, 0L]).reshape(2, 1), tensor([1f, 1f]), tensor([0f, 0f, -1e9f, 0f, 0f, -1e9f]).reshape(2, 3), null);
        HeadInputs second = new(tensor([0L, 0L]).reshape(2, 1), tensor([1f, 0f]), tensor([0f, 0f, -1e9f, -1e9f]).reshape(2, 2), null);
        var inputs = new SequenceInputs { Chunks = 1, Steps = 2, Agents = 1, Blocks = new Dictionary<string, BlockInputs>(), Heads = [first, second], InitialState = zeros([1, 0]) };
        Tensor loss = BehaviourCloner.Loss(new NetworkOutput([verb, target], null, []), inputs);
        PpoLossTests.Close([MathF.Log(4f / 3) + MathF.Log(4) + MathF.Log(2)], [loss.item<float>()]);
        loss.backward();
        PpoLossTests.Close([0.25f, -0.25f, 0f, -0.75f, 0.75f, 0f], FlatParameters.ToArray(verb.grad!.reshape(-1)));
        PpoLossTests.Close([-0.5f, 0.5f, 0f, 0f], FlatParameters.ToArray(target.grad!.reshape(-1)));
    }

    [Fact]
    public void ScoresCountOnlyDecisionsWithAChoice()
    {
        var scores = new HeadScores(["verb"]);
        float ln3 = MathF.Log(3);
        scores.Add(0, [0f, ln3, 9f], [1, 1, 0], 1);
        scores.Add(0, [0f, ln3, 9f], [1, 1, 0], 0);
        scores.Add(0, [0f, ln3, 9f], [0, 1, 0], 1);
        HeadScore verb = Assert.Single(scores.Result());
        Assert.Equal(("verb", 2L, 0.5, 0.5), (verb.Head, verb.Choices, verb.Accuracy, verb.ChanceAccuracy));
        Assert.Equal((Math.Log(4.0 / 3) + Math.Log(4)) / 2, verb.CrossEntropy, 6);
        Assert.Equal(Math.Log(2), verb.ChanceCrossEntropy, 6);
    }

    [Fact]
    public void AnActionTeachesOnlyWhatAPolicyCouldHaveChosen()
    {
        EnvironmentSpec spec = Plan.Spec;
        var shown = new ShownAction(spec);
        BlockSpec cards = spec.Observation.Single(b => b.Name == "card");
        byte[] observation = new byte[spec.ObservationBytes];
        (observation[cards.Offset], observation[cards.Offset + 1]) = (1, 1);
        byte[] mask = new byte[spec.MaskBytes];
        Array.Fill(mask, (byte)1);
        byte[] applied = new byte[spec.OptionCount];
        short[] choices = new short[3];
        int verbs = spec.Heads[0].Size, slots = spec.Heads[1].Size;

        // A pick of the second card: the answer is not used, absent cards are no options.
        shown.Write([1, 1, 2], observation, mask, applied, choices);
        Assert.Equal<short>([1, 1, -1], choices);
        Assert.Equal([.. Enumerable.Repeat((byte)1, verbs + 2), .. new byte[slots - 2 + 3]], applied);
        // A card that does not lie there: the verb still teaches.
        shown.Write([1, 2, -1], observation, mask, applied, choices);
        Assert.Equal<short>([1, -1, -1], choices);
        Assert.All(applied[verbs..], b => Assert.Equal(0, b));
        // A forbidden verb: nothing does.
        mask[1] = 0;
        shown.Write([1, 1, -1], observation, mask, applied, choices);
        Assert.Equal<short>([-1, -1, -1], choices);
        Assert.All(applied, b => Assert.Equal(0, b));
        Assert.Equal([1L, 1L, 0L], shown.Forbidden);
    }

    [Fact]
    public void APolicyThatSawThePerfectPlayerForetellsWhatItDoesInMatchesItHasNotSeen()
    {
        using var matches = new ScriptedMatches(() => new MatchingEnvironment(1), "perfect", seed: 3);
        CloningOptions options = CloningOptions.For(400 * 40) with { Epochs = 16, LearningRate = 5e-3f, Steps = 12 };
        CloningResult result = BehaviourCloning.Run(Plan, WeightInitializer.Create(Plan, 5, WeightInitializer.ImitatingPointers), matches, [.. Enumerable.Range(20, 400)], [.. Enumerable.Range(0, 20)], options, seed: 7, "cpu");
        Assert.False(result.Interrupted);
        string told = string.Join("; ", result.HeldOut!.Select(h => $"{h.Head} {h.Accuracy:0.00} of {h.Choices}, by chance {h.ChanceAccuracy:0.00}, cross-entropy {h.CrossEntropy:0.00}, by chance {h.ChanceCrossEntropy:0.00}"));
        // Which card is right hangs on what was shown at the first decision only.
        Assert.All(result.HeldOut!, head => Assert.True(head.Choices > 100 && head.Accuracy > 0.9 && head.CrossEntropy < head.ChanceCrossEntropy / 2, told));
    }

    [Fact]
    public void TheMemoryThatStretchesAreBegunWithIsThatOfThePolicyInPlay()
    {
        using var matches = new ScriptedMatches(() => new MatchingEnvironment(1), "perfect", seed: 3);
        Weights weights = RandomExperience.Weights(Plan, 9);
        using var cloner = new BehaviourCloner(Plan, weights, new CloningOptions { Steps = 3 }, "cpu");
        using var streams = new DemonstrationStreams(matches, [4], 1, new TrajectoryLayout(Plan.Spec, 3, Plan.RecurrentSize));
        var runner = new PolicyRunner(new PolicyNetwork(Plan, weights));
        int agents = Plan.Spec.AgentsPerTeam, bytes = Plan.Spec.ObservationBytes;
        float[][] states = [new float[agents * Plan.RecurrentSize], new float[agents * Plan.RecurrentSize]];
        var sequences = new List<ShownSequence>();
        int decisions = 0;
        for (; streams.Next(sequences); sequences.Clear())
        {
            foreach (ShownSequence s in sequences)
            {
                PpoLossTests.Close(states[s.Team], s.Stretch!.InitialState.ToArray(), 1e-4f);
                for (int t = 0; t < s.Stretch.Length; t++)
                    runner.Forward(agents, s.Stretch.Observations.Slice(t * agents * bytes, agents * bytes), states[s.Team]);
                decisions += s.Stretch.Length;
            }
            cloner.Measure(sequences, new HeadScores([.. Plan.Spec.Heads.Select(h => h.Name)]));
        }
        Assert.True(decisions > 12, $"{decisions} decisions");
    }

    [Fact]
    public void WhereTheStudentPlaysItselfItsTeacherStillSaysWhatIsRight()
    {
        using var matches = new ScriptedMatches(() => new MatchingEnvironment(1), "perfect", seed: 3, own: 1);
        int agents = Plan.Spec.Agents, heads = Plan.Spec.Heads.Count;
        Assert.Equal(1, Played(matches.BeginToLearn(4)));
        matches.Follow(new PolicyNetwork(Plan, WeightInitializer.Create(Plan, 1)));
        Assert.True(Played(matches.BeginToLearn(4)) < 0.6);
        Assert.Equal(1, Played(matches.Begin(4)));

        // Share of right actions in the match; what is shown is right in any case.
        double Played(IDemonstration match)
        {
            var rng = new Rng(1);
            bool going;
            do
            {
                ReadOnlySpan<short> shown = match.Decide();
                for (int a = 0; a < agents; a++)
                {
                    short[] right = new short[heads];
                    match.Environment.ActScripted(0, a, 0, right, ref rng);
                    Assert.Equal(right, shown.Slice(a * heads, heads).ToArray());
                }
                going = match.Play();
            }
            while (going);
            MatchOutcome outcome = match.Environment.Outcome(0);
            match.Dispose();
            return outcome.Scores.Sum() / (outcome.Decisions * (double)agents);
        }
    }

    [Fact]
    public void CancellingKeepsWhatWasLearntSoFar()
    {
        using var matches = new ScriptedMatches(() => new MatchingEnvironment(1), "perfect@1", seed: 3);
        using var stop = new CancellationTokenSource();
        Weights before = WeightInitializer.Create(Plan, 5);
        CloningResult result = BehaviourCloning.Run(
            Plan, before, matches, [.. Enumerable.Range(0, 50)], [50], new CloningOptions { Epochs = 1000 }, seed: 7, "cpu", _ => stop.Cancel(), stop.Token);
        Assert.True(result.Interrupted);
        Assert.True(result.Steps > 0);
        Assert.NotEqual(before["verb.out.weight"].ToArray(), result.Weights["verb.out.weight"].ToArray());
    }

    [Fact]
    public void AnUnknownTeacherIsRefusedWithThoseThereAre()
    {
        var refusal = Assert.Throws<ArgumentException>(() => new ScriptedMatches(() => new MatchingEnvironment(1), "prefect", seed: 1));
        Assert.Contains("it has: perfect@1", refusal.Message, StringComparison.Ordinal);
    }
}
