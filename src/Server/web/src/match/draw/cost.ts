const kept = 1024;

/** Milliseconds that the newest frames took, and what is typical of them. */
export class FrameCost {
    private readonly times = new Float64Array(kept);
    private count = 0;

    add(milliseconds: number): void {
        this.times[this.count++ % kept] = milliseconds;
    }

    /** Mean, median and 99th percentile of the newest frames, and how many they are; zeros before the first. */
    summary(): { frames: number; mean: number; median: number; p99: number } {
        const frames = Math.min(this.count, kept);
        if (frames === 0) return { frames, mean: 0, median: 0, p99: 0 };
        const sorted = this.times.slice(0, frames).sort();
        const at = (share: number) => sorted[Math.min(frames - 1, Math.ceil(share * frames) - 1)]!;
        return { frames, mean: sorted.reduce((sum, time) => sum + time, 0) / frames, median: at(0.5), p99: at(0.99) };
    }
}
