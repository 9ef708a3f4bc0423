// Bundles tests/*.test.ts for Node and runs them with Node's own test runner.

import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const out = await mkdtemp(join(tmpdir(), "arena-web-"));
try {
    const tests = (await readdir(join(root, "tests"))).filter(name => name.endsWith(".test.ts") || name.endsWith(".test.tsx"));
    await build({
        absWorkingDir: root,
        entryPoints: tests.map(name => join("tests", name)),
        outdir: out,
        outExtension: { ".js": ".mjs" },
        bundle: true,
        platform: "node",
        format: "esm",
        target: "node18",
        jsx: "automatic",
        jsxImportSource: "preact",
        loader: { ".css": "empty", ".svg": "text" },
        sourcemap: "inline",
        logLevel: "warning",
    });
    const files = (await readdir(out)).filter(name => name.endsWith(".test.mjs")).map(name => join(out, name));
    const run = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" });
    process.exitCode = run.status ?? 1;
} finally {
    await rm(out, { recursive: true, force: true });
}
