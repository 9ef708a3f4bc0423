import type { Content, SkillInfo } from "../../api/types";
import { atLevel, costOf, heroFacts, itemIndex, type OwnFacts } from "../hud/facts";
import type { Match } from "../state/match";

/** Something that a hero can be told to do at a place or to a unit. */
export interface Action {
    /** Verb of the order. */
    verb: string;
    name: string;
    text: string;
    key: string;
    aim: SkillInfo["aim"];
    side: SkillInfo["side"];
    range: number;
    radius: number;
    /** Level it has; 0 not learnt, -1 where levels mean nothing. */
    level: number;
    cost: number;
    /** Seconds until ready, and all of them from the beginning. */
    left: number;
    cooldown: number;
    /** By the rules of the action mask. */
    ready: boolean;
}

const wardRange = 4;

/** The own hero's actions by key: four skills, two spells, the first item with an active, the ward. */
export function actionsOf(match: Match, content: Content, own: OwnFacts): Action[] {
    const facts = heroFacts(match, content, own.unit);
    const hero = content.heroes[facts.hero];
    const actions: Action[] = [];
    const bit = (at: number) => ((own.ready >> at) & 1) !== 0;
    hero?.skills.forEach((skill, at) => {
        const level = own.skillLevels[at] ?? 0;
        actions.push({
            ...common(skill, level),
            verb: ["skill1", "skill2", "skill3", "ultimate"][at]!,
            key: ["q", "w", "e", "r"][at]!,
            level,
            left: own.cooldowns[at] ?? 0,
            ready: bit(at),
        });
    });
    facts.spells.forEach((index, at) => {
        const spell = content.spells[index];
        if (!spell) return;
        actions.push({
            ...common({ ...spell, cooldown: [spell.cooldown].flat(), cost: [] }, 1),
            verb: `spell${at + 1}`,
            key: ["d", "f"][at]!,
            level: -1,
            left: own.cooldowns[4 + at] ?? 0,
            ready: bit(4 + at),
        });
    });
    const active = facts.items.map(item => content.items[item]?.active).find(skill => skill);
    if (active && (own.cooldowns[6] ?? -1) >= 0)
        actions.push({ ...common(active, 1), verb: "item", key: "1", level: -1, left: own.cooldowns[6] ?? 0, ready: bit(6) });
    actions.push({
        verb: "ward",
        name: "ward",
        text: "Places a ward that sees around it.",
        key: "4",
        aim: "direction",
        side: undefined,
        range: wardRange,
        radius: 0,
        level: -1,
        cost: 0,
        left: own.wards > 0 ? 0 : (own.cooldowns[7] ?? 0),
        cooldown: 60,
        ready: bit(7),
    });
    return actions;
}

function common(skill: SkillInfo, level: number): Omit<Action, "verb" | "key" | "level" | "left" | "ready"> {
    return {
        name: skill.name,
        text: skill.text,
        aim: skill.aim,
        side: skill.side,
        range: skill.range,
        radius: skill.radius ?? 0,
        cost: atLevel(skill.cost, level),
        cooldown: atLevel(skill.cooldown, level),
    };
}

const ultimateFrom = [6, 10, 14];
const levelsAtMost = 4;

/** Whether a skill's next level may be learnt: the rules of skill points. */
export function canLearn(skill: number, skillLevel: number, heroLevel: number, points: number): boolean {
    if (points <= 0) return false;
    if (skill === 3) return skillLevel < ultimateFrom.length && heroLevel >= ultimateFrom[skillLevel]!;
    return skillLevel < levelsAtMost && heroLevel >= 2 * skillLevel + 1;
}

/** The next items of the recommended build that are not owned, in its order. */
export function recommended(content: Content, hero: number, owned: readonly number[]): number[] {
    const left = [...owned];
    const build = (content.heroes[hero]?.build ?? []).map(item => itemIndex(content, item)).filter(item => item >= 0);
    return build.filter(item => {
        const at = left.indexOf(item);
        if (at < 0) return true;
        left.splice(at, 1);
        return false;
    });
}

/** What to buy now towards the recommended build: the next item, or a part of it that is missing and can be paid. -1 for nothing. */
export function nextPurchase(content: Content, hero: number, owned: readonly number[], gold: number): number {
    const [wanted] = recommended(content, hero, owned);
    return wanted === undefined ? -1 : affordable(content, wanted, [...owned], gold);
}

function affordable(content: Content, item: number, owned: readonly number[], gold: number): number {
    if (costOf(content, item, owned) <= gold) return item;
    const left = [...owned];
    for (const name of content.items[item]?.from ?? []) {
        const part = itemIndex(content, name);
        const at = left.indexOf(part);
        if (at >= 0) {
            left.splice(at, 1);
            continue;
        }
        const found = affordable(content, part, left, gold);
        if (found >= 0) return found;
    }
    return -1;
}
