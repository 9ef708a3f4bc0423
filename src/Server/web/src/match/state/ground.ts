import type { MapInfo } from "../../api/types";

export const Cell = { open: 0, wall: 1, brush: 2 } as const;

/** The ground of a mode in the world's frame: the middle of the map is (0, 0). */
export class Ground {
    readonly width: number;
    readonly height: number;
    /** World coordinates of the lower left corner of cell (0, 0). */
    readonly left: number;
    readonly bottom: number;
    readonly cells: Uint8Array;
    readonly map: MapInfo;

    constructor(map: MapInfo) {
        this.map = map;
        this.width = map.width;
        this.height = map.height;
        this.left = -map.width / 2;
        this.bottom = -map.height / 2;
        this.cells = Uint8Array.from(atob(map.cells), c => c.charCodeAt(0));
        if (this.cells.length !== map.width * map.height)
            throw new Error(`the map has ${this.cells.length} cells; ${map.width} × ${map.height} are needed`);
    }

    /** What is at a place; beyond the map there is wall. */
    at(x: number, y: number): number {
        const column = Math.floor(x - this.left);
        const row = Math.floor(y - this.bottom);
        if (column < 0 || row < 0 || column >= this.width || row >= this.height) return Cell.wall;
        return this.cells[row * this.width + column]!;
    }

    walkable(x: number, y: number): boolean {
        return this.at(x, y) !== Cell.wall;
    }
}
