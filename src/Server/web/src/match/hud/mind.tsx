import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { title } from "../../ui/format";
import type { Match } from "../state/match";
import { byDirection, type Mind, type MindHead } from "../state/mind";
import { UnitKind } from "../state/things";
import type { Session } from "./session";

const shownAtMost = 6;
const kinds = ["", "tower", "creep", "monster", "summoned unit", "ward"];

/** What a policy makes of the selected hero's situation: how good it thinks it is, what it is likely to do, what it sees. */
export function MindView({ session, unit }: { session: Session; unit: number }): JSX.Element {
    const [chosen, setChosen] = useState(-1);
    const match = session.match!;
    const mind = match.mind;
    // One that was told before the view changed is of another moment.
    if (!mind || mind.unit !== unit || match.view !== "all") return <p class="m-none muted">{whyNot(match, unit)}</p>;
    const heads = mind.heads.filter(head => head.options.length > 0);
    const direction = heads.find(head => head.head === "direction");
    // A head with a single option says nothing: the rules leave no choice.
    const others = heads.filter(head => !["verb", "target", "direction"].includes(head.head) && head.options.length > 1);
    return (
        <div class="body m-mind">
            <div>
                <h4>What it expects</h4>
                <ul class="m-values">
                    {mind.values.map(([name, value]) => (
                        <Value key={name} name={name} value={value} />
                    ))}
                </ul>
                <Blocks mind={mind} chosen={chosen} onChoose={setChosen} />
            </div>
            <div>
                <Shares session={session} head={heads.find(head => head.head === "verb")} heading="What it is likely to do" />
                <Shares session={session} head={heads.find(head => head.head === "target")} heading="To whom" />
                {others.map(head => (
                    <Shares key={head.head} session={session} head={head} heading={headings[head.head] ?? title(head.head)} />
                ))}
            </div>
            <div>
                <h4>Where to</h4>
                {direction && <Rose shares={byDirection(direction)} />}
            </div>
            <Observed mind={mind} chosen={chosen} />
        </div>
    );
}

const headings: Record<string, string> = { macro: "Which command", distance: "How far (of 4)", choice: "Which" };

function whyNot(match: Match, unit: number): string {
    const seat = match.seatOf(unit);
    if (seat?.player.startsWith("scripted")) return "A scripted player follows rules; it has no expectations or probabilities to show.";
    if (match.view !== "all") return "A mind is told only to those who see both sides. Choose the view All.";
    if (match.hello.replay) return "Nothing is known of this mind: only of policies that the server still has.";
    return "Only policies' minds can be looked into, and only in matches without people.";
}

/** What an option is called; targets are units. */
function optionName(session: Session, head: MindHead, option: string | number): string {
    if (head.head !== "target" || typeof option !== "number") return title(String(option)).replace(/\d$/, " $&");
    const unit = session.match?.units.get(option);
    if (!unit) return "somebody";
    return unit.kind === UnitKind.hero ? session.heroName(option) : title(kinds[unit.kind] ?? "unit");
}

function Value({ name, value }: { name: string; value: number }): JSX.Element {
    const share = Math.max(-1, Math.min(1, value / 2));
    return (
        <li>
            <span>{title(name)}</span>
            <span class="scale">
                <i
                    class={value >= 0 ? "good" : "bad"}
                    style={{ left: `${value >= 0 ? 50 : 50 + share * 50}%`, width: `${Math.abs(share) * 50}%` }}
                />
            </span>
            <b>{value.toFixed(2)}</b>
        </li>
    );
}

/** The likeliest options of a head. The place stays where the head is not used just now, so that nothing jumps. */
function Shares({ session, head, heading }: { session: Session; head: MindHead | undefined; heading: string }): JSX.Element {
    const likeliest = [...(head?.options ?? [])].sort((a, b) => b[1] - a[1]).slice(0, shownAtMost);
    return (
        <>
            <h4>{heading}</h4>
            <ul class="m-shares">
                {likeliest.map(([option, share]) => (
                    <li key={option} class={option === head?.chosen ? "chosen" : ""}>
                        <i style={{ width: `${Math.min(1, share) * 100}%` }} />
                        <span>{head && optionName(session, head, option)}</span>
                        <b>{Math.round(share * 100)} %</b>
                    </li>
                ))}
            </ul>
        </>
    );
}

/** Where it would go: a wedge for each direction, counter-clockwise from the right. */
function Rose({ shares }: { shares: readonly number[] }): JSX.Element {
    const most = Math.max(0.01, ...shares);
    const half = Math.PI / shares.length;
    const wedge = (at: number, share: number) => {
        const angle = (at / shares.length) * Math.PI * 2;
        const r = 6 + 38 * Math.sqrt(share / most);
        const point = (a: number) => `${(Math.cos(a) * r).toFixed(1)} ${(-Math.sin(a) * r).toFixed(1)}`;
        return `M0 0L${point(angle - half)}A${r.toFixed(1)} ${r.toFixed(1)} 0 0 0 ${point(angle + half)}Z`;
    };
    return (
        <svg class="m-rose" viewBox="-48 -48 96 96" role="img" aria-label="Probability of each direction">
            <circle r="44" />
            {shares.map((share, at) =>
                share > 0.001 ? <path key={at} d={wedge(at, share)} opacity={0.35 + (0.65 * share) / most} /> : null,
            )}
        </svg>
    );
}

/** Which block of what it observes is looked at: there are hundreds of numbers. */
function Blocks({ mind, chosen, onChoose }: { mind: Mind; chosen: number; onChoose: (block: number) => void }): JSX.Element | null {
    const rows = mind.blocks.map((_, at) => mind.seen.filter(([index]) => index === at).length);
    if (mind.seen.length === 0) return null;
    return (
        <label class="field">
            What it observes
            <select class="select" value={chosen} onChange={event => onChoose(Number(event.currentTarget.value))}>
                <option value={-1}>choose a block</option>
                {mind.blocks.map(
                    (block, at) =>
                        rows[at]! > 0 && (
                            <option key={at} value={at}>
                                {title(block.name)} ({rows[at]})
                            </option>
                        ),
                )}
            </select>
        </label>
    );
}

/** The numbers of a block, a list for each thing that it tells of. */
function Observed({ mind, chosen }: { mind: Mind; chosen: number }): JSX.Element | null {
    const block = mind.blocks[chosen];
    if (!block) return null;
    return (
        <div class="m-observed">
            {mind.seen
                .filter(([index]) => index === chosen)
                .map(([, slot, values]) => (
                    <dl key={slot}>
                        {block.features.map(([name, unit], at) => {
                            const value = values[at] ?? 0;
                            if (value === 0) return null;
                            return (
                                <div key={name} title={unit === "1" ? "" : unit}>
                                    <dt>{name.replaceAll("_", " ")}</dt>
                                    <dd>
                                        {Number.isInteger(value) ? value : Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2)}
                                    </dd>
                                </div>
                            );
                        })}
                    </dl>
                ))}
        </div>
    );
}
