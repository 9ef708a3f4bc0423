import { sigil } from "../../ui/sigil";
import { css, Ink, mix, teamColor } from "./palette";

// Drawings on a canvas, from which textures and the icons of the page are made. Each fills a square of `size` pixels.

export type Pen = CanvasRenderingContext2D;

/** Shape of a role: what tells heroes apart at a glance before their letters can be read. */
export function roleShape(pen: Pen, role: string, x: number, y: number, radius: number): void {
    pen.beginPath();
    switch (role) {
        case "tank":
            polygon(pen, x, y, radius * 1.04, 6, Math.PI / 6);
            break;
        case "fighter":
            polygon(pen, x, y, radius * 1.12, 4, 0);
            break;
        case "assassin":
            star(pen, x, y, radius * 1.14, radius * 0.66, 3, -Math.PI / 2);
            break;
        case "mage":
            star(pen, x, y, radius * 1.08, radius * 0.8, 8, -Math.PI / 2);
            break;
        case "marksman":
            polygon(pen, x, y, radius * 1.16, 3, -Math.PI / 2);
            break;
        case "support":
            cross(pen, x, y, radius);
            break;
        default:
            pen.arc(x, y, radius, 0, Math.PI * 2);
    }
    pen.closePath();
}

export function polygon(pen: Pen, x: number, y: number, radius: number, corners: number, turn: number): void {
    for (let i = 0; i < corners; i++) {
        const angle = turn + (i / corners) * Math.PI * 2;
        const to = i === 0 ? "moveTo" : "lineTo";
        pen[to](x + Math.cos(angle) * radius, y + Math.sin(angle) * radius);
    }
}

export function star(pen: Pen, x: number, y: number, outer: number, inner: number, points: number, turn: number): void {
    for (let i = 0; i < points * 2; i++) {
        const angle = turn + (i / points) * Math.PI;
        const radius = i % 2 === 0 ? outer : inner;
        const to = i === 0 ? "moveTo" : "lineTo";
        pen[to](x + Math.cos(angle) * radius, y + Math.sin(angle) * radius);
    }
}

function cross(pen: Pen, x: number, y: number, radius: number): void {
    const a = radius * 1.02;
    const b = radius * 0.62;
    const outline = [
        [-b, -a],
        [b, -a],
        [a, -b],
        [a, b],
        [b, a],
        [-b, a],
        [-a, b],
        [-a, -b],
    ] as const;
    outline.forEach(([dx, dy], i) => {
        if (i === 0) pen.moveTo(x + dx, y + dy);
        else pen.lineTo(x + dx, y + dy);
    });
}

/** Colours of the roles, those of the dark theme's tokens. */
const roleColors: Record<string, number> = {
    tank: 0x7fa6c9,
    fighter: 0xe08a5a,
    assassin: 0xc77be0,
    mage: 0x6f9cff,
    marksman: 0xe6c15a,
    support: 0x62c98d,
};

export function roleColor(role: string): number {
    return roleColors[role] ?? 0xa9b4bd;
}

/** A hero's token: the team's ring, the shape and colour of its role, its sign. */
export function heroToken(pen: Pen, size: number, name: string, role: string, team: number): void {
    const c = size / 2;
    const color = roleColor(role);
    disc(pen, c, c + size * 0.035, c * 0.95, "rgb(0 0 0 / 0.4)");
    disc(pen, c, c, c * 0.92, css(mix(teamColor(team), Ink.outline, 0.08)));
    disc(pen, c, c, c * 0.78, css(Ink.outline));
    const inside = pen.createRadialGradient(c * 0.7, c * 0.6, 0, c, c, c * 0.8);
    inside.addColorStop(0, css(mix(color, 0x10161c, 0.62)));
    inside.addColorStop(1, css(mix(color, 0x0a0d12, 0.84)));
    disc(pen, c, c, c * 0.73, inside);
    const drop = role === "marksman" ? c * 0.1 : role === "assassin" ? c * 0.05 : 0;
    pen.fillStyle = css(mix(color, 0x0a0d12, 0.42));
    pen.strokeStyle = css(mix(color, 0x0a0d12, 0.1), 0.9);
    pen.lineWidth = size * 0.025;
    pen.lineJoin = "round";
    roleShape(pen, role, c, c + drop, c * 0.62);
    pen.fill();
    pen.stroke();
    const scale = size / 50;
    pen.save();
    pen.translate(c - 20 * scale, c - 20 * scale + drop * 0.5);
    pen.scale(scale, scale);
    pen.lineCap = "round";
    const sign = new Path2D(sigil(name));
    pen.strokeStyle = "rgb(6 9 13 / 0.85)";
    pen.lineWidth = 4.6;
    pen.stroke(sign);
    pen.strokeStyle = "#f7fafc";
    pen.lineWidth = 2.4;
    pen.stroke(sign);
    pen.restore();
    pen.strokeStyle = "rgb(255 255 255 / 0.32)";
    pen.lineWidth = size * 0.02;
    pen.beginPath();
    pen.arc(c, c, c * 0.87, Math.PI * 1.08, Math.PI * 1.7);
    pen.stroke();
}

