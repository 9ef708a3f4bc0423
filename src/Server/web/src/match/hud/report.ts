import { title } from "../../ui/format";
import { UnitKind } from "../state/things";
import { heroFacts, ownFacts } from "./facts";
import type { Session } from "./session";

/** What the picture shows, for people and programs that cannot see it. Nothing can be changed through it. */
export interface Report {
    tick: number;
    view: string;
    own: number;
    selected: number;
    framesASecond: number;
    /** Milliseconds of script in the newest frames. */
    frameCost: { frames: number; mean: number; median: number; p99: number };
    camera: { x: number; y: number; zoom: number };
    /** The own hero's affairs, null for those who only watch. */
    hero: {
        level: number;
        gold: number;
        items: number[];
        creepScore: number;
        kills: number;
        skillLevels: number[];
        skillPoints: number;
        cooldowns: number[];
    } | null;
    units: {
        id: number;
        kind: string;
        name: string;
        team: number;
        x: number;
        y: number;
        hp: number;
        maxHp: number;
        screenX: number;
        screenY: number;
        visible: boolean;
    }[];
}

declare global {
    interface Window {
        /** The match on this page, or null. */
        arenaMatch?: (() => Report) | undefined;
    }
}

const kinds = Object.keys(UnitKind) as (keyof typeof UnitKind)[];

export function report(session: Session): Report {
    const { match, stage, content } = session;
    const units = match && stage ? [...match.units.values()].filter(unit => unit.present) : [];
    return {
        tick: match?.tick ?? 0,
        view: String(match?.view ?? ""),
        own: stage?.own ?? -1,
        selected: stage?.selected ?? -1,
        framesASecond: stage?.rate ?? 0,
        frameCost: stage?.cost.summary() ?? { frames: 0, mean: 0, median: 0, p99: 0 },
        camera: { x: stage?.camera.x ?? 0, y: stage?.camera.y ?? 0, zoom: stage?.camera.zoom ?? 1 },
        hero: ownHero(session),
        units: units.map(unit => ({
            id: unit.id,
            kind: kinds.find(kind => UnitKind[kind] === unit.kind) ?? "unit",
            name: unit.kind === UnitKind.hero ? (content.heroes[unit.type]?.name ?? "") : "",
            team: unit.team,
            x: unit.motion.x,
            y: unit.motion.y,
            hp: unit.hp,
            maxHp: unit.maxHp,
            screenX: stage!.camera.screenX(unit.motion.x),
            screenY: stage!.camera.screenY(unit.motion.y),
            visible: !unit.dead && stage!.visibility(unit.id) > 0.3,
        })),
    };
}

function ownHero({ match, stage, content }: Session): Report["hero"] {
    const own = match && stage ? ownFacts(match, stage.own) : null;
    if (!match || !own) return null;
    const { level, items, creepScore, kills } = heroFacts(match, content, own.unit);
    const { gold, skillLevels, skillPoints, cooldowns } = own;
    return { level, gold, items: items.filter(item => item >= 0), creepScore, kills, skillLevels, skillPoints, cooldowns };
}

/** The situation in a sentence or two, as a screen reader is told it now and then. */
export function spoken(session: Session): string {
    const { match, stage } = session;
    if (!match || !stage || match.frame === 0) return "";
    const score = `Home ${match.fact("killsHome")}, away ${match.fact("killsAway")} kills.`;
    const about = stage.own >= 0 ? stage.own : stage.selected;
    if (about < 0 || !match.seatOf(about)) return score;
    const f = heroFacts(match, session.content, about);
    const own = ownFacts(match, about);
    const body = match.units.get(about);
    const near = body
        ? [...match.units.values()].filter(
              unit =>
                  unit.kind === UnitKind.hero &&
                  unit.present &&
                  unit.team !== f.team &&
                  Math.hypot(unit.motion.x - body.motion.x, unit.motion.y - body.motion.y) < 14,
          )
        : [];
    const state = f.respawn > 0 ? `dead for ${Math.ceil(f.respawn)} seconds` : `health ${Math.round(f.hp)} of ${Math.round(f.maxHp)}`;
    const foes = near.length === 0 ? "no enemy hero near" : `near: ${near.map(unit => session.heroName(unit.id)).join(", ")}`;
    return `${title(f.name)}, level ${f.level}, ${state}${own ? `, ${own.gold} gold` : ""}; ${foes}. ${score}`;
}
