import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRoute, pathOf, type Route } from "../src/router";

test("every page's path leads back to it, with any characters in a name", () => {
    const routes: Route[] = [
        { page: "league" },
        { page: "watch" },
        { page: "play" },
        { page: "replays" },
        { page: "watch-match", id: "12" },
        { page: "watch-replay", id: "quick-1v1/2.0 %2F ä" },
        { page: "room", id: "a?b#c" },
    ];
    for (const route of routes) assert.deepEqual(parseRoute(pathOf(route)), route);
});

test("what is no page is said to be none", () => {
    for (const path of ["/nothing", "/watch/match", "/watch/else/1", "/play/1/2", "/%E0%A4%A"]) assert.equal(parseRoute(path).page, "lost");
});