function disc(pen: Pen, x: number, y: number, radius: number, fill: string | CanvasGradient): void {
    pen.fillStyle = fill;
    pen.beginPath();
    pen.arc(x, y, radius, 0, Math.PI * 2);
    pen.fill();
}

/** The font of the picture; the page's own where it has one. */
export const font = "Inter, 'Segoe UI', 'Noto Sans', system-ui, sans-serif";

function body(pen: Pen, team: number, path: () => void, size: number): void {
    const color = teamColor(team);
    const fill = pen.createLinearGradient(0, size * 0.1, 0, size * 0.9);
    fill.addColorStop(0, css(mix(color, 0xffffff, 0.25)));
    fill.addColorStop(1, css(mix(color, 0x000000, 0.35)));
    pen.save();
    pen.translate(0, size * 0.04);
    pen.fillStyle = "rgb(0 0 0 / 0.4)";
    path();
    pen.fill();
    pen.restore();
    pen.fillStyle = fill;
    pen.strokeStyle = css(Ink.outline);
    pen.lineWidth = size * 0.06;
    pen.lineJoin = "round";
    path();
    pen.fill();
    pen.stroke();
    pen.fillStyle = css(Ink.outline, 0.75);
    pen.strokeStyle = css(Ink.outline, 0.75);
}

/** A lane creep: 0 melee, 1 ranged, 2 siege, 3 champion. Looks to the right. */
export function creepToken(pen: Pen, size: number, type: number, team: number): void {
    const c = size / 2;
    const shape = () => {
        pen.beginPath();
        if (type === 1) polygon(pen, c, c, c * 0.8, 4, 0);
        else if (type === 2) pen.roundRect(c * 0.3, c * 0.42, c * 1.4, c * 1.16, c * 0.22);
        else if (type === 3) star(pen, c, c, c * 0.92, c * 0.68, 7, 0);
        else polygon(pen, c, c, c * 0.8, 5, 0);
        pen.closePath();
    };
    body(pen, team, shape, size);
    pen.beginPath();
    if (type === 1) pen.arc(c * 1.15, c, c * 0.2, 0, Math.PI * 2);
    else if (type === 2) pen.rect(c * 1.05, c * 0.88, c * 0.85, c * 0.24);
    else if (type === 3) star(pen, c, c, c * 0.42, c * 0.18, 4, 0);
    else pen.arc(c * 1.1, c, c * 0.22, 0, Math.PI * 2);
    pen.fill();
}

/** A tower (0 outer, 1 inner, 2 base) or the ancient (3). Home's are round, away's have corners. */
export function structureToken(pen: Pen, size: number, type: number, team: number): void {
    const c = size / 2;
    const color = teamColor(team);
    const corners = team === 1 ? 4 : 0;
    const outline = (radius: number) => {
        pen.beginPath();
        if (corners === 0) pen.arc(c, c, radius, 0, Math.PI * 2);
        else polygon(pen, c, c, radius * 1.12, corners, Math.PI / 4);
        pen.closePath();
    };
    pen.save();
    pen.translate(size * 0.03, size * 0.05);
    pen.fillStyle = "rgb(0 0 0 / 0.45)";
    outline(c * 0.84);
    pen.fill();
    pen.restore();
    const stone = pen.createLinearGradient(0, 0, size, size);
    stone.addColorStop(0, "#8d959f");
    stone.addColorStop(1, "#3d444d");
    pen.fillStyle = stone;
    pen.strokeStyle = css(Ink.outline);
    pen.lineWidth = size * 0.035;
    outline(c * 0.82);
    pen.fill();
    pen.stroke();
    pen.lineWidth = size * 0.045;
    pen.strokeStyle = css(mix(color, Ink.outline, 0.2));
    outline(c * 0.66);
    pen.stroke();
    pen.fillStyle = "#20262d";
    outline(c * 0.56);
    pen.fill();
    const crystal = pen.createRadialGradient(c * 0.85, c * 0.8, 0, c, c, c * 0.6);
    crystal.addColorStop(0, css(mix(color, 0xffffff, 0.75)));
    crystal.addColorStop(0.55, css(color));
    crystal.addColorStop(1, css(mix(color, 0x000000, 0.4)));
    pen.fillStyle = crystal;
    pen.strokeStyle = css(mix(color, 0x000000, 0.55));
    pen.lineWidth = size * 0.02;
    pen.beginPath();
    if (type >= 3) star(pen, c, c, c * 0.56, c * 0.3, 6, -Math.PI / 2);
    else polygon(pen, c, c, c * 0.4, 4, 0);
    pen.closePath();
    pen.fill();
    pen.stroke();
    if (type >= 3) return;
    pen.fillStyle = css(mix(color, 0xffffff, 0.35));
    for (let i = 0; i <= type; i++) {
        const angle = Math.PI / 2 + (i - type / 2) * 0.42;
        pen.beginPath();
        pen.arc(c + Math.cos(angle) * c * 0.67, c + Math.sin(angle) * c * 0.67, c * 0.075, 0, Math.PI * 2);
        pen.fill();
    }
}

