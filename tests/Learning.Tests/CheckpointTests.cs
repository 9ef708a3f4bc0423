using SelfPlayArena.Core;
using SelfPlayArena.Matching;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Learning.Tests;

[Collection("libtorch")]
public sealed class CheckpointTests : IDisposable
{
    private static readonly EnvironmentSpec Spec = new MatchingEnvironment(1).Spec;
    private static readonly NetworkPlan Plan = new(new NetworkSize("test", 8, 2, 16, 12, 8, 8).Describe(Spec), Spec);
    private static readonly PpoOptions Options = new() { Epochs = 2, ScheduleSteps = 2000, FinalLearningRate = 0 };
    private readonly string _folder = Directory.CreateTempSubdirectory("learner").FullName;

    [Fact]
    public void N_updates_and_a_resume_and_N_more_give_the_bits_of_2N_updates()
    {
        using PpoLearner straight = New();
        Updates(straight, 0, 6);

        string path = Path.Combine(_folder, "a.safetensors");
        using (PpoLearner first = New())
        {
            Updates(first, 0, 3);
            first.Save(path);
        }
        using PpoLearner second = new(Plan, WeightInitializer.Create(Plan, 99), Options, 98, "cpu");
        second.Load(path);
        Updates(second, 3, 6);

        Assert.Equal(Flat(straight), Flat(second));
        Assert.Equal((straight.Version, straight.TrainedSteps), (second.Version, second.TrainedSteps));
        string a = Path.Combine(_folder, "b.safetensors"), b = Path.Combine(_folder, "c.safetensors");
        straight.Save(a);
        second.Save(b);
        Assert.Equal(File.ReadAllBytes(a), File.ReadAllBytes(b));
    }

    [Fact]
    public void A_truncated_or_foreign_checkpoint_is_refused_by_name_and_changes_nothing()
    {
        string path = Path.Combine(_folder, "a.safetensors");
        using PpoLearner learner = New();
        learner.Save(path);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        Assert.Contains(path, Assert.Throws<BundleException>(() => learner.Load(path)).Message);

        var other = new NetworkPlan(new NetworkSize("wider", 8, 2, 16, 16, 8, 8).Describe(Spec), Spec);
        using var stranger = new PpoLearner(other, WeightInitializer.Create(other, 1), Options, 1, "cpu");
        stranger.Save(path);
        float[] before = Flat(learner);
        Assert.Contains("test", Assert.Throws<BundleException>(() => learner.Load(path)).Message);
        Assert.Equal(before, Flat(learner));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static PpoLearner New() => new(Plan, WeightInitializer.Create(Plan, 7), Options, 7, "cpu");

    private static void Updates(PpoLearner learner, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            TrajectoryChunk[] chunks = [.. Enumerable.Range(0, 12).Select(c => RandomExperience.Chunk(Spec, Plan.RecurrentSize, 8, 1 + (c + i) % 8, (ulong)(i * 100 + c)))];
            foreach (TrajectoryChunk c in chunks)
                c.Versions.Fill(learner.Version);
            Assert.Null(learner.Update(chunks).Fault);
            foreach (TrajectoryChunk c in chunks)
                c.Dispose();
        }
    }

    private static float[] Flat(PpoLearner learner) => [.. Plan.Parameters.SelectMany(p => learner.Export()[p.Name])];
}
