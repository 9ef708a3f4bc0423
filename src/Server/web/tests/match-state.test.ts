import assert from "node:assert/strict";
import { test } from "node:test";
import { Channel } from "../src/match/state/channel";
import { Match } from "../src/match/state/match";
import { byDirection, readMind } from "../src/match/state/mind";
import { Motion } from "../src/match/state/motion";
import { Playout } from "../src/match/state/playout";
import { ProtocolError, readSchema } from "../src/match/state/schema";
import { Table } from "../src/match/state/table";

const schema = {
    units: [
        ["kind", 1],
        ["type", 1],
        ["team", 1],
        ["x", 0.25],
        ["y", 0.25],
        ["hp", 1],
        ["maxHp", 1],
        ["state", 1],
    ],
    heroes: [
        ["level", 1],
        ["items", 1],
    ],
};

function hello(change: object = {}): Match {
    return new Match(
        Match.readHello({
            match: "m",
            mode: "1v1",
            rules: "full",
            stage: "playing",
            tickRate: 15,
            view: "all",
            seats: [],
            schema,
            ...change,
        }),
    );
}

const unit = (id: number, x: number, y: number, hp = 100) => [id, 0xff, 2, 0, 0, x * 4, y * 4, hp, 100, 0];

test("a row takes over the fields that its mask names, each times its scale, and keeps the others", () => {
    const table = new Table("units", readSchema(schema).get("units")!);
    table.apply([], [unit(7, 3, -2)], true);
    assert.equal(table.number(7, "x"), 3);
    table.apply([], [[7, 0b100000, 55]], false);
    assert.equal(table.number(7, "hp"), 55);
    assert.equal(table.number(7, "y"), -2);
    table.apply([7], [], false);
    assert.equal(table.rows.has(7), false);
});

test("an array's every number is scaled, and an unknown field is nothing", () => {
    const table = new Table("me", [
        { name: "a", scale: 0.5 },
        { name: "b", scale: 1 },
    ]);
    table.apply([], [[1, 3, [2, 4], 9]], true);
    assert.deepEqual(table.list(1, "a"), [1, 2]);
    assert.equal(table.number(1, "absent", -3), -3);
});

test("rows with fewer or more values than their mask names are refused", () => {
    const table = new Table("units", readSchema(schema).get("units")!);
    assert.throws(() => table.apply([], [[1, 0b11, 5]], true), ProtocolError);
    assert.throws(() => table.apply([], [[1, 0b1, 5, 6]], true), ProtocolError);
    assert.throws(() => table.apply([], [[1]], true), ProtocolError);
    assert.throws(() => table.apply([], 3, true), ProtocolError);
});

test("a full frame leaves nothing of before", () => {
    const match = hello();
    match.apply(
        true,
        10,
        [
            ["units", [], [unit(1, 0, 0), unit(2, 1, 1)]],
            ["heroes", [], [[1, 3, 4, [1]]]],
        ],
        0,
    );
    match.apply(true, 200, [["units", [], [unit(2, 5, 5)]]], 1);
    assert.notEqual(match.units.get(1)?.present, true);
    assert.equal(match.units.get(2)!.present, true);
    assert.equal(match.table("heroes")!.rows.size, 0);
});

test("what leaves stays shown until the picture reaches that tick, and is then forgotten", () => {
    const match = hello();
    match.apply(true, 1, [["units", [], [unit(40, 0, 0)]]], 0);
    match.apply(false, 2, [["units", [40], []]], 0.066);
    assert.equal(match.units.get(40)!.present, false);
    assert.equal(match.units.get(40)!.leftAt, 2);
    match.apply(false, 200, [["units", [], []]], 13);
    assert.equal(match.units.has(40), false);
});

test("a unit's place between two ticks is between their places, and a blink is not a movement", () => {
    const motion = new Motion();
    motion.add(10, 0, 0);
    motion.add(12, 1, 2);
    motion.show(11, 2);
    assert.deepEqual([motion.x, motion.y], [0.5, 1]);
    motion.add(13, 30, 2);
    motion.show(12.5, 2);
    assert.deepEqual([motion.x, motion.y], [1, 2]);
    motion.show(13, 2);
    assert.deepEqual([motion.x, motion.y], [30, 2]);
});

test("a unit that stood still does not set off before it does", () => {
    const match = hello();
    match.apply(true, 1, [["units", [], [unit(3, 0, 0)]]], 0);
    for (let tick = 2; tick < 20; tick++) match.apply(false, tick, [], tick / 15);
    match.apply(false, 20, [["units", [], [[3, 0b1000, 4]]]], 20 / 15);
    const moving = match.units.get(3)!.motion;
    moving.show(18, 2);
    assert.equal(moving.x, 0);
    moving.show(19.5, 2);
    assert.equal(moving.x, 0.5);
});

