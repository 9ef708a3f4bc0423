/** Where the picture looks. World y points up, the screen's down. */
export class Camera {
    x = 0;
    y = 0;
    /** Pixels a cell. */
    zoom = 26;
    width = 1;
    height = 1;
    private readonly halfX: number;
    private readonly halfY: number;

    constructor(mapWidth: number, mapHeight: number) {
        this.halfX = mapWidth / 2;
        this.halfY = mapHeight / 2;
    }

    static readonly closest = 52;

    /** The zoom at which the whole map is seen. */
    get widest(): number {
        return Math.max(2, Math.min(this.width / (2 * this.halfX + 4), this.height / (2 * this.halfY + 4)));
    }

    resize(width: number, height: number): void {
        this.width = Math.max(1, width);
        this.height = Math.max(1, height);
        this.zoomTo(this.zoom);
    }

    screenX(x: number): number {
        return (x - this.x) * this.zoom + this.width / 2;
    }

    screenY(y: number): number {
        return (this.y - y) * this.zoom + this.height / 2;
    }

    worldX(screenX: number): number {
        return (screenX - this.width / 2) / this.zoom + this.x;
    }

    worldY(screenY: number): number {
        return this.y - (screenY - this.height / 2) / this.zoom;
    }

    /** Zooms by a factor and keeps the place under a point of the screen. */
    zoomAt(factor: number, screenX: number, screenY: number): void {
        const x = this.worldX(screenX);
        const y = this.worldY(screenY);
        this.zoomTo(this.zoom * factor);
        this.x += x - this.worldX(screenX);
        this.y += y - this.worldY(screenY);
        this.clamp();
    }

    zoomTo(zoom: number): void {
        this.zoom = Math.min(Camera.closest, Math.max(this.widest, zoom));
        this.clamp();
    }

    lookAt(x: number, y: number): void {
        this.x = x;
        this.y = y;
        this.clamp();
    }

    /** Moves by pixels of the screen. */
    pan(screenX: number, screenY: number): void {
        this.lookAt(this.x + screenX / this.zoom, this.y - screenY / this.zoom);
    }

    /** Goes part of the way to a place; `seconds` since the last call. */
    follow(x: number, y: number, seconds: number): void {
        const far = Math.hypot(x - this.x, y - this.y) > 25;
        const part = far ? 1 : 1 - Math.exp(-seconds * 14);
        this.lookAt(this.x + (x - this.x) * part, this.y + (y - this.y) * part);
    }

    /** Shows the whole map. */
    overview(): void {
        this.zoom = this.widest;
        this.lookAt(0, 0);
    }

    private clamp(): void {
        const edge = 6;
        const roomX = Math.max(0, this.halfX + edge - this.width / 2 / this.zoom);
        const roomY = Math.max(0, this.halfY + edge - this.height / 2 / this.zoom);
        this.x = Math.min(roomX, Math.max(-roomX, this.x));
        this.y = Math.min(roomY, Math.max(-roomY, this.y));
    }
}
