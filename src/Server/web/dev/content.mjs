// The game's own content files as the server's REST interface tells them, for the development server.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../../../envs/Moba/Content/", import.meta.url));
const json = path => JSON.parse(readFileSync(join(folder, path), "utf8"));
const list = value => (Array.isArray(value) ? value : [value]);

function reach(effects = []) {
    return Math.max(0, ...effects.map(e => Math.max(e.radius ?? 0, e.width ?? 0, reach(e.effects))));
}

function skill(s) {
    return {
        name: s.name,
        aim: s.aim,
        range: s.range,
        radius: reach(s.effects),
        cooldown: list(s.cooldown),
        cost: list(s.mana ?? 0),
        text: s.effects.map(e => `${e.kind} ${list(e.amount ?? []).join(" / ")}`).join(", "),
    };
}

export const items = json("items.json").items;
const itemIndex = name => items.findIndex(item => item.name === name);
export const heroes = readdirSync(join(folder, "heroes"))
    .sort()
    .map(name => json(`heroes/${name}`));
export const spells = json("spells.json").spells;

export const content = {
    heroes: heroes.map(h => ({
        name: h.name,
        role: h.role,
        attributes: h.base,
        passive: { name: h.passive.name, text: "" },
        skills: h.skills.map(skill),
        build: h.build.map(itemIndex),
        spells: h.spells.map(name => spells.findIndex(s => s.name === name)),
    })),
    items: items.map(i => ({
        name: i.name,
        price: i.price,
        from: (i.from ?? []).map(itemIndex),
        stats: i.stats,
        text: i.active ? "Active." : "",
    })),
    spells: spells.map(s => ({ ...skill(s), cooldown: list(s.cooldown)[0] })),
    modes: [],
    rules: [],
    difficulties: [],
};

const reflections = [p => p, ([x, y]) => [-y, -x], ([x, y]) => [y, x], ([x, y]) => [-x, -y]];
const away = ([x, y]) => [-y, -x];
const size = 128;

/** The ground of a mode: shapes carved out of rock, walled up again, grown with brush. */
export function map(mode) {
    const file = mode === "3v3" ? "grove" : "classic";
    const source = json(`maps/${file}.json`);
    const cells = new Uint8Array(size * size).fill(1);
    const draw = (shapes, value, onlyOpen) => {
        for (const shape of shapes)
            for (const reflect of reflections) {
                const a = reflect((shape.disc ?? shape.line).slice(0, 2));
                const b = shape.disc ? a : reflect(shape.line.slice(2));
                for (let at = 0; at < cells.length; at++) {
                    const x = (at % size) - 63.5;
                    const y = Math.floor(at / size) - 63.5;
                    const dx = b[0] - a[0];
                    const dy = b[1] - a[1];
                    const along = Math.min(1, Math.max(0, ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy || 1)));
                    const far = Math.hypot(x - a[0] - along * dx, y - a[1] - along * dy);
                    if (far <= shape.width && (!onlyOpen || cells[at] === 0)) cells[at] = value;
                }
            }
    };
    draw(source.carve, 0, false);
    draw(source.walls ?? [], 1, false);
    draw(source.brush ?? [], 2, true);
    const chosen = source.modes.find(m => m.name === mode) ?? source.modes[0];
    const structures = [];
    const order = ["top", "middle", "bottom"];
    for (const team of [0, 1]) {
        const place = p => (team === 0 ? p : away(p));
        order.forEach((name, lane) => {
            if (!chosen.lanes.includes(name)) return;
            // Lanes of the other side are its reflections: top and bottom change places.
            const own = source.lanes[name];
            own.towers.forEach((p, tier) => {
                const [x, y] = place(p);
                structures.push({ unit: 10 + team * 10 + lane * 3 + tier, team, kind: ["outer", "inner", "base"][tier], x, y });
            });
        });
        const [x, y] = place(source.ancient);
        structures.push({ unit: 10 + team * 10 + 9, team, kind: "ancient", x, y });
    }
    return {
        width: size,
        height: size,
        cells: Buffer.from(cells).toString("base64"),
        lanes: chosen.lanes.map(name => source.lanes[name].way.map(([x, y]) => ({ x, y }))),
        structures,
        camps: chosen.jungle ? source.camps.flatMap(c => reflections.map(r => r(c.at))).map(([x, y]) => ({ x, y })) : [],
        fountains: [0, 1].map(team => {
            const [x, y] = team === 0 ? source.fountain.at : away(source.fountain.at);
            return { team, x, y, radius: source.fountain.radius };
        }),
    };
}