test("what is shown runs evenly and a little behind, though frames come unevenly", () => {
    const playout = new Playout(15);
    let now = 0;
    let sent = 0;
    let before = 0;
    const paces: number[] = [];
    for (let frame = 0; frame < 600; frame++) {
        now += 1 / 60;
        // Every fourth display frame one of the match, up to 25 ms late.
        while ((sent + 1) / 15 + (sent % 3) * 0.0125 <= now) playout.received(++sent, now);
        const shown = playout.at(now);
        assert.ok(shown <= sent, "never beyond what is known");
        assert.ok(shown >= before, "never backwards");
        if (frame > 120) paces.push(shown - before);
        before = shown;
    }
    assert.ok(sent - before > 0.2 && sent - before < 3, `behind by ${sent - before}`);
    assert.ok(
        Math.max(...paces) < 0.25 * 1.5 && Math.min(...paces) > 0.25 * 0.5,
        `paces from ${Math.min(...paces)} to ${Math.max(...paces)}`,
    );
});

test("after a seek what is shown is there at once", () => {
    const playout = new Playout(15);
    for (let tick = 1; tick < 30; tick++) {
        playout.received(tick, tick / 15);
        playout.at(tick / 15);
    }
    playout.received(900, 2, true);
    assert.ok(playout.at(2) >= 898);
});

test("events wait until the picture is there, in their order", () => {
    const match = hello();
    match.applyEvents(5, [{ kind: "cast" }, { kind: "kill", victim: 1 }]);
    match.applyEvents(7, [{ kind: "hit" }]);
    assert.deepEqual(
        match.takeEvents(4).map(e => e.kind),
        [],
    );
    assert.deepEqual(
        match.takeEvents(6).map(e => e.kind),
        ["cast", "kill"],
    );
    assert.deepEqual(
        match.takeEvents(9).map(e => e.kind),
        ["hit"],
    );
    assert.deepEqual(
        match.events.map(e => e.kind),
        ["kill"],
    );
});

test("curves go on from the second they name, and another view keeps them", () => {
    const match = hello();
    match.applyCurves({ from: 0, gold: [0, 1, 2], xp: [0, 0, 0] });
    match.applyCurves({ from: 2, gold: [5, 6], xp: [1, 1] });
    assert.deepEqual(match.curves.gold, [0, 1, 5, 6]);
    const other = new Match({ ...match.hello, view: 0 }, match);
    assert.deepEqual(other.curves.gold, [0, 1, 5, 6]);
});

test("frames of no meaning are told, not thrown; unknown ones are passed over", () => {
    const said: string[] = [];
    const channel = new Channel(() => true, { match: () => {}, failed: reason => said.push(reason) });
    channel.take(["hello", { schema: 5 }]);
    channel.take(["hello", { schema, view: 0 }]);
    channel.take(["delta", "x", []]);
    channel.take(["weather", 1]);
    channel.take(["error", "the match is over"]);
    assert.equal(said.length, 3);
    assert.equal(said[2], "the match is over");
    assert.equal(channel.match?.view, 0);
});

test("orders are numbered, and one that found no line has no number", () => {
    const sent: unknown[][] = [];
    let line = true;
    const channel = new Channel(
        frame => {
            sent.push(frame);
            return line;
        },
        { match: () => {} },
    );
    assert.equal(channel.order("move", -1, 3, 4), 1);
    assert.equal(channel.buy(5), 2);
    line = false;
    assert.equal(channel.learn(0), 0);
    assert.deepEqual(sent[0], ["order", 1, "move", -1, 3, 4]);
    assert.deepEqual(sent[1], ["buy", 2, 5]);
});

test("a mind keeps the names of what is observed from its first frame, and directions stand at their places", () => {
    const blocks = [{ name: "own", slots: 1, features: [["hp", "1"]] }];
    const first = readMind({ unit: 3, values: [["win", 0.5]], heads: [], blocks, seen: [[0, 0, [1]]] }, null)!;
    const second = readMind(
        { unit: 3, values: [], heads: [{ head: "direction", chosen: 4, options: [[4, 0.75]] }], blocks: null, seen: [] },
        first,
    )!;
    assert.equal(second.blocks[0]!.name, "own");
    assert.equal(byDirection(second.heads[0]!)[4], 0.75);
    assert.equal(byDirection(second.heads[0]!).length, 16);
    assert.equal(readMind(null, first), null);
    assert.throws(() => readMind({ values: [] }, null), ProtocolError);
    assert.throws(() => readMind({ unit: 1, heads: 4 }, null), ProtocolError);
});
