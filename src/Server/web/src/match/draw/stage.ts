import "pixi.js/unsafe-eval";
import { Application, BitmapFont, Container, Sprite, Texture } from "pixi.js";
import type { Content } from "../../api/types";
import type { Ground } from "../state/ground";
import type { Match } from "../state/match";
import { type Unit, UnitKind } from "../state/things";
import { AimLayer } from "./aim";
import { Art } from "./art";
import { BarLayer } from "./bars";
import { Camera } from "./camera";
import { EffectLayer } from "./effects";
import { FrameCost } from "./cost";
import { FogLayer } from "./fog";
import { font } from "./glyphs";
import { paintTerrain } from "./terrain";
import { drawnRadius, type Focus, isShown, UnitLayer } from "./units";

/** Cells a tick from which on a movement is a blink. */
const leap = 2.2;
const shotLeap = 4;
/** Frames a second below which nobody can play, and how often in a row they are counted before the picture is made coarser. */
const playable = 12;
const patience = 3;
/** Points of the picture for one of the screen, each way. */
const coarsest = 0.5;

/** The picture of a match: a canvas that fills its host, drawn anew in every frame of the display. */
export class Stage {
    readonly camera: Camera;
    readonly ground: Ground;
    readonly effects: EffectLayer;
    readonly aim: AimLayer;
    readonly fog: FogLayer;
    match: Match | null = null;
    own = -1;
    selected = -1;
    hovered = -1;
    /** Unit that the camera stays with, -1 for none. */
    locked = -1;
    /** Called after units have moved and before they are drawn, with the seconds since the last time. */
    onFrame: ((seconds: number, tick: number) => void) | null = null;
    /** Frames drawn in the last second. */
    rate = 0;
    /** What a frame's script took: movements, layers, draw calls. */
    readonly cost = new FrameCost();
    readonly terrain: HTMLCanvasElement;
    private readonly app: Application;
    private readonly art: Art;
    private readonly world = new Container();
    private readonly units: UnitLayer;
    private readonly bars: BarLayer;
    private readonly observer: ResizeObserver;
    private readonly focus: Focus = { own: -1, selected: -1, hovered: -1, tick: 0, seconds: 0, now: 0, zoom: 20 };
    private handle = 0;
    private last = 0;
    private counted = 0;
    private countedSince = 0;
    /** How often in a row the rate was found too low to play. */
    private slow = 0;

    private constructor(
        app: Application,
        host: HTMLElement,
        ground: Ground,
        content: Content,
        terrain: HTMLCanvasElement,
        nameOf: (unit: number) => string,
    ) {
        this.app = app;
        this.ground = ground;
        this.terrain = terrain;
        this.camera = new Camera(ground.width, ground.height);
        this.art = new Art(content.heroes);
        this.units = new UnitLayer(this.art);
        this.bars = new BarLayer(this.art, nameOf);
        this.effects = new EffectLayer(this.art, content.heroes);
        this.fog = new FogLayer(ground);
        this.aim = new AimLayer();
        const floor = new Sprite(Texture.from(terrain));
        floor.texture.source.autoGenerateMipmaps = true;
        floor.texture.source.updateMipmaps();
        floor.position.set(ground.left, -(ground.bottom + ground.height));
        floor.setSize(ground.width, ground.height);
        this.world.addChild(floor, this.fog.sprite, this.effects.ground, this.aim.root, this.units.root, this.effects.air);
        app.stage.addChild(this.world, this.bars.root, this.effects.texts);
        this.observer = new ResizeObserver(() => this.fit(host));
        this.observer.observe(host);
        this.fit(host);
    }

    /** Makes the picture in `host`. Fails where the browser has no WebGL. */
    static async open(host: HTMLElement, ground: Ground, content: Content, nameOf: (unit: number) => string): Promise<Stage> {
        const app = new Application();
        const [terrain] = await Promise.all([
            paintTerrain(ground, (navigator.hardwareConcurrency || 4) <= 2 ? 10 : 16),
            app.init({
                preference: "webgl",
                background: 0x0b1013,
                antialias: false,
                autoDensity: true,
                resolution: Math.min(2, devicePixelRatio || 1),
                autoStart: false,
                sharedTicker: false,
                powerPreference: "high-performance",
            }),
            document.fonts.load("600 20px Inter").catch(() => []),
        ]);
        if (!BitmapFontReady.done) {
            BitmapFont.install({
                name: "arena",
                style: {
                    fontFamily: font,
                    fontSize: 28,
                    fontWeight: "700",
                    fill: 0xffffff,
                    stroke: { color: 0x0a0d12, width: 5, join: "round" },
                },
                chars: [["a", "z"], ["A", "Z"], ["0", "9"], " +-.,:#_@()/'&"],
                resolution: 2,
            });
            BitmapFontReady.done = true;
        }
        app.canvas.setAttribute("aria-hidden", "true");
        app.canvas.style.display = "block";
        host.prepend(app.canvas);
        const stage = new Stage(app, host, ground, content, terrain, nameOf);
        stage.handle = requestAnimationFrame(now => stage.draw(now));
        return stage;
    }

