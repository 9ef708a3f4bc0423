import type { JSX } from "preact";
import { LeaguePage } from "./league/page";
import { PlayPage } from "./lobby/page";
import { Room } from "./lobby/room";
import { OpeningPage } from "./match/opening";
import { ReplaysPage } from "./replays/page";
import { Link, type Route, useRoute } from "./router";
import { lazy } from "./ui/lazy";
import { Shell } from "./ui/shell";
import { WatchPage } from "./watch/page";

const WatchView = lazy(() => import("./match/watch"), OpeningPage);

function Page({ route }: { route: Route }): JSX.Element {
    switch (route.page) {
        case "league":
            return <LeaguePage />;
        case "watch":
            return <WatchPage />;
        case "watch-match":
            return <WatchView key={`m${route.id}`} kind="match" id={route.id} />;
        case "watch-replay":
            return <WatchView key={`r${route.id}`} kind="replay" id={route.id} />;
        case "play":
            return <PlayPage />;
        case "room":
            return <Room key={route.id} id={route.id} />;
        case "replays":
            return <ReplaysPage />;
        case "lost":
            return (
                <main class="page">
                    <div class="empty">
                        <h1>There is no such page</h1>
                        <p>
                            <code>{route.path}</code> leads nowhere. The <Link to={{ page: "league" }}>League</Link> page is a good place to
                            start.
                        </p>
                    </div>
                </main>
            );
    }
}

/** Pages that take the whole window once a match is on. */
function isBare(route: Route): boolean {
    return route.page === "watch-match" || route.page === "watch-replay";
}

export function App(): JSX.Element {
    const route = useRoute();
    return (
        <Shell route={route} bare={isBare(route)}>
            <Page route={route} />
        </Shell>
    );
}
