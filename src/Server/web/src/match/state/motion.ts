const kept = 6;

/** A place at the newest ticks, to be asked for the time between two of them. Allocates nothing after its construction. */
export class Motion {
    x = 0;
    y = 0;
    /** Direction of the last movement shown, radians counter-clockwise from +x. */
    facing = 0;
    private readonly ticks = new Float64Array(kept);
    private readonly xs = new Float64Array(kept);
    private readonly ys = new Float64Array(kept);
    private count = 0;

    reset(): void {
        this.count = 0;
    }

    /** Adds a place; a tick not after the newest one corrects that one. */
    add(tick: number, x: number, y: number): void {
        if (this.count > 0 && tick <= this.ticks[this.count - 1]!) {
            this.xs[this.count - 1] = x;
            this.ys[this.count - 1] = y;
            return;
        }
        if (this.count === kept) {
            this.ticks.copyWithin(0, 1);
            this.xs.copyWithin(0, 1);
            this.ys.copyWithin(0, 1);
            this.count--;
        }
        this.ticks[this.count] = tick;
        this.xs[this.count] = x;
        this.ys[this.count] = y;
        this.count++;
    }

    /**
     * Sets `x`, `y` and `facing` to those of a tick.
     * @param leap Cells a tick from which on a change of place is a blink, not a movement.
     */
    show(tick: number, leap: number): void {
        const last = this.count - 1;
        if (last < 0) return;
        let next = last;
        while (next > 0 && this.ticks[next - 1]! > tick) next--;
        if (next === 0 || tick >= this.ticks[last]!) {
            this.move(this.xs[next === 0 ? 0 : last]!, this.ys[next === 0 ? 0 : last]!, leap);
            return;
        }
        const before = next - 1;
        const span = this.ticks[next]! - this.ticks[before]!;
        const dx = this.xs[next]! - this.xs[before]!;
        const dy = this.ys[next]! - this.ys[before]!;
        const part = (tick - this.ticks[before]!) / span;
        if (dx * dx + dy * dy > leap * leap * span * span) {
            this.move(this.xs[part < 1 ? before : next]!, this.ys[part < 1 ? before : next]!, 0);
            return;
        }
        if (dx * dx + dy * dy > 1e-5) this.facing = Math.atan2(dy, dx);
        this.x = this.xs[before]! + dx * part;
        this.y = this.ys[before]! + dy * part;
    }

    private move(x: number, y: number, leap: number): void {
        const dx = x - this.x;
        const dy = y - this.y;
        if (leap > 0 && dx * dx + dy * dy > 1e-4 && dx * dx + dy * dy < leap * leap) this.facing = Math.atan2(dy, dx);
        this.x = x;
        this.y = y;
    }
}
