import assert from "node:assert/strict";
import { test } from "node:test";
import { ago, bytes, clock, duration, percent, short, title, whole } from "../src/ui/format";

test("numbers are short where they are big, and keep their meaning where they are small", () => {
    assert.equal(short(35_403_589), "35.4 M");
    assert.equal(short(999_900), "1.00 M");
    assert.equal(short(19_498), "19.5 k");
    assert.equal(short(12), "12");
    assert.equal(short(0.0009306), "0.00093");
    assert.equal(short(0), "0");
    assert.equal(short(-1500), "-1.50 k");
    assert.equal(whole(35_403_589), "35\u202f403\u202f589");
    assert.equal(percent(2 / 3), "67 %");
});

test("times are said as people say them", () => {
    assert.equal(duration(48), "48 s");
    assert.equal(duration(59 * 60), "59 min");
    assert.equal(duration(3 * 3600 + 5 * 60), "3 h 05 min");
    assert.equal(duration(52 * 3600), "2 d 4 h");
    assert.equal(clock(425.9), "7:05");
    assert.equal(ago("2026-01-01T00:00:00Z", Date.parse("2026-01-01T02:00:00Z")), "2 h 00 min ago");
    assert.equal(ago("no date"), "");
    assert.equal(bytes(81_234), "81 kB");
    assert.equal(title("brine_guard"), "Brine guard");
    assert.equal(title("kda"), "KDA");
});
