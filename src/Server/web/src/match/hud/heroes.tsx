import type { JSX } from "preact";
import { title } from "../../ui/format";
import { heroesOf, heroFacts } from "./facts";
import { ItemIcon, Meter, Portrait } from "./icons";
import { usePulse } from "./pulse";
import type { Session } from "./session";

/** One side's heroes in a column: who plays, how they stand, what they own. */
export function SideList({
    session,
    team,
    onSelect,
    onFollow,
}: {
    session: Session;
    team: number;
    onSelect: (unit: number) => void;
    onFollow: (unit: number) => void;
}): JSX.Element | null {
    usePulse(session);
    const match = session.match;
    if (!match || match.frame === 0) return null;
    return (
        <ul class={`m-side ${team === 0 ? "home" : "away"}`} aria-label={team === 0 ? "Home" : "Away"}>
            {heroesOf(match, team).map((unit, at) => {
                const f = heroFacts(match, session.content, unit);
                const key = team === 0 ? at + 1 : (at + 6) % 10;
                return (
                    <li key={unit}>
                        <button
                            type="button"
                            class={session.stage?.selected === unit ? "on" : ""}
                            aria-pressed={session.stage?.selected === unit}
                            title={`${title(f.name)}, ${f.role}. Played by ${f.player || "nobody"}. Key ${key}; twice to follow.`}
                            onClick={() => onSelect(unit)}
                            onDblClick={() => onFollow(unit)}
                        >
                            <span class="face">
                                <Portrait name={f.name} role={f.role} team={team} size={42} dead={f.respawn > 0} />
                                <b class="m-level">{f.level}</b>
                                {f.respawn > 0 && <b class="m-back-in">{Math.ceil(f.respawn)}</b>}
                            </span>
                            <span class="facts">
                                <span class="line">
                                    <span class="name">{title(f.name)}</span>
                                    {f.ultimate !== null && (
                                        <i
                                            class={f.ultimate ? "ultimate ready" : "ultimate"}
                                            title={f.ultimate ? "Ultimate ready" : "Ultimate not ready"}
                                        />
                                    )}
                                    <span class="kda">
                                        {f.kills}/{f.deaths}/{f.assists}
                                    </span>
                                </span>
                                <Meter kind="hp" value={f.hp} most={f.maxHp} label={`Health of ${title(f.name)}`} />
                                <Meter kind="mana" value={f.mana} most={f.maxMana} label={`Mana of ${title(f.name)}`} />
                                <span class="m-items">
                                    {f.items.map((item, slot) => (
                                        <ItemIcon key={slot} content={session.content} item={item} size={17} />
                                    ))}
                                    <span class="cs">{f.creepScore}</span>
                                </span>
                            </span>
                        </button>
                    </li>
                );
            })}
        </ul>
    );
}
