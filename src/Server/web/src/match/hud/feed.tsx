import type { JSX } from "preact";
import type { MatchEvent } from "../state/frames";
import { heroFacts } from "./facts";
import { Portrait } from "./icons";
import { usePulse } from "./pulse";
import type { Session } from "./session";

const shownFor = 12;
const atMost = 6;
const told = new Set(["kill", "structure", "epic", "seat"]);

/** What was heard of lately: who slew whom, what fell. */
export function Feed({ session }: { session: Session }): JSX.Element | null {
    usePulse(session);
    const match = session.match;
    if (!match) return null;
    const since = match.tick - shownFor * match.hello.tickRate;
    const recent = match.heard.filter(event => event.tick >= since && event.tick <= match.tick && told.has(event.kind)).slice(-atMost);
    return (
        <ol class="m-feed" aria-live="polite" aria-label="What happened">
            {recent.map(event => (
                <Entry key={`${event.tick}${event.kind}${event.victim ?? event.unit ?? event.slot}`} session={session} event={event} />
            ))}
        </ol>
    );
}

function Entry({ session, event }: { session: Session; event: MatchEvent }): JSX.Element {
    const killer = Number(event.killer ?? -1);
    switch (event.kind) {
        case "kill":
            return (
                <li class={side(teamOf(session, Number(event.victim)) === 0 ? 1 : 0)}>
                    {killer >= 0 && (
                        <>
                            <Who session={session} unit={killer} />
                            <span class="what">{event.first ? "drew first blood from" : "slew"}</span>
                        </>
                    )}
                    <Who session={session} unit={Number(event.victim)} />
                    {killer < 0 && <span class="what">fell</span>}
                </li>
            );
        case "structure":
            return (
                <li class={side(Number(event.team))}>
                    <b>{Number(event.team) === 0 ? "Home" : "Away"}</b>
                    <span class="what">brought down</span>
                    {structureName(session, Number(event.unit))}
                </li>
            );
        case "epic":
            return (
                <li class={side(Number(event.team))}>
                    <b>{Number(event.team) === 0 ? "Home" : "Away"}</b>
                    <span class="what">slew</span>
                    {epicName(session, Number(event.type))}
                </li>
            );
        default:
            return (
                <li class={side(Number(event.team))}>
                    <b>{String(event.player ?? "Somebody") || "Somebody"}</b>
                    <span class="what">{event.bot === true ? "left; a bot plays on" : "took the seat"}</span>
                </li>
            );
    }
}

function Who({ session, unit }: { session: Session; unit: number }): JSX.Element {
    const match = session.match!;
    const facts = heroFacts(match, session.content, unit);
    return (
        <span class="who">
            <Portrait name={facts.name} role={facts.role} team={facts.team} size={22} />
            {session.heroName(unit)}
        </span>
    );
}

function teamOf(session: Session, unit: number): number {
    return session.match?.seatOf(unit)?.team ?? 0;
}

function side(team: number): string {
    return team === 0 ? "home" : "away";
}

/** What a structure is called: its tier. */
export function structureName(session: Session, unit: number): string {
    const type = session.match?.units.get(unit)?.type ?? -1;
    return ["an outer tower", "an inner tower", "a base tower", "the ancient"][type] ?? "a tower";
}

/** The name of an epic monster: 0 the giver of strength, 1 the giver of waves. */
export function epicName(session: Session, type: number): string {
    const dens = session.stage?.ground.map.camps.filter(camp => camp.epic) ?? [];
    return `the ${dens[type]?.kind ?? "epic monster"}`;
}
