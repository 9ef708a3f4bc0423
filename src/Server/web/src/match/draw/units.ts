import { Container, Sprite, type Texture } from "pixi.js";
import type { Match } from "../state/match";
import { isEpic, Status, type Unit, UnitKind } from "../state/things";
import type { Art } from "./art";
import { Ink, mix, teamColor } from "./palette";

/** Radius in cells at which a unit is drawn; also how near a click must be. */
export function drawnRadius(unit: Unit): number {
    switch (unit.kind) {
        case UnitKind.hero:
            return 1.05;
        case UnitKind.structure:
            return unit.type >= 3 ? 2.9 : 1.55;
        case UnitKind.creep:
            return [0.58, 0.55, 0.8, 0.95][unit.type] ?? 0.6;
        case UnitKind.monster:
            return isEpic(unit.id) ? 2 : unit.maxHp > 900 ? 1.15 : 0.85;
        case UnitKind.summon:
            return 0.72;
        default:
            return 0.5;
    }
}

/** What the picture should stress. */
export interface Focus {
    own: number;
    selected: number;
    hovered: number;
    /** Tick shown. */
    tick: number;
    /** Seconds since the frame before, and of the wall. */
    seconds: number;
    now: number;
    /** Pixels a cell. */
    zoom: number;
}

class Token {
    readonly body: Sprite;
    readonly facing: Sprite | null;
    alpha = 0;
    lunge = 0;
    winding = false;
    turn = 0;
    texture = "";

    constructor(hero: boolean, art: Art) {
        this.body = new Sprite();
        this.body.anchor.set(0.5);
        this.facing = hero ? new Sprite(art.facing) : null;
        this.facing?.anchor.set(0.5);
    }
}

/** The units on the ground: one token each, kept for as long as the match is shown. */
export class UnitLayer {
    readonly root = new Container();
    private readonly rings = new Container();
    private readonly still = new Container();
    private readonly small = new Container();
    private readonly heroes = new Container();
    private readonly tokens = new Map<number, Token>();
    private readonly art: Art;
    private readonly ownRing: Sprite;
    private readonly selectedRing: Sprite;
    private readonly hoveredRing: Sprite;
    private readonly recall = new Map<number, Sprite>();

    constructor(art: Art) {
        this.art = art;
        this.root.addChild(this.still, this.rings, this.small, this.heroes);
        this.ownRing = ring(art.ring(0.07), Ink.self);
        this.selectedRing = ring(art.dashes, 0xffffff);
        this.hoveredRing = ring(art.ring(0.1), 0xffffff);
        this.rings.addChild(this.ownRing, this.selectedRing, this.hoveredRing);
    }

    /** Puts every unit where it is at the tick shown; units must have been moved there before. */
    update(match: Match, focus: Focus): void {
        for (const [id, token] of this.tokens) {
            if (match.units.has(id)) continue;
            token.body.destroy();
            token.facing?.destroy();
            this.tokens.delete(id);
        }
        for (const unit of match.units.values()) this.place(match, unit, focus);
        this.frame(match, this.ownRing, focus.own, 1.22, focus.now * 0.4, 0.85);
        this.frame(match, this.selectedRing, focus.selected === focus.own ? -1 : focus.selected, 1.35, focus.now * 0.8, 0.9);
        this.frame(match, this.hoveredRing, focus.hovered, 1.16, 0, 0.75);
        const hovered = match.units.get(focus.hovered);
        if (hovered) this.hoveredRing.tint = mix(teamColor(hovered.team), 0xffffff, 0.4);
        this.showRecalls(match, focus);
    }

    /** How much of a unit is to be seen, 0 to 1. */
    alpha(unit: number): number {
        return this.tokens.get(unit)?.alpha ?? 0;
    }

