import type { AimPicture } from "../draw/aim";
import { drawnRadius } from "../draw/units";
import { ownFacts } from "../hud/facts";
import type { Session } from "../hud/session";
import { Status, type Unit, UnitKind } from "../state/things";
import { isTyping } from "../watch/controls";
import { type Action, actionsOf, canLearn } from "./abilities";
import type { Settings } from "./settings";

/** What is being aimed: an action, an attack-move, or a ping. */
export type Aiming = { kind: "action"; action: Action } | { kind: "attackMove" } | { kind: "ping" } | null;

export interface PlayHooks {
    settings: () => Settings;
    toggleShop: () => void;
    setBoard: (on: boolean) => void;
    toggleKeys: () => void;
    /** Escape: closes what is open; answers whether anything was. */
    close: () => boolean;
    aimed: (aiming: Aiming) => void;
    lockCamera: (locked: boolean) => void;
}

const edge = 10;
const panPixels = 1100;
/** Seconds between two orders while the button is held down. */
const repeat = 0.12;
const moveColor = 0x7fe8a0;
const attackColor = 0xff6b6b;

/** Mouse and keys of somebody who plays a hero, in the habits of the genre. */
export class PlayControls {
    private readonly session: Session;
    private readonly host: HTMLElement;
    private readonly hooks: PlayHooks;
    private readonly held = new Set<string>();
    private readonly listeners: (() => void)[] = [];
    private aiming: Aiming = null;
    private pointerX = 0;
    private pointerY = 0;
    private inside = false;
    private rightHeld = false;
    private repeatIn = 0;
    private pan: { x: number; y: number } | null = null;
    private leaving = false;

    constructor(session: Session, host: HTMLElement, hooks: PlayHooks) {
        this.session = session;
        this.host = host;
        this.hooks = hooks;
        this.on(host, "pointerdown", event => this.down(event as PointerEvent));
        this.on(host, "pointermove", event => this.move(event as PointerEvent));
        this.on(host, "pointerup", event => this.up(event as PointerEvent));
        this.on(host, "pointerleave", () => {
            this.inside = false;
        });
        this.on(host, "wheel", event => this.wheel(event as WheelEvent), { passive: false });
        this.on(host, "contextmenu", event => event.preventDefault());
        this.on(window, "keydown", event => this.keyDown(event as KeyboardEvent));
        this.on(window, "keyup", event => this.keyUp(event as KeyboardEvent));
        this.on(window, "blur", () => {
            this.held.clear();
            this.rightHeld = false;
            this.leaving = false;
            this.hooks.setBoard(false);
        });
        // With Ctrl held, a browser takes W for itself and closes the page: then it asks first.
        this.on(window, "beforeunload", event => {
            if (this.leaving) event.preventDefault();
        });
    }

    end(): void {
        for (const remove of this.listeners) remove();
    }

    /** Once a frame: what is hovered and aimed, and the picture's movement. */
    frame(seconds: number): void {
        const stage = this.session.stage;
        if (!stage) return;
        const hovered = this.inside
            ? stage.pick(this.pointerX, this.pointerY, unit => unit.id !== stage.own || this.aiming !== null)
            : null;
        stage.hovered = hovered?.id ?? -1;
        this.host.style.cursor = this.aiming ? "crosshair" : hovered && this.hostile(hovered) ? "pointer" : "default";
        stage.aim.show(this.picture(hovered));
        this.scroll(seconds);
        if (this.rightHeld) {
            this.repeatIn -= seconds;
            if (this.repeatIn <= 0) {
                this.repeatIn = repeat;
                this.walk(false);
            }
        }
    }

    /** Starts to aim an action, or does it at once where nothing has to be aimed or the person likes it so. */
    use(action: Action, quick: boolean): void {
        if (action.level === 0) {
            this.session.tell(`${nice(action.name)} is not learnt yet`, true);
            return;
        }
        if (action.left > 0.4) {
            this.session.tell(`${nice(action.name)} is ready in ${Math.ceil(action.left)} s`, true);
            return;
        }
        if (action.aim === "none" || quick) this.cast(action);
        else this.aim({ kind: "action", action });
    }

    /** A place on the small map for the attack-move or the ping that is being aimed; false where nothing of the kind is. */
    aimedAt(x: number, y: number): boolean {
        const aiming = this.aiming;
        if (aiming?.kind === "attackMove") this.session.channel.order("attackMove", -1, x, y);
        else if (aiming?.kind === "ping") this.session.channel.ping(x, y, 0);
        else return false;
        this.aim(null);
        return true;
    }

    stop(): void {
        this.aim(null);
        this.session.channel.order("stop");
    }

    recall(): void {
        this.aim(null);
        this.session.channel.order("recall");
    }

    aim(aiming: Aiming): void {
        this.aiming = aiming;
        this.hooks.aimed(aiming);
    }

    private on(target: EventTarget, name: string, listener: (event: Event) => void, options?: AddEventListenerOptions): void {
        target.addEventListener(name, listener, options);
        this.listeners.push(() => target.removeEventListener(name, listener, options));
    }

