import type { Member, Rating } from "../api/types";
import { parsePlayer } from "./players";

export interface Node {
    player: string;
    /** Column, in the order in which members came. */
    column: number;
    /** Row: one for each lineage. */
    row: number;
    rating: Rating | null;
}

export interface Tree {
    nodes: Node[];
    /** From parent to child, as places in `nodes`. */
    edges: [parent: number, child: number][];
    lines: string[];
    columns: number;
}

/**
 * Lays the members out: a row for each lineage, columns in the order of versions, so that every child stands to the right of its parent.
 * Scripted players have no parents and are left out. Parents that are not there make a root.
 */
export function layOut(members: Member[], ratings: Rating[]): Tree {
    const rated = new Map(ratings.map(rating => [rating.player, rating]));
    const learnt = members.filter(member => parsePlayer(member.player).kind !== "scripted");
    const byName = new Map(learnt.map(member => [member.player, member]));
    const lines: string[] = [];
    for (const member of learnt) {
        const { line } = parsePlayer(member.player);
        if (!lines.includes(line)) lines.push(line);
    }
    const columns = new Map<string, number>();
    const taken = new Set<string>();
    const place = (member: Member, above: ReadonlySet<string>): number => {
        const known = columns.get(member.player);
        if (known !== undefined) return known;
        const parent = member.parent !== null && !above.has(member.parent) ? byName.get(member.parent) : undefined;
        const row = lines.indexOf(parsePlayer(member.player).line);
        let column = parent ? place(parent, new Set(above).add(member.player)) + 1 : 0;
        while (taken.has(`${row}/${column}`)) column++;
        taken.add(`${row}/${column}`);
        columns.set(member.player, column);
        return column;
    };
    for (const member of learnt) place(member, new Set([member.player]));
    const nodes = learnt.map((member): Node => ({
        player: member.player,
        column: columns.get(member.player)!,
        row: lines.indexOf(parsePlayer(member.player).line),
        rating: rated.get(member.player) ?? null,
    }));
    const places = new Map(nodes.map((node, i) => [node.player, i]));
    const edges: Tree["edges"] = [];
    for (const [i, member] of learnt.entries()) {
        const parent = member.parent === null ? undefined : places.get(member.parent);
        if (parent !== undefined) edges.push([parent, i]);
    }
    return { nodes, edges, lines, columns: 1 + Math.max(0, ...nodes.map(node => node.column)) };
}
