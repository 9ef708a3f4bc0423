import { BitmapText, Container, Sprite, Texture } from "pixi.js";
import type { Match } from "../state/match";
import { isEpic, Status, type Unit, UnitKind } from "../state/things";
import { type Art, statusIcons } from "./art";
import type { Camera } from "./camera";
import { Ink, mix, teamColor } from "./palette";
import { drawnRadius, type Focus, type UnitLayer } from "./units";

const marksAtMost = 14;
const hpAMark = 200;

class Bar {
    readonly root = new Container();
    readonly back = rectangle(Ink.outline);
    readonly lag = rectangle(0xffffff);
    readonly fill = rectangle(0xffffff);
    readonly shield = rectangle(Ink.shield);
    readonly mana: Sprite | null = null;
    readonly manaBack: Sprite | null = null;
    readonly badge: Sprite | null = null;
    readonly level: BitmapText | null = null;
    readonly name: BitmapText | null = null;
    readonly marks: Sprite[] = [];
    readonly icons: Sprite[] = [];
    /** Share of hp shown as just lost. */
    lost = 1;
    shown = 0;
    visits = -1;
    saidLevel = -1;
    saidName = "";

    constructor(hero: boolean) {
        this.root.addChild(this.back);
        if (hero) {
            this.manaBack = rectangle(Ink.shade);
            this.mana = rectangle(Ink.mana);
            this.root.addChild(this.manaBack);
        }
        this.root.addChild(this.lag, this.fill, this.shield);
        if (!hero) return;
        this.root.addChild(this.mana!);
        this.badge = rectangle(Ink.outline);
        this.level = new BitmapText({ text: "1", style: { fontFamily: "arena", fontSize: 13 }, anchor: 0.5 });
        this.name = new BitmapText({ text: "", style: { fontFamily: "arena", fontSize: 12 }, anchor: { x: 0.5, y: 1 } });
        this.name.alpha = 0.92;
        this.root.addChild(this.badge, this.level, this.name);
    }
}

/** Health, mana, levels, names and statuses above the units. Drawn in pixels of the screen, so that they stay crisp at every zoom. */
export class BarLayer {
    readonly root = new Container();
    private readonly bars = new Map<number, Bar>();
    private readonly art: Art;
    private readonly nameOf: (unit: number) => string;

    constructor(art: Art, nameOf: (unit: number) => string) {
        this.art = art;
        this.nameOf = nameOf;
    }

    update(match: Match, camera: Camera, units: UnitLayer, focus: Focus): void {
        for (const [id, bar] of this.bars) {
            if (match.units.has(id)) continue;
            bar.root.destroy({ children: true });
            this.bars.delete(id);
        }
        for (const unit of match.units.values()) {
            const alpha = units.alpha(unit.id);
            let bar = this.bars.get(unit.id);
            const wanted = alpha > 0.05 && wantsBar(unit, focus);
            if (!bar) {
                if (!wanted) continue;
                bar = new Bar(unit.kind === UnitKind.hero);
                this.bars.set(unit.id, bar);
                this.root.addChild(bar.root);
            }
            bar.root.visible = wanted;
            if (wanted) this.lay(match, unit, bar, camera, focus, alpha);
        }
    }

    private lay(match: Match, unit: Unit, bar: Bar, camera: Camera, focus: Focus, alpha: number): void {
        const hero = unit.kind === UnitKind.hero;
        const scale = Math.min(1.1, Math.max(0.5, camera.zoom / 26));
        const width = Math.round(
            scale * (hero ? 76 : unit.kind === UnitKind.structure ? 88 : isEpic(unit.id) ? 96 : unit.kind === UnitKind.monster ? 44 : 30),
        );
        const height = Math.max(3, Math.round(scale * (hero ? 9 : unit.kind === UnitKind.structure || isEpic(unit.id) ? 7 : 4)));
        const manaHeight = hero ? Math.max(2, Math.round(scale * 4)) : 0;
        const lift = (hero ? 1.35 : 1.25) * drawnRadius(unit) * camera.zoom + height + manaHeight + (hero ? 6 : 2);
        const x = Math.round(camera.screenX(unit.motion.x) - width / 2);
        const y = Math.round(camera.screenY(unit.motion.y) - lift);
        bar.root.position.set(x, y);
        bar.root.alpha = Math.min(1, alpha * 1.3);

        if (bar.visits !== unit.visits) {
            bar.visits = unit.visits;
            bar.shown = unit.hp;
            bar.lost = unit.hp;
        }
        const quick = 1 - Math.exp(-focus.seconds * 18);
        bar.shown += (unit.hp - bar.shown) * quick;
        bar.lost = bar.lost < bar.shown ? bar.shown : bar.lost + (bar.shown - bar.lost) * (1 - Math.exp(-focus.seconds * 3.2));
        const whole = Math.max(unit.maxHp, unit.hp + unit.shield);
        put(bar.back, -1, -1, width + 2, height + manaHeight + (hero ? 3 : 2));
        put(bar.fill, 0, 0, (width * bar.shown) / whole, height);
        put(bar.lag, (width * bar.shown) / whole, 0, (width * Math.max(0, bar.lost - bar.shown)) / whole, height);
        put(bar.shield, (width * bar.shown) / whole, 0, (width * Math.min(unit.shield, whole - bar.shown)) / whole, height);
        const color = teamColor(unit.team);
        bar.fill.tint = unit.id === focus.own ? mix(color, 0xffffff, 0.3) : color;
        bar.lag.tint = 0xf3e9d2;
        bar.lag.alpha = 0.75;
        if (!hero) return;
        this.layHero(match, unit, bar, focus, width, height, manaHeight, whole, scale);
    }

