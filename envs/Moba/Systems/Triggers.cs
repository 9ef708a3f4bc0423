using System.Numerics;

namespace SelfPlayArena.Moba.Systems;

/// <summary>
/// The effects that happen by themselves, of passives and items. What happened to whom is collected while a tick runs and answered after its
/// deaths, for all heroes at once. What triggers do sets off no further triggers.
/// </summary>
internal static unsafe class Triggers
{
    public const int Kinds = 7;

    /// <summary>Share of hp below which <see cref="TriggerOn.LowHp"/> happens.</summary>
    public const float LowHp = 0.3f;

    /// <summary>Notes that something happened to a hero. Costs next to nothing for heroes that do not listen to it.</summary>
    public static void Cause(WorldState* s, Scratch* t, int hero, TriggerOn on, int with)
    {
        if ((s->TriggersOn[hero] >> (int)on & 1) == 0)
            return;
        int at = hero * Kinds + (int)on;
        if ((t->Causes[hero] >> (int)on & 1) == 0)
        {
            t->Causes[hero] |= (byte)(1 << (int)on);
            t->CauseCount[at] = 0;
            t->CauseUnit[at] = (byte)with;
        }
        if (t->CauseCount[at] < byte.MaxValue)
            t->CauseCount[at]++;
    }

    /// <summary>Trigger in a place of a hero: 0 its passive's, then one an item slot; null for none, and for an item owned twice at its second place.</summary>
    public static TriggerDefinition? Of(MobaWorld w, WorldState* s, int hero, int place)
    {
        if (place == 0)
            return w.Content.Heroes[s->Kind[hero]].Trigger;
        byte* items = s->Items + hero * WorldState.ItemSlots;
        int slot = place - 1;
        if (items[slot] == 0)
            return null;
        for (int i = 0; i < slot; i++)
        {
            if (items[i] == items[slot])
                return null;
        }
        return w.Content.Items[items[slot] - 1].Trigger;
    }

    /// <summary>Answers what the tick brought. True if anything was queued that a further damage phase has to apply.</summary>
    public static bool Run(MobaWorld w, WorldState* s, Scratch* t)
    {
        // The slots of a team have their seconds at different ticks.
        int second = s->Tick % RulesDefinition.TicksPerSecond;
        if (second % 3 == 0)
        {
            int slot = second / 3;
            Cause(s, t, slot, TriggerOn.Second, Scratch.Nobody);
            Cause(s, t, slot + UnitIndex.HeroesPerTeam, TriggerOn.Second, Scratch.Nobody);
        }
        bool any = false;
        for (uint m = Near.Set(t->Causes, 0) & Near.Heroes; m != 0; m &= m - 1)
        {
            int h = BitOperations.TrailingZeroCount(m);
            int causes = t->Causes[h];
            t->Causes[h] = 0;
            if (s->Alive[h] == 0)
                continue;
            for (int place = 0; place < WorldState.TriggerSlots; place++)
            {
                if (Of(w, s, h, place) is not { } d || (causes >> (int)d.On & 1) == 0 || !Due(s, t, h, h * WorldState.TriggerSlots + place, d))
                    continue;
                if (!any)
                    t->Clear();
                any = true;
                Happen(w, s, t, h, d);
            }
        }
        return any;
    }

    /// <summary>Counts, and says whether the trigger happens now.</summary>
    private static bool Due(WorldState* s, Scratch* t, int h, int at, TriggerDefinition d)
    {
        int count = s->TriggerCount[at] + t->CauseCount[h * Kinds + (int)d.On];
        bool due = count >= d.Every && s->TriggerReady[at] <= s->Tick;
        s->TriggerCount[at] = (byte)(due ? 0 : count < byte.MaxValue ? count : byte.MaxValue);
        if (due)
            s->TriggerReady[at] = (ushort)(s->Tick + d.Cooldown);
        return due;
    }

    private static void Happen(MobaWorld w, WorldState* s, Scratch* t, int h, TriggerDefinition d)
    {
        int cause = h * Kinds + (int)d.On;
        int with = t->CauseUnit[cause];
        bool somebody = with != Scratch.Nobody;
        var hit = new Hit
        {
            Owner = h,
            Skill = Abilities.Trigger,
            Unit = somebody ? with : -1,
            X = s->X[somebody ? with : h],
            Y = s->Y[somebody ? with : h],
            AimX = somebody ? s->X[with] - s->X[h] : s->FaceX[h],
            AimY = somebody ? s->Y[with] - s->Y[h] : s->FaceY[h],
        };
        Effects.Apply(w, s, t, in hit, d.FirstEffect, d.Effects);
    }

    /// <summary>Bits of <see cref="WorldState.TriggersOn"/>.</summary>
    public static byte Listening(MobaWorld w, WorldState* s, int hero)
    {
        int bits = 0;
        for (int place = 0; place < WorldState.TriggerSlots; place++)
        {
            if (Of(w, s, hero, place) is { } d)
                bits |= 1 << (int)d.On;
        }
        return (byte)bits;
    }
}
