using System.CommandLine;
using SelfPlayArena.Cli.Distilling;
using SelfPlayArena.Learning.Distillation;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Curricula;
using SelfPlayArena.Rollout.Distillation;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Cli.Verbs;

/// <summary>The stages that come before a league that starts from a student of teachers.</summary>
internal sealed partial class LeagueVerb
{
    private static readonly TimeSpan PlainPause = TimeSpan.FromSeconds(10);

    /// <summary>The curriculum that settings ask for, checked to its last stage; null for none.</summary>
    /// <exception cref="UserError">One that cannot be.</exception>
    private static Curriculum? CurriculumOf(RunFolder folder, RunSettings settings)
    {
        try
        {
            if (!Curriculum.IsAskedBy(settings))
                return null;
            var curriculum = new Curriculum(folder, settings, Environments.Create);
            foreach (TeacherStage teacher in curriculum.Teachers)
                SelfPlayRun.LearnerOptions(teacher.Settings, Environments.Create(teacher.Settings).Spec);
            SelfPlayRun.LearnerOptions(settings, Environments.Create(settings).Spec);
            return curriculum;
        }
        catch (ArgumentException e)
        {
            throw new UserError(e.Message, e);
        }
    }

    /// <summary>Trains the teachers and distils them, from wherever that was left. False if it was stopped before the student was there.</summary>
    private bool Lead(Curriculum curriculum, ParseResult parsed, RunSettings settings, string preset, long began, Interrupts interrupts)
    {
        int teachers = curriculum.Teachers.Count;
        foreach (TeacherStage teacher in curriculum.Teachers.Where(t => !t.IsDone))
        {
            string stage = $"stage 1 of 3: teacher {Numbers.Text(teacher.Number)} of {Numbers.Text(teachers)}";
            Say(parsed, stage);
            if (MinutesLeft(parsed, began) is <= 0)
                return Stopped(parsed, stage);
            Train(parsed, teacher.IsBegun, teacher.Folder, teacher.Settings, $"{preset}, {teacher.Name}", new RunLimits(MinutesLeft(parsed, began), teacher.Steps), interrupts, stage);
            if (interrupts.Requested || !teacher.IsDone)
                return Stopped(parsed, stage);
        }
        const string last = "stage 2 of 3: distilling";
        Say(parsed, last);
        if (MinutesLeft(parsed, began) is <= 0)
            return Stopped(parsed, last);
        StudentResult result = Distil(curriculum, parsed, began, last, interrupts);
        foreach (DistilledTeacher teacher in result.Teachers)
            Say(parsed, $"{teacher.Name}: the student's likeliest is the teacher's for {string.Join(", ", teacher.Heads.Where(h => h.Agreement > 0).Select(h => $"{h.Head} {Numbers.Percent(h.Agreement)}"))}");
        return curriculum.IsDone || Stopped(parsed, last);
    }

    private StudentResult Distil(Curriculum curriculum, ParseResult parsed, long began, string stage, Interrupts interrupts)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        bool json = parsed.GetValue(_json);
        bool live = !json && ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        long shown = 0;
        using var line = new StatusLine(Console.Error, !live || Console.IsErrorRedirected);
        return curriculum.Distil(capacity => new TrajectoryQueue(capacity), TimeProvider.System, MinutesLeft(parsed, began), Show, interrupts.Token);

        void Show(StudentProgress p)
        {
            if (json)
                output.WriteLine(JsonOutput.Line(new { Stage = stage, p.Seconds, p.Share, p.Steps, p.StepsPerSecond, p.Divergence, p.Teachers }));
            else if (live)
                DistillationView.Show(p, line);
            else if (shown == 0 || TimeProvider.System.GetElapsedTime(shown) > PlainPause)
            {
                shown = TimeProvider.System.GetTimestamp();
                output.WriteLine(DistillationView.Line(p));
            }
        }
    }

    private double? MinutesLeft(ParseResult parsed, long began)
        => parsed.GetValue(_minutes) is { } minutes ? minutes - TimeProvider.System.GetElapsedTime(began).TotalMinutes : null;

    private static bool Stopped(ParseResult parsed, string stage)
    {
        Say(parsed, $"stopped in {stage}; everything is saved, and 'arena league --resume' goes on there");
        return false;
    }

    /// <summary>Stages are told beside the output, which may be JSON.</summary>
    private static void Say(ParseResult parsed, string text) => parsed.InvocationConfiguration.Error.WriteLine($"arena: {text}");
}
