import assert from "node:assert/strict";
import { test } from "node:test";
import type { Seat } from "../src/api/types";
import { sideName, sides } from "../src/watch/sides";

const bot: Seat = {
    team: 0,
    slot: 0,
    unit: 0,
    kind: "bot",
    name: null,
    hero: null,
    difficulty: "easy",
    player: null,
    connected: false,
};

test("both sides are told in a few words, however many sit there", () => {
    const seats: Seat[] = [
        bot,
        { ...bot, slot: 1 },
        { ...bot, slot: 2, kind: "person", name: "Mira" },
        { ...bot, team: 1, kind: "open" },
        { ...bot, team: 1, slot: 1, player: "run:quick-1v1@7" },
        { ...bot, team: 1, slot: 2, kind: "person", name: null },
    ];
    assert.deepEqual(sides(seats), ["2 × easy bot, Mira", "free seat, quick-1v1 7, anonymous"]);
    assert.deepEqual(sides([]), ["nobody", "nobody"]);
});

test("a replay's players are half home's, half away's", () => {
    assert.equal(sideName(["main@1", "main@1", "main@2", "main@2"], 0), "2 × main 1");
    assert.equal(sideName(["main@1", "main@2"], 1), "main 2");
    assert.equal(sideName([], 1), "nobody");
});
