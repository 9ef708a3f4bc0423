import { ProtocolError } from "./schema";

/** One head of a policy: what it chose and how likely it held its options to be; negligible ones are not told. */
export interface MindHead {
    head: string;
    /** Name of an option, index of a direction (of 16, counter-clockwise from +x), or unit of a target; null for none. */
    chosen: string | number | null;
    options: [option: string | number, probability: number][];
}

export interface MindBlock {
    name: string;
    slots: number;
    features: [name: string, unit: string][];
}

/** What a policy made of one hero's situation when it decided last. */
export interface Mind {
    unit: number;
    tick: number;
    player: string;
    /** What it expects by value head. */
    values: [name: string, value: number][];
    heads: MindHead[];
    blocks: MindBlock[];
    /** Of each slot that was there: the block's index, the slot, its values. */
    seen: [block: number, slot: number, values: number[]][];
}

/** Reads the frame's content; names of what is observed come with the first frame of a hero only, and are kept from `before`. */
export function readMind(sent: unknown, before: Mind | null): Mind | null {
    if (sent === null || sent === undefined) return null;
    if (typeof sent !== "object") throw new ProtocolError("mind: not a map");
    const mind = sent as Partial<Mind>;
    if (typeof mind.unit !== "number") throw new ProtocolError("mind: no unit");
    return {
        unit: mind.unit,
        tick: Number(mind.tick ?? 0),
        player: String(mind.player ?? ""),
        values: list(mind.values, "values"),
        heads: list(mind.heads, "heads"),
        blocks: Array.isArray(mind.blocks) ? mind.blocks : (before?.blocks ?? []),
        seen: list(mind.seen, "seen"),
    };
}

function list<T>(sent: T[] | undefined, name: string): T[] {
    if (sent === undefined || sent === null) return [];
    if (!Array.isArray(sent)) throw new ProtocolError(`mind: ${name} are not a list`);
    return sent;
}

const directions = 16;

/** A head's probabilities by direction, from the right counter-clockwise. */
export function byDirection(head: MindHead): number[] {
    const shares = new Array<number>(directions).fill(0);
    for (const [option, probability] of head.options)
        if (typeof option === "number" && option >= 0 && option < directions) shares[option] = probability;
    return shares;
}
