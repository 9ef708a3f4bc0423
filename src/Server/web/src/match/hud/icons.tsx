import type { JSX } from "preact";
import type { Content, ItemInfo } from "../../api/types";
import { title } from "../../ui/format";
import { HeroSign } from "../../ui/hero";

/** A hero's sign within its team's ring, dark while it is dead. */
export function Portrait({
    name,
    role,
    team,
    size = 40,
    dead = false,
}: {
    name: string;
    role: string;
    team: number;
    size?: number;
    dead?: boolean;
}): JSX.Element {
    return (
        <span
            class={`m-portrait ${team === 0 ? "home" : "away"} ${dead ? "dead" : ""}`}
            style={{ width: `${size}px`, height: `${size}px` }}
        >
            <HeroSign hero={name} role={role} size={Math.round(size * 0.82)} />
        </span>
    );
}

const groups: [stat: RegExp, kind: string, path: string][] = [
    [/move_speed/, "speed", "M8 20c6 0 8-5 8-13h8v13c4 1 8 3 8 8v3H8z"],
    [/attack_speed/, "attack", "M9 31 26 10M14 31 31 14M22 9h9v9"],
    [/crit/, "attack", "M20 6l3 10 10-3-7 8 7 8-10-3-3 10-3-10-10 3 7-8-7-8 10 3z"],
    [/^attack$/, "attack", "M10 31 28 9l3 3-18 21zM9 25l8 7"],
    [/power/, "magic", "M20 7l9 9-9 17-9-17zM11 16h18"],
    [/armor/, "guard", "M20 7l11 4c0 12-3 17-11 22C12 28 9 23 9 11z"],
    [/magic_resist/, "guard", "M20 7l11 4c0 12-3 17-11 22C12 28 9 23 9 11zM20 13v13"],
    [/max_hp|hp_regen/, "life", "M20 32C8 23 8 12 14 11c4-1 6 4 6 4s2-5 6-4c6 1 6 12-6 21z"],
    [/mana/, "mana", "M20 7c7 9 9 13 9 17a9 9 0 0 1-18 0c0-4 2-8 9-17z"],
    [/haste/, "magic", "M20 8a12 12 0 1 0 .01 0M20 13v8l6 3"],
];

function look(item: ItemInfo): { kind: string; path: string } {
    const worth: Record<string, number> = {
        max_hp: 1.5,
        max_mana: 0.7,
        attack: 20,
        power: 12,
        attack_speed: 1400,
        move_speed: 4000,
        armor: 12,
        magic_resist: 12,
    };
    const [main] = Object.entries(item.stats).sort(([a, x], [b, y]) => y * (worth[b] ?? 50) - x * (worth[a] ?? 50));
    const found = groups.find(([stat]) => (item.name.includes("boots") ? stat.source === "move_speed" : stat.test(main?.[0] ?? "")));
    return found ? { kind: found[1], path: found[2] } : { kind: "none", path: "M12 12h16v16H12z" };
}

/** An item's picture: what it gives most of. An empty slot where there is none. */
export function ItemIcon({ content, item, size = 30 }: { content: Content; item: number; size?: number }): JSX.Element {
    const info = item >= 0 ? content.items[item] : undefined;
    if (!info) return <span class="m-item vacant" style={{ width: `${size}px`, height: `${size}px` }} />;
    const { kind, path } = look(info);
    const tier = info.price >= 1800 ? "great" : info.price >= 800 ? "good" : "";
    return (
        <span
            class={`m-item ${kind} ${tier}`}
            style={{ width: `${size}px`, height: `${size}px` }}
            title={`${title(info.name)} (${info.price})\n${statsText(info)}`}
        >
            <svg viewBox="0 0 40 40" aria-hidden="true">
                <path d={path} />
            </svg>
            {size >= 26 && <i>{letters(info.name)}</i>}
            <span class="visually-hidden">{title(info.name)}</span>
        </span>
    );
}

function letters(name: string): string {
    return name
        .split("_")
        .map(word => word.charAt(0).toUpperCase())
        .join("")
        .slice(0, 2);
}

const shares = new Set(["attack_speed", "move_speed", "crit_chance", "life_steal", "haste", "tenacity", "armor_pen", "magic_pen"]);

/** What an item gives, in words: +40 attack, +15 % haste. */
export function statsText(item: ItemInfo): string {
    const stats = Object.entries(item.stats).map(([stat, value]) => {
        const amount = shares.has(stat) ? `${Math.round(value * 1000) / 10} %` : String(value);
        return `+${amount} ${stat.replace(/^max_/, "").replaceAll("_", " ")}`;
    });
    return [stats.join(", "), item.text].filter(text => text && text.length > 0).join("\n");
}

const aims: Record<string, string> = {
    none: "M20 20m-11 0a11 11 0 1 0 22 0a11 11 0 1 0-22 0M20 20m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
    target: "M20 8v7M20 25v7M8 20h7M25 20h7M20 20m-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0",
    direction: "M9 31 30 10M19 10h11v11M9 22l9 9",
    point: "M20 33c-8-9-10-12-10-16a10 10 0 0 1 20 0c0 4-2 7-10 16zM20 14.5a3 3 0 1 0 .01 0",
};

/** A skill's picture: how it is aimed, in the colour of the hero's role. */
export function AbilityIcon({ aim, role }: { aim: string; role: string }): JSX.Element {
    return (
        <svg class="m-aim" viewBox="0 0 40 40" style={{ color: `var(--role-${role}, var(--accent))` }} aria-hidden="true">
            <path d={aims[aim] ?? aims.none} />
        </svg>
    );
}

/** A bar of health or mana. */
export function Meter({
    kind,
    value,
    most,
    label,
    text = false,
}: {
    kind: string;
    value: number;
    most: number;
    label: string;
    text?: boolean;
}): JSX.Element {
    const share = most > 0 ? Math.max(0, Math.min(1, value / most)) : 0;
    return (
        <span
            class={`m-meter ${kind}`}
            role="meter"
            aria-label={label}
            aria-valuenow={Math.round(value)}
            aria-valuemin={0}
            aria-valuemax={Math.round(most)}
        >
            <i style={{ width: `${share * 100}%` }} />
            {text && most > 0 && (
                <b>
                    {Math.round(value)} / {Math.round(most)}
                </b>
            )}
        </span>
    );
}