    private place(event: PointerEvent | WheelEvent): void {
        const box = this.host.getBoundingClientRect();
        this.pointerX = event.clientX - box.left;
        this.pointerY = event.clientY - box.top;
        this.inside = true;
    }

    private down(event: PointerEvent): void {
        this.place(event);
        (document.activeElement as HTMLElement | null)?.blur();
        const stage = this.session.stage;
        if (!stage) return;
        this.host.setPointerCapture(event.pointerId);
        if (event.button === 2) {
            event.preventDefault();
            if (this.aiming) {
                this.aim(null);
                return;
            }
            this.walk(true);
            this.rightHeld = true;
            this.repeatIn = repeat * 2;
            return;
        }
        if (event.button === 1) {
            event.preventDefault();
            this.pan = { x: event.clientX, y: event.clientY };
            return;
        }
        if (event.button !== 0) return;
        const aiming = this.aiming;
        if (event.altKey || aiming?.kind === "ping") {
            this.ping();
            this.aim(null);
        } else if (aiming?.kind === "action") {
            this.cast(aiming.action);
            if (!event.shiftKey) this.aim(null);
        } else if (aiming?.kind === "attackMove") {
            this.attackMove();
            if (!event.shiftKey) this.aim(null);
        } else {
            stage.selected = stage.pick(this.pointerX, this.pointerY)?.id ?? -1;
            this.session.changed();
        }
    }

    private move(event: PointerEvent): void {
        this.place(event);
        if (!this.pan || !this.session.stage) return;
        this.hooks.lockCamera(false);
        this.session.stage.camera.pan(this.pan.x - event.clientX, this.pan.y - event.clientY);
        this.pan = { x: event.clientX, y: event.clientY };
    }

    private up(event: PointerEvent): void {
        if (event.button === 2) this.rightHeld = false;
        if (event.button === 1) this.pan = null;
    }

    private wheel(event: WheelEvent): void {
        event.preventDefault();
        this.place(event);
        const stage = this.session.stage;
        if (!stage) return;
        const factor = Math.exp(-event.deltaY * 0.0012);
        if (stage.locked >= 0) stage.camera.zoomTo(stage.camera.zoom * factor);
        else stage.camera.zoomAt(factor, this.pointerX, this.pointerY);
    }

    /** The other button: strike what is there, or go there. */
    private walk(first: boolean): void {
        const stage = this.session.stage;
        // The dead are sent nowhere.
        if (!stage || !this.session.match?.units.get(stage.own)?.present) return;
        const unit = first ? stage.pick(this.pointerX, this.pointerY, other => this.hostile(other)) : null;
        if (unit) {
            this.session.channel.order("attack", unit.id);
            stage.effects.mark(unit.motion.x, unit.motion.y, attackColor);
            return;
        }
        const x = stage.camera.worldX(this.pointerX);
        const y = stage.camera.worldY(this.pointerY);
        this.session.channel.order("move", -1, x, y);
        if (first) stage.effects.mark(x, y, moveColor);
    }

    private attackMove(): void {
        const stage = this.session.stage;
        if (!stage) return;
        const unit = stage.pick(this.pointerX, this.pointerY, other => this.hostile(other));
        const x = unit?.motion.x ?? stage.camera.worldX(this.pointerX);
        const y = unit?.motion.y ?? stage.camera.worldY(this.pointerY);
        stage.effects.mark(x, y, attackColor);
        if (unit) this.session.channel.order("attack", unit.id);
        else this.session.channel.order("attackMove", -1, x, y);
    }

    private cast(action: Action): void {
        const stage = this.session.stage;
        if (!stage) return;
        const x = stage.camera.worldX(this.pointerX);
        const y = stage.camera.worldY(this.pointerY);
        if (action.aim === "target") {
            const unit = stage.pick(this.pointerX, this.pointerY, other => this.fits(action, other)) ?? this.fallback(action);
            if (!unit) {
                this.session.tell(
                    `${nice(action.name)} needs ${action.side === "allies" ? "an ally" : "an enemy"} under the pointer`,
                    true,
                );
                return;
            }
            this.session.channel.order(action.verb, unit.id, unit.motion.x, unit.motion.y);
            return;
        }
        this.session.channel.order(action.verb, -1, x, y);
    }

    private ping(): void {
        const stage = this.session.stage;
        if (stage) this.session.channel.ping(stage.camera.worldX(this.pointerX), stage.camera.worldY(this.pointerY), 0);
    }