    private layHero(
        match: Match,
        unit: Unit,
        bar: Bar,
        focus: Focus,
        width: number,
        height: number,
        manaHeight: number,
        whole: number,
        scale: number,
    ): void {
        const mana = match.hero(unit.id, "mana");
        const maxMana = match.hero(unit.id, "maxMana");
        bar.manaBack!.visible = false;
        bar.mana!.visible = maxMana > 0;
        if (maxMana > 0) put(bar.mana!, 0, height + 1, (width * Math.min(mana, maxMana)) / maxMana, manaHeight);
        const level = match.hero(unit.id, "level", 1);
        const side = height + manaHeight + 3;
        put(bar.badge!, -side - 4, -1, side + 4, side);
        bar.badge!.tint = unit.id === focus.own ? mix(Ink.self, 0x000000, 0.55) : mix(teamColor(unit.team), 0x000000, 0.72);
        if (level !== bar.saidLevel) {
            bar.saidLevel = level;
            bar.level!.text = String(level);
        }
        bar.level!.position.set(-side / 2 - 2, side / 2 - 1);
        bar.level!.scale.set(scale < 0.7 ? 0.7 : 0.95);
        const name = scale < 0.62 ? "" : this.nameOf(unit.id);
        if (name !== bar.saidName) {
            bar.saidName = name;
            bar.name!.text = name;
        }
        bar.name!.position.set(width / 2, -3);
        const marks = scale < 0.7 ? 0 : Math.min(marksAtMost, Math.ceil(whole / hpAMark) - 1);
        while (bar.marks.length < marks) {
            const mark = rectangle(Ink.outline);
            mark.alpha = 0.55;
            bar.marks.push(mark);
            bar.root.addChild(mark);
        }
        for (let i = 0; i < bar.marks.length; i++) {
            const mark = bar.marks[i]!;
            mark.visible = i < marks;
            const thousand = ((i + 1) * hpAMark) % 1000 === 0;
            if (mark.visible)
                put(mark, Math.round((width * (i + 1) * hpAMark) / whole), 0, thousand ? 2 : 1, thousand ? height : height * 0.55);
        }
        let icon = 0;
        for (const [bit, status] of statusIcons) {
            if ((unit.state & bit) === 0) continue;
            let sprite = bar.icons[icon];
            if (!sprite) {
                sprite = new Sprite();
                bar.icons.push(sprite);
                bar.root.addChild(sprite);
            }
            sprite.texture = this.art.status(status);
            sprite.visible = true;
            sprite.setSize(17);
            sprite.position.set(width + 3 + icon * 18, -2);
            icon++;
        }
        for (; icon < bar.icons.length; icon++) bar.icons[icon]!.visible = false;
    }
}

function wantsBar(unit: Unit, focus: Focus): boolean {
    if (unit.kind === UnitKind.ward) return false;
    if (unit.kind === UnitKind.hero) return true;
    if (unit.dead || unit.hp <= 0) return false;
    if (unit.kind === UnitKind.structure) return (unit.state & Status.protected) === 0 || unit.hp < unit.maxHp || focus.hovered === unit.id;
    if (focus.zoom < 11) return isEpic(unit.id);
    return unit.hp < unit.maxHp || unit.id === focus.hovered || unit.id === focus.selected || focus.zoom > 17;
}

function rectangle(tint: number): Sprite {
    const sprite = new Sprite(Texture.WHITE);
    sprite.tint = tint;
    return sprite;
}

function put(sprite: Sprite, x: number, y: number, width: number, height: number): void {
    sprite.position.set(x, y);
    sprite.setSize(Math.max(0, width), height);
}
