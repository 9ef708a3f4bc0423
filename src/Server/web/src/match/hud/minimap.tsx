import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { teamCss } from "../draw/palette";
import type { Stage } from "../draw/stage";
import type { Match } from "../state/match";
import { isEpic, UnitKind } from "../state/things";
import type { Session } from "./session";

const pingSeconds = 3;

interface Shown {
    x: number;
    y: number;
    team: number;
    at: number;
}

/** The whole map, small. A click or a drag moves the picture; with the other button `onOrder` is given the place. */
export function Minimap({
    session,
    size,
    onOrder,
    onPing,
    onAim,
}: {
    session: Session;
    size: number;
    onOrder?: (x: number, y: number) => void;
    onPing?: (x: number, y: number) => void;
    /** Takes a place for what is being aimed; false where nothing is. */
    onAim?: (x: number, y: number) => boolean;
}): JSX.Element {
    const place = useRef<HTMLCanvasElement>(null);
    const pings = useRef<Shown[]>([]);
    useEffect(() => {
        const canvas = place.current!;
        const ratio = Math.min(2, devicePixelRatio || 1);
        canvas.width = size * ratio;
        canvas.height = size * ratio;
        const pen = canvas.getContext("2d", { alpha: false })!;
        let floor: HTMLCanvasElement | null = null;
        let heard = 0;
        const draw = () => {
            const stage = session.stage;
            const match = session.match;
            if (!stage || !match) return;
            floor ??= smaller(stage.terrain, canvas.width);
            for (const event of match.events) {
                if (event.kind !== "ping" || event.tick <= heard) continue;
                pings.current.push({ x: Number(event.x), y: Number(event.y), team: Number(event.team ?? -1), at: performance.now() });
            }
            heard = Math.max(heard, match.tick);
            pen.setTransform(1, 0, 0, 1, 0, 0);
            pen.drawImage(floor, 0, 0);
            paint(pen, canvas.width, stage, match, pings.current);
        };
        return session.subscribe(draw);
    }, [session, size]);

    const spot = (event: PointerEvent): [number, number] | null => {
        const stage = session.stage;
        const canvas = place.current;
        if (!stage || !canvas) return null;
        const box = canvas.getBoundingClientRect();
        const ground = stage.ground;
        return [
            ground.left + ((event.clientX - box.left) / box.width) * ground.width,
            ground.bottom + (1 - (event.clientY - box.top) / box.height) * ground.height,
        ];
    };
    const look = (event: PointerEvent) => {
        const at = spot(event);
        if (!at || !session.stage) return;
        session.stage.locked = -1;
        session.stage.camera.lookAt(at[0], at[1]);
    };
    return (
        <canvas
            ref={place}
            class="m-minimap"
            style={{ width: `${size}px`, height: `${size}px` }}
            aria-label="Map. Click to look there."
            onContextMenu={event => event.preventDefault()}
            onPointerDown={event => {
                const at = spot(event);
                if (!at) return;
                event.preventDefault();
                if (event.button === 2) onOrder?.(at[0], at[1]);
                else if (event.altKey || event.ctrlKey) onPing?.(at[0], at[1]);
                else if (onAim?.(at[0], at[1])) return;
                else {
                    place.current!.setPointerCapture(event.pointerId);
                    look(event);
                }
            }}
            onPointerMove={event => {
                if ((event.buttons & 1) !== 0 && !event.altKey && !event.ctrlKey) look(event);
            }}
        />
    );
}

function smaller(terrain: HTMLCanvasElement, size: number): HTMLCanvasElement {
    const made = document.createElement("canvas");
    made.width = size;
    made.height = size;
    const pen = made.getContext("2d", { alpha: false })!;
    pen.imageSmoothingQuality = "high";
    pen.filter = "brightness(1.12) saturate(0.9)";
    pen.drawImage(terrain, 0, 0, size, size);
    return made;
}

function paint(pen: CanvasRenderingContext2D, size: number, stage: Stage, match: Match, pings: Shown[]): void {
    const ground = stage.ground;
    const scale = size / ground.width;
    const px = (x: number) => (x - ground.left) * scale;
    const py = (y: number) => (ground.height - (y - ground.bottom)) * scale;
    const fog = stage.fog.picture;
    if (fog) pen.drawImage(fog, 0, 0, size, size);
    const unit = size / 200;
    for (const kind of [UnitKind.structure, UnitKind.monster, UnitKind.ward, UnitKind.creep, UnitKind.summon, UnitKind.hero]) {
        for (const thing of match.units.values()) {
            if (thing.kind !== kind || stage.visibility(thing.id) < 0.1) continue;
            if (thing.kind === UnitKind.structure && (thing.dead || thing.hp <= 0)) continue;
            const x = px(thing.motion.x);
            const y = py(thing.motion.y);
            pen.fillStyle = teamCss(thing.team);
            pen.strokeStyle = "rgb(8 11 15)";
            pen.lineWidth = unit;
            pen.beginPath();
            if (kind === UnitKind.hero) {
                pen.arc(x, y, 5 * unit, 0, Math.PI * 2);
                pen.fill();
                pen.lineWidth = thing.id === stage.own || thing.id === stage.selected ? 2 * unit : 1.2 * unit;
                pen.strokeStyle = thing.id === stage.own || thing.id === stage.selected ? "#fff3b0" : "rgb(8 11 15)";
                pen.stroke();
            } else if (kind === UnitKind.structure) {
                const r = (thing.type >= 3 ? 5 : 3.4) * unit;
                if (thing.team === 0) pen.arc(x, y, r, 0, Math.PI * 2);
                else pen.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
                pen.fill();
                pen.stroke();
            } else if (kind === UnitKind.monster) {
                const r = (isEpic(thing.id) ? 3.8 : 1.6) * unit;
                pen.moveTo(x, y - r);
                pen.lineTo(x + r, y);
                pen.lineTo(x, y + r);
                pen.lineTo(x - r, y);
                pen.closePath();
                if (isEpic(thing.id)) pen.fillStyle = "#c98be0";
                pen.fill();
            } else {
                pen.arc(x, y, 1.7 * unit, 0, Math.PI * 2);
                pen.fill();
            }
        }
    }
    const camera = stage.camera;
    pen.strokeStyle = "rgb(255 255 255 / 0.9)";
    pen.lineWidth = 1.4 * unit;
    pen.strokeRect(px(camera.worldX(0)), py(camera.worldY(0)), (camera.width / camera.zoom) * scale, (camera.height / camera.zoom) * scale);
    const now = performance.now();
    for (let i = pings.length - 1; i >= 0; i--) {
        const ping = pings[i]!;
        const part = (now - ping.at) / 1000 / pingSeconds;
        if (part >= 1) {
            pings.splice(i, 1);
            continue;
        }
        pen.strokeStyle = ping.team >= 0 ? teamCss(ping.team, 1 - part) : `rgb(255 243 176 / ${1 - part})`;
        pen.lineWidth = 2.4 * unit;
        pen.beginPath();
        pen.arc(px(ping.x), py(ping.y), (3 + ((part * 3) % 1) * 13) * unit, 0, Math.PI * 2);
        pen.stroke();
    }
}
