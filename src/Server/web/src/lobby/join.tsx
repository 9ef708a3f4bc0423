import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../api/client";
import type { LiveMatch, Seat } from "../api/types";
import { Failure } from "../ui/failure";
import { title } from "../ui/format";
import { HeroBadge } from "../ui/hero";
import { seatName } from "../watch/sides";
import { NameField } from "./name";
import { type OwnSeat, keepName, keepSeat, ownName } from "./seats";

export function isFree(seat: Seat): boolean {
    return seat.kind === "open";
}

/** Takes a free seat of a match. */
export function JoinForm({ match, onSeat }: { match: LiveMatch; onSeat: (seat: OwnSeat) => void }): JSX.Element {
    const [name, setName] = useState(ownName);
    const [busy, setBusy] = useState(false);
    const [error, setError] = useState<unknown>(null);
    const take = async (seat: Seat) => {
        setBusy(true);
        setError(null);
        try {
            keepName(name);
            const given = name.trim();
            const seated = await api.join(match.id, { ...(given ? { name: given } : {}), team: seat.team, slot: seat.slot });
            const own = { id: match.id, token: seated.token, seat: seated.seat, since: Date.now() };
            keepSeat(own);
            onSeat(own);
        } catch (reason) {
            setError(reason);
            setBusy(false);
        }
    };
    return (
        <section class="card">
            <header>
                <h2>
                    {match.mode} · {match.rules} rules
                </h2>
                <NameField value={name} onChange={setName} inline />
            </header>
            <div class="body join-teams">
                {([0, 1] as const).map(team => (
                    <div key={team} class="team">
                        <h3 class={team === 0 ? "home" : "away"}>{team === 0 ? "Home" : "Away"}</h3>
                        <ul>
                            {match.seats
                                .filter(seat => seat.team === team)
                                .map(seat => (
                                    <li key={seat.slot} class={`seat ${team === 0 ? "home" : "away"}`}>
                                        {seat.hero && <HeroBadge hero={seat.hero} size={30} />}
                                        <span class="who">
                                            {isFree(seat) ? <span class="muted">free</span> : seatName(seat)}
                                            {seat.hero && <span class="muted"> {title(seat.hero)}</span>}
                                        </span>
                                        {isFree(seat) && (
                                            <button type="button" class="button small primary" disabled={busy} onClick={() => take(seat)}>
                                                Sit here
                                            </button>
                                        )}
                                    </li>
                                ))}
                        </ul>
                    </div>
                ))}
                {!match.seats.some(isFree) && <p class="muted">All seats are taken; the match can be watched.</p>}
                {error !== null && <Failure error={error} />}
            </div>
        </section>
    );
}
