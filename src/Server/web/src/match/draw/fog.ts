import { Sprite, Texture } from "pixi.js";
import type { Match } from "../state/match";
import type { Ground } from "../state/ground";

/** Side of the blocks of cells in which sight is told. */
const block = 4;
const upscale = 4;

/** The dark where the view's side sees nothing: blocks, smoothed in space and time. */
export class FogLayer {
    readonly sprite: Sprite;
    private readonly columns: number;
    private readonly rows: number;
    private readonly shown: Float32Array;
    private readonly coarse: HTMLCanvasElement;
    private readonly coarsePen: CanvasRenderingContext2D;
    private readonly image: ImageData;
    private readonly soft: HTMLCanvasElement;
    private readonly softPen: CanvasRenderingContext2D;
    private readonly texture: Texture;
    private since = 0;
    private settled = false;
    private frame = -1;
    private epoch = -1;
    private match: Match | null = null;

    constructor(ground: Ground) {
        this.columns = Math.ceil(ground.width / block);
        this.rows = Math.ceil(ground.height / block);
        this.shown = new Float32Array(this.columns * this.rows);
        this.coarse = canvas(this.columns, this.rows);
        this.coarsePen = this.coarse.getContext("2d", { willReadFrequently: true })!;
        this.image = this.coarsePen.createImageData(this.columns, this.rows);
        this.soft = canvas(this.columns * upscale, this.rows * upscale);
        this.softPen = this.soft.getContext("2d")!;
        this.softPen.imageSmoothingEnabled = true;
        this.softPen.imageSmoothingQuality = "high";
        this.softPen.filter = "blur(2px)";
        this.texture = Texture.from(this.soft);
        this.sprite = new Sprite(this.texture);
        this.sprite.position.set(ground.left, -(ground.bottom + ground.height));
        this.sprite.setSize(ground.width, ground.height);
        this.sprite.visible = false;
    }

    /** Darkness of a block, 0 to 1; for the small map. */
    get picture(): HTMLCanvasElement | null {
        return this.sprite.visible ? this.soft : null;
    }

    update(match: Match, seconds: number): void {
        const seen = match.table("fog")?.list(0, "cells") ?? [];
        this.sprite.visible = seen.length === this.rows && match.view !== "all";
        if (!this.sprite.visible) return;
        this.since += seconds;
        const jump = this.match !== match || this.epoch !== match.epoch;
        if (this.since < 1 / 20 && !jump) return;
        const part = jump ? 1 : 1 - Math.exp(-this.since * 9);
        this.since = 0;
        this.match = match;
        this.epoch = match.epoch;
        if (this.settled && !jump && this.frame === match.frame) return;
        this.frame = match.frame;
        let moving = 0;
        for (let at = 0; at < this.shown.length; at++) {
            const column = at % this.columns;
            const row = (at - column) / this.columns;
            const bit = (Number(seen[row]) >>> column) & 1;
            const change = (1 - bit - this.shown[at]!) * part;
            moving = Math.max(moving, Math.abs(change));
            this.shown[at]! += change;
            // Rows of the world go up, those of the picture down.
            this.image.data[((this.rows - 1 - row) * this.columns + column) * 4 + 3] = this.shown[at]! * 148;
        }
        this.settled = moving < 0.004;
        this.coarsePen.putImageData(this.image, 0, 0);
        this.softPen.clearRect(0, 0, this.soft.width, this.soft.height);
        this.softPen.drawImage(this.coarse, 0, 0, this.soft.width, this.soft.height);
        this.texture.source.update();
    }

    destroy(): void {
        this.texture.destroy(true);
    }
}

function canvas(width: number, height: number): HTMLCanvasElement {
    const made = document.createElement("canvas");
    made.width = width;
    made.height = height;
    return made;
}
