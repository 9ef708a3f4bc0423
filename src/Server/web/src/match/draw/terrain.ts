import { Cell, type Ground } from "../state/ground";
import { noiseTile, random, step } from "./noise";
import { teamCss } from "./palette";

/** Pixels a cell for which distances in pixels below are written. */
const usual = 16;
const tile = 512;

type Rgb = readonly [number, number, number];
const colors = {
    meadow: [52, 78, 58],
    moss: [38, 60, 50],
    lane: [128, 117, 88],
    dirt: [92, 84, 66],
    water: [38, 92, 112],
    deep: [28, 70, 94],
    glint: [126, 190, 204],
    stone: [98, 104, 112],
    rock: [34, 42, 48],
    canopy: [22, 40, 36],
    leaf: [40, 66, 52],
    rim: [112, 126, 118],
    home: [60, 96, 140],
    away: [148, 100, 62],
} satisfies Record<string, Rgb>;

/**
 * Paints the ground of a map once: walls as overgrown rock with a lit rim and a shadow, lanes, water along the line between the epic monsters' dens,
 * paved bases, brush. Leaves the page responsive meanwhile.
 * @param scale Pixels a cell, even.
 */
export async function paintTerrain(ground: Ground, scale: number): Promise<HTMLCanvasElement> {
    const width = ground.width * scale;
    const height = ground.height * scale;
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d", { alpha: false })!;
    const walls = await spread(ground, scale, cell => (cell === Cell.wall ? 1 : 0));
    const lanes = laneDistance(ground);
    const noise = noiseTile(tile, 6, 4, 7);
    const fine = noiseTile(tile, 4, 64, 11);
    const places = landmarks(ground);
    const band = 64;
    for (let from = 0; from < height; from += band) {
        const rows = Math.min(band, height - from);
        const image = context.createImageData(width, rows);
        for (let row = 0; row < rows; row++)
            paintRow(ground, scale, image.data, row, from + row, width, height, walls, lanes, noise, fine, places);
        context.putImageData(image, 0, from);
        if ((from / band) % 4 === 3) await new Promise(resolve => setTimeout(resolve));
    }
    paintLandmarks(context, ground, scale);
    paintBrush(context, ground, scale);
    return canvas;
}

/** A cell property as a smooth field by pixels: a cubic B-spline through the cells, rows from the top. */
async function spread(ground: Ground, scale: number, of: (cell: number) => number): Promise<Float32Array> {
    const { width, height } = ground;
    const out = new Float32Array(width * scale * height * scale);
    const cells = Float32Array.from(ground.cells, of);
    const weights = Array.from({ length: scale }, (_, i) => spline((i + 0.5) / scale));
    const line = new Float32Array(width + 4);
    for (let py = 0; py < height * scale; py++) {
        const wy = height - (py + 0.5) / scale - 0.5;
        const row = Math.floor(wy);
        const vertical = spline(wy - row);
        for (let column = -2; column < width + 2; column++) {
            let sum = 0;
            for (let k = 0; k < 4; k++) {
                const r = Math.min(height - 1, Math.max(0, row - 1 + k));
                const c = Math.min(width - 1, Math.max(0, column));
                sum += vertical[k]! * cells[r * width + c]!;
            }
            line[column + 2] = sum;
        }
        const start = py * width * scale;
        for (let px = 0; px < width * scale; px++) {
            const shifted = px - scale / 2;
            const column = Math.floor(shifted / scale);
            const w = weights[((shifted % scale) + scale) % scale]!;
            const at = column + 1;
            out[start + px] = w[0]! * line[at]! + w[1]! * line[at + 1]! + w[2]! * line[at + 2]! + w[3]! * line[at + 3]!;
        }
        if (py % 512 === 511) await new Promise(resolve => setTimeout(resolve));
    }
    return out;
}

function spline(t: number): [number, number, number, number] {
    const u = 1 - t;
    return [(u * u * u) / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * u * u * u - 6 * u * u + 4) / 6, (t * t * t) / 6];
}

/** Distance in cells from the middle of each cell to the nearest lane. */
function laneDistance(ground: Ground): Float32Array {
    const out = new Float32Array(ground.cells.length).fill(99);
    for (const lane of ground.map.lanes) {
        for (let leg = 1; leg < lane.length; leg++) {
            const a = lane[leg - 1]!;
            const b = lane[leg]!;
            const dx = b.x - a.x;
            const dy = b.y - a.y;
            const square = dx * dx + dy * dy || 1;
            for (let at = 0; at < out.length; at++) {
                const x = (at % ground.width) + 0.5 + ground.left - a.x;
                const y = Math.floor(at / ground.width) + 0.5 + ground.bottom - a.y;
                const along = Math.min(1, Math.max(0, (x * dx + y * dy) / square));
                const far = Math.hypot(x - along * dx, y - along * dy);
                if (far < out[at]!) out[at] = far;
            }
        }
    }
    return out;
}

