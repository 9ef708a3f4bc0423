namespace SelfPlayArena.Moba.Tests.Exactness;

/// <summary>
/// Counts again, from what changed in one tick, what the rules must have paid for it. Where several fell at once it is not always known who
/// was paid for which: then the least and the most are counted. Nothing here asks the systems that pay.
/// </summary>
internal sealed unsafe class Ledger(MobaWorld world)
{
    private const int TicksPerSecond = RulesDefinition.TicksPerSecond;
    private const float TowerShareRange = 14f;

    private readonly RulesDefinition _rules = world.Rules;
    private readonly int[] _fallen = new int[UnitIndex.Count];
    private int _count;

    /// <summary>Ticks in which something was earned beyond income, and those of them in which it was known to the coin.</summary>
    public long Eventful { get; private set; }
    public long ToTheCoin { get; private set; }

    /// <summary>Compares the states before and after one tick.</summary>
    public void Check(in WorldState before, in WorldState after)
    {
        fixed (WorldState* a = &before, b = &after)
        {
            Spending(a, b);
            if (a->Finished != 0)
                return;
            int fallen = _count = Fallen(a, b);
            Experience(a, b, fallen);
            for (int team = 0; team < UnitIndex.Teams; team++)
                Team(a, b, team, fallen);
        }
    }

