import { BitmapText, Container, Sprite, type Texture } from "pixi.js";
import type { HeroInfo, SkillInfo } from "../../api/types";
import type { MatchEvent } from "../state/frames";
import type { Match } from "../state/match";
import { UnitKind } from "../state/things";
import type { Art } from "./art";
import type { Camera } from "./camera";
import { roleColor } from "./glyphs";
import { Damage, mix, teamColor } from "./palette";
import { drawnRadius, type Focus } from "./units";

/** Number of `ability` that stands for a basic attack. */
const blow = 4;
const burstsAtMost = 160;
const textsAtMost = 56;
/** Seconds within which damage to one hero is one number. */
const together = 0.3;

interface Burst {
    sprite: Sprite;
    age: number;
    life: number;
    from: number;
    to: number;
    alpha: number;
    spin: number;
    /** Unit that it stays with, -1 for none. */
    follows: number;
}

interface Floating {
    text: BitmapText;
    age: number;
    life: number;
    x: number;
    y: number;
    drift: number;
    size: number;
    /** Whose damage it counts and how much so far; -1 for other texts. */
    unit: number;
    sum: number;
}

interface Area {
    edge: Sprite;
    fill: Sprite;
    /** Tick at which it came into the picture. */
    since: number;
}

/** What happens between the units: projectiles, zones, and short flashes for events. Sprites are kept and used again. */
export class EffectLayer {
    /** Below the units: zones. */
    readonly ground = new Container();
    /** Above them: projectiles and flashes. */
    readonly air = new Container();
    /** In pixels of the screen: numbers. */
    readonly texts = new Container();
    private readonly art: Art;
    private readonly heroes: readonly HeroInfo[];
    private readonly shots = new Map<number, { head: Sprite; tail: Sprite }>();
    private readonly idleShots: { head: Sprite; tail: Sprite }[] = [];
    private readonly areas = new Map<number, Area>();
    private readonly idleAreas: Area[] = [];
    private readonly bursts: Burst[] = [];
    private readonly idleBursts: Burst[] = [];
    private readonly floating: Floating[] = [];
    private readonly idleTexts: Floating[] = [];
    private epoch = -1;

    constructor(art: Art, heroes: readonly HeroInfo[]) {
        this.art = art;
        this.heroes = heroes;
    }

    update(match: Match, camera: Camera, focus: Focus): void {
        if (this.epoch !== match.epoch) {
            this.epoch = match.epoch;
            while (this.bursts.length > 0) this.endBurst(0);
            while (this.floating.length > 0) this.endText(0);
        }
        this.showZones(match, focus);
        this.showShots(match, focus);
        for (const event of match.takeEvents(focus.tick)) this.happen(match, event);
        this.ageBursts(match, focus);
        this.ageTexts(camera, focus);
    }

    /** A ping on the ground. */
    ping(x: number, y: number, team: number): void {
        const color = mix(teamColor(team), 0xffffff, 0.3);
        this.burst(this.art.ring(0.1), x, y, color, 1.1, 6, 0.9, 0.9);
        this.burst(this.art.ring(0.1), x, y, color, 0.4, 3, 1.6, 0.7);
        this.burst(this.art.alert, x, y + 0.6, 0xffffff, 1.8, 2.1, 2.2, 1);
    }

    /** The mark of an order: where one goes, or what one strikes. */
    mark(x: number, y: number, color: number): void {
        this.burst(this.art.ring(0.14), x, y, color, 1.5, 0.35, 0.4, 0.95);
        this.burst(this.art.disc, x, y, color, 0.5, 0.2, 0.35, 0.5);
    }

