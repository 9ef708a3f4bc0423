using SelfPlayArena.Server.Matches.Wire;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>A client of a broadcast: what it is shown and how far it has come. Guarded by the lock of what it watches.</summary>
internal sealed class Watcher(int view)
{
    public Outbox Outbox { get; } = new();

    /// <summary>0, 1 or <see cref="SightOf.Everything"/>.</summary>
    public int View { get; set; } = view;

    /// <summary>The hero of whom it is told more, -1 for none.</summary>
    public int Selected { get; set; } = -1;

    /// <summary>The seat whose token it came with; null for a spectator.</summary>
    public Seat? Seat { get; set; }

    /// <summary>Whether it came with the host's token.</summary>
    public bool Host { get; set; }

    /// <summary>Made when a hero is first selected in the present view.</summary>
    public OwnTable? Own { get; set; }

    /// <summary>Whether it has to be sent everything before changes mean anything to it.</summary>
    public bool NeedsFull { get; set; } = true;

    /// <summary>It does not read as fast as it is sent to: frames are left out until it has caught up.</summary>
    public bool Behind { get; set; }

    public int TicksBehind { get; set; }

    /// <summary>How often it fell behind.</summary>
    public int Falls { get; set; }

    /// <summary>The hero whose mind it was told last, and so knows how to read; -1 for none.</summary>
    public int Minded { get; set; } = -1;

    /// <summary>Whether it was told that the match is over, and how.</summary>
    public bool KnowsEnd { get; set; }

    /// <summary>Seconds of the curves that it has.</summary>
    public int Curves { get; set; }

    /// <summary>Why it is let go; null while it is not.</summary>
    public string? LetGo { get; private set; }

    /// <summary>Whether what it watches goes on, so that it does well to come again.</summary>
    public bool MayReturn { get; private set; }

    public void Dismiss(string why, bool mayReturn = false)
    {
        if (LetGo is null)
            (LetGo, MayReturn) = (why, mayReturn);
        Outbox.Close();
    }
}