    /// <summary>What was spent is what the items are worth, always.</summary>
    private void Spending(WorldState* a, WorldState* b)
    {
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            if (a->GoldSpent[h] == b->GoldSpent[h] && a->Tick != 0)
                continue;
            int worth = 0;
            for (int slot = h * WorldState.ItemSlots; slot < (h + 1) * WorldState.ItemSlots; slot++)
                worth += b->Items[slot] == 0 ? 0 : world.Content.Items[b->Items[slot] - 1].Price;
            if (worth != b->GoldSpent[h])
                Assert.Fail($"tick {b->Tick}: hero {h} spent {b->GoldSpent[h]}, its items are worth {worth}");
        }
    }

    /// <summary>Lists the units that fell in this tick; those whose time ran out or whose place was taken anew are among them.</summary>
    private int Fallen(WorldState* a, WorldState* b)
    {
        int n = 0;
        for (int u = 0; u < UnitIndex.Count; u++)
        {
            if (a->Alive[u] != 0 && b->Alive[u] == 0)
                _fallen[n++] = u;
        }
        return n;
    }

    /// <summary>Xp is shared by the living near by, and by who killed, wherever it is.</summary>
    private void Experience(WorldState* a, WorldState* b, int fallen)
    {
        // A wave takes the places of units that fell in its tick, so that not all of them are known.
        bool wave = a->WaveCount != b->WaveCount;
        int income = Income(a->Tick, _rules.XpPerMinute);
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            Bounds due = new(a->Present[h] == 0 ? 0 : income);
            for (int i = 0; i < fallen; i++)
                due += Share(a, b, h, _fallen[i]);
            int earned = b->XpEarned[h] - a->XpEarned[h];
            if (earned < due.Least || (earned > due.Most && !wave))
                Assert.Fail($"tick {b->Tick}: hero {h} gained {earned} xp, due are {due.Least} to {due.Most}; fallen: {string.Join(", ", _fallen[..fallen])}");
        }
    }

    private Bounds Share(WorldState* a, WorldState* b, int h, int u)
    {
        int team = h / UnitIndex.HeroesPerTeam;
        if (a->Present[h] == 0 || a->Team[u] == team || UnitIndex.IsWard(u))
            return default;
        if (u is >= UnitIndex.FirstEpic and < UnitIndex.FirstSummon)
            return new Bounds(b->EpicsSlain[team] > a->EpicsSlain[team] ? MonsterOf(u).Xp : 0);
        int near = 0;
        for (int i = UnitIndex.Hero(team, 0); i < UnitIndex.Hero(team, UnitIndex.HeroesPerTeam); i++)
            near += IsNear(b, i, u) ? 1 : 0;
        bool shares = IsNear(b, h, u);
        if (UnitIndex.IsStructure(u) || UnitIndex.IsCreep(u))
            return shares ? new Bounds((UnitIndex.IsStructure(u) ? _rules.Structures : _rules.Creeps)[a->Kind[u]].Xp / near) : default;
        // One whose time ran out pays nothing.
        if (UnitIndex.IsSummon(u))
            return shares ? new Bounds(0, world.Content.Summons[a->Kind[u]].Xp / near) : default;
        bool hero = UnitIndex.IsHero(u);
        int low = hero ? _rules.KillXp + _rules.KillXpPerLevel * a->Level[u] : MonsterOf(u).Xp;
        int high = hero ? _rules.KillXp + _rules.KillXpPerLevel * b->Level[u] : low;
        int credited = Credited(a, b, team, hero);
        if (credited == 0)
            return default;
        if (!shares)
            return new Bounds(0, Credit(a, b, h, hero) == 0 ? 0 : high / (near + 1));
        return new Bounds(credited >= FallenOf(team, hero) ? low / (near + 1) : 0, high / near);
    }

    private UnitDefinition MonsterOf(int u) => _rules.Monsters[world.Map.MonsterKind[u - UnitIndex.FirstMonster]];

    private bool IsNear(WorldState* b, int h, int u)
    {
        float dx = b->X[h] - b->X[u];
        float dy = b->Y[h] - b->Y[u];
        return b->Alive[h] != 0 && dx * dx + dy * dy <= _rules.XpRange * _rules.XpRange;
    }

    private static int Credit(WorldState* a, WorldState* b, int h, bool kills) => kills ? b->Kills[h] - a->Kills[h] : b->MonsterKills[h] - a->MonsterKills[h];

    private static int Credited(WorldState* a, WorldState* b, int team, bool kills)
    {
        int n = 0;
        for (int h = UnitIndex.Hero(team, 0); h < UnitIndex.Hero(team, UnitIndex.HeroesPerTeam); h++)
            n += Credit(a, b, h, kills);
        return n;
    }

    /// <summary>Enemy heroes, or monsters, that fell.</summary>
    private int FallenOf(int team, bool heroes)
        => _fallen.Take(_count).Count(u => heroes ? UnitIndex.IsHero(u) && u / UnitIndex.HeroesPerTeam != team : UnitIndex.IsMonster(u));

    private void Team(WorldState* a, WorldState* b, int team, int fallen)
    {
        int first = team * UnitIndex.HeroesPerTeam;
        int income = Income(a->Tick, _rules.GoldPerMinute);
        int earned = 0;
        int lastHits = 0;
        int monsters = 0;
        int kills = 0;
        int assists = 0;
        for (int h = first; h < first + UnitIndex.HeroesPerTeam; h++)
        {
            int gold = b->GoldEarned[h] - a->GoldEarned[h] - (a->Present[h] == 0 ? 0 : income);
            if (gold < 0)
                Assert.Fail($"tick {b->Tick}: hero {h} earned {gold} beyond its income of {income}");
            earned += gold;
            lastHits += b->LastHits[h] - a->LastHits[h];
            monsters += b->MonsterKills[h] - a->MonsterKills[h];
            kills += b->Kills[h] - a->Kills[h];
            assists += b->Assists[h] - a->Assists[h];
        }
        Bounds paid = default;
        paid += Structures(b, team, fallen);
        paid += Epics(b->EpicsSlain[team] - a->EpicsSlain[team], fallen, ref monsters);
        paid += Units(a, b, team, fallen, lastHits, creeps: true);
        paid += Units(a, b, team, fallen, monsters, creeps: false);
        paid += Wards(a, team, fallen);
        paid += Kills(a, b, team, fallen, kills, assists);
        if (earned < paid.Least || earned > paid.Most)
        {
            Assert.Fail($"tick {b->Tick}: team {team} earned {earned} beyond income, due are {paid.Least} to {paid.Most}: {lastHits} last hits, {monsters} monsters, {kills} kills, "
                + $"{assists} assists; fallen: {string.Join(", ", _fallen[..fallen])}");
        }
        if (earned == 0 && paid.Most == 0)
            return;
        Eventful++;
        ToTheCoin += paid.Least == paid.Most ? 1 : 0;
    }

    private Bounds Structures(WorldState* b, int team, int fallen)
    {
        Bounds sum = default;
        for (int i = 0; i < fallen; i++)
        {
            int u = _fallen[i];
            if (!UnitIndex.IsStructure(u) || b->Team[u] == team)
                continue;
            int near = 0;
            for (int h = team * UnitIndex.HeroesPerTeam; h < (team + 1) * UnitIndex.HeroesPerTeam; h++)
            {
                float dx = b->X[h] - b->X[u];
                float dy = b->Y[h] - b->Y[u];
                near += b->Alive[h] != 0 && dx * dx + dy * dy <= TowerShareRange * TowerShareRange ? 1 : 0;
            }
            int shares = near == 0 ? 0 : _rules.Structures[b->Kind[u]].Gold / near * near;
            sum += new Bounds(shares + _rules.TowerTeamGold * world.HeroesPerTeam);
        }
        return sum;
    }

    /// <summary>Every hero of the team is paid for an epic monster; to whom the kill is counted, if to anybody, makes no difference.</summary>
    private Bounds Epics(int slain, int fallen, ref int monsters)
    {
        Bounds sum = default;
        if (slain == 0)
            return sum;
        for (int i = 0; i < fallen; i++)
        {
            if (_fallen[i] is < UnitIndex.FirstEpic or >= UnitIndex.FirstSummon)
                continue;
            sum += new Bounds(_rules.Monsters[world.Map.MonsterKind[_fallen[i] - UnitIndex.FirstMonster]].Gold * world.HeroesPerTeam);
            monsters -= monsters > 0 ? 1 : 0;
        }
        return sum;
    }

    /// <summary>So many of the fallen creeps and summoned units, or monsters, were paid for; which ones is known if all were, or all cost the same.</summary>
    private Bounds Units(WorldState* a, WorldState* b, int team, int fallen, int paid, bool creeps)
    {
        if (paid == 0)
            return default;
        int least = int.MaxValue;
        int most = 0;
        int count = 0;
        int all = 0;
        for (int i = 0; i < fallen; i++)
        {
            int u = _fallen[i];
            if (a->Team[u] == team || (creeps ? !UnitIndex.IsCreep(u) && !UnitIndex.IsSummon(u) : !UnitIndex.IsMonster(u)))
                continue;
            int gold = creeps
                ? UnitIndex.IsCreep(u) ? _rules.Creeps[a->Kind[u]].Gold : world.Content.Summons[a->Kind[u]].Gold
                : _rules.Monsters[a->Kind[u]].Gold;
            least = Math.Min(least, gold);
            most = Math.Max(most, gold);
            all += gold;
            count++;
        }
        if (count == paid)
            return new Bounds(all);
        // A wave took the places of some that fell.
        if (count < paid && a->WaveCount != b->WaveCount)
            return new Bounds(0, int.MaxValue / 4);
        if (count < paid)
            Assert.Fail($"tick {b->Tick}: team {team} is credited with {paid} {(creeps ? "creeps" : "monsters")}, {count} fell");
        return new Bounds(least * paid, most * paid);
    }

    /// <summary>Wards that a hero hit are paid for, those whose time ran out or that made room are not; who hit them is not kept.</summary>
    private Bounds Wards(WorldState* a, int team, int fallen)
    {
        Bounds sum = default;
        for (int i = 0; i < fallen; i++)
        {
            if (UnitIndex.IsWard(_fallen[i]) && a->Team[_fallen[i]] != team)
                sum += new Bounds(0, _rules.Ward.Gold);
        }
        return sum;
    }

    private Bounds Kills(WorldState* a, WorldState* b, int team, int fallen, int kills, int assists)
    {
        int victims = 0;
        int least = int.MaxValue;
        int most = 0;
        int sumLeast = 0;
        int sumMost = 0;
        for (int i = 0; i < fallen; i++)
        {
            int h = _fallen[i];
            if (!UnitIndex.IsHero(h) || a->Team[h] == team)
                continue;
            if (b->Deaths[h] != a->Deaths[h] + 1)
                Assert.Fail($"tick {b->Tick}: hero {h} fell, its deaths went from {a->Deaths[h]} to {b->Deaths[h]}");
            victims++;
            // Xp of the same tick may have raised it before it fell.
            int low = Bounty(a, h, a->Level[h]);
            int high = Math.Max(low, Bounty(a, h, b->Level[h]));
            least = Math.Min(least, low);
            most = Math.Max(most, high);
            sumLeast += low;
            sumMost += high;
        }
        if (kills > victims || (kills == 0 && assists > 0))
            Assert.Fail($"tick {b->Tick}: team {team} is credited with {kills} kills and {assists} assists, {victims} fell");
        if (kills == 0)
            return default;
        Bounds sum = kills == victims ? new Bounds(sumLeast, sumMost) : new Bounds(least * kills, most * kills);
        if (a->FirstBlood == 0)
            sum += new Bounds(_rules.FirstBloodGold * kills);
        if (assists == 0)
            return sum;
        return kills == 1
            ? sum + new Bounds(_rules.AssistGold / assists * assists)
            : sum + new Bounds(0, _rules.AssistGold * kills);
    }

    private int Bounty(WorldState* s, int h, int level)
    {
        BountyRules r = _rules.Bounty;
        int streak = Math.Min((int)s->KillStreak[h], r.Most);
        int percent = Math.Max(r.LeastPercent, 100 - s->DeathStreak[h] * r.PercentPerDeath);
        return (_rules.KillGold + _rules.KillGoldPerLevel * level) * percent / 100 + Math.Max(0, streak - r.From + 1) * r.PerKill;
    }

    /// <summary>What time brings in the tick that begins: once a second, so that a minute adds up.</summary>
    private static int Income(int tick, int perMinute)
    {
        if (tick == 0 || tick % TicksPerSecond != 0)
            return 0;
        int second = tick / TicksPerSecond;
        return second * perMinute / 60 - (second - 1) * perMinute / 60;
    }

    private readonly record struct Bounds(int Least, int Most)
    {
        public Bounds(int exactly)
            : this(exactly, exactly)
        {
        }

        public static Bounds operator +(Bounds a, Bounds b) => new(a.Least + b.Least, a.Most + b.Most);
    }
}