    private happen(match: Match, event: MatchEvent): void {
        switch (event.kind) {
            case "hit":
                this.hit(match, event);
                break;
            case "cast":
                this.cast(match, event);
                break;
            case "level":
                this.onUnit(match, event.unit, this.art.ring(0.07), 0xffe89a, 0.6, 4.2, 0.8);
                this.onUnit(match, event.unit, this.art.glow, 0xffe89a, 3.4, 1, 0.6);
                break;
            case "respawn":
                this.onUnit(match, event.unit, this.art.glow, 0xffffff, 0.6, 4, 0.7);
                break;
            case "kill": {
                const unit = match.units.get(Number(event.victim));
                if (!unit) break;
                const color = teamColor(unit.team);
                this.burst(this.art.glow, unit.motion.x, unit.motion.y, color, 1, 5, 0.6, 0.9);
                this.burst(this.art.ring(0.07), unit.motion.x, unit.motion.y, color, 0.8, 5.5, 0.8, 0.9);
                this.burst(this.art.spark, unit.motion.x, unit.motion.y, 0xffffff, 2.2, 0.4, 0.5, 1);
                break;
            }
            case "structure":
            case "epic":
                this.onUnit(match, event.unit, this.art.glow, 0xffd79a, 2, 11, 1.1);
                this.onUnit(match, event.unit, this.art.ring(0.07), 0xffe9c8, 1.5, 13, 1.2);
                break;
            case "gold": {
                const unit = match.units.get(Number(event.unit));
                const amount = Math.round(Number(event.amount ?? 0));
                if (unit && amount >= 5) this.float(`+${amount}`, unit.motion.x, unit.motion.y + 0.6, Damage.gold, 15, 0);
                break;
            }
            case "ping":
                this.ping(Number(event.x), Number(event.y), Number(event.team ?? -1));
                break;
            default:
        }
    }

    private hit(match: Match, event: MatchEvent): void {
        const target = match.units.get(Number(event.target));
        if (!target) return;
        const amount = Math.round(Number(event.amount ?? 0));
        const color = damageColor(event.type, amount);
        const r = drawnRadius(target);
        this.burst(this.art.spark, target.motion.x, target.motion.y, mix(color, 0xffffff, 0.5), r * 1.1, r * 2, 0.2, 0.95, 0.6);
        if (Math.abs(amount) < 1) return;
        const spread = ((event.tick * 7 + target.id * 13) % 11) / 11 - 0.5;
        // Damage over time comes in many small parts: they are counted together.
        const open = this.floating.find(
            item => item.unit === target.id && item.age < together && Math.sign(item.sum) === Math.sign(amount),
        );
        if (open) {
            open.sum += amount;
            open.text.text = damageText(open.sum);
            open.size = damageSize(open.sum);
            return;
        }
        const made = this.float(
            damageText(amount),
            target.motion.x + spread,
            target.motion.y + 0.4,
            color,
            damageSize(amount),
            spread * 1.4,
        );
        if (made) Object.assign(made, { unit: target.id, sum: amount });
    }

    private cast(match: Match, event: MatchEvent): void {
        const unit = match.units.get(Number(event.unit));
        if (!unit) return;
        const color = this.colorOf(match, unit.id);
        this.burst(this.art.ring(0.07), unit.motion.x, unit.motion.y, color, 1.4, 3.2, 0.32, 0.85, 0, unit.id);
        const skill = this.skill(unit.type, Number(event.ability));
        const reach = skill?.radius ?? 0;
        if (reach > 0 && skill?.aim === "none") {
            this.burst(this.art.disc, unit.motion.x, unit.motion.y, color, reach * 1.2, reach * 2, 0.42, 0.3);
            this.burst(this.art.ring(0.07), unit.motion.x, unit.motion.y, color, reach * 1.2, reach * 2, 0.45, 0.9);
        }
        const target = event.target === undefined ? undefined : match.units.get(Number(event.target));
        if (target && target.id !== unit.id)
            this.burst(this.art.ring(0.1), target.motion.x, target.motion.y, color, 3, drawnRadius(target) * 2, 0.3, 0.9, 0, target.id);
    }

    private skill(hero: number, ability: number): SkillInfo | undefined {
        return ability >= 0 && ability < 4 ? this.heroes[hero]?.skills[ability] : undefined;
    }

    private colorOf(match: Match, owner: number): number {
        const unit = match.units.get(owner);
        if (!unit) return 0xdfe6ee;
        if (unit.kind !== UnitKind.hero) return mix(teamColor(unit.team), 0xffffff, 0.25);
        return mix(roleColor(this.heroes[unit.type]?.role ?? ""), teamColor(unit.team), 0.5);
    }

