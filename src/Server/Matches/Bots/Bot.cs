using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Matches.Saving;

namespace SelfPlayArena.Server.Matches.Bots;

/// <summary>Somebody who plays a hero without a person: a player with hands. Belongs to one seat of one match.</summary>
internal sealed class Bot
{
    /// <summary>In place of a scripted player's index.</summary>
    private const int Policy = -1, Random = -2;

    private readonly int _scripted;
    private Rng _rng;

    /// <param name="player">Who decides.</param>
    /// <param name="seed">Of its choices.</param>
    public Bot(Contestant player, Difficulty difficulty, EnvironmentSpec spec, ulong seed)
    {
        Player = player;
        Difficulty = difficulty;
        Hands = new BotHands(difficulty);
        _rng = new Rng(seed);
        Network = player.Policy?.Network;
        Recurrent = new float[Network?.Plan.RecurrentSize ?? 0];
        _scripted = Network is not null ? Policy : player.Scripted == RandomPlayer.Name ? Random : ((IList<string>)[.. spec.ScriptedPlayers]).IndexOf(player.Scripted!);
    }

    public Contestant Player { get; }

    public Difficulty Difficulty { get; }

    public BotHands Hands { get; }

    /// <summary>Null for scripted players.</summary>
    public PolicyNetwork? Network { get; }

    /// <summary>The network's memory.</summary>
    public float[] Recurrent { get; }

    public ref Rng Rng => ref _rng;

    /// <summary>Whether it decides by what is observed rather than by script.</summary>
    public bool Observes => _scripted < 0;

    /// <summary>Decides where no network is needed.</summary>
    /// <param name="mask">The agent's mask, for those who observe.</param>
    /// <param name="heads">[heads] of the action.</param>
    public void Decide(IBatchEnvironment environment, int agent, ReadOnlySpan<byte> mask, Span<short> heads)
    {
        if (_scripted == Random)
            RandomPlayer.Act(environment.Spec, mask, heads, ref _rng);
        else
            environment.ActScripted(0, agent, _scripted, heads, ref _rng);
    }

    public SavedBot Save() => new(WordsOf(_rng), [.. Recurrent], Hands.Save());

    /// <summary>Goes on where another bot of the same player was.</summary>
    /// <exception cref="InvalidDataException">What was saved is not of such a bot.</exception>
    public void Load(SavedBot saved)
    {
        if (saved.Recurrent.Count != Recurrent.Length)
            throw new InvalidDataException($"a bot's memory is saved with {saved.Recurrent.Count} numbers; {Player.Label} has {Recurrent.Length}");
        Rng rng = FromWords(saved.Rng);
        Hands.Load(saved.Hands);
        for (int i = 0; i < Recurrent.Length; i++)
            Recurrent[i] = saved.Recurrent[i];
        _rng = rng;
    }

    /// <summary>A generator's four words, as they are kept.</summary>
    public static IReadOnlyList<ulong> WordsOf(Rng rng) => [rng.State.A, rng.State.B, rng.State.C, rng.State.D];

    /// <exception cref="InvalidDataException">Not four words.</exception>
    public static Rng FromWords(IReadOnlyList<ulong> words)
        => words.Count == 4 ? Rng.FromState((words[0], words[1], words[2], words[3])) : throw new InvalidDataException($"a generator is saved with {words.Count} words; it has 4");
}
