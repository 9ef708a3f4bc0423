namespace SelfPlayArena.Moba;

/// <summary>Finds out what happened between two states of a match by comparing them: a state tells what is, not what came to pass.</summary>
public static unsafe class MatchEvents
{
    /// <summary>Adds what happened, the most important kinds first, within a kind by hero or unit.</summary>
    /// <param name="every">Also casts, hits and gold, which are many; they are told apart only between states one tick apart.</param>
    public static void Compare(in WorldState before, in WorldState now, List<MatchEvent> events, bool every)
    {
        Kills(in before, in now, events);
        Structures(in before, in now, events);
        Epics(in before, in now, events);
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            int team = h / UnitIndex.HeroesPerTeam;
            if (now.Level[h] > before.Level[h] && before.Level[h] > 0)
                events.Add(new MatchEvent(MatchEventKind.Level, h, Team: team, Amount: now.Level[h]));
            if (now.Alive[h] != 0 && before.Alive[h] == 0 && before.Deaths[h] > 0)
                events.Add(new MatchEvent(MatchEventKind.Respawn, h, Team: team));
            if (every)
                Doings(in before, in now, events, h, team);
        }
        if (now.Finished != 0 && before.Finished == 0)
            events.Add(new MatchEvent(MatchEventKind.End, -1, Team: now.Winner));
    }

    private static void Kills(in WorldState before, in WorldState now, List<MatchEvent> events)
    {
        Span<int> kills = stackalloc int[UnitIndex.Heroes];
        Span<int> victims = [0, 0];
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            kills[h] = now.Kills[h] - before.Kills[h];
            victims[h / UnitIndex.HeroesPerTeam] += now.Deaths[h] > before.Deaths[h] ? 1 : 0;
        }
        bool first = before.FirstBlood == 0 && now.FirstBlood != 0;
        for (int victim = 0; victim < UnitIndex.Heroes; victim++)
        {
            if (now.Deaths[victim] == before.Deaths[victim])
                continue;
            int enemy = 1 - victim / UnitIndex.HeroesPerTeam;
            int killer = KillerOf(in before, victim, enemy, kills);
            if (killer < 0)
            {
                events.Add(new MatchEvent(MatchEventKind.Kill, victim, Team: enemy));
                continue;
            }
            kills[killer]--;
            uint helpers = Helpers(in before, in now, victim, killer, alone: victims[1 - enemy] == 1);
            events.Add(new MatchEvent(MatchEventKind.Kill, victim, killer, enemy, now.KillStreak[killer], helpers, first));
            first = false;
        }
    }

    /// <summary>Who of those whose kills rose it was; of several, who hurt the victim last.</summary>
    private static int KillerOf(in WorldState before, int victim, int enemy, ReadOnlySpan<int> kills)
    {
        int killer = -1, latest = int.MinValue;
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            int tick = before.HurtByTick[victim * UnitIndex.HeroesPerTeam + i];
            if (kills[UnitIndex.Hero(enemy, i)] <= 0 || tick <= latest)
                continue;
            latest = tick;
            killer = UnitIndex.Hero(enemy, i);
        }
        return killer;
    }

    private static uint Helpers(in WorldState before, in WorldState now, int victim, int killer, bool alone)
    {
        uint helpers = 0;
        int team = killer / UnitIndex.HeroesPerTeam;
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            int h = UnitIndex.Hero(team, i);
            if (h != killer && now.Assists[h] > before.Assists[h] && (alone || before.HurtByTick[victim * UnitIndex.HeroesPerTeam + i] >= 0))
                helpers |= 1u << h;
        }
        return helpers;
    }

    private static void Structures(in WorldState before, in WorldState now, List<MatchEvent> events)
    {
        for (int i = 0; i < UnitIndex.Structures; i++)
        {
            int u = UnitIndex.FirstStructure + i;
            if (now.Alive[u] == 0 && before.Alive[u] != 0)
                events.Add(new MatchEvent(MatchEventKind.Structure, u, Team: 1 - i / UnitIndex.StructuresPerTeam));
        }
    }

    private static void Epics(in WorldState before, in WorldState now, List<MatchEvent> events)
    {
        for (int u = UnitIndex.FirstEpic; u < UnitIndex.FirstMonster + UnitIndex.Monsters; u++)
        {
            if (now.Alive[u] != 0 || before.Alive[u] == 0)
                continue;
            int team = now.EpicsSlain[0] > before.EpicsSlain[0] ? 0 : now.EpicsSlain[1] > before.EpicsSlain[1] ? 1 : -1;
            events.Add(new MatchEvent(MatchEventKind.Epic, u, Team: team, Amount: now.Kind[u]));
        }
    }

    /// <summary>A cast shows itself by its cooldown: what takes effect at once is over within the tick.</summary>
    private static void Doings(in WorldState before, in WorldState now, List<MatchEvent> events, int h, int team)
    {
        for (int a = 0; a < WorldState.Skills; a++)
        {
            int at = h * WorldState.Skills + a;
            if (now.SkillReady[at] > before.SkillReady[at] && now.SkillReady[at] > now.Tick)
                events.Add(Cast(in now, h, team, a));
        }
        for (int a = 0; a < WorldState.Spells; a++)
        {
            int at = h * WorldState.Spells + a;
            if (now.SpellReady[at] > before.SpellReady[at] && now.SpellReady[at] > now.Tick)
                events.Add(Cast(in now, h, team, Abilities.Spell + a));
        }
        for (int slot = 0; slot < WorldState.ItemSlots; slot++)
        {
            int at = h * WorldState.ItemSlots + slot;
            if (now.ItemReady[at] > before.ItemReady[at] && now.ItemReady[at] > now.Tick)
                events.Add(Cast(in now, h, team, Abilities.Item));
        }
        int hurt = (int)(now.DamageToHeroes[h] - before.DamageToHeroes[h] + 0.5f);
        if (hurt > 0 && now.LastStruckHero[h] >= 0)
            events.Add(new MatchEvent(MatchEventKind.Hit, h, now.LastStruckHero[h], team, hurt));
        if (now.LastHits[h] > before.LastHits[h] && now.GoldEarned[h] > before.GoldEarned[h])
            events.Add(new MatchEvent(MatchEventKind.Gold, h, Team: team, Amount: now.GoldEarned[h] - before.GoldEarned[h]));
    }

    private static MatchEvent Cast(in WorldState now, int h, int team, int ability)
        => new(MatchEventKind.Cast, h, now.CastTarget[h], team, ability, X: now.CastX[h], Y: now.CastY[h]);
}
