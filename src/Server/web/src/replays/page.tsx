import "./replays.css";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "../api/client";
import { usePoll } from "../api/poll";
import type { Replay } from "../api/types";
import { Link } from "../router";
import { Failure } from "../ui/failure";
import { ago, bytes, clock } from "../ui/format";
import { Icon } from "../ui/icon";
import { sideName } from "../watch/sides";
import { HeroBadge } from "../ui/hero";

const searchAfter = 250;

function winner(replay: Replay): JSX.Element {
    if (replay.winner < 0) return <span class="tag">draw</span>;
    return <span class={`tag ${replay.winner === 0 ? "home" : "away"}`}>{replay.winner === 0 ? "home won" : "away won"}</span>;
}

function Side({ replay, team }: { replay: Replay; team: 0 | 1 }): JSX.Element {
    return (
        <div class={team === 0 ? "side home" : "side away"}>
            <span>{sideName(replay.players, team)}</span>
            <span class="heroes">
                {(replay.lineups[team] ?? []).map((hero, i) => (
                    <HeroBadge key={`${hero}${i}`} hero={hero} />
                ))}
            </span>
        </div>
    );
}

/** Why a replay is not shown in a browser; null where it is. */
function obstacleOf({ obstacle, game }: Replay): string | null {
    if (obstacle !== null || game.startsWith("moba")) return obstacle;
    return `Matches of the game ${game} have no picture here; arena replay shows them in a terminal.`;
}

function Row({ replay }: { replay: Replay }): JSX.Element {
    const obstacle = obstacleOf(replay);
    return (
        <tr>
            <td>
                <Side replay={replay} team={0} />
            </td>
            <td>
                <Side replay={replay} team={1} />
            </td>
            <td title={replay.reason ?? ""}>{winner(replay)}</td>
            <td>
                {replay.mode ?? replay.game} <span class="muted">{replay.rules}</span>
            </td>
            <td class="number">{clock(replay.seconds)}</td>
            <td>
                <time dateTime={replay.when} title={new Date(replay.when).toLocaleString()}>
                    {ago(replay.when)}
                </time>
                <div class="muted">{replay.run ?? "played here"}</div>
            </td>
            <td>
                <div class="actions">
                    {obstacle === null ? (
                        <Link to={{ page: "watch-replay", id: replay.id }} class="button small primary">
                            <Icon name="play" size={14} /> Watch
                        </Link>
                    ) : (
                        <span class="tag warn" title={obstacle}>
                            cannot be shown
                        </span>
                    )}
                    <a
                        class="button small"
                        href={api.replayFile(replay.id)}
                        download
                        title={`Download (${bytes(replay.bytes)})`}
                        aria-label="Download"
                    >
                        <Icon name="download" size={15} />
                    </a>
                </div>
            </td>
        </tr>
    );
}

/** Recorded matches: found by player, hero, mode or run, watched or downloaded. */
export function ReplaysPage(): JSX.Element {
    const [typed, setTyped] = useState("");
    const [query, setQuery] = useState("");
    const [page, setPage] = useState(1);
    useEffect(() => {
        const timer = setTimeout(() => {
            setQuery(typed.trim());
            setPage(1);
        }, searchAfter);
        return () => clearTimeout(timer);
    }, [typed]);
    const found = usePoll(`replays/${query}/${page}`, 15_000, signal => api.replays(query, page, signal));
    const list = found.value;
    return (
        <main class="page">
            <div class="page-head">
                <h1>Replays</h1>
                {list && <span class="muted">{list.total === 1 ? "1 match" : `${list.total} matches`}</span>}
                <div class="right">
                    <label class="search">
                        <span class="visually-hidden">Search</span>
                        <Icon name="search" size={16} />
                        <input
                            class="input"
                            type="search"
                            placeholder="Player, hero, mode, run"
                            value={typed}
                            onInput={event => setTyped(event.currentTarget.value)}
                        />
                    </label>
                </div>
            </div>
            {found.error !== null && <Failure error={found.error} retry={found.reload} />}
            {list === null && found.error === null && <div class="loading" aria-busy="true" />}
            {list && list.items.length === 0 && (
                <div class="card">
                    <div class="empty">
                        {query ? (
                            <>
                                <h2>Nothing found for “{query}”</h2>
                                <button type="button" class="button" onClick={() => setTyped("")}>
                                    Show all
                                </button>
                            </>
                        ) : (
                            <>
                                <h2>No replays yet</h2>
                                <p>
                                    Every match played here is recorded. A league records a share of its own, here one percent, when it is
                                    started with
                                </p>
                                <p>
                                    <code>./arena league --preset quick-1v1 --record 1%</code>
                                </p>
                                <Link to={{ page: "play" }} class="button primary">
                                    Play a match
                                </Link>
                            </>
                        )}
                    </div>
                </div>
            )}
            {list && list.items.length > 0 && (
                <div class="card table-scroll">
                    <table class="table replays">
                        <thead>
                            <tr>
                                <th>Home</th>
                                <th>Away</th>
                                <th>Result</th>
                                <th>Mode</th>
                                <th class="number">Length</th>
                                <th>When</th>
                                <th aria-label="Actions" />
                            </tr>
                        </thead>
                        <tbody>
                            {list.items.map(replay => (
                                <Row key={replay.id} replay={replay} />
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
            {list && list.pages > 1 && (
                <nav class="pager" aria-label="Pages of replays">
                    <button type="button" class="button small" disabled={page <= 1} onClick={() => setPage(page - 1)}>
                        Newer
                    </button>
                    <span class="muted">
                        Page {page} of {list.pages}
                    </span>
                    <button type="button" class="button small" disabled={page >= list.pages} onClick={() => setPage(page + 1)}>
                        Older
                    </button>
                </nav>
            )}
        </main>
    );
}
