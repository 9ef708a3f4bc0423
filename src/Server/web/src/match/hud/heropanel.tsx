import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { HeroInfo, SkillInfo } from "../../api/types";
import { title, whole } from "../../ui/format";
import { Fact } from "./fact";
import { heroFacts, type OwnFacts, ownFacts } from "./facts";
import { AbilityIcon, ItemIcon, Meter, Portrait } from "./icons";
import { MindView } from "./mind";
import { usePulse } from "./pulse";
import type { Session } from "./session";

const keys = ["Q", "W", "E", "R"];

/** The selected hero: how it stands, its skills and items, and what its policy thinks. */
export function HeroPanel({ session, onClose }: { session: Session; onClose: () => void }): JSX.Element | null {
    usePulse(session);
    const [tab, setTab] = useState<"hero" | "mind">("hero");
    const match = session.match;
    const unit = session.stage?.selected ?? -1;
    if (!match || unit < 0 || !match.seatOf(unit)) return null;
    const f = heroFacts(match, session.content, unit);
    const own = ownFacts(match, unit);
    const hero = session.content.heroes[f.hero];
    return (
        <section class={`m-hero m-panel ${tab} ${f.team === 0 ? "home" : "away"}`} aria-label={`${title(f.name)}, selected`}>
            <header>
                <Portrait name={f.name} role={f.role} team={f.team} size={44} dead={f.respawn > 0} />
                <div>
                    <h3>
                        {title(f.name)} <small>level {f.level}</small>
                    </h3>
                    <p class="muted" title={f.player}>
                        {f.role} · {f.player || "nobody"}
                    </p>
                </div>
                <div class="tabs" role="tablist">
                    {(["hero", "mind"] as const).map(name => (
                        <button key={name} type="button" role="tab" aria-selected={tab === name} onClick={() => setTab(name)}>
                            {name === "hero" ? "Hero" : "Mind"}
                        </button>
                    ))}
                </div>
                <button type="button" class="m-close" title="Close (Esc)" onClick={onClose}>
                    ✕<span class="visually-hidden">Close</span>
                </button>
            </header>
            {tab === "hero" ? (
                <div class="body">
                    <Meter kind={`hp ${f.team === 0 ? "home" : "away"}`} value={f.hp} most={f.maxHp} label="Health" text />
                    <Meter kind="mana" value={f.mana} most={f.maxMana} label="Mana" text />
                    {hero && <Skills hero={hero} own={own} />}
                    <div class="row">
                        <span class="m-items">
                            {f.items.map((item, slot) => (
                                <ItemIcon key={slot} content={session.content} item={item} size={30} />
                            ))}
                        </span>
                        <span class="m-money">{f.gold < 0 ? "–" : whole(f.gold)}</span>
                    </div>
                    {own && (
                        <dl class="m-stats">
                            <Fact name="Attack" value={own.attack} />
                            <Fact name="Armour" value={own.armor} />
                            <Fact name="Magic res." value={own.magicResist} />
                            <Fact name="Range" value={own.attackRange} digits={1} />
                            <Fact name="Speed" value={own.moveSpeed} digits={1} />
                            <Fact name="Haste" value={own.haste * 100} unit=" %" />
                        </dl>
                    )}
                    {!own && <p class="muted">Skills and stats are told only to those who may see this side.</p>}
                </div>
            ) : (
                <MindView session={session} unit={unit} />
            )}
        </section>
    );
}

function Skills({ hero, own }: { hero: HeroInfo; own: OwnFacts | null }): JSX.Element {
    return (
        <div class="m-skills">
            {hero.skills.map((skill, at) => (
                <Skill
                    key={skill.name}
                    skill={skill}
                    role={hero.role}
                    letter={keys[at]!}
                    level={own?.skillLevels[at] ?? -1}
                    left={own?.cooldowns[at] ?? 0}
                />
            ))}
        </div>
    );
}

function Skill({
    skill,
    role,
    letter,
    level,
    left,
}: {
    skill: SkillInfo;
    role: string;
    letter: string;
    level: number;
    left: number;
}): JSX.Element {
    return (
        <span class={`m-ability ${level === 0 ? "unlearnt" : left > 0 ? "cooling" : ""}`} title={`${title(skill.name)}\n${skill.text}`}>
            <AbilityIcon aim={skill.aim} role={role} />
            <kbd>{letter}</kbd>
            {left > 0 && <b>{left >= 10 ? Math.ceil(left) : left.toFixed(1)}</b>}
            {level >= 0 && <span class="pips">{"•".repeat(level)}</span>}
        </span>
    );
}
