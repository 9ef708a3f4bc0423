import type { JSX } from "preact";
import { title, whole } from "../../ui/format";
import { Fact } from "../hud/fact";
import { type OwnFacts, heroFacts, ownFacts } from "../hud/facts";
import { AbilityIcon, ItemIcon, Meter, Portrait } from "../hud/icons";
import { usePulse } from "../hud/pulse";
import type { Session } from "../hud/session";
import { type Action, actionsOf, canLearn } from "./abilities";
import type { Aiming, PlayControls } from "./controls";

/** The own hero at the bottom: health, skills, spells, items, gold. */
export function ActionBar({
    session,
    controls,
    aiming,
    onShop,
}: {
    session: Session;
    controls: PlayControls | null;
    aiming: Aiming;
    onShop: () => void;
}): JSX.Element | null {
    usePulse(session);
    const match = session.match;
    const unit = session.stage?.own ?? -1;
    if (!match || unit < 0 || match.frame === 0) return null;
    const own = ownFacts(match, unit);
    if (!own) return null;
    const f = heroFacts(match, session.content, unit);
    const actions = actionsOf(match, session.content, own);
    const by = (verbs: readonly string[]) => actions.filter(action => verbs.includes(action.verb));
    const button = (action: Action) => (
        <ActionButton
            key={action.verb}
            action={action}
            role={f.role}
            mana={f.mana}
            aimed={aiming?.kind === "action" && aiming.action.verb === action.verb}
            onUse={() => controls?.use(action, false)}
        />
    );
    const hasActive = actions.some(action => action.verb === "item");
    return (
        <section class="m-bar m-panel" aria-label="Your hero">
            <div class="self">
                <Portrait name={f.name} role={f.role} team={f.team} size={64} dead={f.respawn > 0} />
                <b class="m-level">{f.level}</b>
            </div>
            <div class="middle">
                <div class="m-skills">
                    {by(["skill1", "skill2", "skill3", "ultimate"]).map((action, at) => (
                        <div key={action.verb} class="m-slot">
                            {canLearn(at, action.level, f.level, own.skillPoints) && (
                                <button
                                    type="button"
                                    class="m-learn"
                                    title={`Learn ${title(action.name)} (Alt+${action.key.toUpperCase()}, or Ctrl where the browser lets you)`}
                                    onClick={() => session.channel.learn(at)}
                                >
                                    +<span class="visually-hidden">Learn {title(action.name)}</span>
                                </button>
                            )}
                            {button(action)}
                        </div>
                    ))}
                    <i class="gap" />
                    {by(["spell1", "spell2"]).map(button)}
                </div>
                <Meter kind={`hp ${f.team === 0 ? "home" : "away"}`} value={f.hp} most={f.maxHp} label="Health" text />
                <Meter kind="mana" value={f.mana} most={f.maxMana} label="Mana" text />
            </div>
            <div class="things">
                <div class="m-items">
                    {f.items.map((item, slot) => (
                        <ItemIcon key={slot} content={session.content} item={item} size={34} />
                    ))}
                </div>
                <div class="row">
                    {hasActive && by(["item"]).map(button)}
                    {by(["ward"]).map(action => (
                        <ActionButton
                            key="ward"
                            action={action}
                            role=""
                            mana={f.mana}
                            aimed={aiming?.kind === "action" && aiming.action.verb === "ward"}
                            count={own.wards}
                            onUse={() => controls?.use(action, false)}
                        />
                    ))}
                    <Recall own={own} onUse={() => controls?.recall()} />
                    <button
                        type="button"
                        class={`m-gold ${own.shop ? "open" : ""}`}
                        onClick={onShop}
                        title={own.shop ? "Shop (P): you may buy here" : "Shop (P): you can buy at your fountain"}
                    >
                        <kbd>P</kbd>
                        <span class="m-money">{whole(own.gold)}</span>
                    </button>
                </div>
            </div>
            <dl class="m-stats">
                <Fact name="Attack" value={own.attack} />
                <Fact name="Armour" value={own.armor} />
                <Fact name="Magic res." value={own.magicResist} />
                <Fact name="Speed" value={own.moveSpeed} digits={1} />
                <Fact name="Haste" value={own.haste * 100} unit=" %" />
                <Fact name="Creeps" value={f.creepScore} />
            </dl>
        </section>
    );
}

function Recall({ own, onUse }: { own: OwnFacts; onUse: () => void }): JSX.Element {
    return (
        <button
            type="button"
            class={`m-ability small ${own.recall > 0 ? "aimed" : ""}`}
            title="Recall to your fountain (B)"
            onClick={onUse}
        >
            <svg class="m-aim" viewBox="0 0 40 40" aria-hidden="true">
                <path d="M20 32V14M12 21l8-8 8 8M11 34h18" />
            </svg>
            <kbd>B</kbd>
            {own.recall > 0 && <b>{own.recall.toFixed(1)}</b>}
            <span class="visually-hidden">Recall</span>
        </button>
    );
}

function ActionButton({
    action,
    role,
    mana,
    aimed,
    count,
    onUse,
}: {
    action: Action;
    role: string;
    mana: number;
    aimed: boolean;
    count?: number;
    onUse: () => void;
}): JSX.Element {
    const cooling = action.left > 0.05;
    const poor = action.cost > mana;
    const state = action.level === 0 ? "unlearnt" : cooling ? "cooling" : poor ? "unaffordable" : action.ready ? "" : "unable";
    const share = cooling ? Math.min(1, action.left / Math.max(action.left, action.cooldown)) : 0;
    const facts = [
        action.cost > 0 ? `${action.cost} mana` : "",
        action.cooldown > 0 ? `${action.cooldown} s` : "",
        action.range > 0 ? `range ${action.range}` : "",
    ];
    return (
        <button
            type="button"
            class={`m-ability ${state} ${aimed ? "aimed" : ""} ${action.verb.startsWith("skill") || action.verb === "ultimate" ? "" : "small"}`}
            title={`${title(action.name)} (${action.key.toUpperCase()})\n${action.text}\n${facts.filter(fact => fact).join(" · ")}`}
            aria-label={`${title(action.name)}, key ${action.key}${cooling ? `, ready in ${Math.ceil(action.left)} seconds` : ""}`}
            onClick={onUse}
        >
            {action.verb === "ward" ? (
                <svg class="m-aim" viewBox="0 0 40 40" aria-hidden="true">
                    <path d="M6 20q14-16 28 0q-14 16-28 0zM20 16a4 4 0 1 0 .01 0" />
                </svg>
            ) : (
                <AbilityIcon aim={action.aim} role={role} />
            )}
            <kbd>{action.key.toUpperCase()}</kbd>
            {cooling && (
                <b style={{ background: `conic-gradient(transparent ${(1 - share) * 360}deg, rgb(6 9 13 / 74%) 0)` }}>
                    {action.left >= 9.5 ? Math.ceil(action.left) : action.left.toFixed(1)}
                </b>
            )}
            {action.level > 0 && <span class="pips">{"•".repeat(action.level)}</span>}
            {count !== undefined && <span class="count">{count}</span>}
        </button>
    );
}
