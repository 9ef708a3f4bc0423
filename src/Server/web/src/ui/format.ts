/** A whole number with thin spaces between thousands: 35 403 589. */
export function whole(value: number): string {
    return Math.round(value)
        .toString()
        .replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}

/** A number in about three digits with k, M or G: 35.4 M. */
export function short(value: number): string {
    const size = Math.abs(value);
    for (const [unit, from] of [
        ["G", 1e9],
        ["M", 1e6],
        ["k", 1e3],
    ] as const) {
        if (size >= from * 0.9995) return `${digits(value / from)} ${unit}`;
    }
    return digits(value);
}

function digits(value: number): string {
    const size = Math.abs(value);
    if (size >= 99.95) return value.toFixed(0);
    if (size >= 9.995 || Number.isInteger(value)) return value.toFixed(Number.isInteger(value) ? 0 : 1);
    return size === 0 ? "0" : size < 0.01 ? value.toPrecision(2) : value.toFixed(2);
}

/** Seconds as people say them: 48 s, 12 min, 3 h 05 min, 2 d 4 h. */
export function duration(seconds: number): string {
    if (seconds < 60) return `${Math.round(seconds)} s`;
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return `${minutes} min`;
    const hours = Math.floor(minutes / 60);
    if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
    return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A match's clock: 7:05. */
export function clock(seconds: number): string {
    const whole = Math.max(0, Math.floor(seconds));
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** A share as a percentage: 67 %. */
export function percent(share: number): string {
    return `${Math.round(share * 100)} %`;
}

/** How long ago, from now. */
export function ago(when: string, now: number = Date.now()): string {
    const then = Date.parse(when);
    if (Number.isNaN(then)) return "";
    const seconds = Math.max(0, (now - then) / 1000);
    return seconds < 45 ? "just now" : `${duration(seconds)} ago`;
}

export function bytes(count: number): string {
    return count < 1e6 ? `${Math.max(1, Math.round(count / 1e3))} kB` : `${short(count)}B`;
}

/** A name of the content as people read it: `brine_guard` is Brine guard. */
export function title(name: string): string {
    if (abbreviations.has(name)) return name.toUpperCase();
    const words = name.replaceAll("_", " ");
    return words.charAt(0).toUpperCase() + words.slice(1);
}

const abbreviations = new Set(["kda", "hp", "xp"]);
