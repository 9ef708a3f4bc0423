using SelfPlayArena.Core;
using SelfPlayArena.Learning.Distillation;
using SelfPlayArena.Matching;
using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning.Tests;

[Collection("libtorch")]
public sealed class DistillationTests
{
    private static EnvironmentSpec Spec { get; } = new MatchingEnvironment(1).Spec;

    private static NetworkPlan Plan { get; } = new(new NetworkSize("mini", Entity: 16, Queries: 2, Trunk: 32, Core: 32, Head: 16, Critic: 32).Describe(Spec), Spec);

    [Fact]
    public void TheLossIsTheMaskedDivergenceOfUsedHeadsAndTheSquaredErrorOfTheValuesInTheirUnits()
    {
        using DisposeScope scope = NewDisposeScope();
        // Two steps, the second one padding. Verb: teacher 1/4, 3/4, student 1/2, 1/2, third option forbidden. Target: used in no step that counts.
        float ln3 = MathF.Log(3);
        Tensor verb = tensor([0f, 0f, 9f, 5f, 1f, 0f]).reshape(2, 3).requires_grad_();
        Tensor target = tensor([1f, 2f, 3f, 4f]).reshape(2, 2).requires_grad_();
        Tensor values = tensor([1f, 4f, 7f, 7f]).reshape(2, 2).requires_grad_();
        HeadInputs first = new(tensor([1L, 0L]).reshape(2, 1), tensor([1f, 0f]), tensor([0f, 0f, -1e9f, 0f, 0f, -1e9f]).reshape(2, 3), null);
        HeadInputs second = new(tensor([0L, 0L]).reshape(2, 1), tensor([0f, 0f]), zeros([2, 2]), null);
        var inputs = new SequenceInputs { Chunks = 1, Steps = 2, Agents = 1, Blocks = new Dictionary<string, BlockInputs>(), Heads = [first, second], InitialState = zeros([1, 0]) };
        var teacher = new NetworkOutput([tensor([0f, ln3, -9f, 0f, 0f, 0f]).reshape(2, 3), zeros([2, 2])], tensor([3f, 3f, 0f, 0f]).reshape(2, 2), []);
        DistillationTerms terms = DistillationLoss.Of(new NetworkOutput([verb, target], values, []), teacher, inputs, tensor([1f, 0f]), tensor([2f, 0.5f]), 0.25f);

        float divergence = 0.25f * MathF.Log(0.5f) + 0.75f * MathF.Log(1.5f);
        PpoLossTests.Close([divergence, 0f], [terms.Divergences[0].item<float>(), terms.Divergences[1].item<float>()]);
        // ((1 - 3) / 2)² + ((4 - 3) / 0.5)² = 5, halved.
        PpoLossTests.Close([2.5f, divergence + 0.25f * 2.5f], [terms.Values!.item<float>(), terms.Total.item<float>()]);
        terms.Total.backward();
        // Student's probability minus teacher's; (v - v') / unit², weighted.
        PpoLossTests.Close([0.25f, -0.25f, 0f, 0f, 0f, 0f], FlatParameters.ToArray(verb.grad!.reshape(-1)));
        PpoLossTests.Close([0f, 0f, 0f, 0f], FlatParameters.ToArray(target.grad!.reshape(-1)));
        PpoLossTests.Close([0.25f * -0.5f, 0.25f * 4f, 0f, 0f], FlatParameters.ToArray(values.grad!.reshape(-1)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ATeacherJudgesWithTheMemoryThatItWouldHaveHadInPlay(bool ofAnotherShape)
    {
        // Stretches of three decisions, so that what it remembers is carried over several times; the student's memory is another.
        NetworkPlan plan = ofAnotherShape ? new NetworkPlan((new NetworkSize("other", 8, 1, 16, 24, 8, 16) { Cell = CoreCell.Lstm }).Describe(Spec), Spec) : Plan;
        Weights weights = RandomExperience.Weights(plan, 9), student = RandomExperience.Weights(Plan, 4);
        using var watching = new TeacherNetwork(new Teacher("teacher", plan, weights), Plan, torch.device("cpu"));
        var play = new SelfPlay(new MatchingEnvironment(3), Plan.RecurrentSize, steps: 3, seed: 2);
        var actor = new PolicyRunner(new PolicyNetwork(Plan, student));
        var runner = new PolicyRunner(new PolicyNetwork(plan, weights));
        var memory = new Dictionary<(string, int), float[]>();
        int agents = Spec.AgentsPerTeam, carried = 0;
        for (int round = 0; round < 12; round++)
        {
            foreach (TrajectoryChunk chunk in play.Collect(actor, 0, 60))
            {
                using DisposeScope scope = NewDisposeScope();
                var batch = new OneChunk(chunk);
                var decoders = new Decoders(Plan);
                SequenceInputs inputs = SequenceInputs.DecodeInputs(Plan, decoders, batch, [0], new Placement(torch.device("cpu"), ScalarType.Float32, ScalarType.Float32), fullState: true);
                float[] logits = FlatParameters.ToArray(watching.Watch(batch, [0], inputs).Logits[0].contiguous());
                if (!memory.TryGetValue((chunk.MatchId, chunk.Team), out float[]? state))
                    memory.Add((chunk.MatchId, chunk.Team), state = new float[agents * plan.RecurrentSize]);
                carried += chunk.FirstDecision > 0 ? 1 : 0;
                for (int t = 0; t < chunk.Length; t++)
                {
                    runner.Forward(agents, chunk.Observations.Slice(t * agents * Spec.ObservationBytes, agents * Spec.ObservationBytes), state);
                    float[] played = new float[agents * Spec.Heads[0].Size];
                    runner.HeadLogits(0, chunk.Actions.Slice(t * agents * Spec.Heads.Count, agents * Spec.Heads.Count), played);
                    PpoLossTests.Close(played, logits.AsSpan(t * played.Length, played.Length).ToArray(), 1e-4f);
                }
                if (chunk.Terminated)
                    memory.Remove((chunk.MatchId, chunk.Team));
                chunk.Dispose();
            }
        }
        Assert.True(carried > 30, $"{carried} stretches after the first");
        Assert.True(watching.Remembered <= 6, $"remembers {watching.Remembered} teams of 3 matches");
    }

    [Fact]
    public void ATeacherOfAnotherGameIsRefusedWithBothNamed()
    {
        EnvironmentSpec other = EnvironmentSpec.FromJson(Spec.ToJson().Replace("\"Name\": \"matching\"", "\"Name\": \"other\"", StringComparison.Ordinal)).Validated();
        var plan = new NetworkPlan(Plan.Description, other);
        var teacher = new Teacher("run:a@7", plan, WeightInitializer.Create(plan, 1));
        var refusal = Assert.Throws<ArgumentException>(() => new PolicyDistiller(Plan, WeightInitializer.Create(Plan, 1), [teacher], new DistillationOptions(), "cpu"));
        Assert.Contains("run:a@7 plays other", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("the student matching", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStateGoesOnAsIfNothingHadHappened()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("arena-distil-").FullName, "student.state");
        try
        {
            Teacher[] teachers = [new("one", Plan, RandomExperience.Weights(Plan, 9))];
            using var first = new PolicyDistiller(Plan, WeightInitializer.Create(Plan, 1), teachers, new DistillationOptions(), "cpu");
            Learn(first, 3);
            first.Save(path, new Dictionary<string, string> { ["who"] = "me" });
            Assert.Equal("me", PolicyDistiller.Read(path).Companions["who"]);
            using var second = new PolicyDistiller(Plan, WeightInitializer.Create(Plan, 2), teachers, new DistillationOptions(), "cpu");
            second.Load(path);
            Assert.Equal((first.Version, first.TrainedSteps, first.Teachers[0].Steps), (second.Version, second.TrainedSteps, second.Teachers[0].Steps));
            Learn(first, 4);
            Learn(second, 4);
            Assert.Equal(first.Export()["verb.out.weight"], second.Export()["verb.out.weight"]);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }

        static void Learn(PolicyDistiller distiller, ulong seed)
        {
            var play = new SelfPlay(new MatchingEnvironment(4), Plan.RecurrentSize, 16, seed);
            foreach (TrajectoryChunk chunk in play.Collect(new PolicyRunner(new PolicyNetwork(Plan, RandomExperience.Weights(Plan, 3))), 0, 200))
                distiller.Learn([chunk], _ => 0, 0);
        }
    }

    private sealed class OneChunk(TrajectoryChunk chunk) : IWeightedChunks
    {
        private readonly float[] _ones = Enumerable.Repeat(1f, chunk.Layout.Steps * chunk.Layout.Agents).ToArray();

        public IReadOnlyList<TrajectoryChunk> Chunks => [chunk];

        public ReadOnlySpan<float> Weights(int chunk) => _ones;
    }
}
