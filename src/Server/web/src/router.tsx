import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Where the browser is: the pages that this client has. */
export type Route =
    | { page: "league" }
    | { page: "watch" }
    | { page: "watch-match"; id: string }
    | { page: "watch-replay"; id: string }
    | { page: "play" }
    | { page: "room"; id: string }
    | { page: "replays" }
    | { page: "lost"; path: string };

/** What a path says; a path of no page is `lost`. Names are one segment each, percent-decoded. */
export function parseRoute(path: string): Route {
    const parts = path.split("/").filter(part => part.length > 0);
    const lost: Route = { page: "lost", path };
    let names: string[];
    try {
        names = parts.map(decodeURIComponent);
    } catch {
        return lost;
    }
    const [first, second, third] = names;
    if (first === undefined) return { page: "league" };
    if (names.length === 1) {
        if (first === "watch" || first === "play" || first === "replays") return { page: first };
        return lost;
    }
    if (first === "play" && names.length === 2 && second) return { page: "room", id: second };
    if (first === "watch" && names.length === 3 && third) {
        if (second === "match") return { page: "watch-match", id: third };
        if (second === "replay") return { page: "watch-replay", id: third };
    }
    return lost;
}

/** The path of a page: the reverse of `parseRoute`. */
export function pathOf(route: Route): string {
    switch (route.page) {
        case "league":
            return "/";
        case "watch-match":
            return `/watch/match/${encodeURIComponent(route.id)}`;
        case "watch-replay":
            return `/watch/replay/${encodeURIComponent(route.id)}`;
        case "room":
            return `/play/${encodeURIComponent(route.id)}`;
        case "lost":
            return route.path;
        default:
            return `/${route.page}`;
    }
}

const moved = new EventTarget();

/** Goes to a page without loading the document again. */
export function go(route: Route, replace = false): void {
    const path = pathOf(route);
    if (replace) history.replaceState(null, "", path);
    else history.pushState(null, "", path);
    moved.dispatchEvent(new Event("moved"));
}

/** The current page; the component is drawn again when it changes. */
export function useRoute(): Route {
    const [path, setPath] = useState(location.pathname);
    useEffect(() => {
        const update = () => setPath(location.pathname);
        moved.addEventListener("moved", update);
        addEventListener("popstate", update);
        return () => {
            moved.removeEventListener("moved", update);
            removeEventListener("popstate", update);
        };
    }, []);
    return parseRoute(path);
}

interface LinkProps {
    to: Route;
    children: ComponentChildren;
    class?: string;
    title?: string;
    "aria-current"?: "page" | undefined;
}

/** A link to a page of this client; opens in a new tab as any other link does. */
export function Link({ to, children, ...rest }: LinkProps): JSX.Element {
    const onClick = (event: MouseEvent) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        go(to);
    };
    return (
        <a {...rest} href={pathOf(to)} onClick={onClick}>
            {children}
        </a>
    );
}
