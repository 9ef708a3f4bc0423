using SelfPlayArena.Moba;

namespace SelfPlayArena.Server.Matches.Wire;

/// <summary>What a player's hero is told about itself, or a spectator about the selected one.</summary>
internal sealed unsafe class OwnTable(MobaWorld world, SightOf sight, UnitNumbers numbers)
{
    private const int Ward = 7, Recall = 8, Acts = 9, Walks = 10;

    public RowTable Table { get; } = new(Schemas.Me, UnitIndex.Heroes);

    /// <summary>Takes in a hero's state; -1 for none selected, or one whose affairs are not for this view.</summary>
    /// <param name="goal">Where a person sent the hero; null for the standing order.</param>
    public void Take(in WorldState s, int hero, (Verb Verb, int Target, float X, float Y)? goal)
    {
        Table.Clear();
        if (hero >= 0 && s.Present[hero] != 0 && sight.Owns(in s, hero))
            Write(in s, hero, goal, Table.Put(hero, hero));
        Table.Compare();
    }

    private void Write(in WorldState s, int h, (Verb Verb, int Target, float X, float Y)? goal, Span<int> row)
    {
        for (int i = 0; i < WorldState.Skills; i++)
        {
            row[i] = s.SkillLevel[h * WorldState.Skills + i];
            row[5 + i] = s.SkillReady[h * WorldState.Skills + i];
        }
        row[4] = s.SkillPoints[h];
        for (int i = 0; i < WorldState.Spells; i++)
            row[9 + i] = s.SpellReady[h * WorldState.Spells + i];
        row[11] = ItemReady(in s, h);
        row[12] = s.WardReady[h];
        row[13] = Ready(in s, h);
        row[14] = s.RecallTicks[h] == 0 ? 0 : s.Tick + world.Rules.RecallTicks - s.RecallTicks[h];
        row[15] = s.Gold[h];
        row[16] = s.WardCharges[h];
        row[17] = Shop.IsOpen(world, in s, h) ? 1 : 0;
        row[18] = s.ManualShop[h] | s.ManualSkills[h] << 1;
        (Verb verb, int target, float x, float y) = goal ?? ((Verb)s.OrderVerb[h], s.OrderTarget[h], s.OrderX[h], s.OrderY[h]);
        row[19] = (int)verb;
        row[20] = numbers.Of(sight.Seen(in s, target));
        row[21] = MatchTables.Steps(x);
        row[22] = MatchTables.Steps(y);
        row[23] = MatchTables.Steps(s.AttackRange[h]);
        row[24] = MatchTables.Steps(s.MoveSpeed[h] * RulesDefinition.TicksPerSecond);
        row[25] = (int)s.Attack[h];
        row[26] = (int)s.Armor[h];
        row[27] = (int)s.MagicResist[h];
        row[28] = (int)(s.Haste[h] * 100f);
    }

    private int Ready(in WorldState s, int h)
    {
        int bits = 0;
        for (int a = 0; a < Abilities.Count; a++)
            bits |= Legality.CanCast(world, in s, h, a) ? 1 << a : 0;
        bits |= Legality.IsLegal(world, in s, h, new Order(Verb.Ward)) ? 1 << Ward : 0;
        return bits | (Legality.CanRecall(in s, h) ? 1 << Recall : 0) | (Legality.CanAct(in s, h) ? 1 << Acts : 0) | (Legality.CanMove(in s, h) ? 1 << Walks : 0);
    }

    /// <summary>When the first item with an active is ready, -1 for none.</summary>
    private int ItemReady(in WorldState s, int h)
    {
        int ready = -1;
        for (int slot = h * WorldState.ItemSlots; slot < (h + 1) * WorldState.ItemSlots; slot++)
        {
            if (s.Items[slot] != 0 && world.Content.Items[s.Items[slot] - 1].Active is not null)
                ready = ready < 0 ? s.ItemReady[slot] : Math.Min(ready, s.ItemReady[slot]);
        }
        return ready;
    }
}