interface Landmark {
    x: number;
    y: number;
    radius: number;
    color: Rgb;
    paved: boolean;
}

function landmarks(ground: Ground): Landmark[] {
    const list: Landmark[] = [];
    for (const s of ground.map.structures)
        if (s.kind === "ancient") list.push({ x: s.x, y: s.y, radius: 13, color: s.team === 0 ? colors.home : colors.away, paved: true });
    for (const camp of ground.map.camps) list.push({ x: camp.x, y: camp.y, radius: camp.epic ? 5 : 3.6, color: colors.dirt, paved: false });
    return list;
}

function paintRow(
    ground: Ground,
    scale: number,
    data: Uint8ClampedArray,
    row: number,
    py: number,
    width: number,
    height: number,
    walls: Float32Array,
    lanes: Float32Array,
    noise: Float32Array,
    fine: Float32Array,
    places: readonly Landmark[],
): void {
    const pixel = usual / scale;
    const ny = Math.floor(py * pixel);
    const y = ground.height - (py + 0.5) / scale + ground.bottom;
    const shadowColumns = Math.round(10 / pixel);
    const above = Math.max(0, py - 1);
    const shadowRow = Math.max(0, py - Math.round(14 / pixel)) * width;
    const nearby = places.filter(p => Math.abs(p.y - y) < p.radius + 3);
    let r = 0;
    let g = 0;
    let b = 0;
    const blend = (color: Rgb, part: number) => {
        r += (color[0] - r) * part;
        g += (color[1] - g) * part;
        b += (color[2] - b) * part;
    };
    for (let px = 0; px < width; px++) {
        const x = (px + 0.5) / scale + ground.left;
        const nx = Math.floor(px * pixel);
        const n = noise[(ny & (tile - 1)) * tile + (nx & (tile - 1))]!;
        const n2 = noise[((ny * 3 + 91) & (tile - 1)) * tile + ((nx * 3 + 37) & (tile - 1))]!;
        const f = fine[(ny & (tile - 1)) * tile + (nx & (tile - 1))]!;
        const wobble = (n - 0.5) * 0.5 + (n2 - 0.5) * 0.22;
        const at = py * width + px;
        const wall = walls[at]! + wobble * 0.3;
        const rise = step(0.46, 0.56, wall);

        // Under solid rock nothing of the floor is seen: that is half of the map.
        if (rise < 1) {
            [r, g, b] = colors.moss;
            blend(colors.meadow, step(0.35, 0.7, n) * 0.8 + (f - 0.5) * 0.25);
            const lane = laneAt(ground, lanes, x, y) + wobble * 2.2;
            blend(colors.lane, 0.78 * (1 - step(1.6, 3.1, lane)) * (0.85 + (f - 0.5) * 0.5));
            const stream = Math.abs(x + y) * Math.SQRT1_2 + wobble * 2.6;
            if (stream < 5) {
                const wet = 1 - step(2.7, 3.9, stream);
                blend(colors.dirt, (1 - step(3.4, 4.8, stream)) * 0.7);
                blend(colors.water, wet * 0.92);
                blend(colors.deep, wet * (1 - step(0.4, 2.6, stream)) * 0.8);
                const ripple = Math.sin((x - y) * 2.3 + n * 26 + f * 3);
                blend(colors.glint, wet * step(0.86, 1, ripple) * 0.28);
            }
            for (const place of nearby) {
                const far = Math.hypot(x - place.x, y - place.y) + wobble * 1.6;
                const part = 1 - step(place.radius - 1.6, place.radius + 0.6, far);
                if (part <= 0) continue;
                if (place.paved) {
                    blend(colors.stone, part * 0.62);
                    blend(place.color, part * 0.3);
                    const joint = Math.max(seam(far, 2.6), seam((Math.atan2(y - place.y, x - place.x) * place.radius) / 2, 2.05));
                    blend(colors.rock, part * joint * 0.4);
                } else blend(place.color, part * 0.55);
            }
            const grain = 0.9 + f * 0.2;
            r *= grain;
            g *= grain;
            b *= grain;

            // The light comes from the upper left: walls throw a shadow to the lower right, and darken the ground at their foot.
            const cast = step(0.4, 0.62, walls[shadowRow + Math.max(0, px - shadowColumns)]!) * (1 - rise);
            const foot = step(0.12, 0.5, wall) * (1 - rise);
            const dim = 1 - 0.42 * cast - 0.26 * foot * (1 - cast);
            r *= dim;
            g *= dim;
            b *= dim;
        }

        if (rise > 0) {
            const slope = (walls[at]! - walls[above * width + px]! + (walls[at]! - walls[at - (px > 0 ? 1 : 0)]!)) * (26 / pixel);
            const deep = step(0.62, 0.95, wall);
            const floorR = r;
            const floorG = g;
            const floorB = b;
            [r, g, b] = colors.rock;
            blend(colors.canopy, deep * 0.9);
            blend(colors.leaf, step(0.5, 0.72, n2) * (0.25 + 0.55 * deep));
            blend(colors.rim, step(0.1, 0.75, slope) * (1 - deep) * 0.75);
            const shade = 1 - Math.min(0.55, Math.max(0, -slope) * 0.6) * (1 - deep);
            const grainy = (0.84 + f * 0.32) * shade;
            r = floorR + (r * grainy - floorR) * rise;
            g = floorG + (g * grainy - floorG) * rise;
            b = floorB + (b * grainy - floorB) * rise;
        }
        const edge = Math.min(px, py, width - 1 - px, height - 1 - py) / (scale * 3);
        const vignette = 0.55 + 0.45 * Math.min(1, edge);
        const o = (row * width + px) * 4;
        data[o] = r * vignette;
        data[o + 1] = g * vignette;
        data[o + 2] = b * vignette;
        data[o + 3] = 255;
    }
}