    private keyDown(event: KeyboardEvent): void {
        if (event.key === "Control" || event.key === "Meta") this.leaving = true;
        if (isTyping(event)) return;
        const match = this.session.match;
        const stage = this.session.stage;
        if (!match || !stage) return;
        const key = event.key.toLowerCase();
        const own = ownFacts(match, stage.own);
        const actions = own ? actionsOf(match, this.session.content, own) : [];
        if (event.ctrlKey || event.altKey || event.metaKey) {
            const skill = ["q", "w", "e", "r"].indexOf(event.code.replace("Key", "").toLowerCase());
            if (skill < 0 || !own) return;
            event.preventDefault();
            if (canLearn(skill, own.skillLevels[skill] ?? 0, match.hero(stage.own, "level", 1), own.skillPoints))
                this.session.channel.learn(skill);
            return;
        }
        const action = actions.find(other => other.key === key);
        if (action) {
            event.preventDefault();
            if (!event.repeat) this.use(action, this.hooks.settings().quickCast !== event.shiftKey);
            return;
        }
        if (event.repeat && !key.startsWith("arrow")) return;
        switch (key) {
            case "a":
                if (event.shiftKey || this.hooks.settings().quickCast) this.attackMove();
                else this.aim({ kind: "attackMove" });
                break;
            case "s":
                this.stop();
                break;
            case "b":
                this.recall();
                break;
            case "g":
                this.aim({ kind: "ping" });
                break;
            case "p":
                this.hooks.toggleShop();
                break;
            case "y":
                this.hooks.lockCamera(stage.locked < 0);
                break;
            case " ":
                if (event.target instanceof HTMLButtonElement) return;
                event.preventDefault();
                this.held.add("center");
                break;
            case "tab":
                event.preventDefault();
                this.hooks.setBoard(true);
                break;
            case "f1":
            case "?":
                event.preventDefault();
                this.hooks.toggleKeys();
                break;
            case "escape":
                if (this.aiming) this.aim(null);
                else if (!this.hooks.close()) {
                    stage.selected = -1;
                    this.session.changed();
                }
                break;
            case "arrowleft":
            case "arrowright":
            case "arrowup":
            case "arrowdown":
                event.preventDefault();
                this.held.add(key);
                break;
            default:
        }
    }

    private keyUp(event: KeyboardEvent): void {
        if (event.key === "Control" || event.key === "Meta") this.leaving = false;
        if (event.key === "Tab") this.hooks.setBoard(false);
        if (event.key === " ") this.held.delete("center");
        this.held.delete(event.key.toLowerCase());
    }

    private scroll(seconds: number): void {
        const stage = this.session.stage!;
        if (this.held.has("center")) {
            const own = this.session.match?.units.get(stage.own);
            if (own) stage.camera.follow(own.motion.x, own.motion.y, seconds);
            return;
        }
        let dx = (this.held.has("arrowright") ? 1 : 0) - (this.held.has("arrowleft") ? 1 : 0);
        let dy = (this.held.has("arrowdown") ? 1 : 0) - (this.held.has("arrowup") ? 1 : 0);
        if (this.inside && this.hooks.settings().edgePan && stage.locked < 0) {
            dx += this.pointerX > stage.camera.width - edge ? 1 : this.pointerX < edge ? -1 : 0;
            dy += this.pointerY > stage.camera.height - edge ? 1 : this.pointerY < edge ? -1 : 0;
        }
        if (dx === 0 && dy === 0) return;
        if (stage.locked >= 0) this.hooks.lockCamera(false);
        stage.camera.pan(dx * panPixels * seconds, dy * panPixels * seconds);
    }

    private picture(hovered: Unit | null): AimPicture | null {
        const stage = this.session.stage!;
        const match = this.session.match;
        const own = match?.units.get(stage.own);
        if (!this.aiming || !own || !match || this.aiming.kind === "ping") return null;
        const facts = ownFacts(match, stage.own);
        const toX = stage.camera.worldX(this.pointerX);
        const toY = stage.camera.worldY(this.pointerY);
        const base = { x: own.motion.x, y: own.motion.y, toX, toY };
        if (this.aiming.kind === "attackMove")
            return {
                ...base,
                aim: "target",
                range: facts?.attackRange ?? 0,
                radius: 0,
                ready: true,
                target: hovered ? spot(hovered) : null,
            };
        const action = this.aiming.action;
        const now = facts ? actionsOf(match, this.session.content, facts).find(other => other.verb === action.verb) : undefined;
        const target = action.aim === "target" && hovered && this.fits(action, hovered) ? spot(hovered) : null;
        return { ...base, aim: action.aim, range: action.range, radius: action.radius, ready: now?.ready ?? false, target };
    }

    private hostile(unit: Unit): boolean {
        return (
            unit.team !== this.session.match?.hello.seat?.team &&
            unit.kind !== UnitKind.ward &&
            (unit.state & (Status.protected | Status.dead)) === 0
        );
    }

    private fits(action: Action, unit: Unit): boolean {
        if (unit.kind === UnitKind.structure || unit.kind === UnitKind.ward) return false;
        const ally = unit.team === this.session.match?.hello.seat?.team;
        if (action.side === "self") return unit.id === this.session.stage?.own;
        return action.side === "allies" ? ally : action.side === "enemies" ? !ally : true;
    }

    /** Skills for allies go to oneself where nobody is under the pointer. */
    private fallback(action: Action): Unit | null {
        const own = this.session.match?.units.get(this.session.stage?.own ?? -1);
        return own && (action.side === "allies" || action.side === "self") ? own : null;
    }
}

function spot(unit: Unit): { x: number; y: number; radius: number } {
    return { x: unit.motion.x, y: unit.motion.y, radius: drawnRadius(unit) };
}

function nice(name: string): string {
    return name.replaceAll("_", " ");
}