    private place(match: Match, unit: Unit, focus: Focus): void {
        const shown = isShown(unit, focus.tick);
        let token = this.tokens.get(unit.id);
        if (!token) {
            if (!shown) return;
            token = new Token(unit.kind === UnitKind.hero, this.art);
            this.tokens.set(unit.id, token);
            const layer = unit.kind === UnitKind.hero ? this.heroes : unit.kind === UnitKind.structure ? this.still : this.small;
            layer.addChild(token.body);
            if (token.facing) layer.addChild(token.facing);
        }
        const wanted = !shown ? 0 : unit.state & Status.stealthed ? 0.45 : 1;
        token.alpha += (wanted - token.alpha) * (1 - Math.exp(-focus.seconds * 11));
        if (wanted === 0 && token.alpha < 0.02) token.alpha = 0;
        const visible = token.alpha > 0;
        token.body.visible = visible;
        if (token.facing) token.facing.visible = visible;
        if (!visible) return;

        this.dress(token, unit);
        const radius = drawnRadius(unit);
        const scaled = Math.max(radius, unit.kind === UnitKind.hero ? 9 / focus.zoom : unit.kind === UnitKind.creep ? 2.6 / focus.zoom : 0);
        const dying = shown ? 1 : 0.7 + 0.3 * token.alpha;
        token.body.setSize(scaled * 2 * dying);
        token.body.alpha = token.alpha;

        const target = unit.target >= 0 ? match.units.get(unit.target) : undefined;
        const aimed = target && Math.hypot(target.motion.x - unit.motion.x, target.motion.y - unit.motion.y) < 13 ? target : undefined;
        const facing = aimed ? Math.atan2(aimed.motion.y - unit.motion.y, aimed.motion.x - unit.motion.x) : unit.motion.facing;
        token.turn += wrap(facing - token.turn) * (1 - Math.exp(-focus.seconds * 14));
        const winding = unit.windUp > focus.tick;
        if (token.winding && !winding && aimed) token.lunge = 0.34;
        token.winding = winding;
        const rest = winding && unit.kind !== UnitKind.structure ? -0.14 : 0;
        token.lunge += (rest - token.lunge) * (1 - Math.exp(-focus.seconds * 13));
        const lunge = unit.kind === UnitKind.structure ? 0 : token.lunge;
        token.body.position.set(unit.motion.x + Math.cos(token.turn) * lunge, -unit.motion.y - Math.sin(token.turn) * lunge);
        if (unit.kind === UnitKind.creep || unit.kind === UnitKind.monster || unit.kind === UnitKind.summon)
            token.body.rotation = -token.turn;
        if (token.facing) {
            token.facing.position.set(
                unit.motion.x + Math.cos(token.turn) * scaled * 1.12,
                -unit.motion.y - Math.sin(token.turn) * scaled * 1.12,
            );
            token.facing.rotation = -token.turn;
            token.facing.setSize(scaled * 0.62);
            token.facing.alpha = token.alpha * 0.95;
            token.facing.tint = mix(teamColor(unit.team), 0xffffff, unit.id === focus.own ? 0.7 : 0.25);
        }
        const struck = unit.state & Status.stunned;
        token.body.tint = struck ? 0xb9c2ff : unit.state & Status.inBrush ? 0xd9f0d4 : 0xffffff;
    }

    private dress(token: Token, unit: Unit): void {
        const ruined = unit.kind === UnitKind.structure && (unit.dead || unit.hp <= 0);
        const key = `${unit.kind}:${unit.type}:${unit.team}:${ruined}`;
        if (key === token.texture) return;
        token.texture = key;
        token.body.texture = ruined ? this.art.rubble : textureOf(this.art, unit);
    }

    private frame(match: Match, sprite: Sprite, id: number, scale: number, turn: number, alpha: number): void {
        const unit = id >= 0 ? match.units.get(id) : undefined;
        const seen = unit ? this.alpha(id) : 0;
        sprite.visible = seen > 0.05;
        if (!unit || !sprite.visible) return;
        sprite.position.set(unit.motion.x, -unit.motion.y);
        sprite.setSize(drawnRadius(unit) * 2 * scale);
        sprite.rotation = turn;
        sprite.alpha = alpha * seen;
    }

    private showRecalls(match: Match, focus: Focus): void {
        for (const unit of match.units.values()) {
            if (unit.kind !== UnitKind.hero) continue;
            const on = (unit.state & Status.recalling) !== 0 && this.alpha(unit.id) > 0.05;
            let sprite = this.recall.get(unit.id);
            if (!sprite && on) {
                sprite = ring(this.art.dashes, teamColor(unit.team));
                sprite.blendMode = "add";
                this.recall.set(unit.id, sprite);
                this.rings.addChild(sprite);
            }
            if (!sprite) continue;
            sprite.visible = on;
            if (!on) continue;
            sprite.position.set(unit.motion.x, -unit.motion.y);
            sprite.rotation = -focus.now * 2.2;
            sprite.setSize(drawnRadius(unit) * (3 + 0.35 * Math.sin(focus.now * 5)));
            sprite.alpha = 0.9;
        }
    }
}

/** Whether a unit is in the picture of a tick; ruins are. */
export function isShown(unit: Unit, tick: number): boolean {
    if (!unit.present && tick >= unit.leftAt) return false;
    return unit.kind === UnitKind.structure || !unit.dead;
}

function textureOf(art: Art, unit: Unit): Texture {
    switch (unit.kind) {
        case UnitKind.hero:
            return art.hero(unit.type, unit.team);
        case UnitKind.structure:
            return art.structure(unit.type, unit.team);
        case UnitKind.creep:
            return art.creep(unit.type, unit.team);
        case UnitKind.monster:
            return art.monster(unit.type, isEpic(unit.id));
        case UnitKind.summon:
            return art.summon(unit.type, unit.team);
        default:
            return art.ward(unit.team);
    }
}

function ring(texture: Texture, tint: number): Sprite {
    const sprite = new Sprite(texture);
    sprite.anchor.set(0.5);
    sprite.tint = tint;
    sprite.visible = false;
    return sprite;
}

function wrap(angle: number): number {
    return Math.atan2(Math.sin(angle), Math.cos(angle));
}