    private showShots(match: Match, focus: Focus): void {
        for (const [id, shot] of this.shots) {
            const thing = match.projectiles.get(id);
            if (thing && (thing.present || focus.tick < thing.leftAt)) continue;
            shot.head.visible = false;
            shot.tail.visible = false;
            this.idleShots.push(shot);
            this.shots.delete(id);
        }
        for (const thing of match.projectiles.values()) {
            if (!thing.present && focus.tick >= thing.leftAt) continue;
            let shot = this.shots.get(thing.id);
            if (!shot) {
                shot = this.idleShots.pop() ?? this.newShot();
                this.shots.set(thing.id, shot);
            }
            const strong = thing.ability !== blow;
            const owner = match.units.get(thing.owner);
            const tower = owner?.kind === UnitKind.structure;
            const color = strong ? this.colorOf(match, thing.owner) : mix(teamColor(thing.team), 0xffffff, 0.35);
            const size = tower ? 1.15 : strong ? 1.35 : owner?.kind === UnitKind.hero ? 0.75 : 0.5;
            const angle = thing.vx === 0 && thing.vy === 0 ? thing.motion.facing : Math.atan2(thing.vy, thing.vx);
            const { head, tail } = shot;
            head.visible = true;
            tail.visible = true;
            head.position.set(thing.motion.x, -thing.motion.y);
            head.setSize(size);
            head.tint = mix(color, 0xffffff, 0.45);
            tail.position.set(thing.motion.x, -thing.motion.y);
            tail.setSize(size * (strong ? 3.4 : 2.4), size * 0.8);
            tail.rotation = -angle;
            tail.tint = color;
        }
    }

    private newShot(): { head: Sprite; tail: Sprite } {
        const tail = new Sprite(this.art.streak);
        tail.anchor.set(0.95, 0.5);
        const head = new Sprite(this.art.glow);
        head.anchor.set(0.5);
        head.blendMode = "add";
        tail.blendMode = "add";
        this.air.addChild(tail, head);
        return { head, tail };
    }

    private showZones(match: Match, focus: Focus): void {
        for (const [id, area] of this.areas) {
            const thing = match.zones.get(id);
            if (thing && (thing.present || focus.tick < thing.leftAt)) continue;
            area.edge.visible = false;
            area.fill.visible = false;
            this.idleAreas.push(area);
            this.areas.delete(id);
        }
        for (const thing of match.zones.values()) {
            if (!thing.present && focus.tick >= thing.leftAt) continue;
            let area = this.areas.get(thing.id);
            if (!area) {
                area = this.idleAreas.pop() ?? this.newArea();
                this.areas.set(thing.id, area);
                area.since = focus.tick;
            }
            const color = this.colorOf(match, thing.owner);
            const { edge, fill } = area;
            edge.visible = true;
            fill.visible = true;
            edge.position.set(thing.motion.x, -thing.motion.y);
            fill.position.set(thing.motion.x, -thing.motion.y);
            edge.setSize(thing.radius * 2);
            edge.tint = mix(color, 0xffffff, 0.25);
            fill.tint = color;
            if (focus.tick < thing.starts) {
                // A warning: the disc grows to the edge until it takes effect.
                const part = Math.max(0, Math.min(1, (focus.tick - area.since) / Math.max(1, thing.starts - area.since)));
                fill.setSize(thing.radius * 2 * (0.15 + 0.85 * part));
                fill.alpha = 0.2 + 0.16 * part;
                edge.alpha = 0.95;
            } else {
                const left = Math.min(1, Math.max(0.25, (thing.ends - focus.tick) / match.hello.tickRate));
                fill.setSize(thing.radius * 2);
                fill.alpha = (0.3 + 0.05 * Math.sin(focus.now * 7)) * left;
                edge.alpha = 0.8 * left;
            }
        }
    }

    private newArea(): Area {
        const fill = new Sprite(this.art.disc);
        const edge = new Sprite(this.art.ring(0.07));
        fill.anchor.set(0.5);
        edge.anchor.set(0.5);
        this.ground.addChild(fill, edge);
        return { edge, fill, since: 0 };
    }

    private onUnit(match: Match, id: number | undefined, texture: Texture, color: number, from: number, to: number, life: number): void {
        const unit = id === undefined ? undefined : match.units.get(Number(id));
        if (unit) this.burst(texture, unit.motion.x, unit.motion.y, color, from, to, life, 0.95, 0, unit.id);
    }