function seam(value: number, every: number): number {
    const off = Math.abs(value / every - Math.round(value / every)) * every;
    return 1 - step(0.03, 0.12, off);
}

/** Distance to the nearest lane at a place, between the middles of cells. */
function laneAt(ground: Ground, lanes: Float32Array, x: number, y: number): number {
    const cx = Math.min(ground.width - 1.001, Math.max(0, x - ground.left - 0.5));
    const cy = Math.min(ground.height - 1.001, Math.max(0, y - ground.bottom - 0.5));
    const column = Math.floor(cx);
    const row = Math.floor(cy);
    const fx = cx - column;
    const fy = cy - row;
    const at = row * ground.width + column;
    const low = lanes[at]! * (1 - fx) + lanes[at + 1]! * fx;
    const high = lanes[at + ground.width]! * (1 - fx) + lanes[at + ground.width + 1]! * fx;
    return low * (1 - fy) + high * fy;
}

function paintLandmarks(context: CanvasRenderingContext2D, ground: Ground, scale: number): void {
    const px = (x: number) => (x - ground.left) * scale;
    const py = (y: number) => (ground.height - (y - ground.bottom)) * scale;
    for (const fountain of ground.map.fountains) {
        const x = px(fountain.x);
        const y = py(fountain.y);
        const radius = (fountain.radius ?? 5) * scale;
        const glow = context.createRadialGradient(x, y, radius * 0.1, x, y, radius);
        glow.addColorStop(0, teamCss(fountain.team, 0.4));
        glow.addColorStop(1, teamCss(fountain.team, 0.05));
        context.fillStyle = glow;
        circle(context, x, y, radius);
        context.fill();
        context.strokeStyle = teamCss(fountain.team, 0.5);
        context.lineWidth = 3;
        for (const part of [1, 0.62]) {
            circle(context, x, y, radius * part);
            context.stroke();
        }
    }
    context.strokeStyle = "rgb(20 24 24 / 0.45)";
    context.lineWidth = 5;
    context.setLineDash([14, 9]);
    for (const camp of ground.map.camps) {
        circle(context, px(camp.x), py(camp.y), (camp.epic ? 4.2 : 2.7) * scale);
        context.stroke();
    }
    context.setLineDash([]);
    for (const s of ground.map.structures) {
        context.fillStyle = "rgb(16 20 24 / 0.35)";
        circle(context, px(s.x), py(s.y), (s.kind === "ancient" ? 3.6 : 2.1) * scale);
        context.fill();
    }
}

function paintBrush(context: CanvasRenderingContext2D, ground: Ground, scale: number): void {
    const next = random(23);
    const blades: { x: number; y: number; lean: number; long: number; tone: number }[] = [];
    for (let at = 0; at < ground.cells.length; at++) {
        if (ground.cells[at] !== Cell.brush) continue;
        const column = at % ground.width;
        const row = Math.floor(at / ground.width);
        for (let i = 0; i < 22; i++) {
            blades.push({
                x: (column + next() * 1.3 - 0.15) * scale,
                y: (ground.height - row - next() * 1.3 + 0.15) * scale,
                lean: ((next() - 0.5) * 9 * scale) / usual,
                long: ((7 + next() * 11) * scale) / usual,
                tone: next(),
            });
        }
    }
    blades.sort((a, b) => a.y - b.y);
    context.lineCap = "round";
    for (const blade of blades) {
        const light = 20 + blade.tone * 17;
        context.strokeStyle = `hsl(${112 + blade.tone * 24} ${26 + blade.tone * 12}% ${light}% / 0.92)`;
        context.lineWidth = ((1.6 + blade.tone * 1.4) * scale) / usual;
        context.beginPath();
        context.moveTo(blade.x, blade.y);
        context.quadraticCurveTo(blade.x, blade.y - blade.long * 0.6, blade.x + blade.lean, blade.y - blade.long);
        context.stroke();
    }
}

function circle(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
    context.beginPath();
    context.arc(x, y, radius, 0, Math.PI * 2);
}
