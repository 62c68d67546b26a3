// The peers: packages of a lockfile of their own, outside the workspace, installed at the first bench that wants them.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

export const peersFolder = join(import.meta.dirname, "peers");
const stamp = join(peersFolder, "node_modules", ".installed-from");
const requireFromPeers = createRequire(join(peersFolder, "package.json"));

/** A peer's package. Its types are not there when the repository is checked, so the caller says what it uses. */
export function requirePeer<T>(name: string): T {
  return requireFromPeers(name) as T;
}

/** The version that is really installed, whatever the package says of itself. */
export function peerVersion(name: string): string {
  const manifest = readFileSync(join(peersFolder, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/** Installs what the lockfile names, once. */
export function installPeers(): void {
  const lockfile = readFileSync(join(peersFolder, "package-lock.json"), "utf8");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lockfile) return;
  console.log("Installing the peers into tests/bench/peers (about 450 MB, once).");
  const { program, args } = npm();
  const result = spawnSync(program, [...args, "ci"], { cwd: peersFolder, encoding: "utf8" });
  if (result.status !== 0) {
    const why = result.error?.message ?? result.stderr.trim();
    throw new Error(`The peers could not be installed; \`npm ci\` in ${peersFolder} said:\n${why}`);
  }
  writeFileSync(stamp, lockfile);
}

/** The npm that runs this script, else the one on the path. */
function npm(): { program: string; args: string[] } {
  const script = process.env.npm_execpath;
  return script?.endsWith("npm-cli.js")
    ? { program: process.execPath, args: [script] }
    : { program: process.platform === "win32" ? "npm.cmd" : "npm", args: [] };
}
