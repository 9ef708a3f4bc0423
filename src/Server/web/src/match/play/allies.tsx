import type { JSX } from "preact";
import { title } from "../../ui/format";
import { heroesOf, heroFacts } from "../hud/facts";
import { ItemIcon, Meter, Portrait } from "../hud/icons";
import { usePulse } from "../hud/pulse";
import type { Session } from "../hud/session";
import { UnitKind } from "../state/things";

/** One's companions: how they stand, and when the dead return. */
export function Allies({ session }: { session: Session }): JSX.Element | null {
    usePulse(session);
    const match = session.match;
    const seat = match?.hello.seat;
    if (!match || !seat || match.frame === 0) return null;
    const others = heroesOf(match, seat.team).filter(unit => unit !== seat.unit);
    if (others.length === 0) return null;
    return (
        <ul class="m-allies" aria-label="Companions">
            {others.map(unit => {
                const f = heroFacts(match, session.content, unit);
                return (
                    <li key={unit} title={`${title(f.name)}, played by ${f.player || "nobody"}`}>
                        <Portrait name={f.name} role={f.role} team={f.team} size={40} dead={f.respawn > 0} />
                        {f.respawn > 0 && <b class="m-back-in">{Math.ceil(f.respawn)}</b>}
                        <span class="m-level">{f.level}</span>
                        <span class="bars">
                            <Meter
                                kind={`hp ${f.team === 0 ? "home" : "away"}`}
                                value={f.hp}
                                most={f.maxHp}
                                label={`Health of ${title(f.name)}`}
                            />
                            <Meter kind="mana" value={f.mana} most={f.maxMana} label={`Mana of ${title(f.name)}`} />
                        </span>
                        {f.ultimate === true && <i class="ultimate" title="Ultimate ready" />}
                    </li>
                );
            })}
        </ul>
    );
}

const kinds = ["", "", "Creep", "Monster", "Summoned unit", "Ward"];
const tiers = ["Outer tower", "Inner tower", "Base tower", "Ancient"];

/** What was clicked: how strong it is. */
export function Selected({ session }: { session: Session }): JSX.Element | null {
    usePulse(session);
    const match = session.match;
    const unit = match?.units.get(session.stage?.selected ?? -1);
    if (!match || !unit?.present || unit.id === session.stage?.own) return null;
    const f = unit.kind === UnitKind.hero ? heroFacts(match, session.content, unit.id) : null;
    const side = unit.team === 0 ? "home" : unit.team === 1 ? "away" : "neutral";
    return (
        <section class={`m-selected m-panel ${side}`} aria-label="Selected">
            {f && <Portrait name={f.name} role={f.role} team={f.team} size={40} />}
            <div>
                <b>{f ? `${title(f.name)} · ${f.level}` : unit.kind === UnitKind.structure ? tiers[unit.type] : kinds[unit.kind]}</b>
                <Meter kind={`hp ${side}`} value={unit.hp} most={unit.maxHp} label="Health" text />
                {f && f.maxMana > 0 && <Meter kind="mana" value={f.mana} most={f.maxMana} label="Mana" text />}
                {f && (
                    <span class="m-items">
                        {f.items.map((item, slot) => (
                            <ItemIcon key={slot} content={session.content} item={item} size={22} />
                        ))}
                    </span>
                )}
            </div>
        </section>
    );
}
