/** A seat of one's own in a match, kept by the browser so that one can come back after closing the tab. */
export interface OwnSeat {
    id: string;
    token: string;
    seat: { team: number; slot: number } | null;
    /** When it was taken, in ms since 1970. */
    since: number;
}

const key = "seats";
const keptFor = 12 * 3600_000;

function all(now: number): OwnSeat[] {
    try {
        const seats = JSON.parse(localStorage.getItem(key) ?? "[]") as OwnSeat[];
        return seats.filter(seat => typeof seat.id === "string" && typeof seat.token === "string" && now - seat.since < keptFor);
    } catch {
        return [];
    }
}

export function ownSeats(now = Date.now()): OwnSeat[] {
    return all(now);
}

export function ownSeat(id: string): OwnSeat | null {
    return all(Date.now()).find(seat => seat.id === id) ?? null;
}

export function keepSeat(seat: Omit<OwnSeat, "since">): void {
    const now = Date.now();
    const others = all(now).filter(other => other.id !== seat.id);
    localStorage.setItem(key, JSON.stringify([...others, { ...seat, since: now }]));
}

export function forgetSeat(id: string): void {
    localStorage.setItem(key, JSON.stringify(all(Date.now()).filter(seat => seat.id !== id)));
}

/** The name that a person plays under; empty for nobody in particular. */
export function ownName(): string {
    return localStorage.getItem("name") ?? "";
}

export function keepName(name: string): void {
    localStorage.setItem("name", name.trim());
}
