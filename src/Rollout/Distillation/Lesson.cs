using SelfPlayArena.Learning.Distillation;

namespace SelfPlayArena.Rollout.Distillation;

/// <summary>A teacher and the game it knows: the line-ups it was trained on.</summary>
public sealed record Lesson(Teacher Teacher, IEnvironmentFactory Game);
