import { Graphics } from "pixi.js";
import type { SkillInfo } from "../../api/types";
import { mix, Team } from "./palette";

/** What is being aimed: drawn on the ground below the units. */
export interface AimPicture {
    /** Where the hero stands and the pointer is, in cells. */
    x: number;
    y: number;
    toX: number;
    toY: number;
    aim: SkillInfo["aim"];
    range: number;
    /** Of what is done there; 0 for none. */
    radius: number;
    /** Whether it could be done now. */
    ready: boolean;
    /** Where the unit aimed at stands, if one is. */
    target: { x: number; y: number; radius: number } | null;
}

/** Drawn in parts of a cell: the library gives small circles few corners. */
const fine = 32;

/** Range indicators and previews of what a skill would reach. */
export class AimLayer {
    readonly root = new Graphics();
    private drawn = "";

    constructor() {
        this.root.scale.set(1 / fine);
    }

    /** Shows an aim, or nothing. Redrawn only when something moved by a twentieth of a cell. */
    show(aim: AimPicture | null): void {
        const key = aim
            ? [aim.x, aim.y, aim.toX, aim.toY, aim.range, aim.radius, aim.target?.x ?? 0, aim.target?.y ?? 0]
                  .map(n => Math.round(n * 20))
                  .join() +
              aim.aim +
              aim.ready
            : "";
        if (key === this.drawn) return;
        this.drawn = key;
        this.root.clear();
        if (aim) this.draw(enlarged(aim));
    }

    private draw(aim: AimPicture): void {
        const g = this.root;
        const color = aim.ready ? mix(Team.home, 0xffffff, 0.35) : 0xb9a6a6;
        const x = aim.x;
        const y = -aim.y;
        if (aim.range > 0)
            g.circle(x, y, aim.range)
                .fill({ color, alpha: 0.06 })
                .stroke({ color, width: 0.08 * fine, alpha: 0.75 });
        const dx = aim.toX - aim.x;
        const dy = aim.toY - aim.y;
        const far = Math.hypot(dx, dy) || 1;
        if (aim.aim === "direction") {
            const length = aim.range > 0 ? aim.range : 5 * fine;
            const half = Math.max(0.4 * fine, aim.radius > 0 ? aim.radius : 0.5 * fine);
            const ux = dx / far;
            const uy = -dy / far;
            const tipX = x + ux * length;
            const tipY = y + uy * length;
            g.poly([
                x + uy * half * 0.8,
                y - ux * half * 0.8,
                tipX + uy * half,
                tipY - ux * half,
                tipX - uy * half,
                tipY + ux * half,
                x - uy * half * 0.8,
                y + ux * half * 0.8,
            ])
                .fill({ color, alpha: 0.22 })
                .stroke({ color, width: 0.06 * fine, alpha: 0.8 });
            g.poly([
                tipX + ux * 0.9 * fine,
                tipY + uy * 0.9 * fine,
                tipX + uy * (half + 0.35 * fine),
                tipY - ux * (half + 0.35 * fine),
                tipX - uy * (half + 0.35 * fine),
                tipY + ux * (half + 0.35 * fine),
            ]).fill({ color, alpha: 0.6 });
        } else if (aim.aim === "point") {
            const reach = aim.range > 0 ? Math.min(1, aim.range / far) : 1;
            const radius = aim.radius > 0 ? aim.radius : 0.8 * fine;
            g.circle(x + dx * reach, y - dy * reach, radius)
                .fill({ color, alpha: 0.22 })
                .stroke({ color, width: 0.08 * fine, alpha: 0.9 });
            g.moveTo(x, y)
                .lineTo(x + dx * reach, y - dy * reach)
                .stroke({ color, width: 0.05 * fine, alpha: 0.4 });
        } else if (aim.aim === "none") {
            const radius = aim.radius > 0 ? aim.radius : aim.range;
            if (radius > 0)
                g.circle(x, y, radius)
                    .fill({ color, alpha: 0.16 })
                    .stroke({ color, width: 0.08 * fine, alpha: 0.9 });
        } else if (aim.target) {
            g.circle(aim.target.x, -aim.target.y, aim.target.radius * 1.25).stroke({ color: 0xfff0a8, width: 0.14 * fine, alpha: 0.95 });
            g.moveTo(x, y)
                .lineTo(aim.target.x, -aim.target.y)
                .stroke({ color: 0xfff0a8, width: 0.06 * fine, alpha: 0.6 });
        } else {
            g.circle(aim.toX, -aim.toY, 0.5 * fine).stroke({ color, width: 0.1 * fine, alpha: 0.7 });
        }
    }
}

function enlarged(aim: AimPicture): AimPicture {
    const { target } = aim;
    return {
        ...aim,
        x: aim.x * fine,
        y: aim.y * fine,
        toX: aim.toX * fine,
        toY: aim.toY * fine,
        range: aim.range * fine,
        radius: aim.radius * fine,
        target: target && { x: target.x * fine, y: target.y * fine, radius: target.radius * fine },
    };
}
