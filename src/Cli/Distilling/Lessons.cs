using SelfPlayArena.Core;
using SelfPlayArena.Learning.Distillation;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Distillation;

namespace SelfPlayArena.Cli.Distilling;

/// <summary>Finds teachers by their player specs, each with the game that it was trained on.</summary>
internal sealed class Lessons(RunCatalog runs)
{
    /// <summary>The teachers and, of the first, the network. All see and do the same things under the same rules.</summary>
    /// <exception cref="UserError">A spec names no policy, or two teachers do not play one game; names both.</exception>
    /// <exception cref="InvalidDataException">A bundle is damaged or does not fit the present game.</exception>
    public IReadOnlyList<Lesson> Of(IReadOnlyList<string> specs)
    {
        var lessons = new List<Lesson>();
        foreach (string text in specs)
        {
            PlayerSpec player = PlayerSpec.Parse(text);
            if (player.Origin == PlayerOrigin.Scripted)
                throw new UserError($"teacher '{text}' is scripted and has no probabilities to learn from; allowed: file:PATH, run:NAME@7. Policies learn from scripted players by 'arena clone'");
            lessons.Add(Lesson(player));
        }
        foreach (Lesson lesson in lessons.Skip(1))
        {
            (EnvironmentSpec one, EnvironmentSpec other) = (lessons[0].Game.Spec, lesson.Game.Spec);
            if (one.Name != other.Name || one.ContentHash != other.ContentHash || one.Hash != other.Hash)
                throw new UserError($"teacher {lessons[0].Teacher.Name} plays {Game(one)}, teacher {lesson.Teacher.Name} plays {Game(other)}; a student learns one game");
        }
        return lessons;
    }

    private static string Game(EnvironmentSpec spec) => $"{spec.Name} (content {spec.ContentHash}, {spec.ObservationBytes} bytes seen, {spec.Heads.Count} heads of {spec.OptionCount} options)";

    private Lesson Lesson(PlayerSpec player)
    {
        var loader = new PlayerLoader(runs);
        PolicyBundle bundle = loader.Bundle(player);
        IEnvironmentFactory game = loader.SettingsOf(player) is { } settings
            ? Environments.Create(settings)
            : Environments.Create(bundle.Card.Played ?? Environments.RecipeOf(bundle.Spec));
        return new Lesson(new Teacher(player.Text, bundle.AdaptTo(game.Spec).Plan, bundle.AdaptTo(game.Spec).Weights), game);
    }
}
