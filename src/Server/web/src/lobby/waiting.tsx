import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { api } from "../api/client";
import type { Content } from "../api/types";
import { playerName } from "../league/players";
import { Failure } from "../ui/failure";
import { title } from "../ui/format";
import { HeroSign, findHero } from "../ui/hero";
import { Icon } from "../ui/icon";
import type { LobbyFrame, LobbySeat } from "./frames";
import { Gallery } from "./gallery";
import type { OwnSeat } from "./seats";

interface WaitingRoomProps {
    id: string;
    own: OwnSeat;
    host: boolean;
    lobby: LobbyFrame;
    content: Content;
    onLeave: () => void;
}

/** Who sits in a seat of the lobby. */
export function occupant(seat: LobbySeat): string {
    if (seat.kind === "open") return "waiting for somebody";
    if (seat.kind === "person") return seat.name || "somebody";
    if (seat.player) return playerName(seat.player);
    const level = `${title(seat.difficulty ?? "")} bot`.trim();
    return seat.plays && seat.elo != null ? `${level}: ${playerName(seat.plays)}, Elo ${seat.elo.toFixed(0)}` : level;
}

/** A link that others come in by, copied at a click. */
function Share(): JSX.Element {
    const [copied, setCopied] = useState(false);
    const copy = async (event: Event) => {
        const field = (event.currentTarget as HTMLElement).parentElement!.querySelector("input")!;
        field.select();
        await navigator.clipboard?.writeText(location.href).catch(() => {});
        setCopied(true);
    };
    return (
        <div class="share">
            <label class="field">
                Others join with this address
                <input class="input mono" readOnly value={location.href} onFocus={event => event.currentTarget.select()} />
            </label>
            <button type="button" class="button" onClick={copy}>
                <Icon name={copied ? "check" : "copy"} size={16} /> {copied ? "Copied" : "Copy"}
            </button>
        </div>
    );
}

/** The lobby: who sits where until the host starts. */
export function WaitingRoom({ id, own, host, lobby, content, onLeave }: WaitingRoomProps): JSX.Element {
    const [busy, setBusy] = useState(false);
    const [error, setError] = useState<unknown>(null);
    const attempt = async (act: () => Promise<unknown>) => {
        setBusy(true);
        setError(null);
        try {
            await act();
        } catch (reason) {
            setError(reason);
        } finally {
            setBusy(false);
        }
    };
    const cameAsGuest = useRef(!host);
    const leave = () => attempt(() => api.leave(id, own.token)).finally(onLeave);
    const isOwn = (seat: LobbySeat) => seat.team === own.seat?.team && seat.slot === own.seat.slot;
    const mine = lobby.seats.find(isOwn);
    const open = lobby.seats.filter(seat => seat.kind === "open");
    const easy = content.difficulties[1] ?? content.difficulties[0];
    return (
        <main class="page">
            <div class="page-head">
                <h1>Lobby</h1>
                <span class="muted">
                    {lobby.mode} · {lobby.rules} rules{lobby.spectators > 0 ? ` · ${lobby.spectators} watching` : ""}
                </span>
                <div class="right">
                    <button type="button" class="button quiet" disabled={busy} onClick={leave}>
                        Leave
                    </button>
                    {host ? (
                        <button
                            type="button"
                            class="button primary large"
                            disabled={busy}
                            onClick={() => attempt(() => api.start(id, own.token))}
                        >
                            {open.length > 0 ? "Start with bots in the free seats" : "Start the match"}
                        </button>
                    ) : (
                        <span class="tag">
                            <i class="dot live" /> the host starts the match
                        </span>
                    )}
                </div>
            </div>
            {error !== null && <Failure error={error} />}
            {host && cameAsGuest.current && (
                <p class="notice" role="status">
                    Whoever opened this lobby has left: you are the host now, and start the match.
                </p>
            )}
            <div class="setup">
                <section class="card match-card">
                    <div class="body">
                        <Share />
                        {([0, 1] as const).map(team => (
                            <div key={team} class="team">
                                <h3 class={team === 0 ? "home" : "away"}>{team === 0 ? "Home" : "Away"}</h3>
                                <ul>
                                    {lobby.seats
                                        .filter(seat => seat.team === team)
                                        .map(seat => {
                                            const hero = findHero(content, seat.hero);
                                            return (
                                                <li
                                                    key={seat.slot}
                                                    class={`seat ${team === 0 ? "home" : "away"} ${isOwn(seat) ? "on" : ""}`}
                                                >
                                                    <HeroSign hero={hero?.name ?? "any"} size={32} {...(hero ? { role: hero.role } : {})} />
                                                    <span class="who">
                                                        {isOwn(seat) ? (
                                                            <b>You</b>
                                                        ) : (
                                                            <span class={seat.kind === "open" ? "muted" : ""}>{occupant(seat)}</span>
                                                        )}{" "}
                                                        {hero && <span class="muted">{title(hero.name)}</span>}
                                                        {lobby.host?.team === seat.team && lobby.host.slot === seat.slot && (
                                                            <span class="tag">host</span>
                                                        )}
                                                        {seat.kind === "person" && !seat.connected && !isOwn(seat) && (
                                                            <span class="tag warn">away</span>
                                                        )}
                                                    </span>
                                                    {host && seat.kind === "open" && easy && (
                                                        <button
                                                            type="button"
                                                            class="button small"
                                                            disabled={busy}
                                                            onClick={() =>
                                                                attempt(() =>
                                                                    api.seat(id, own.token, {
                                                                        team,
                                                                        slot: seat.slot,
                                                                        kind: "bot",
                                                                        difficulty: easy.name,
                                                                    }),
                                                                )
                                                            }
                                                        >
                                                            <Icon name="bot" size={15} /> Bot
                                                        </button>
                                                    )}
                                                    {host && seat.kind === "bot" && (
                                                        <button
                                                            type="button"
                                                            class="button small quiet"
                                                            disabled={busy}
                                                            onClick={() =>
                                                                attempt(() =>
                                                                    api.seat(id, own.token, { team, slot: seat.slot, kind: "person" }),
                                                                )
                                                            }
                                                        >
                                                            <Icon name="person" size={15} /> Open
                                                        </button>
                                                    )}
                                                </li>
                                            );
                                        })}
                                </ul>
                            </div>
                        ))}
                    </div>
                </section>
                <section class="card">
                    <header>
                        <h2>{lobby.draft === "none" ? "Your hero" : "Heroes"}</h2>
                        {lobby.draft !== "none" && <span class="muted">picked in turns once the match starts</span>}
                    </header>
                    <div class="body">
                        <Gallery
                            heroes={content.heroes}
                            chosen={lobby.draft === "none" ? (mine?.hero ?? null) : null}
                            onChoose={hero => {
                                if (lobby.draft !== "none" || !mine) return;
                                void attempt(() =>
                                    api.seat(id, own.token, { team: mine.team as 0 | 1, slot: mine.slot, kind: "person", hero }),
                                );
                            }}
                        />
                    </div>
                </section>
            </div>
        </main>
    );
}
