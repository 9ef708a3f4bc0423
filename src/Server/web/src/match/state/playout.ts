/**
 * Says which tick is to be shown now. Frames come at about 15 Hz and not quite evenly; what is shown runs a little behind the newest one, at an
 * even pace, so that there are always two frames to draw between. Hurries or dawdles by a few percent to keep the distance, and jumps only when
 * the match itself did.
 */
export class Playout {
    /** Ticks a second of the match at speed 1. */
    tickRate: number;
    /** Speed of a replay; a live match has 1. */
    speed = 1;
    /** Distance to keep, in seconds of the wall. */
    delay = 0.1;

    private newest = Number.NaN;
    private newestAt = 0;
    private shown = Number.NaN;
    private shownAt = 0;

    constructor(tickRate = 15) {
        this.tickRate = tickRate;
    }

    /** The newest tick received; NaN before the first. */
    get latest(): number {
        return this.newest;
    }

    /** A frame for `tick` came at `now` (seconds). `jumped` after a seek: shows it at once. */
    received(tick: number, now: number, jumped = false): void {
        if (jumped || Number.isNaN(this.newest)) {
            this.shown = tick;
            this.shownAt = now;
        }
        this.newest = tick;
        this.newestAt = now;
    }

    /** The tick to show at `now` (seconds), fractional; never beyond the newest, never backwards. */
    at(now: number): number {
        if (Number.isNaN(this.newest)) return 0;
        const elapsed = Math.max(0, Math.min(now - this.shownAt, 0.25));
        this.shownAt = now;
        const rate = this.tickRate * this.speed;
        // Where the match is by now, as far as may be guessed from the last frame.
        const head = this.newest + Math.min(Math.max(0, now - this.newestAt), this.delay) * rate;
        const wanted = head - this.delay * rate;
        const behind = wanted - this.shown;
        if (Math.abs(behind) > rate * 1.5) {
            this.shown = Math.max(wanted, 0);
            return this.shown;
        }
        const pace = 1 + Math.max(-0.5, Math.min(1, behind / (rate * 0.35)));
        this.shown = Math.max(this.shown, Math.min(this.newest, this.shown + elapsed * rate * pace));
        return this.shown;
    }
}
