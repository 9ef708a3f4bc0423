import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, onReach } from "../api/client";
import { Link, type Route } from "../router";
import { Icon } from "./icon";
import { chooseTheme, currentTheme, onTheme } from "./theme";

const pages: { route: Route; name: string; covers: Route["page"][] }[] = [
    { route: { page: "league" }, name: "League", covers: ["league"] },
    { route: { page: "watch" }, name: "Watch", covers: ["watch", "watch-match", "watch-replay"] },
    { route: { page: "play" }, name: "Play", covers: ["play", "room"] },
    { route: { page: "replays" }, name: "Replays", covers: ["replays"] },
];

function ThemeSwitch(): JSX.Element {
    const [theme, setTheme] = useState(currentTheme());
    useEffect(() => onTheme(() => setTheme(currentTheme())), []);
    const other = theme === "dark" ? "light" : "dark";
    return (
        <button type="button" class="icon-button" title={`Switch to the ${other} theme`} onClick={() => chooseTheme(other)}>
            <Icon name={theme === "dark" ? "sun" : "moon"} />
            <span class="visually-hidden">Switch to the {other} theme</span>
        </button>
    );
}

/** Says so when the server is not there, and asks again until it is. */
function LostServer(): JSX.Element | null {
    const [lost, setLost] = useState(false);
    useEffect(() => onReach(ok => setLost(!ok)), []);
    useEffect(() => {
        if (!lost) return;
        const timer = setInterval(() => void api.about().catch(() => {}), 2_000);
        return () => clearInterval(timer);
    }, [lost]);
    if (!lost) return null;
    return (
        <div class="lost-server" role="alert">
            <span class="dot live" />
            The server cannot be reached. Trying again … start it with <code class="command">./arena serve</code> if it has ended.
        </div>
    );
}

/** The frame around every page. `bare` leaves the whole window to the page. */
export function Shell({ route, bare, children }: { route: Route; bare: boolean; children: ComponentChildren }): JSX.Element {
    return (
        <div class="shell">
            {!bare && (
                <>
                    <a class="skip" href="#content">
                        Skip to the content
                    </a>
                    <header class="topbar">
                        <Link to={{ page: "league" }} class="brand">
                            <Icon name="brand" />
                            <span>
                                SelfPlay<b>Arena</b>
                            </span>
                        </Link>
                        <nav class="nav" aria-label="Pages">
                            {pages.map(({ route: to, name, covers }) => (
                                <Link key={name} to={to} aria-current={covers.includes(route.page) ? "page" : undefined}>
                                    {name}
                                </Link>
                            ))}
                        </nav>
                        <div class="right">
                            <ThemeSwitch />
                        </div>
                    </header>
                </>
            )}
            <LostServer />
            <div id="content" tabIndex={-1}>
                {children}
            </div>
        </div>
    );
}
