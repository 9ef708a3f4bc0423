using System.Runtime.ExceptionServices;
using System.Text.Json;
using SelfPlayArena.Cli.Serving;
using SelfPlayArena.Rollout;
using Spectre.Console;

namespace SelfPlayArena.Cli.Terminal;

/// <summary>Runs a league on a thread of its own and shows it, as a live picture, plain lines or JSON, until it ends.</summary>
internal sealed class LeagueScreen
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PlainPause = TimeSpan.FromSeconds(10);
    private readonly Action<Action<RunProgress>, CancellationToken> _run;
    private readonly RunFolder _folder;
    private readonly Interrupts _interrupts;
    private readonly LeagueFeed _feed;
    private readonly string _subtitle;
    private readonly ServedRun _served;
    private readonly string? _arena;
    private readonly string? _metrics;
    private readonly string? _stage;

    /// <param name="run">Runs until its token is cancelled or a limit is reached, and reports every update.</param>
    /// <param name="served">Told of every update.</param>
    /// <param name="arena">Where browsers find the arena, null for nowhere.</param>
    /// <param name="metrics">Where the metrics are served, null for nowhere.</param>
    /// <param name="stage">Which part of a greater whole it is; null for none.</param>
    public LeagueScreen(
        Action<Action<RunProgress>, CancellationToken> run, RunFolder folder, RunSettings settings, RunLimits limits, Interrupts interrupts, ServedRun served, string? arena, string? metrics,
        string? stage = null)
    {
        _run = run;
        _folder = folder;
        _interrupts = interrupts;
        _feed = new LeagueFeed(limits, TimeProvider.System);
        string threads = settings.Lockstep ? "lockstep" : $"{settings.Actors} × {settings.MatchesPerActor} matches, learning on {SelfPlayRun.LearnerThreads(settings)}";
        string played = settings.Environment == Environments.Moba ? $"{settings.Environment}/{settings.Mode} {settings.Rules}" : settings.Environment;
        _subtitle = $"{(stage is null ? "" : stage + " · ")}{played} · {settings.Network} · {threads} · seed {settings.Seed} · packages: {BuildInfo.Packages}";
        (_served, _arena, _metrics, _stage) = (served, arena, metrics, stage);
    }

    private string Title => _folder.Path;

    /// <summary>One line of JSON for each update.</summary>
    public void RunJson(TextWriter output, TextWriter error)
    {
        var notes = new Notes(error);
        Thread thread = Start(
            progress =>
            {
                output.WriteLine(JsonSerializer.Serialize(progress with { Stage = _stage }, RunFolder.Json));
                notes.Tell(progress);
            },
            out Func<Exception?> failure);
        thread.Join();
        Rethrow(failure());
    }

    /// <summary>A line every ten seconds, and one at the end.</summary>
    public void RunPlain(TextWriter output, TextWriter error)
    {
        var notes = new Notes(error);
        output.WriteLine($"{Title}: {_subtitle}{(_metrics is null ? "" : $" · {_metrics}")}");
        if (_arena is not null)
            output.WriteLine($"watch and play in a browser: {_arena}");
        Thread thread = Start(static _ => { }, out Func<Exception?> failure);
        long shown = -1;
        bool told = false;
        bool ended;
        DateTime next = DateTime.UtcNow;
        do
        {
            ended = thread.Join(Redraw);
            if (_interrupts.Requested && !told)
            {
                told = true;
                output.WriteLine("saving");
            }
            if (_feed.Last is { } last)
                notes.Tell(last);
            if (_feed.Last is { } now && now.Updates != shown && (ended || DateTime.UtcNow >= next))
            {
                shown = now.Updates;
                next = DateTime.UtcNow + PlainPause;
                output.WriteLine(PlainProgress.Line(now, _feed));
                output.Flush();
            }
        }
        while (!ended);
        Rethrow(failure());
    }

    /// <summary>The live picture. Its last state stays on the screen.</summary>
    public void RunLive()
    {
        var view = new LeagueView(Title, _subtitle, _arena, _metrics, _feed, () => _served.Paused);
        Thread thread = Start(static _ => { }, out Func<Exception?> failure);
        AnsiConsole.Live(view.Draw(stopping: false)).AutoClear(false).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom).Start(context =>
        {
            while (!thread.Join(Redraw))
                context.UpdateTarget(view.Draw(_interrupts.Requested));
            context.UpdateTarget(view.Draw(stopping: false));
        });
        Rethrow(failure());
    }

    /// <summary>What somebody should be told once, when it first shows.</summary>
    private sealed class Notes(TextWriter error)
    {
        private bool _recording, _precision;

        public void Tell(RunProgress progress)
        {
            if (!_precision && progress.PrecisionMeasured.Count > 0)
            {
                _precision = true;
                error.WriteLine($"arena: learning computes in {LeagueView.Precision(progress)}");
            }
            if (_recording || progress.RecordingFault is not { } fault)
                return;
            _recording = true;
            error.WriteLine($"arena: {fault}");
        }
    }

    private Thread Start(Action<RunProgress> progress, out Func<Exception?> failure)
    {
        Exception? thrown = null;
        var thread = new Thread(() =>
        {
            try
            {
                _run(
                    now =>
                    {
                        _feed.Add(now);
                        _served.Updated(now);
                        progress(now);
                    },
                    _interrupts.Token);
            }
            catch (Exception e)
            {
                thrown = e;
            }
        })
        { Name = "league" };
        thread.Start();
        failure = () => thrown;
        return thread;
    }

    private static void Rethrow(Exception? failure)
    {
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }
}
