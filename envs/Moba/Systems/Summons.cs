namespace SelfPlayArena.Moba.Systems;

/// <summary>
/// Summoned units: they attack what their owner attacks, else the nearest enemy near them, else follow their owner; their time runs out. What
/// they kill counts as their owner's.
/// </summary>
internal static unsafe class Summons
{
    private const int LookEvery = 4;
    private const float Awareness = 6.5f;
    private const float OwnerAwareness = 10f;

    /// <summary>Cells from its owner at which a summoned unit leaves its prey and comes along.</summary>
    private const float Leash = 11f;

    public static void Run(MobaWorld w, WorldState* s, Scratch* t)
    {
        // All whose time is up go before any looks around: the other team's still see them otherwise, or no more, by who comes first.
        for (int u = UnitIndex.FirstSummon; u < UnitIndex.FirstWard; u++)
        {
            if (s->Alive[u] != 0 && s->ExpireTick[u - UnitIndex.FirstSummon] <= s->Tick)
                Vanish(s, t, u);
        }
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            if (!Combat.AnySummon(s, team))
                continue;
            for (int slot = 0; slot < UnitIndex.SummonsPerTeam; slot++)
            {
                int u = UnitIndex.Summon(team, slot);
                if (s->Alive[u] == 0)
                    continue;
                UnitDefinition d = w.Content.Summons[s->Kind[u]];
                int target = s->AttackTarget[u];
                if (target >= 0 && !Valid(s, team, u, target, d.MoveSpeed > 0f))
                    target = -1;
                if (((s->Tick + slot) % LookEvery == 0 || (target < 0 && s->AttackTarget[u] >= 0)) && s->WindUpEnd[u] == 0)
                    target = Look(s, team, u, d.MoveSpeed > 0f);
                s->AttackTarget[u] = (short)target;
                Blows.Strike(d, s, t, u);
            }
        }
    }

    private static void Vanish(WorldState* s, Scratch* t, int u)
    {
        s->Alive[u] = 0;
        s->Hp[u] = 0f;
        s->AttackTarget[u] = -1;
        s->WindUpEnd[u] = 0;
        t->CanAct[u] = 0;
    }

    private static bool Attackable(WorldState* s, int team, int target)
        => s->Alive[target] != 0 && s->Team[target] != team && Combat.Seen(s, team, target)
            && (!UnitIndex.IsStructure(target) || s->Protected[target - UnitIndex.FirstStructure] == 0);

    private static bool Valid(WorldState* s, int team, int u, int target, bool moves)
    {
        if (!Attackable(s, team, target))
            return false;
        if (!moves)
            return Combat.InReach(s, u, target);
        int owner = s->OwnerHero[u - UnitIndex.FirstSummon];
        return (s->Alive[owner] == 0 || Combat.SquaredDistance(s, u, owner) <= Leash * Leash)
            && Combat.SquaredDistance(s, u, target) <= OwnerAwareness * OwnerAwareness;
    }

    private static int Look(WorldState* s, int team, int u, bool moves)
    {
        int owner = s->OwnerHero[u - UnitIndex.FirstSummon];
        if (s->Alive[owner] != 0)
        {
            int theirs = s->OrderVerb[owner] == (byte)Verb.Attack ? s->OrderTarget[owner] : -1;
            if (theirs >= 0 && !UnitIndex.IsWard(theirs) && Valid(s, team, u, theirs, moves))
                return theirs;
            if (moves && Combat.SquaredDistance(s, u, owner) > Leash * Leash)
                return -1;
        }
        float reach = moves ? Awareness : s->AttackRange[u] + Combat.Body(0);
        float near = reach * reach;
        int best = -1;
        int enemy = 1 - team;
        for (int v = UnitIndex.Hero(enemy, 0); v < UnitIndex.Hero(enemy, UnitIndex.HeroesPerTeam); v++)
            Nearer(s, team, u, v, ref near, ref best);
        for (int v = UnitIndex.Creep(enemy, 0, 0); v < UnitIndex.Creep(enemy, 0, 0) + UnitIndex.CreepsPerTeam; v++)
            Nearer(s, team, u, v, ref near, ref best);
        for (int v = UnitIndex.Summon(enemy, 0); v < UnitIndex.Summon(enemy, UnitIndex.SummonsPerTeam); v++)
            Nearer(s, team, u, v, ref near, ref best);
        if (best >= 0)
            return best;
        for (int k = 0; k < UnitIndex.StructuresPerTeam; k++)
            Nearer(s, team, u, UnitIndex.FirstStructure + enemy * UnitIndex.StructuresPerTeam + k, ref near, ref best);
        return best;
    }

    private static void Nearer(WorldState* s, int team, int u, int other, ref float near, ref int best)
    {
        if (s->Alive[other] == 0)
            return;
        float square = Combat.SquaredDistance(s, u, other);
        if (square >= near || !Attackable(s, team, other))
            return;
        near = square;
        best = other;
    }

    /// <summary>
    /// Puts the units on the field that effects of the tick summoned: in the first free place of the team, else instead of the one whose time
    /// runs out first.
    /// </summary>
    public static void Place(MobaWorld w, WorldState* s, Scratch* t)
    {
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            for (int i = 0; i < t->Summons[team]; i++)
                Place(w, s, t, team, team * Scratch.MaxSummons + i, i);
        }
    }

    private static void Place(MobaWorld w, WorldState* s, Scratch* t, int team, int i, int number)
    {
        int place = 0;
        for (int slot = UnitIndex.SummonsPerTeam - 1; slot >= 0; slot--)
        {
            if (End(s, team, slot) <= End(s, team, place))
                place = slot;
        }
        EffectDefinition e = w.Content.Effects[t->SummonEffect[i]];
        UnitDefinition d = w.Content.Summons[e.Unit];
        int owner = t->SummonOwner[i];
        int u = UnitIndex.Summon(team, place);
        // Side by side, in a pattern that is the other team's reflected.
        float right = (number & 1) == 0 ? 0.6f : -0.6f;
        float up = (number & 2) == 0 ? 0.6f : -0.6f;
        float x = t->SummonX[i] + (team == 0 ? right : -up);
        float y = t->SummonY[i] + (team == 0 ? up : -right);
        if (!w.Map.Walkable(x, y))
            (x, y) = w.Map.Walkable(t->SummonX[i], t->SummonY[i]) ? (t->SummonX[i], t->SummonY[i]) : (s->X[owner], s->Y[owner]);
        float factor = 1f + d.GrowthPerMinute * (s->Tick / (60 * RulesDefinition.TicksPerSecond));
        s->X[u] = x;
        s->Y[u] = y;
        s->Kind[u] = (byte)e.Unit;
        s->Alive[u] = 1;
        s->MaxHp[u] = s->Hp[u] = (int)(d.MaxHp * factor);
        s->Attack[u] = d.Attack * factor + t->SummonAttack[i];
        s->Armor[u] = d.Armor;
        s->MagicResist[u] = d.MagicResist;
        s->AttackRange[u] = d.AttackRange;
        s->AttackInterval[u] = (ushort)d.AttackInterval;
        s->AttackReady[u] = 0;
        s->MoveSpeed[u] = d.MoveSpeed;
        s->AttackTarget[u] = -1;
        s->WindUpEnd[u] = 0;
        s->StunUntil[u] = s->RootUntil[u] = s->SlowUntil[u] = s->SilenceUntil[u] = s->ForcedUntil[u] = s->DotUntil[u] = 0;
        s->RevealedUntil[u] = 0;
        s->Visible[u] = (byte)(1 << team);
        s->Viewer[u] = s->Viewer[UnitIndex.Count + u] = 0;
        s->ExpireTick[u - UnitIndex.FirstSummon] = (ushort)(s->Tick + 1 + e.Duration);
        s->OwnerHero[u - UnitIndex.FirstSummon] = (byte)owner;
    }

    /// <summary>When a place becomes free; 0 if it is.</summary>
    private static int End(WorldState* s, int team, int slot)
    {
        int u = UnitIndex.Summon(team, slot);
        return s->Alive[u] == 0 ? 0 : s->ExpireTick[u - UnitIndex.FirstSummon];
    }
}
