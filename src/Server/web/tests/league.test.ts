import assert from "node:assert/strict";
import { test } from "node:test";
import type { Member, ProgressLine, Rating } from "../src/api/types";
import { byVersion } from "../src/league/elo";
import { layOut } from "../src/league/family";
import { matrix } from "../src/league/payoff";
import { parsePlayer, playerName, playerOf } from "../src/league/players";
import { append, keptLines, latestElo, smooth, timeUnit } from "../src/league/progress";

function rating(player: string, elo: number): Rating {
    return { player, elo, eloError: 50, games: 20 };
}

function line(updates: number, ratings: Rating[] = []): ProgressLine {
    return { updates, ratings } as ProgressLine;
}

test("players' names say lineage, version and kind", () => {
    assert.deepEqual(parsePlayer("main@23"), { id: "main@23", line: "main", version: 23, kind: "frozen" });
    assert.equal(parsePlayer("main@latest").kind, "latest");
    assert.equal(parsePlayer("scripted:easy@1").kind, "scripted");
    assert.equal(playerName("scripted:easy@1"), "easy@1");
    assert.equal(playerName("main@23"), "main 23");
    assert.equal(playerName("Mira"), "Mira");
    assert.equal(playerName("Mira (me)"), "Mira (me)");
    assert.equal(playerName("scripted:easy@1 (beginner)"), "beginner bot");
    assert.equal(playerName("run:quick-1v1@7 (medium)"), "quick-1v1 7");
    assert.equal(playerOf("quick-1v1", "main@7"), "run:quick-1v1@7");
    assert.equal(playerOf("quick-1v1", "main@latest"), "run:quick-1v1@latest");
    assert.equal(playerOf("quick-1v1", "exploiter@2"), null);
});

test("progress grows by what is new, without repeats, and begins anew when the run did", () => {
    const before = [line(1), line(2)];
    assert.deepEqual(
        append(before, [line(2), line(3)]).map(l => l.updates),
        [1, 2, 3],
    );
    assert.equal(append(before, []), before);
    assert.equal(append(before, [line(2)]), before);
    assert.deepEqual(
        append([line(7), line(8)], [line(0), line(1)]).map(l => l.updates),
        [0, 1],
    );
});

test("the charts' lines stay bounded however long a run is watched, and the newest are all there", () => {
    let lines: ProgressLine[] = [];
    for (let i = 0; i < 20_000; i += 500)
        lines = append(
            lines,
            Array.from({ length: 500 }, (_, k) => line(i + k)),
        );
    assert.ok(lines.length < 2 * keptLines);
    assert.deepEqual(
        lines.slice(-500).map(l => l.updates),
        Array.from({ length: 500 }, (_, k) => 19_500 + k),
    );
    assert.ok(lines.every((l, i) => i === 0 || l.updates > lines[i - 1]!.updates));
});

test("the moving policies' Elo is taken line by line, with gaps where there was none", () => {
    const series = latestElo([
        line(1),
        line(2, [rating("main@latest", 900), rating("main@1", 800)]),
        line(3, [rating("main@latest", 950)]),
    ]);
    assert.deepEqual([...series.keys()], ["main@latest"]);
    assert.deepEqual(
        series.get("main@latest")!.map(r => r?.elo ?? null),
        [null, 900, 950],
    );
});

test("smoothing keeps the length, passes over gaps and leaves a constant as it is", () => {
    assert.deepEqual(smooth([2, 2, null, 2], 5), [2, 2, 2, 2]);
    assert.equal(smooth([1, 2, 3], 1).length, 3);
});

test("the payoff matrix is ordered by rating and counts draws half", () => {
    const { players, cells } = matrix(
        {
            ratings: [rating("a@1", 900), rating("b@1", 1100)],
            payoff: {
                players: ["a@1", "b@1", "new@1"],
                wins: [
                    [0, 1, 0],
                    [5, 0, 0],
                    [0, 0, 0],
                ],
                draws: [
                    [0, 4, 0],
                    [4, 0, 0],
                    [0, 0, 0],
                ],
                games: [
                    [0, 10, 0],
                    [10, 0, 0],
                    [0, 0, 0],
                ],
            },
        },
        2,
    );
    assert.deepEqual(players, ["b@1", "a@1"]);
    assert.equal(cells[0]![1]!.share, 0.7);
    assert.equal(cells[1]![0]!.share, 0.3);
    assert.equal(cells[0]![0]!.share, null);
});

test("children stand to the right of their parents, and no two members in one place", () => {
    const members: Member[] = [
        { player: "main@1", parent: null },
        { player: "exploiter@1", parent: "main@2" },
        { player: "main@2", parent: "main@1" },
        { player: "exploiter@2", parent: "main@1" },
        { player: "scripted:easy@1", parent: null },
        { player: "orphan@1", parent: "gone@1" },
    ];
    const tree = layOut(members, [rating("main@2", 1000)]);
    assert.equal(tree.nodes.length, 5);
    assert.equal(tree.edges.length, 3);
    for (const [parent, child] of tree.edges) assert.ok(tree.nodes[parent]!.column < tree.nodes[child]!.column);
    assert.equal(new Set(tree.nodes.map(n => `${n.row}/${n.column}`)).size, 5);
});

test("a family that names itself as its own ancestor is still laid out", () => {
    const tree = layOut(
        [
            { player: "a@1", parent: "a@2" },
            { player: "a@2", parent: "a@1" },
        ],
        [],
    );
    assert.equal(tree.nodes.length, 2);
});

test("ratings by version: the moving policy follows its newest version, scripted players are level lines", () => {
    const { x, series } = byVersion([
        rating("main@2", 1000),
        rating("main@1", 900),
        rating("main@latest", 1050),
        rating("scripted:easy@1", 1000),
    ]);
    assert.deepEqual(x, [1, 2, 3]);
    assert.deepEqual(series[0]!.values, [900, 1000, 1050]);
    assert.deepEqual(series[1]!.values, [1000, 1000, 1000]);
});

test("a run's time is told in minutes at first, then in hours", () => {
    const at = (seconds: number) => timeUnit([{ ...line(1), seconds }]);
    assert.equal(at(90).name, "minute");
    assert.equal(at(90).format(1.25), "1.3");
    assert.equal(at(7300).name, "hour");
    assert.equal(at(36_000).format(7), "7");
    assert.equal(timeUnit([]).name, "minute");
});
