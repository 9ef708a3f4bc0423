import assert from "node:assert/strict";
import { test } from "node:test";
import { type Plan, allBots, botValue, change, isComplete, parseBot, request, seatsFor, sit, toOpen } from "../src/lobby/setup";

const easy = { difficulty: "easy" };

function plan(heroes: number): Plan {
    return { mode: "5v5", rules: "quick", draft: "none", seats: seatsFor(heroes, easy) };
}

test("a new plan has a seat for each hero of both sides, and you in one of them", () => {
    for (const heroes of [1, 3, 5]) {
        const { seats } = plan(heroes);
        assert.equal(seats.length, 2 * heroes);
        assert.equal(seats.filter(seat => seat.kind === "you").length, 1);
        assert.equal(new Set(seats.map(seat => `${seat.team}/${seat.slot}`)).size, 2 * heroes);
    }
});

test("you keep a seat when a smaller mode lacks the one you had, on your side", () => {
    const far = sit(plan(5).seats, 1, 4);
    const seats = seatsFor(1, easy, far);
    assert.deepEqual(
        seats.filter(seat => seat.kind === "you").map(seat => [seat.team, seat.slot]),
        [[1, 0]],
    );
});

test("whoever sat where you go gets the seat that you leave, and your hero goes with you", () => {
    let { seats } = plan(3);
    seats = change(seats, 0, 0, { hero: "ember" });
    seats = change(seats, 1, 2, { kind: "open", hero: "rime" });
    seats = sit(seats, 1, 2);
    assert.equal(seats.filter(seat => seat.kind === "you").length, 1);
    assert.deepEqual(
        seats.filter(seat => seat.kind !== "bot").map(seat => [seat.team, seat.slot, seat.kind, seat.hero]),
        [
            [0, 0, "open", "rime"],
            [1, 2, "you", "ember"],
        ],
    );
});

test("the server is asked for your seat alone, with bots by difficulty or by name; others' seats are opened afterwards", () => {
    let { seats } = plan(3);
    seats = sit(seats, 1, 1);
    seats = change(seats, 0, 0, { kind: "open" });
    seats = change(seats, 0, 1, { bot: { player: "run:x@7" } });
    const asked = request({ ...plan(3), seats }, "  Mira ");
    assert.equal(asked.name, "Mira");
    assert.equal(asked.seats.length, 6);
    assert.deepEqual(
        asked.seats.filter(seat => seat.kind === "person"),
        [{ team: 1, slot: 1, kind: "person", difficulty: "easy" }],
    );
    assert.deepEqual(
        asked.seats.find(seat => seat.team === 0 && seat.slot === 1),
        { team: 0, slot: 1, kind: "bot", player: "run:x@7" },
    );
    assert.deepEqual(toOpen({ ...plan(3), seats }), [{ team: 0, slot: 0, kind: "person", difficulty: "easy" }]);
});

test("heroes are left to the draft where there is one, and bans come with it", () => {
    const seats = change(plan(1).seats, 0, 0, { hero: "ember" });
    assert.equal(request({ ...plan(1), seats }, "").seats[0]!.hero, "ember");
    const drafted = request({ ...plan(1), seats, draft: "ban" }, "");
    assert.equal(drafted.seats[0]!.hero, undefined);
    assert.equal(drafted.draft, "standard");
    assert.ok(drafted.bans! > 0);
    assert.equal(request({ ...plan(1), seats, draft: "pick" }, "").bans, undefined);
});

test("a plan is complete once nobody else has to come", () => {
    const open = change(plan(1).seats, 1, 0, { kind: "open" });
    assert.equal(isComplete({ ...plan(1), seats: open }), false);
    assert.equal(isComplete(plan(1)), true);
});

test("a bot's choice is read as it was written", () => {
    for (const bot of [easy, { player: "main@7" }, { difficulty: "p:odd" }]) assert.deepEqual(parseBot(botValue(bot)), bot);
    assert.ok(allBots(plan(5).seats, { player: "x@1" }).every(seat => botValue(seat.bot) === "p:x@1"));
});
