import { Texture } from "pixi.js";
import type { HeroInfo } from "../../api/types";
import { creepToken, heroToken, monsterToken, type Pen, polygon, rubble, star, structureToken, summonToken, wardToken } from "./glyphs";

/** Textures of the picture, painted when first asked for and kept. */
export class Art {
    private readonly kept = new Map<string, Texture>();
    private readonly heroes: readonly HeroInfo[];

    constructor(heroes: readonly HeroInfo[]) {
        this.heroes = heroes;
    }

    hero(index: number, team: number): Texture {
        const hero = this.heroes[index];
        return this.paint(`hero${index}:${team}`, 144, (pen, size) => heroToken(pen, size, hero?.name ?? "?", hero?.role ?? "", team));
    }

    creep(type: number, team: number): Texture {
        return this.paint(`creep${type}:${team}`, 64, (pen, size) => creepToken(pen, size, type, team));
    }

    structure(type: number, team: number): Texture {
        return this.paint(`structure${type}:${team}`, type >= 3 ? 256 : 160, (pen, size) => structureToken(pen, size, type, team));
    }

    monster(type: number, epic: boolean): Texture {
        return this.paint(`monster${type}${epic}`, epic ? 160 : 96, (pen, size) => monsterToken(pen, size, type, epic));
    }

    summon(type: number, team: number): Texture {
        return this.paint(`summon${type}:${team}`, 72, (pen, size) => summonToken(pen, size, type, team));
    }

    ward(team: number): Texture {
        return this.paint(`ward${team}`, 64, (pen, size) => wardToken(pen, size, team));
    }

    get rubble(): Texture {
        return this.paint("rubble", 160, rubble);
    }

    /** A filled disc, white. */
    get disc(): Texture {
        return this.paint("disc", 256, (pen, size) => {
            const fill = pen.createRadialGradient(size / 2, size / 2, 0, size / 2, size / 2, size / 2);
            fill.addColorStop(0, "rgb(255 255 255 / 0.55)");
            fill.addColorStop(0.9, "rgb(255 255 255 / 1)");
            fill.addColorStop(1, "rgb(255 255 255 / 0)");
            pen.fillStyle = fill;
            pen.fillRect(0, 0, size, size);
        });
    }

    /** A soft spot of light, white. */
    get glow(): Texture {
        return this.paint("glow", 96, (pen, size) => {
            const fill = pen.createRadialGradient(size / 2, size / 2, 0, size / 2, size / 2, size / 2);
            fill.addColorStop(0, "rgb(255 255 255 / 1)");
            fill.addColorStop(0.25, "rgb(255 255 255 / 0.75)");
            fill.addColorStop(1, "rgb(255 255 255 / 0)");
            pen.fillStyle = fill;
            pen.fillRect(0, 0, size, size);
        });
    }

    /** A streak of light that fades towards its left end. */
    get streak(): Texture {
        return this.paint("streak", 96, (pen, size) => {
            const fill = pen.createLinearGradient(0, 0, size, 0);
            fill.addColorStop(0, "rgb(255 255 255 / 0)");
            fill.addColorStop(1, "rgb(255 255 255 / 0.9)");
            pen.fillStyle = fill;
            pen.beginPath();
            pen.moveTo(0, size / 2);
            pen.lineTo(size * 0.9, size * 0.3);
            pen.quadraticCurveTo(size, size / 2, size * 0.9, size * 0.7);
            pen.closePath();
            pen.fill();
        });
    }

    /** A circle's line, white. `thick` is a share of the radius. */
    ring(thick: number): Texture {
        return this.paint(`ring${thick}`, 256, (pen, size) => {
            pen.strokeStyle = "white";
            pen.lineWidth = (size / 2) * thick;
            pen.beginPath();
            pen.arc(size / 2, size / 2, size / 2 - pen.lineWidth / 2 - 1, 0, Math.PI * 2);
            pen.stroke();
        });
    }

    /** A circle of dashes, which is seen to turn. */
    get dashes(): Texture {
        return this.paint("dashes", 192, (pen, size) => {
            pen.strokeStyle = "white";
            pen.lineWidth = size * 0.035;
            const radius = size / 2 - pen.lineWidth;
            pen.setLineDash([(radius * Math.PI * 2) / 24, (radius * Math.PI * 2) / 24]);
            pen.beginPath();
            pen.arc(size / 2, size / 2, radius, 0, Math.PI * 2);
            pen.stroke();
        });
    }

