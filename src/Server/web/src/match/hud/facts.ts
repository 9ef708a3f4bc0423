import type { Content, ItemInfo, SkillInfo, SpellInfo } from "../../api/types";
import { playerName } from "../../league/players";
import type { Match } from "../state/match";

/** What is known of one hero, gathered from the tables for the page. */
export interface HeroFacts {
    unit: number;
    team: number;
    hero: number;
    name: string;
    role: string;
    /** Who plays it, as people read it. */
    player: string;
    bot: boolean;
    level: number;
    hp: number;
    maxHp: number;
    mana: number;
    maxMana: number;
    kills: number;
    deaths: number;
    assists: number;
    creepScore: number;
    items: number[];
    spells: number[];
    gold: number;
    /** Seconds until it returns, 0 alive. */
    respawn: number;
    /** Whether the ultimate is ready; null where the view does not know. */
    ultimate: boolean | null;
    seen: boolean;
}

export function heroFacts(match: Match, content: Content, unit: number): HeroFacts {
    const body = match.units.get(unit);
    const seat = match.seatOf(unit);
    const hero = seat && seat.hero >= 0 ? seat.hero : (body?.type ?? -1);
    const ultimate = match.hero(unit, "ultimate", -1);
    const back = match.hero(unit, "respawn");
    const gold = match.hero(unit, "gold", -1);
    return {
        unit,
        team: seat?.team ?? body?.team ?? 0,
        hero,
        name: content.heroes[hero]?.name ?? "?",
        role: content.heroes[hero]?.role ?? "",
        player: playerName(seat?.player ?? ""),
        bot: seat?.bot ?? true,
        level: match.hero(unit, "level", 1),
        hp: body?.present ? body.hp : 0,
        maxHp: body?.maxHp ?? 0,
        mana: match.hero(unit, "mana"),
        maxMana: match.hero(unit, "maxMana"),
        kills: match.hero(unit, "kills"),
        deaths: match.hero(unit, "deaths"),
        assists: match.hero(unit, "assists"),
        creepScore: match.hero(unit, "creepScore"),
        items: match.heroList(unit, "items").map(Number),
        spells: match.heroList(unit, "spells").map(Number),
        gold,
        respawn: back > match.tick ? (back - match.tick) / match.hello.tickRate : 0,
        ultimate: gold < 0 ? null : ultimate >= 0 && ultimate <= match.tick,
        seen: body?.present === true,
    };
}

/** Units of the heroes of a team, by slot. */
export function heroesOf(match: Match, team: number): number[] {
    return match.hello.seats.filter(seat => seat.team === team).map(seat => seat.unit);
}

/** What a hero's own table says: cooldowns, skill levels, what is ready. */
export interface OwnFacts {
    unit: number;
    skillLevels: number[];
    skillPoints: number;
    /** Seconds until ready: four skills, two spells, item, ward; -1 for what there is not. */
    cooldowns: number[];
    ready: number;
    recall: number;
    gold: number;
    wards: number;
    shop: boolean;
    byHand: number;
    attackRange: number;
    moveSpeed: number;
    attack: number;
    armor: number;
    magicResist: number;
    haste: number;
}

/** The own table's row of a unit, or null where this view is not told it. */
export function ownFacts(match: Match, unit: number): OwnFacts | null {
    const me = match.table("me");
    if (!me?.rows.has(unit)) return null;
    const rate = match.hello.tickRate;
    const left = (tick: number) => (tick < 0 ? -1 : Math.max(0, tick - match.tick) / rate);
    const recall = me.number(unit, "recall");
    return {
        unit,
        skillLevels: me.list(unit, "skillLevels").map(Number),
        skillPoints: me.number(unit, "skillPoints"),
        cooldowns: me.list(unit, "cooldowns").map(tick => left(Number(tick))),
        ready: me.number(unit, "ready"),
        recall: recall > 0 ? left(recall) : 0,
        gold: me.number(unit, "gold"),
        wards: me.number(unit, "wards"),
        shop: me.number(unit, "shop") !== 0,
        byHand: me.number(unit, "byHand", 3),
        attackRange: me.number(unit, "attackRange"),
        moveSpeed: me.number(unit, "moveSpeed"),
        attack: me.number(unit, "attack"),
        armor: me.number(unit, "armor"),
        magicResist: me.number(unit, "magicResist"),
        haste: me.number(unit, "haste"),
    };
}

/** Index of an item that the content names by index or name; -1 for none. */
export function itemIndex(content: Content, item: number | string): number {
    return typeof item === "number" ? item : content.items.findIndex(other => other.name === item);
}

/** What an item costs a hero: its price less that of the parts it has. Each part is handed in once. */
export function costOf(content: Content, item: number, owned: readonly number[]): number {
    const left = [...owned];
    const cost = (index: number, top: boolean): number => {
        const have = top ? -1 : left.indexOf(index);
        if (have >= 0) {
            left.splice(have, 1);
            return 0;
        }
        const info: ItemInfo | undefined = content.items[index];
        if (!info) return 0;
        const parts = (info.from ?? []).map(part => itemIndex(content, part));
        const whole = parts.reduce((sum, part) => sum + (content.items[part]?.price ?? 0), 0);
        return info.price - whole + parts.reduce((sum, part) => sum + cost(part, false), 0);
    };
    return cost(item, true);
}

/** A value of a list by level (from 1), which goes on with its last entry. */
export function atLevel(list: readonly number[] | number | undefined, level: number): number {
    if (typeof list === "number") return list;
    if (!list || list.length === 0) return 0;
    return list[Math.min(Math.max(level, 1), list.length) - 1]!;
}

export type Ability = SkillInfo | SpellInfo;

export function cooldownOf(ability: Ability, level: number): number {
    return atLevel(ability.cooldown, level);
}