/** What is left of a structure. */
export function rubble(pen: Pen, size: number): void {
    const c = size / 2;
    pen.fillStyle = "rgb(20 22 26 / 0.6)";
    pen.beginPath();
    pen.arc(c, c, c * 0.78, 0, Math.PI * 2);
    pen.fill();
    const stones = [
        [0.62, 0.6, 0.24],
        [1.3, 0.7, 0.2],
        [0.8, 1.25, 0.26],
        [1.32, 1.28, 0.17],
        [1.02, 0.95, 0.21],
    ] as const;
    for (const [x, y, r] of stones) {
        pen.fillStyle = "#596069";
        pen.strokeStyle = "#1c2026";
        pen.lineWidth = size * 0.02;
        pen.beginPath();
        polygon(pen, x * c, y * c, r * c, 5, x * 3);
        pen.closePath();
        pen.fill();
        pen.stroke();
    }
}

/** A monster of a camp; epic ones have horns. Looks to the right. */
export function monsterToken(pen: Pen, size: number, type: number, epic: boolean): void {
    const c = size / 2;
    const color = epic ? [0xb35bd6, 0xd65b6c][type % 2]! : [0xb8a05e, 0x8fae62, 0x9aa3ad][type % 3]!;
    const shape = () => {
        pen.beginPath();
        if (epic) star(pen, c, c, c * 0.9, c * 0.64, 9, 0);
        else if (type % 3 === 0) polygon(pen, c, c, c * 0.84, 7, 0.2);
        else if (type % 3 === 1) star(pen, c, c, c * 0.86, c * 0.56, 5, 0);
        else pen.ellipse(c, c, c * 0.86, c * 0.62, 0, 0, Math.PI * 2);
        pen.closePath();
    };
    const fill = pen.createRadialGradient(c * 0.75, c * 0.7, 0, c, c, c);
    fill.addColorStop(0, css(mix(color, 0xffffff, 0.3)));
    fill.addColorStop(1, css(mix(color, 0x000000, 0.5)));
    pen.save();
    pen.translate(0, size * 0.04);
    pen.fillStyle = "rgb(0 0 0 / 0.4)";
    shape();
    pen.fill();
    pen.restore();
    pen.fillStyle = fill;
    pen.strokeStyle = css(Ink.outline);
    pen.lineWidth = size * 0.05;
    pen.lineJoin = "round";
    shape();
    pen.fill();
    pen.stroke();
    pen.fillStyle = epic ? "#ffe9a8" : "#1a1408";
    for (const side of [-1, 1]) {
        pen.beginPath();
        pen.ellipse(c * 1.28, c + side * c * 0.2, c * 0.12, c * 0.07, side * 0.5, 0, Math.PI * 2);
        pen.fill();
    }
}

/** A unit that a hero summoned. */
export function summonToken(pen: Pen, size: number, type: number, team: number): void {
    const c = size / 2;
    body(
        pen,
        team,
        () => {
            pen.beginPath();
            if (type % 3 === 1) polygon(pen, c, c, c * 0.8, 8, Math.PI / 8);
            else if (type % 3 === 2) star(pen, c, c, c * 0.86, c * 0.6, 6, 0);
            else polygon(pen, c, c, c * 0.84, 3, 0);
            pen.closePath();
        },
        size,
    );
    pen.beginPath();
    pen.arc(c, c, c * 0.22, 0, Math.PI * 2);
    pen.fill();
}

export function wardToken(pen: Pen, size: number, team: number): void {
    const c = size / 2;
    pen.fillStyle = css(Ink.outline, 0.85);
    pen.strokeStyle = bright(team);
    pen.lineWidth = size * 0.07;
    pen.beginPath();
    pen.moveTo(c * 0.2, c);
    pen.quadraticCurveTo(c, c * 0.2, c * 1.8, c);
    pen.quadraticCurveTo(c, c * 1.8, c * 0.2, c);
    pen.closePath();
    pen.fill();
    pen.stroke();
    pen.fillStyle = bright(team);
    pen.beginPath();
    pen.arc(c, c, c * 0.28, 0, Math.PI * 2);
    pen.fill();
}

function bright(team: number): string {
    return css(mix(teamColor(team), 0xffffff, 0.25));
}
