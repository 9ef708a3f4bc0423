// Bundles src/ into dist/: content-hashed scripts and styles, and the page that names them. `--watch` builds again at every change.

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { context } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const dist = process.env.ARENA_WEB_DIST ?? join(root, "dist");
const watch = process.argv.includes("--watch");
const budget = 1_000_000;

/** Writes the page, removes what an earlier build left, and refuses a bundle over its budget. */
const page = {
    name: "page",
    setup(build) {
        build.onEnd(async result => {
            if (result.errors.length > 0 || !result.metafile) return;
            const outputs = Object.keys(result.metafile.outputs).map(path => relative(dist, join(root, path)));
            const entry = Object.entries(result.metafile.outputs).find(([, output]) => output.entryPoint === "src/main.tsx");
            const script = relative(dist, join(root, entry[0]));
            const style = relative(dist, join(root, entry[1].cssBundle));
            const early = entry[1].imports.filter(i => i.kind === "import-statement").map(i => relative(dist, join(root, i.path)));
            const template = await readFile(join(root, "index.html"), "utf8");
            const html = template
                .replace("<!-- styles -->", `<link rel="stylesheet" href="/${style}" />`)
                .replace(
                    "<!-- scripts -->",
                    [
                        ...early.map(path => `<link rel="modulepreload" href="/${path}" />`),
                        `<script type="module" src="/${script}"></script>`,
                    ].join("\n        "),
                );
            await mkdir(dist, { recursive: true });
            let zipped = 0;
            for (const path of outputs) zipped += path.endsWith(".map") ? 0 : gzipSync(await readFile(join(dist, path))).length;
            const keep = new Set([...outputs, "index.html", ".stamp"]);
            for (const item of await readdir(dist, { recursive: true, withFileTypes: true })) {
                const path = relative(dist, join(item.parentPath ?? item.path, item.name));
                if (item.isFile() && !keep.has(path)) await rm(join(dist, path), { force: true });
            }
            await writeFile(join(dist, "index.html"), html);
            console.log(`web: ${outputs.length} files, ${(zipped / 1000).toFixed(0)} kB gzipped`);
            if (zipped > budget) throw new Error(`the bundle has ${zipped} bytes gzipped; allowed are ${budget}`);
        });
    },
};

const builder = await context({
    absWorkingDir: root,
    entryPoints: ["src/main.tsx"],
    outdir: dist,
    bundle: true,
    format: "esm",
    splitting: true,
    minify: !watch,
    sourcemap: watch ? "linked" : false,
    target: ["es2022", "chrome110", "firefox115", "safari16.4"],
    entryNames: "assets/[name]-[hash]",
    chunkNames: "assets/[name]-[hash]",
    assetNames: "assets/[name]-[hash]",
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".svg": "text", ".woff2": "file" },
    legalComments: "external",
    metafile: true,
    logLevel: "warning",
    plugins: [page],
});

if (watch) {
    await builder.watch();
    console.log("web: watching src/");
} else {
    const result = await builder.rebuild().catch(error => {
        if (!error.errors) console.error(`web: ${error.message}`);
        return null;
    });
    await builder.dispose();
    process.exit(result && result.errors.length === 0 ? 0 : 1);
}
