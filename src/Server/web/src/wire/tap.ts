import type { Frame } from "./connection";

/**
 * Hands frames to a view that may not be there yet, as its code is still being loaded. Until it is, frames are kept; a `hello` makes what came
 * before it void, and a `full` the states before it.
 */
export class FrameTap {
    private listener: ((frame: Frame) => void) | null = null;
    private kept: Frame[] = [];
    private readonly others = new Set<(frame: Frame) => void>();

    push(frame: Frame): void {
        for (const other of this.others) other(frame);
        if (this.listener) {
            this.listener(frame);
            return;
        }
        if (frame[0] === "hello") this.kept = [];
        else if (frame[0] === "full") this.kept = this.kept.filter(([name]) => name !== "full" && name !== "delta");
        this.kept.push(frame);
    }

    /** Gives all that was kept to the listener, then every new frame; the answer ends that. */
    take(listener: (frame: Frame) => void): () => void {
        const kept = this.kept;
        this.kept = [];
        this.listener = listener;
        for (const frame of kept) listener(frame);
        return () => {
            if (this.listener === listener) this.listener = null;
        };
    }

    /** Hears every frame from now on, beside the view; the answer ends that. */
    listen(listener: (frame: Frame) => void): () => void {
        this.others.add(listener);
        return () => this.others.delete(listener);
    }
}
