/** A small generator of repeatable random numbers (mulberry32), so that the same map always looks the same. */
export function random(seed: number): () => number {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = Math.imul(state ^ (state >>> 15), 1 | state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
}

/** A square of smooth noise (0 to 1) of several octaves that repeats at its edges. `size` is a power of two. */
export function noiseTile(size: number, octaves: number, coarsest: number, seed: number): Float32Array {
    const tile = new Float32Array(size * size);
    const next = random(seed);
    let weight = 1;
    let total = 0;
    for (let octave = 0; octave < octaves; octave++) {
        const cells = coarsest << octave;
        if (cells > size) break;
        const lattice = Float32Array.from({ length: cells * cells }, next);
        const step = size / cells;
        for (let y = 0; y < size; y++) {
            const row = Math.floor(y / step);
            const fy = smooth(y / step - row);
            const top = row * cells;
            const bottom = ((row + 1) % cells) * cells;
            for (let x = 0; x < size; x++) {
                const column = Math.floor(x / step);
                const fx = smooth(x / step - column);
                const right = (column + 1) % cells;
                const a = lattice[top + column]! * (1 - fx) + lattice[top + right]! * fx;
                const b = lattice[bottom + column]! * (1 - fx) + lattice[bottom + right]! * fx;
                tile[y * size + x]! += weight * (a * (1 - fy) + b * fy);
            }
        }
        total += weight;
        weight *= 0.5;
    }
    for (let i = 0; i < tile.length; i++) tile[i]! /= total;
    return tile;
}

function smooth(t: number): number {
    return t * t * (3 - 2 * t);
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function step(from: number, to: number, value: number): number {
    const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
    return t * t * (3 - 2 * t);
}