    private burst(
        texture: Texture,
        x: number,
        y: number,
        color: number,
        from: number,
        to: number,
        life: number,
        alpha: number,
        spin = 0,
        follows = -1,
    ): void {
        let burst = this.idleBursts.pop();
        if (!burst) {
            if (this.bursts.length >= burstsAtMost) return;
            const sprite = new Sprite();
            sprite.anchor.set(0.5);
            sprite.blendMode = "add";
            this.air.addChild(sprite);
            burst = { sprite, age: 0, life, from, to, alpha, spin, follows };
        }
        Object.assign(burst, { age: 0, life, from, to, alpha, spin, follows });
        burst.sprite.texture = texture;
        burst.sprite.tint = color;
        burst.sprite.blendMode = texture === this.art.alert ? "normal" : "add";
        burst.sprite.position.set(x, -y);
        burst.sprite.rotation = spin * 3;
        burst.sprite.visible = true;
        this.bursts.push(burst);
    }

    private ageBursts(match: Match, focus: Focus): void {
        for (let i = this.bursts.length - 1; i >= 0; i--) {
            const burst = this.bursts[i]!;
            burst.age += focus.seconds;
            const part = burst.age / burst.life;
            if (part >= 1) {
                this.endBurst(i);
                continue;
            }
            const out = 1 - (1 - part) * (1 - part);
            burst.sprite.setSize(Math.max(0.01, burst.from + (burst.to - burst.from) * out));
            burst.sprite.alpha = burst.alpha * (1 - part * part);
            burst.sprite.rotation += burst.spin * focus.seconds;
            const unit = burst.follows >= 0 ? match.units.get(burst.follows) : undefined;
            if (unit) burst.sprite.position.set(unit.motion.x, -unit.motion.y);
        }
    }

    private endBurst(at: number): void {
        const burst = this.bursts[at]!;
        burst.sprite.visible = false;
        this.bursts[at] = this.bursts[this.bursts.length - 1]!;
        this.bursts.pop();
        this.idleBursts.push(burst);
    }

    private float(said: string, x: number, y: number, color: number, size: number, drift: number): Floating | null {
        let item = this.idleTexts.pop();
        if (!item) {
            if (this.floating.length >= textsAtMost) return null;
            const text = new BitmapText({ text: "", style: { fontFamily: "arena", fontSize: 20 }, anchor: 0.5 });
            this.texts.addChild(text);
            item = { text, age: 0, life: 0.9, x, y, drift, size, unit: -1, sum: 0 };
        }
        Object.assign(item, { age: 0, life: 0.95, x, y, drift, size, unit: -1, sum: 0 });
        item.text.text = said;
        item.text.tint = color;
        item.text.visible = true;
        this.floating.push(item);
        return item;
    }

    private ageTexts(camera: Camera, focus: Focus): void {
        const scale = Math.min(1.15, Math.max(0.6, camera.zoom / 26));
        for (let i = this.floating.length - 1; i >= 0; i--) {
            const item = this.floating[i]!;
            item.age += focus.seconds;
            const part = item.age / item.life;
            if (part >= 1) {
                this.endText(i);
                continue;
            }
            const rise = 34 * (1 - (1 - part) * (1 - part)) * scale;
            item.text.position.set(camera.screenX(item.x + item.drift * part), camera.screenY(item.y) - rise - 10);
            const pop = part < 0.14 ? 1.35 - part * 2.5 : 1;
            item.text.scale.set((item.size / 20) * scale * pop);
            item.text.alpha = part < 0.6 ? 1 : 1 - (part - 0.6) / 0.4;
        }
    }

    private endText(at: number): void {
        const item = this.floating[at]!;
        item.text.visible = false;
        this.floating[at] = this.floating[this.floating.length - 1]!;
        this.floating.pop();
        this.idleTexts.push(item);
    }
}

function damageColor(type: unknown, amount: number): number {
    if (amount < 0 || type === "heal") return Damage.heal;
    if (type === 1 || type === "magic") return Damage.magic;
    if (type === 2 || type === "true") return Damage.true;
    return Damage.physical;
}

function damageText(amount: number): string {
    return amount < 0 ? `+${-amount}` : String(amount);
}

function damageSize(amount: number): number {
    return Math.min(27, 15 + Math.sqrt(Math.abs(amount)) * 0.6);
}
