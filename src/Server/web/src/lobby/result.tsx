import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { playerName } from "../league/players";
import { Link } from "../router";
import { clock, title, whole } from "../ui/format";
import { HeroSign, useContent } from "../ui/hero";
import type { EndFrame, RatingChange, ScoreRow, Unrated } from "./frames";

const tickRate = 15;

interface ResultProps {
    end: EndFrame;
    seat: { team: number; slot: number } | null;
    onClose: () => void;
    onLeave: () => void;
}

const reasons: Record<string, string> = {
    ancient: "The ancient fell",
    "time limit": "Time ran out",
    surrender: "Given up",
};

function headline(end: EndFrame, seat: ResultProps["seat"]): [text: string, tone: string] {
    if (end.winner < 0) return ["Draw", ""];
    if (!seat) return [end.winner === 0 ? "Home wins" : "Away wins", end.winner === 0 ? "home" : "away"];
    return seat.team === end.winner ? ["Victory", "won"] : ["Defeat", "lost"];
}

function Change({ change, mine }: { change: RatingChange; mine: boolean }): JSX.Element {
    const by = change.after - change.before;
    return (
        <div class="rating-change">
            <span class="muted">{mine || !change.name ? "Your rating" : `Rating of ${change.name}`}</span>
            <b>
                {change.after.toFixed(0)}
                {change.errorAfter !== undefined && <small> ± {change.errorAfter.toFixed(0)}</small>}
            </b>
            <span class={by >= 0 ? "up" : "down"}>
                {by >= 0 ? "+" : "−"}
                {Math.abs(by).toFixed(0)}
            </span>
        </div>
    );
}

function NotRated({ unrated }: { unrated: Unrated }): JSX.Element {
    return (
        <p class="rating-change muted" role="note">
            This match is not rated for you: {unrated.reason}.
        </p>
    );
}

function Score({ rows, team, seat }: { rows: ScoreRow[]; team: number; seat: ResultProps["seat"] }): JSX.Element {
    const { content } = useContent();
    return (
        <table class="table score">
            <thead>
                <tr>
                    <th class={team === 0 ? "home" : "away"}>{team === 0 ? "Home" : "Away"}</th>
                    <th class="number">Level</th>
                    <th class="number" title="Kills / deaths / assists">
                        K / D / A
                    </th>
                    <th class="number">Creeps</th>
                    <th class="number">Gold</th>
                    <th class="number" title="To heroes">
                        Damage
                    </th>
                    <th>Items</th>
                </tr>
            </thead>
            <tbody>
                {rows.map(row => {
                    const hero = content?.heroes[row.hero];
                    const you = seat?.team === row.team && seat.slot === row.slot;
                    return (
                        <tr key={row.slot} class={you ? "you" : ""}>
                            <td>
                                <span class="score-hero">
                                    <HeroSign hero={hero?.name ?? "any"} size={30} {...(hero ? { role: hero.role } : {})} />
                                    <span>
                                        <b>{hero ? title(hero.name) : ""}</b>
                                        <small>{you ? "You" : playerName(row.player)}</small>
                                    </span>
                                </span>
                            </td>
                            <td class="number">{row.level}</td>
                            <td class="number">
                                {row.kills} / {row.deaths} / {row.assists}
                            </td>
                            <td class="number">{row.creepScore}</td>
                            <td class="number">{whole(row.gold)}</td>
                            <td class="number">{whole(row.damageToHeroes)}</td>
                            <td class="items muted">
                                {row.items
                                    .filter(item => item >= 0)
                                    .map(item => title(content?.items[item]?.name ?? ""))
                                    .join(", ")}
                            </td>
                        </tr>
                    );
                })}
            </tbody>
        </table>
    );
}

/** Who won, how everybody did, what it did to the ratings, and where the replay is. */
export function ResultScreen({ end, seat, onClose, onLeave }: ResultProps): JSX.Element {
    const dialog = useRef<HTMLDialogElement>(null);
    useEffect(() => dialog.current!.showModal(), []);
    const [text, tone] = headline(end, seat);
    const isOwn = (row: { team?: number; slot?: number }) => row.team === seat?.team && row.slot === seat?.slot;
    const own = end.ratings?.find(isOwn);
    const unrated = end.unrated?.find(isOwn);
    const change = own ?? (unrated ? undefined : end.ratings?.[0]);
    return (
        <dialog class={`result ${tone}`} ref={dialog} aria-label={text} onClose={onClose}>
            <header>
                <h1>{text}</h1>
                <p class="muted">
                    {reasons[end.reason] ?? title(end.reason)} · {clock(end.ticks / tickRate)}
                </p>
                {change && <Change change={change} mine={change === own} />}
                {unrated && <NotRated unrated={unrated} />}
            </header>
            <div class="scores">
                {[0, 1].map(team => (
                    <Score key={team} team={team} seat={seat} rows={end.scoreboard.filter(row => row.team === team)} />
                ))}
            </div>
            <div class="actions">
                <button type="button" class="button quiet" onClick={() => dialog.current!.close()}>
                    Look at the field
                </button>
                {end.replay && (
                    <Link to={{ page: "watch-replay", id: end.replay }} class="button">
                        Watch the replay
                    </Link>
                )}
                <button type="button" class="button primary" onClick={onLeave} autofocus>
                    Play again
                </button>
            </div>
        </dialog>
    );
}
