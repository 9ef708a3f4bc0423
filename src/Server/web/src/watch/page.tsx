import "../league/league.css";
import "../lobby/lobby.css";
import type { JSX } from "preact";
import { Link } from "../router";
import { Exhibition } from "./exhibition";
import { MatchList } from "./list";

/** Where to watch: what is on now, and the way to the replays. */
export function WatchPage(): JSX.Element {
    return (
        <main class="page narrow">
            <div class="page-head">
                <h1>Watch</h1>
                <div class="right">
                    <Link to={{ page: "replays" }} class="button">
                        All replays
                    </Link>
                </div>
            </div>
            <Exhibition />
            <MatchList>
                <p>Matches of people appear here, and exhibitions while they last.</p>
            </MatchList>
        </main>
    );
}
