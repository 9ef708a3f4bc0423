// What the solution's build runs: fetches the libraries where the lock file asks for others than are here, then bundles.
// Ends with 3 when the libraries cannot be had: the server is then built without this client.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const stamp = join(root, "node_modules", ".stamp");
const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
    // Scripts of packages stay off: what is used here needs none, and some would download.
    const fetched = spawnSync("npm", ["ci", "--ignore-scripts", "--loglevel=error"], { cwd: root, encoding: "utf8" });
    if (fetched.status !== 0) {
        console.log(
            `web: npm ci failed. ${fetched.error?.message ?? ""}\n${`${fetched.stdout ?? ""}${fetched.stderr ?? ""}`.trim().slice(-1500)}`,
        );
        process.exit(3);
    }
    writeFileSync(stamp, wanted);
}
const built = spawnSync(process.execPath, ["build.mjs"], { cwd: root, stdio: "inherit" });
if (built.status === 0) {
    mkdirSync(join(root, "dist"), { recursive: true });
    writeFileSync(join(root, "dist", ".stamp"), "");
}
process.exit(built.status === 0 ? 0 : 1);
