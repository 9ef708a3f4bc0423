using SelfPlayArena.Core;
using SelfPlayArena.Learning.Cloning;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Rollout;

/// <summary>
/// The policy that a run starts from: new weights, those of a bundle, or a clone of a scripted player that is made on the spot. What is not
/// new lies in the run's folder as <see cref="RunFolder.Start"/> from then on.
/// </summary>
public static class WarmStart
{
    /// <summary>The setting's value for new weights.</summary>
    public const string None = "none";

    /// <summary>The setting's value for a student of teachers, see <see cref="Curricula.Curriculum"/>.</summary>
    public const string Teachers = "teachers";

    private const int HeldOut = 16;

    /// <summary>Makes a run's start bundle if the settings ask for one and it is not there yet.</summary>
    /// <param name="progress">Called while a player is cloned, on this thread.</param>
    /// <exception cref="ArgumentException">There is no such scripted player, or the file holds another network.</exception>
    /// <exception cref="BundleException">The file is no sound bundle of this environment.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing was written.</exception>
    public static void Prepare(RunFolder folder, RunSettings settings, IEnvironmentFactory factory, Action<CloningProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (settings.WarmStart == None || File.Exists(folder.Start))
            return;
        if (settings.WarmStart == Teachers)
            throw new ArgumentException($"warm_start: {Teachers}: the student is not there yet: {folder.Start} is missing. 'arena league' makes it, in one process; other ways to run start from its file, warm_start: PATH");
        var plan = new NetworkPlan(settings.NetworkSize().Describe(factory.Spec), factory.Spec);
        PolicyBundle bundle = settings.WarmStart.StartsWith(MemberId.ScriptedPrefix, StringComparison.Ordinal)
            ? Clone(settings.WarmStart[MemberId.ScriptedPrefix.Length..], plan, settings, factory, progress, cancellation)
            : Fitting(settings.WarmStart, plan);
        Directory.CreateDirectory(folder.Path);
        bundle.Save(folder.Start);
        folder.Keep(folder.Start);
    }

    /// <summary>The weights that a run starts from.</summary>
    /// <inheritdoc cref="Prepare" path="/exception"/>
    public static Weights Weights(RunFolder folder, RunSettings settings, IEnvironmentFactory factory, NetworkPlan plan)
    {
        Prepare(folder, settings, factory);
        return settings.WarmStart == None ? WeightInitializer.Create(plan, Seeds.Derive(settings.Seed, "weights")) : Fitting(folder.Start, plan).Weights;
    }

    /// <summary>A bundle whose network is the run's.</summary>
    private static PolicyBundle Fitting(string file, NetworkPlan plan)
    {
        PolicyBundle bundle = PolicyBundle.Load(file).AdaptTo(plan.Spec);
        return bundle.Description.IsSameAs(plan.Description)
            ? bundle
            : throw new ArgumentException(
                $"warm_start: {file} holds the network '{bundle.Description.Name}' ({bundle.Plan.ParameterCount} weights), the run's is '{plan.Description.Name}' ({plan.ParameterCount} weights) with other layers; choose the same network, core and privileged_critic");
    }

    private static PolicyBundle Clone(string player, NetworkPlan plan, RunSettings settings, IEnvironmentFactory factory, Action<CloningProgress>? progress, CancellationToken cancellation)
    {
        using var matches = new ScriptedMatches(factory.CreateToLearnFrom, player, Seeds.Derive(settings.Seed, "warm start"), settings.WarmStartOwn);
        // Matches cost little to play, so each is learnt from once.
        var options = new CloningOptions
        {
            Epochs = 1,
            Minutes = settings.WarmStartMinutes > 0 ? settings.WarmStartMinutes : null,
            Threads = Math.Max(1, settings.LearnerThreads),
        };
        CloningResult result = BehaviourCloning.Run(
            plan, WeightInitializer.Create(plan, Seeds.Derive(settings.Seed, "weights"), WeightInitializer.ImitatingPointers), matches,
            [.. Enumerable.Range(HeldOut, settings.WarmStartMatches)], [.. Enumerable.Range(0, HeldOut)],
            options, settings.Seed, settings.Device, progress, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return new PolicyBundle(plan, result.Weights, new PolicyCard
        {
            Member = "clone",
            TrainedSteps = result.Steps,
            TrainedOn = $"{plan.Spec.Name}, behaviour cloning of scripted:{player} in {result.Matches} matches",
            Created = TimeProvider.System.GetUtcNow(),
        });
    }
}
