import type { JSX } from "preact";
import { api } from "../api/client";
import { usePoll } from "../api/poll";
import { Link } from "../router";
import { sides } from "../watch/sides";
import { ownSeats } from "./seats";

/** Matches that one may go back to, and lobbies that wait for people. Nothing while there are none. */
export function OpenLobbies(): JSX.Element | null {
    const matches = usePoll("matches", 4_000, signal => api.matches(signal));
    const own = new Set(ownSeats().map(seat => seat.id));
    const mine = matches.value?.filter(match => own.has(match.id) && match.stage !== "over") ?? [];
    const open = matches.value?.filter(match => !own.has(match.id) && match.stage !== "over" && match.freeSeats > 0) ?? [];
    if (mine.length + open.length === 0) return null;
    return (
        <ul class="open-lobbies">
            {mine.map(match => (
                <li key={match.id} class="notice">
                    <span class="grow">
                        You have a seat in a match of {match.mode}
                        {match.stage === "lobby" ? " that has not started" : "; a bot holds it while you are away"}.
                    </span>
                    <Link to={{ page: "room", id: match.id }} class="button small primary">
                        Return to it
                    </Link>
                </li>
            ))}
            {open.map(match => {
                const [home, away] = sides(match.seats);
                return (
                    <li key={match.id} class="open-lobby">
                        <span class="tag good">{match.freeSeats === 1 ? "a free seat" : `${match.freeSeats} free seats`}</span>
                        <span>
                            {match.mode} · {match.rules}
                        </span>
                        <span class="grow">
                            <span class="home">{home}</span> <span class="muted">against</span> <span class="away">{away}</span>
                        </span>
                        <Link to={{ page: "room", id: match.id }} class="button small">
                            Join
                        </Link>
                    </li>
                );
            })}
        </ul>
    );
}
