using System.Numerics;
using SelfPlayArena.Core;
using SelfPlayArena.Moba;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Matches.Saving;
using SelfPlayArena.Server.Matches.Wire;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>The draft: people within their time, bots and those who let it pass as the scripted drafter chooses.</summary>
internal sealed partial class LiveMatch
{
    private const int TurnTicks = 25 * RulesDefinition.TicksPerSecond;

    /// <summary>Bots take a moment, so that people can follow.</summary>
    private const int BotTicks = RulesDefinition.TicksPerSecond;

    private DraftState _draft;
    private Rng _draftRng;
    private int _turnLeft, _returning;

    private void BeginDraft()
    {
        Stage = Stage.Draft;
        DraftOrder order = DraftOrder.Parse(Draft, World.HeroesPerTeam, Bans);
        _draftRng = new Rng(Seeds.Derive(Seed, "draft"));
        _draft = new DraftState(order, World.Content.Heroes.Length, _draftRng.Next(UnitIndex.Teams));
        BeginTurn();
    }

    private void BeginTurn()
    {
        _turnLeft = Drafter() is { } drafter && (drafter.IsPlayed || (_returning > 0 && drafter is { ForPerson: true, Token: not null })) ? TurnTicks : BotTicks;
        byte[] frame = DraftFrame();
        foreach (Watcher watcher in _waiting)
            watcher.Outbox.TryPut(frame);
        Keep();
    }

    private SavedDraft SaveDraft() => new(_draft.First, [.. Enumerable.Range(0, _draft.Turn).Select(t => _draft.TakenAt(t))], Bot.WordsOf(_draftRng));

    /// <summary>Goes on with a draft of another process. People have a turn's time to come back, as if they were there.</summary>
    private void ResumeDraft(SavedDraft saved)
    {
        _draftRng = Bot.FromWords(saved.Rng);
        _draft = new DraftState(DraftOrder.Parse(Draft, World.HeroesPerTeam, Bans), World.Content.Heroes.Length, saved.First);
        foreach (int hero in saved.Taken)
            _draft = _draft.Apply(hero);
        if (_draft.IsOver)
            throw new InvalidDataException("its draft is over and its match did not begin");
        Stage = Stage.Draft;
        _returning = TurnTicks;
        BeginTurn();
    }

    private void TickDraft()
    {
        TellLobby();
        _returning--;
        if (--_turnLeft > 0)
            return;
        Draws(RoleDrafter.Choose(World.Content, in _draft, ref _draftRng));
    }

    /// <summary>Picks or bans for a seat; null if it is taken, else why not.</summary>
    private string? Pick(Seat? seat, bool ban, int hero)
    {
        if (Stage != Stage.Draft)
            return "there is no draft under way";
        if (seat is null || !ReferenceEquals(seat, Drafter()))
            return "it is another's turn";
        if (_draft.IsBan != ban)
            return ban ? "this turn is a pick" : "this turn is a ban";
        if (!_draft.IsLegal(hero))
            return "that hero is taken, or there is none";
        Draws(hero);
        return null;
    }

    private void Draws(int hero)
    {
        _draft = _draft.Apply(hero);
        if (!_draft.IsOver)
        {
            BeginTurn();
            return;
        }
        byte[] lineups = new byte[UnitIndex.Heroes];
        _draft.LineUps(lineups);
        BeginMatch(lineups);
    }

    /// <summary>Whose turn it is: the k-th pick is the k-th seat's; bans are made by the first person who is there.</summary>
    private Seat? Drafter()
    {
        int team = _draft.Team;
        if (_draft.IsBan)
            return Array.Find(_seats, s => s.Team == team && s.IsPlayed) ?? Array.Find(_seats, s => s.Team == team);
        int picked = 0;
        for (int turn = 0; turn < _draft.Turn; turn++)
            picked += _draft.IsPickOf(team, turn) ? 1 : 0;
        return Array.Find(_seats, s => s.Team == team && s.Slot == picked);
    }

    private byte[] DraftFrame()
    {
        List<int>[] picks = [[], []], bans = [[], []];
        for (int turn = 0; turn < _draft.Turn; turn++)
        {
            bool ban = !_draft.IsPickOf(0, turn) && !_draft.IsPickOf(1, turn);
            int team = ban ? _draft.First ^ (turn % 2) : _draft.IsPickOf(0, turn) ? 0 : 1;
            (ban ? bans : picks)[team].Add(_draft.TakenAt(turn));
        }
        List<int> legal = [];
        for (uint left = _draft.Legal; left != 0; left &= left - 1)
            legal.Add(BitOperations.TrailingZeroCount(left));
        (string, object?)[] content =
        [
            ("team", _draft.Team), ("slot", Drafter()?.Slot ?? -1), ("ban", !_draft.IsOver && _draft.IsBan), ("seconds", _turnLeft / RulesDefinition.TicksPerSecond),
            ("picks", picks), ("bans", bans), ("legal", legal),
        ];
        return _frames.Write("draft", 1, (ref w) => Plain.Write(ref w, content));
    }
}