    /** A mark beside a token that shows where it looks: to the right. */
    get facing(): Texture {
        return this.paint("facing", 48, (pen, size) => {
            pen.fillStyle = "white";
            pen.strokeStyle = "rgb(10 13 18 / 0.9)";
            pen.lineWidth = 3;
            pen.lineJoin = "round";
            pen.beginPath();
            pen.moveTo(size * 0.18, size * 0.12);
            pen.lineTo(size * 0.9, size * 0.5);
            pen.lineTo(size * 0.18, size * 0.88);
            pen.quadraticCurveTo(size * 0.42, size * 0.5, size * 0.18, size * 0.12);
            pen.closePath();
            pen.fill();
            pen.stroke();
        });
    }

    get spark(): Texture {
        return this.paint("spark", 64, (pen, size) => {
            pen.fillStyle = "white";
            pen.beginPath();
            star(pen, size / 2, size / 2, size * 0.48, size * 0.12, 4, Math.PI / 4);
            pen.closePath();
            pen.fill();
        });
    }

    /** Icon of a status (see `statusIcons`), with its own colours. */
    status(name: string): Texture {
        return this.paint(`status:${name}`, 40, (pen, size) => statusIcon(pen, size, name));
    }

    /** Icon of a ping. */
    get alert(): Texture {
        return this.paint("alert", 64, (pen, size) => {
            pen.fillStyle = "white";
            pen.strokeStyle = "rgb(10 13 18 / 0.9)";
            pen.lineWidth = 4;
            pen.lineJoin = "round";
            pen.beginPath();
            polygon(pen, size / 2, size * 0.54, size * 0.42, 3, -Math.PI / 2);
            pen.closePath();
            pen.fill();
            pen.stroke();
            pen.fillStyle = "rgb(10 13 18)";
            pen.fillRect(size * 0.46, size * 0.34, size * 0.08, size * 0.24);
            pen.fillRect(size * 0.46, size * 0.63, size * 0.08, size * 0.08);
        });
    }

    destroy(): void {
        for (const texture of this.kept.values()) texture.destroy(true);
        this.kept.clear();
    }

    private paint(key: string, size: number, draw: (pen: Pen, size: number) => void): Texture {
        let texture = this.kept.get(key);
        if (!texture) {
            const canvas = document.createElement("canvas");
            canvas.width = size;
            canvas.height = size;
            draw(canvas.getContext("2d")!, size);
            texture = Texture.from(canvas);
            texture.source.autoGenerateMipmaps = true;
            texture.source.updateMipmaps();
            this.kept.set(key, texture);
        }
        return texture;
    }
}

/** Names of status icons by bit of a unit's state, the most important first. */
export const statusIcons: readonly (readonly [bit: number, name: string])[] = [
    [1, "stunned"],
    [8, "silenced"],
    [2, "rooted"],
    [4, "slowed"],
    [16, "stealthed"],
];

function statusIcon(pen: Pen, size: number, name: string): void {
    const c = size / 2;
    pen.fillStyle = "rgb(10 13 18 / 0.88)";
    pen.beginPath();
    pen.arc(c, c, c * 0.95, 0, Math.PI * 2);
    pen.fill();
    pen.lineWidth = size * 0.1;
    pen.lineCap = "round";
    pen.lineJoin = "round";
    const paint = (color: string) => {
        pen.fillStyle = color;
        pen.strokeStyle = color;
        pen.beginPath();
    };
    switch (name) {
        case "stunned":
            paint("#ffe06b");
            star(pen, c, c, c * 0.72, c * 0.32, 5, -Math.PI / 2);
            pen.closePath();
            pen.fill();
            break;
        case "silenced":
            paint("#d7b4ff");
            pen.roundRect(c * 0.42, c * 0.45, c * 1.16, c * 0.8, c * 0.25);
            pen.fill();
            pen.strokeStyle = "#b3202f";
            pen.beginPath();
            pen.moveTo(c * 0.4, c * 1.5);
            pen.lineTo(c * 1.6, c * 0.4);
            pen.stroke();
            break;
        case "rooted":
            paint("#8fe07a");
            for (const x of [0.6, 1, 1.4]) {
                pen.moveTo(c, c * 0.4);
                pen.quadraticCurveTo(c * x, c * 0.9, c * (x * 1.1 - 0.1), c * 1.55);
            }
            pen.stroke();
            break;
        case "slowed":
            paint("#83d3ff");
            for (const y of [0.45, 0.95]) {
                pen.moveTo(c * 0.55, c * y);
                pen.lineTo(c, c * (y + 0.45));
                pen.lineTo(c * 1.45, c * y);
            }
            pen.stroke();
            break;
        default:
            paint("#c7d0da");
            pen.arc(c, c, c * 0.5, 0, Math.PI * 2);
            pen.stroke();
            pen.beginPath();
            pen.moveTo(c * 0.5, c * 1.5);
            pen.lineTo(c * 1.5, c * 0.5);
            pen.stroke();
    }
}
