// Serves dist/ and a make-believe match at /watch/match/show and /play/show, to look at the picture without the real server: node dev/server.mjs [port]
// With ARENA=127.0.0.1:5080 it asks a real server for all that it has, and answers only the rest.
import { readFile } from "node:fs/promises";
import { createServer, request as ask } from "node:http";
import { connect } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { decode, encode } from "@msgpack/msgpack";
import { content, map } from "./content.mjs";
import { MakeBelieve, schema } from "./match.mjs";
import { accept } from "./socket.mjs";

const dist = process.env.ARENA_WEB_DIST ?? fileURLToPath(new URL("../dist", import.meta.url));
const port = Number(process.argv[2] ?? 5180);
const mode = process.env.MODE ?? "5v5";
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2" };
const match = new MakeBelieve(mode);
for (let i = 0; i < Number(process.env.SKIP ?? 900); i++) match.step();
match.events.length = 0;
const clients = new Set();

function answer(path) {
    if (path === "/api/content") return content;
    if (path.startsWith("/api/maps/")) return map(path.slice(10));
    if (path === "/api/about")
        return { product: "SelfPlayArena", version: "dev", protocol: 1, run: null, can: { control: false, play: true } };
    return path.startsWith("/api/") ? [] : undefined;
}

const arena = process.env.ARENA;

/** What the real server says, or null where it knows nothing of it. */
function real(request) {
    return new Promise(resolve => {
        const headers = { ...request.headers, host: arena, ...(request.headers.origin ? { origin: `http://${arena}` } : {}) };
        const [host, realPort] = arena.split(":");
        const asked = ask({ host, port: Number(realPort), path: request.url, method: request.method, headers }, answer =>
            resolve(answer.statusCode === 404 ? null : answer),
        );
        asked.on("error", () => resolve(null));
        request.pipe(asked);
    });
}

const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    if (arena && path.startsWith("/api/")) {
        const answered = await real(request);
        if (answered) {
            response.writeHead(answered.statusCode, answered.headers);
            answered.pipe(response);
            return;
        }
    }
    const data = answer(path);
    if (data !== undefined) return response.setHeader("content-type", "application/json").end(JSON.stringify(data));
    const file = extname(path) ? path : "/index.html";
    try {
        const bytes = await readFile(join(dist, normalize(file)));
        response.setHeader("content-type", types[extname(file)] ?? "application/octet-stream").end(bytes);
    } catch {
        response.writeHead(404).end();
    }
});

server.on("upgrade", (request, socket) => {
    const url = new URL(request.url, "http://localhost");
    if (arena && !url.pathname.endsWith("/show")) {
        const [host, realPort] = arena.split(":");
        const line = connect(Number(realPort), host, () => {
            const headers = Object.entries({ ...request.headers, host: arena, origin: `http://${arena}` }).map(
                ([name, value]) => `${name}: ${value}`,
            );
            line.write(`GET ${request.url} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`);
            socket.pipe(line).pipe(socket);
        });
        line.on("error", () => socket.destroy());
        socket.on("error", () => line.destroy());
        return;
    }
    const seat = url.searchParams.has("token") ? { team: 0, slot: 0, unit: 0 } : null;
    const asked = url.searchParams.get("view");
    const client = { view: seat ? 0 : asked === "0" || asked === "1" ? Number(asked) : "all", seat, me: seat ? 0 : -1, sent: null };
    if (seat) match.units.get(0).byHand = true;
    const line = accept(request, socket, { message: bytes => take(client, decode(bytes)), closed: () => clients.delete(client) });
    client.send = frame => line.send(encode(frame));
    clients.add(client);
    hello(client);
});

function hello(client) {
    const seats = [...match.units.values()]
        .filter(u => u.kind === 0)
        .map(u => ({
            unit: u.id,
            team: u.team,
            slot: u.id % 5,
            hero: u.type,
            player: u.id === 0 && client.seat ? "You" : "scripted:hard",
            bot: !(u.id === 0 && client.seat),
        }));
    client.send([
        "hello",
        {
            protocol: 1,
            match: "show",
            mode,
            rules: "full",
            stage: "playing",
            tickRate: 15,
            decisionTicks: 2,
            view: client.view,
            seat: client.seat,
            host: false,
            seats,
            schema,
            replay: null,
        },
    ]);
    client.sent = null;
    if (client.view === "all") client.send(["curves", { from: 0, gold: match.lead, xp: match.lead.map(n => n * 0.7) }]);
}

function take(client, [name, ...rest]) {
    const own = client.seat ? match.units.get(0) : null;
    if (name === "time") client.send(["pong", rest[0], match.tick]);
    if (name === "select") client.me = client.seat ? 0 : rest[0];
    if (name === "view" && !client.seat) {
        client.view = rest[0];
        hello(client);
    }
    if (name === "ping") match.events.push({ kind: "ping", team: client.seat?.team ?? -1, x: rest[0], y: rest[1], type: rest[2] });
    if (!own) return;
    const [sequence] = rest;
    let ok = true;
    if (name === "order") {
        const [, verb, target, x, y] = rest;
        const ability = ["skill1", "skill2", "skill3", "ultimate", "spell1", "spell2"].indexOf(verb);
        if (ability >= 0) ok = match.cast(own, ability, x, y, target);
        else own.goal = verb === "stop" ? null : { verb: verb === "attackMove" ? "move" : verb, target, x, y };
    } else if (name === "learn" && own.points > 0) {
        own.points--;
        own.levels[rest[1]]++;
    } else if (name === "buy") {
        ok = content.items[rest[1]].price <= own.gold && match.atHome(own);
        if (ok) {
            own.gold -= content.items[rest[1]].price;
            own.items[own.items.indexOf(-1)] = rest[1];
        }
    }
    if (["order", "learn", "buy", "auto"].includes(name))
        client.send(ok ? ["ack", sequence, true] : ["ack", sequence, false, "not possible now"]);
}

function changes(before, now, fields) {
    const rows = [];
    for (const [id, values] of now) {
        const old = before?.get(id);
        let mask = 0;
        const sent = [];
        fields.forEach((_, f) => {
            if (old && JSON.stringify(old[f]) === JSON.stringify(values[f])) return;
            mask |= 1 << f;
            sent.push(values[f]);
        });
        if (mask) rows.push([id, mask, ...sent]);
    }
    return rows;
}

setInterval(() => {
    match.step();
    for (const client of clients) {
        const now = match.tables(client.view, client.me);
        const tables = [];
        for (const [name, fields] of Object.entries(schema)) {
            const before = client.sent?.[name];
            const gone = before ? [...before.keys()].filter(id => !now[name].has(id)) : [];
            const rows = changes(before, now[name], fields);
            if (!client.sent || gone.length || rows.length) tables.push([name, gone, rows]);
        }
        client.send([client.sent ? "delta" : "full", match.tick, tables]);
        client.sent = now;
        if (match.events.length) client.send(["events", match.tick, match.events]);
        if (match.tick % 15 === 0 && client.view === "all")
            client.send([
                "curves",
                { from: match.lead.length - 1, gold: match.lead.slice(-1), xp: match.lead.slice(-1).map(n => n * 0.7) },
            ]);
    }
    match.events.length = 0;
}, 1000 / 15);

server.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/watch/match/show`));
