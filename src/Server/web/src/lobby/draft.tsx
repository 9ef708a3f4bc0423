import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Content, HeroInfo } from "../api/types";
import { playerName } from "../league/players";
import { title } from "../ui/format";
import { HeroSign } from "../ui/hero";
import type { Connection } from "../wire/connection";
import type { Hello } from "../wire/frames";
import type { FrameTap } from "../wire/tap";
import type { DraftFrame, LobbyFrame } from "./frames";
import { occupant } from "./waiting";
import { Gallery } from "./gallery";

interface DraftScreenProps {
    draft: DraftFrame;
    hello: Hello;
    /** Newer than the `hello` where people came since; null for those who connect during the draft. */
    lobby: LobbyFrame | null;
    content: Content;
    connection: Connection;
    tap: FrameTap;
}

/** Seconds that are left of a turn, counted down here from what the server said last. */
function useCountdown(draft: DraftFrame): number {
    const [left, setLeft] = useState(draft.seconds);
    useEffect(() => {
        const ends = performance.now() + draft.seconds * 1000;
        setLeft(draft.seconds);
        const timer = setInterval(() => setLeft(Math.max(0, (ends - performance.now()) / 1000)), 200);
        return () => clearInterval(timer);
    }, [draft]);
    return left;
}

/** Why heroes cannot be taken. */
export function closedHeroes(draft: DraftFrame, heroes: HeroInfo[]): Map<string, string> {
    const closed = new Map<string, string>();
    const legal = new Set(draft.legal);
    const banned = new Set(draft.bans.flat());
    for (const [i, hero] of heroes.entries()) {
        if (!legal.has(i)) closed.set(hero.name, banned.has(i) ? "banned" : "taken");
    }
    return closed;
}

interface SideProps {
    team: 0 | 1;
    draft: DraftFrame;
    hello: Hello;
    lobby: LobbyFrame | null;
    heroes: HeroInfo[];
}

function Side({ team, draft, hello, lobby, heroes }: SideProps): JSX.Element {
    const seats = hello.seats.filter(seat => seat.team === team);
    const on = draft.team === team;
    return (
        <section class={`draft-side ${team === 0 ? "home" : "away"} ${on ? "on" : ""}`}>
            <h2>{team === 0 ? "Home" : "Away"}</h2>
            <ol>
                {seats.map((seat, i) => {
                    const index = draft.picks[team]?.[i];
                    const hero = index === undefined || index < 0 ? undefined : heroes[index];
                    const turn = on && !draft.ban && (draft.slot === seat.slot || (draft.slot < 0 && !hero));
                    const told = lobby?.seats.find(other => other.team === team && other.slot === seat.slot);
                    const name = told && told.kind !== "open" ? occupant(told) : seat.player ? playerName(seat.player) : "bot";
                    const you = hello.seat?.team === team && hello.seat.slot === seat.slot;
                    return (
                        <li key={seat.slot} class={turn ? "turn" : ""}>
                            <HeroSign hero={hero?.name ?? "any"} size={46} {...(hero ? { role: hero.role } : {})} />
                            <div>
                                <b>{hero ? title(hero.name) : turn ? "choosing …" : ""}</b>
                                <span>{you ? "You" : name}</span>
                            </div>
                        </li>
                    );
                })}
            </ol>
            {(draft.bans[team] ?? []).length > 0 && (
                <p class="bans" aria-label="Bans">
                    {draft.bans[team].map(index => {
                        const hero = heroes[index];
                        return (
                            hero && (
                                <span key={index} title={`${title(hero.name)} is banned`}>
                                    <HeroSign hero={hero.name} role={hero.role} size={30} />
                                </span>
                            )
                        );
                    })}
                </p>
            )}
        </section>
    );
}

/** Bans and picks in turns. */
export function DraftScreen({ draft, hello, lobby, content, connection, tap }: DraftScreenProps): JSX.Element {
    const left = useCountdown(draft);
    const most = useRef(draft.seconds);
    most.current = Math.max(most.current, draft.seconds);
    const [chosen, setChosen] = useState<string | null>(null);
    const [refused, setRefused] = useState("");
    const sequence = useRef(0);
    const heroes = content.heroes;
    const closed = useMemo(() => closedHeroes(draft, heroes), [draft, heroes]);
    const mine = hello.seat?.team === draft.team && (draft.slot < 0 || hello.seat.slot === draft.slot);
    useEffect(
        () =>
            tap.listen(([name, , ok, reason]) => {
                if (name === "ack") setRefused(ok ? "" : String(reason ?? "refused"));
            }),
        [tap],
    );
    useEffect(() => setRefused(""), [draft]);
    const send = (hero: string) => {
        const index = heroes.findIndex(h => h.name === hero);
        if (!connection.send([draft.ban ? "ban" : "pick", ++sequence.current, index])) setRefused("there is no connection just now");
    };
    const side = draft.team === 0 ? "Home" : "Away";
    return (
        <main class="page draft">
            <div class="draft-head">
                <div>
                    <h1 class={draft.team === 0 ? "home" : "away"}>
                        {mine ? (draft.ban ? "Ban a hero" : "Pick your hero") : `${side} ${draft.ban ? "bans" : "picks"}`}
                    </h1>
                    <p class="muted" role="status">
                        {refused ? (
                            <span class="refused">Refused: {refused}</span>
                        ) : mine ? (
                            "Double-click a hero or press the button"
                        ) : (
                            "Wait for your turn; look around meanwhile"
                        )}
                    </p>
                </div>
                <div class="timer" role="timer" aria-label={`${Math.ceil(left)} seconds left`}>
                    <b>{Math.ceil(left)}</b>
                    <i>
                        <u style={{ width: `${(left / most.current) * 100}%` }} class={left < 6 ? "late" : ""} />
                    </i>
                </div>
            </div>
            <div class="draft-board">
                <Side team={0} draft={draft} hello={hello} lobby={lobby} heroes={heroes} />
                <section class="card">
                    <div class="body">
                        <Gallery
                            heroes={heroes}
                            chosen={chosen}
                            closed={closed}
                            onChoose={setChosen}
                            confirm={{ label: mine ? (draft.ban ? "Ban" : "Pick") : "Not your turn", disabled: !mine, onConfirm: send }}
                        />
                    </div>
                </section>
                <Side team={1} draft={draft} hello={hello} lobby={lobby} heroes={heroes} />
            </div>
        </main>
    );
}