    get canvas(): HTMLCanvasElement {
        return this.app.canvas;
    }

    /** The tick shown, fractional. */
    get tick(): number {
        return this.focus.tick;
    }

    /** How much of a unit is seen, 0 to 1. */
    visibility(unit: number): number {
        return this.units.alpha(unit);
    }

    /** The unit under a point of the screen that `accepts`; heroes before others, then the nearest. */
    pick(screenX: number, screenY: number, accepts: (unit: Unit) => boolean = () => true): Unit | null {
        if (!this.match) return null;
        const x = this.camera.worldX(screenX);
        const y = this.camera.worldY(screenY);
        const slack = 8 / this.camera.zoom;
        let best: Unit | null = null;
        let least = Number.POSITIVE_INFINITY;
        for (const unit of this.match.units.values()) {
            if (!isShown(unit, this.focus.tick) || unit.dead) continue;
            const far = Math.hypot(unit.motion.x - x, unit.motion.y - y) - drawnRadius(unit);
            const score = far - (unit.kind === UnitKind.hero ? 0.6 : 0);
            if (far > slack || score >= least || !accepts(unit)) continue;
            least = score;
            best = unit;
        }
        return best;
    }

    destroy(): void {
        cancelAnimationFrame(this.handle);
        this.observer.disconnect();
        this.fog.destroy();
        this.art.destroy();
        this.app.destroy({ removeView: true }, { children: true, texture: false });
    }

    private fit(host: HTMLElement): void {
        const width = Math.max(1, host.clientWidth);
        const height = Math.max(1, host.clientHeight);
        this.app.renderer.resize(width, height);
        this.camera.resize(width, height);
    }

    private draw(now: number): void {
        this.handle = requestAnimationFrame(next => this.draw(next));
        const begun = performance.now();
        const seconds = Math.min(0.1, Math.max(0, (now - this.last) / 1000));
        this.last = now;
        this.count(now);
        const match = this.match;
        const focus = this.focus;
        if (match && match.frame > 0) {
            focus.tick = match.playout.at(now / 1000);
            focus.seconds = seconds;
            focus.now = now / 1000;
            focus.own = this.own;
            focus.selected = this.selected;
            focus.hovered = this.hovered;
            for (const unit of match.units.values()) unit.motion.show(focus.tick, leap);
            for (const thing of match.projectiles.values()) thing.motion.show(focus.tick, shotLeap);
            for (const thing of match.zones.values()) thing.motion.show(focus.tick, leap);
            const locked = this.locked >= 0 ? match.units.get(this.locked) : undefined;
            if (locked && isShown(locked, focus.tick)) this.camera.follow(locked.motion.x, locked.motion.y, seconds);
            this.onFrame?.(seconds, focus.tick);
            focus.zoom = this.camera.zoom;
            this.units.update(match, focus);
            this.effects.update(match, this.camera, focus);
            this.fog.update(match, seconds);
            this.bars.update(match, this.camera, this.units, focus);
        }
        this.world.scale.set(this.camera.zoom);
        this.world.position.set(
            this.camera.width / 2 - this.camera.x * this.camera.zoom,
            this.camera.height / 2 + this.camera.y * this.camera.zoom,
        );
        this.app.render();
        if (match && match.frame > 0) this.cost.add(performance.now() - begun);
    }

    private coarsen(resolution: number): void {
        this.app.renderer.resolution = resolution;
        this.app.renderer.resize(this.camera.width, this.camera.height);
        this.slow = 0;
    }

    private count(now: number): void {
        this.counted++;
        if (now - this.countedSince < 1000) return;
        this.rate = (this.counted * 1000) / (now - this.countedSince);
        const resolution = this.app.renderer.resolution;
        this.slow = this.rate < playable && document.visibilityState === "visible" ? this.slow + 1 : 0;
        // Finer than the screen's own points is a luxury for those whose machine keeps up with it; without a graphics card
        // a coarse picture that moves is worth more than a fine one that stands still.
        if (this.rate < 40 && resolution > 1 && document.visibilityState === "visible") this.coarsen(1);
        else if (this.slow >= patience && resolution > coarsest) this.coarsen(coarsest);
        this.counted = 0;
        this.countedSince = now;
    }
}

/** The font of numbers and names is made once for the page. */
const BitmapFontReady = { done: false };
