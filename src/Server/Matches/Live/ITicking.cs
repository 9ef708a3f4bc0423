namespace SelfPlayArena.Server.Matches.Live;

/// <summary>Something that happens 15 times a second, by one thread at a time.</summary>
internal interface ITicking
{
    /// <summary>Does what is due; false when it is over and never due again.</summary>
    bool Tick();

    /// <summary><see cref="Tick"/> has thrown and is not called again.</summary>
    void Fail(Exception why);
}
