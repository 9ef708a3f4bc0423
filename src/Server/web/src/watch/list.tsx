import type { ComponentChildren, JSX } from "preact";
import { api } from "../api/client";
import { usePoll } from "../api/poll";
import type { LiveMatch } from "../api/types";
import { Link } from "../router";
import { Failure } from "../ui/failure";
import { clock } from "../ui/format";
import { Icon } from "../ui/icon";
import { sides } from "./sides";

const tickRate = 15;

function Row({ match }: { match: LiveMatch }): JSX.Element {
    const [home, away] = sides(match.seats);
    const waiting = match.stage === "lobby" || match.stage === "draft";
    return (
        <li class="live-match">
            <div class="who">
                <span class="home">{home}</span>
                <span class="score">
                    {waiting ? (
                        <span class="tag warn">{match.stage}</span>
                    ) : (
                        <b>
                            {match.score[0]} : {match.score[1]}
                        </b>
                    )}
                </span>
                <span class="away">{away}</span>
            </div>
            <div class="what">
                <span class="muted">
                    {match.mode} · {match.rules}
                    {match.stage === "over" && " · over"}
                    {match.stage === "playing" && ` · ${clock(match.tick / tickRate)}`}
                    {match.spectators > 0 && ` · ${match.spectators} watching`}
                </span>
                {match.stage === "over" ? (
                    match.replay && (
                        <Link to={{ page: "watch-replay", id: match.replay }} class="button small">
                            <Icon name="play" size={15} /> Replay
                        </Link>
                    )
                ) : match.freeSeats > 0 ? (
                    <Link to={{ page: "room", id: match.id }} class="button small primary">
                        Join
                    </Link>
                ) : match.spectatorsSee === "none" && match.seats.some(seat => seat.kind !== "bot") ? (
                    <span class="muted">not shown to others</span>
                ) : (
                    <Link to={{ page: "watch-match", id: match.id }} class="button small">
                        <Icon name="eye" size={15} /> Watch
                    </Link>
                )}
            </div>
        </li>
    );
}

/** Matches that are on now, each a link to watch or join; `children` stand where there are none. */
export function MatchList({ children }: { children?: ComponentChildren }): JSX.Element {
    const matches = usePoll("matches", 3_000, signal => api.matches(signal));
    return (
        <section class="card live">
            <header>
                <h2>Live matches</h2>
                {matches.value && matches.value.length > 0 && <span class="tag">{matches.value.length}</span>}
            </header>
            {matches.error !== null && (
                <div class="body">
                    <Failure error={matches.error} retry={matches.reload} />
                </div>
            )}
            {matches.value === null && matches.error === null && <div class="loading" aria-busy="true" />}
            {matches.value?.length === 0 && (
                <div class="empty">
                    <h3>Nobody is playing</h3>
                    {children ?? (
                        <>
                            <p>Matches of people and exhibitions between bots appear here.</p>
                            <div class="ways">
                                <Link to={{ page: "watch" }} class="button primary">
                                    Let bots play
                                </Link>
                                <Link to={{ page: "play" }} class="button">
                                    Play yourself
                                </Link>
                            </div>
                        </>
                    )}
                </div>
            )}
            {matches.value && matches.value.length > 0 && (
                <ul class="live-list">
                    {matches.value.map(match => (
                        <Row key={match.id} match={match} />
                    ))}
                </ul>
            )}
        </section>
    );
}
