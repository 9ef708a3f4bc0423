import type { Session } from "../hud/session";

interface Actions {
    select: (unit: number) => void;
    follow: (unit: number) => void;
    chooseView: (view: string) => void;
    choosePause: (paused: boolean) => void;
    chooseSpeed: (speed: number) => void;
    view: string;
    paused: boolean;
    speed: number;
    setGraphs: (change: (on: boolean) => boolean) => void;
    setBoard: (on: boolean) => void;
    setKeys: (change: (on: boolean) => boolean) => void;
}

const views = ["all", "0", "1"];
const panPixels = 900;
const clickSlack = 5;

/** Mouse and keys of somebody who watches. The answer ends them. */
export function watchControls(session: Session, host: HTMLElement, current: () => Actions, speeds: readonly number[]): () => void {
    const held = new Set<string>();
    let drag: { x: number; y: number; far: number } | null = null;
    let lastDigit = { key: "", at: 0 };

    const down = (event: PointerEvent) => {
        if (event.button !== 0 && event.button !== 1 && event.button !== 2) return;
        host.setPointerCapture(event.pointerId);
        drag = { x: event.clientX, y: event.clientY, far: 0 };
    };
    const move = (event: PointerEvent) => {
        const stage = session.stage;
        if (!stage) return;
        const box = host.getBoundingClientRect();
        if (drag) {
            const dx = event.clientX - drag.x;
            const dy = event.clientY - drag.y;
            drag.far += Math.hypot(dx, dy);
            drag.x = event.clientX;
            drag.y = event.clientY;
            if (drag.far > clickSlack) {
                stage.locked = -1;
                stage.camera.pan(-dx, -dy);
            }
        } else stage.hovered = stage.pick(event.clientX - box.left, event.clientY - box.top)?.id ?? -1;
        host.style.cursor = drag && drag.far > clickSlack ? "grabbing" : stage.hovered >= 0 ? "pointer" : "grab";
    };
    const up = (event: PointerEvent) => {
        const stage = session.stage;
        if (drag && drag.far <= clickSlack && event.button === 0 && stage) {
            const box = host.getBoundingClientRect();
            const unit = stage.pick(event.clientX - box.left, event.clientY - box.top);
            current().select(unit?.id ?? -1);
        }
        drag = null;
    };
    const wheel = (event: WheelEvent) => {
        event.preventDefault();
        const box = host.getBoundingClientRect();
        session.stage?.camera.zoomAt(Math.exp(-event.deltaY * 0.0014), event.clientX - box.left, event.clientY - box.top);
    };
    const keyDown = (event: KeyboardEvent) => {
        if (isTyping(event) || event.metaKey || event.altKey || event.ctrlKey) return;
        const stage = session.stage;
        const actions = current();
        const match = session.match;
        const replay = match?.hello.replay;
        if (/^\d$/.test(event.key)) {
            const seat = match?.hello.seats.filter(s => s.unit >= 0)[(Number(event.key) + 9) % 10];
            if (!seat) return;
            const twice = lastDigit.key === event.key && event.timeStamp - lastDigit.at < 450;
            lastDigit = { key: event.key, at: event.timeStamp };
            if (twice) actions.follow(seat.unit);
            else actions.select(seat.unit);
            return;
        }
        switch (event.key) {
            case "v":
            case "V":
                actions.chooseView(views[(views.indexOf(actions.view) + 1) % views.length]!);
                return;
            case "g":
            case "G":
                actions.setGraphs(on => !on);
                return;
            case "m":
            case "M":
                if (stage) {
                    stage.locked = -1;
                    stage.camera.overview();
                }
                return;
            case "f":
            case "F":
                if (stage) {
                    if (stage.locked >= 0) stage.locked = -1;
                    else actions.follow(stage.selected);
                }
                return;
            case "Tab":
                event.preventDefault();
                actions.setBoard(true);
                return;
            case "?":
            case "F1":
                event.preventDefault();
                actions.setKeys(on => !on);
                return;
            case "Escape":
                actions.setKeys(() => false);
                actions.follow(-1);
                return;
            case " ":
                if (!replay || event.target instanceof HTMLButtonElement) return;
                event.preventDefault();
                actions.choosePause(!actions.paused);
                return;
            case ",":
            case ".": {
                if (!replay) return;
                const at = speeds.indexOf(actions.speed) + (event.key === "." ? 1 : -1);
                actions.chooseSpeed(speeds[Math.max(0, Math.min(speeds.length - 1, at))]!);
                return;
            }
            case "ArrowLeft":
            case "ArrowRight":
                if (replay && match && event.shiftKey) {
                    session.channel.seek(match.tick + (event.key === "ArrowRight" ? 5 : -5) * match.hello.tickRate);
                    return;
                }
        }
        const direction = pan(event.key);
        if (direction === "") return;
        if (event.key.startsWith("Arrow") && isControl(event)) return;
        held.add(direction);
    };
    const keyUp = (event: KeyboardEvent) => {
        if (event.key === "Tab") current().setBoard(false);
        held.delete(pan(event.key));
    };
    const blur = () => {
        held.clear();
        current().setBoard(false);
    };
    const unsubscribe = session.subscribe(() => {
        if (session.stage) session.stage.onFrame = seconds => glide(session, held, seconds);
    });

    const menu = (event: Event) => event.preventDefault();
    host.addEventListener("pointerdown", down);
    host.addEventListener("pointermove", move);
    host.addEventListener("pointerup", up);
    host.addEventListener("wheel", wheel, { passive: false });
    host.addEventListener("contextmenu", menu);
    addEventListener("keydown", keyDown);
    addEventListener("keyup", keyUp);
    addEventListener("blur", blur);
    return () => {
        unsubscribe();
        host.removeEventListener("pointerdown", down);
        host.removeEventListener("pointermove", move);
        host.removeEventListener("pointerup", up);
        host.removeEventListener("wheel", wheel);
        host.removeEventListener("contextmenu", menu);
        removeEventListener("keydown", keyDown);
        removeEventListener("keyup", keyUp);
        removeEventListener("blur", blur);
    };
}

function glide(session: Session, held: ReadonlySet<string>, seconds: number): void {
    if (held.size === 0 || !session.stage) return;
    const dx = (held.has("right") ? 1 : 0) - (held.has("left") ? 1 : 0);
    const dy = (held.has("down") ? 1 : 0) - (held.has("up") ? 1 : 0);
    if (dx === 0 && dy === 0) return;
    session.stage.locked = -1;
    session.stage.camera.pan(dx * panPixels * seconds, dy * panPixels * seconds);
}

function pan(key: string): string {
    const names: Record<string, string> = {
        a: "left",
        arrowleft: "left",
        d: "right",
        arrowright: "right",
        w: "up",
        arrowup: "up",
        s: "down",
        arrowdown: "down",
    };
    return names[key.toLowerCase()] ?? "";
}

/** Whether a key press belongs to a field that is being filled in. */
export function isTyping(event: KeyboardEvent): boolean {
    const target = event.target;
    if (target instanceof HTMLInputElement && target.type === "checkbox") return event.key === " ";
    return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

/** Whether a key press belongs to a control that uses arrow keys itself. */
function isControl(event: KeyboardEvent): boolean {
    const target = event.target;
    return (
        target instanceof HTMLSelectElement ||
        (target instanceof HTMLElement && target.closest("[role=radiogroup], [role=slider], [role=tablist]") !== null)
    );
}
