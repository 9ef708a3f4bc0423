import type { JSX } from "preact";
import type { HeroInfo, SkillInfo } from "../api/types";
import { title } from "../ui/format";
import { HeroSign } from "../ui/hero";

/** Stats at level 1 that tell heroes apart, as the content names them. */
const attributes: [name: string, says: string][] = [
    ["max_hp", "Health"],
    ["max_mana", "Mana"],
    ["attack", "Attack"],
    ["attack_range", "Range"],
    ["armor", "Armour"],
    ["magic_resist", "Resistance"],
    ["move_speed", "Speed"],
    ["power", "Power"],
];

const keys = ["Q", "W", "E", "R"];
const aims: Record<string, string> = { none: "at once", target: "on a unit", direction: "in a direction", point: "on the ground" };

function span(values: number[] | number | undefined): string {
    if (values === undefined) return "";
    const list = Array.isArray(values) ? values : [values];
    const [first, last] = [list[0], list.at(-1)];
    if (first === undefined || last === undefined) return "";
    return first === last ? `${first}` : `${first} – ${last}`;
}

function Skill({ skill, letter }: { skill: SkillInfo; letter: string }): JSX.Element {
    const facts = [
        aims[skill.aim] ?? skill.aim,
        skill.range > 0 ? `range ${skill.range}` : "",
        span(skill.cooldown) && `${span(skill.cooldown)} s`,
        span(skill.cost) && span(skill.cost) !== "0" ? `${span(skill.cost)} mana` : "",
    ];
    return (
        <li>
            <kbd>{letter}</kbd>
            <div>
                <b>{title(skill.name)}</b> <span class="muted">{facts.filter(Boolean).join(" · ")}</span>
                <p>{skill.text}</p>
            </div>
        </li>
    );
}

/** What a hero is and can do. */
export function HeroDetails({ hero }: { hero: HeroInfo }): JSX.Element {
    return (
        <section class="hero-details" aria-label={title(hero.name)}>
            <header>
                <HeroSign hero={hero.name} role={hero.role} size={56} />
                <div>
                    <h2>{title(hero.name)}</h2>
                    <span style={{ color: `var(--role-${hero.role}, var(--muted))` }}>{title(hero.role)}</span>
                </div>
            </header>
            <dl class="attributes">
                {attributes
                    .filter(([name]) => hero.attributes[name])
                    .map(([name, says]) => (
                        <div key={name}>
                            <dt>{says}</dt>
                            <dd>{Math.round(hero.attributes[name]! * 100) / 100}</dd>
                        </div>
                    ))}
            </dl>
            <ul class="skills">
                <li>
                    <kbd class="passive">P</kbd>
                    <div>
                        <b>{title(hero.passive.name)}</b> <span class="muted">passive</span>
                        <p>{hero.passive.text}</p>
                    </div>
                </li>
                {hero.skills.map((skill, i) => (
                    <Skill key={skill.name} skill={skill} letter={keys[i] ?? String(i + 1)} />
                ))}
            </ul>
        </section>
    );
}
