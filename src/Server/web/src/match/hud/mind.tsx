import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { title } from "../../ui/format";
import type { Session } from "./session";

type Named = [name: string, value: number];

/** A list of names with numbers, in whichever form it was sent: a map, pairs, or plain numbers in the order of their places. */
function named(sent: unknown, nameOf: (at: number) => string = String): Named[] {
    if (Array.isArray(sent))
        return sent.map((item, at) =>
            Array.isArray(item)
                ? [String(item[0]), Number(item[1])]
                : typeof item === "object" && item !== null
                  ? [String((item as { name?: unknown }).name ?? at), Number((item as { value?: unknown }).value ?? 0)]
                  : [nameOf(at), Number(item)],
        );
    if (typeof sent === "object" && sent !== null) return Object.entries(sent).map(([name, value]) => [name, Number(value)]);
    return [];
}

/** What a policy makes of the selected hero's situation: how good it thinks it is, what it is likely to do, what it sees. */
export function MindView({ session, unit }: { session: Session; unit: number }): JSX.Element {
    const mind = session.match?.mind;
    if (!mind || (mind.unit !== undefined && mind.unit !== unit)) {
        const player = session.match?.seatOf(unit)?.player ?? "";
        return (
            <div class="body">
                <p class="muted">
                    {player.startsWith("scripted")
                        ? "A scripted player follows rules; it has no values or probabilities to show."
                        : "Nothing is known of this player's mind in this view."}
                </p>
            </div>
        );
    }
    const values = named(mind.values ?? mind.value);
    const verbs = named(mind.verbs ?? mind.verb)
        .filter(([, p]) => p >= 0.005)
        .sort((a, b) => b[1] - a[1])
        .slice(0, 6);
    const targets = named(mind.targets ?? mind.target)
        .filter(([, p]) => p >= 0.02)
        .sort((a, b) => b[1] - a[1])
        .slice(0, 4);
    const macro = named(mind.macro)
        .filter(([, p]) => p >= 0.02)
        .sort((a, b) => b[1] - a[1])
        .slice(0, 3);
    const directions = named(mind.directions ?? mind.direction).map(([, p]) => p);
    return (
        <div class="body m-mind">
            {mind.command !== undefined && (
                <p>
                    Command: <b>{title(String(mind.command))}</b>
                </p>
            )}
            <h4>How good it thinks this is</h4>
            <ul class="m-values">
                {values.map(([name, value]) => (
                    <Value key={name} name={name} value={value} />
                ))}
            </ul>
            <div class="columns">
                <div>
                    <h4>What it is likely to do</h4>
                    <Shares list={verbs} />
                    {targets.length > 0 && <h4>To whom</h4>}
                    <Shares list={targets} />
                    {macro.length > 0 && <h4>Next command</h4>}
                    <Shares list={macro} />
                </div>
                {directions.length > 0 && <Rose shares={directions} />}
            </div>
            <Observed blocks={mind.observed ?? mind.observation} />
        </div>
    );
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

function Shares({ list }: { list: readonly Named[] }): JSX.Element {
    return (
        <ul class="m-shares">
            {list.map(([name, share]) => (
                <li key={name}>
                    <i style={{ width: `${Math.min(1, share) * 100}%` }} />
                    <span>{title(name)}</span>
                    <b>{Math.round(share * 100)} %</b>
                </li>
            ))}
        </ul>
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

/** What it observes, block by block; many numbers, so one block at a time. */
function Observed({ blocks }: { blocks: unknown }): JSX.Element | null {
    const [open, setOpen] = useState("");
    if (typeof blocks !== "object" || blocks === null) return null;
    const entries = Array.isArray(blocks)
        ? blocks.map((b): [string, unknown] => [String(b?.name ?? b?.[0]), b?.rows ?? b?.values ?? b?.[1]])
        : Object.entries(blocks);
    if (entries.length === 0) return null;
    const chosen = entries.find(([name]) => name === open);
    const rows = chosen ? (Array.isArray(chosen[1]) && chosen[1].some(row => typeof row === "object") ? chosen[1] : [chosen[1]]) : [];
    return (
        <div class="m-observed">
            <label class="field">
                What it observes
                <select class="select" value={open} onChange={event => setOpen(event.currentTarget.value)}>
                    <option value="">choose a block</option>
                    {entries.map(([name]) => (
                        <option key={name} value={name}>
                            {title(name)}
                        </option>
                    ))}
                </select>
            </label>
            {rows.map((row, at) => (
                <dl key={at}>
                    {named(row)
                        .filter(([, value]) => value !== 0)
                        .map(([name, value]) => (
                            <div key={name}>
                                <dt>{name.replaceAll("_", " ")}</dt>
                                <dd>{Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2)}</dd>
                            </div>
                        ))}
                </dl>
            ))}
        </div>
    );
}
