import type { JSX } from "preact";
import { api } from "../api/client";
import { usePoll } from "../api/poll";
import type { LiveMatch } from "../api/types";
import { Link } from "../router";
import { Failure } from "../ui/failure";
import { clock } from "../ui/format";
import { Icon } from "../ui/icon";
import { sides } from "./sides";

function Row({ match }: { match: LiveMatch }): JSX.Element {
    const [home, away] = sides(match.seats);
    const waiting = match.state === "lobby" || match.state === "draft";
    return (
        <li class="live-match">
            <div class="who">
                <span class="home">{home}</span>
                <span class="score">
                    {waiting ? (
                        <span class="tag warn">{match.state === "lobby" ? "lobby" : "draft"}</span>
                    ) : (
                        <b>
                            {match.kills?.[0] ?? 0} : {match.kills?.[1] ?? 0}
                        </b>
                    )}
                </span>
                <span class="away">{away}</span>
            </div>
            <div class="what">
                <span class="muted">
                    {match.mode} · {match.rules}
                    {!waiting && ` · ${clock(match.tick / (match.tickRate ?? 15))}`}
                    {match.spectators > 0 && ` · ${match.spectators} watching`}
                </span>
                {waiting && match.freeSeats > 0 ? (
                    <Link to={{ page: "room", id: match.id }} class="button small primary">
                        Join
                    </Link>
                ) : (
                    <Link to={{ page: "watch-match", id: match.id }} class="button small">
                        <Icon name="eye" size={15} /> Watch
                    </Link>
                )}
            </div>
        </li>
    );
}

/** Matches that are on now, each a link to watch or join. */
export function MatchList(): JSX.Element {
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
                    <p>Matches of people appear here, and exhibition matches of the league while it runs.</p>
                    <Link to={{ page: "play" }} class="button primary">
                        Play a match
                    </Link>
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
