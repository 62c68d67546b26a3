// Stamps: a step that is done leaves the hash of its inputs and what it found out; it runs again when the hash changes.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const ignored = new Set(["node_modules", "target", "out", "dist", ".git"]);

/** Every file below a path (or the path itself, if a file), in an order that does not depend on the disk. */
export function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !ignored.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesBelow(join(path, entry.name)));
}

/** SHA-256 over names and bytes of files (names relative to base: a clone elsewhere hashes alike) and over settings. */
export function hashOf({ base, files = [], settings = null }) {
  const hash = createHash("sha256");
  for (const file of files) {
    const bytes = readFileSync(file);
    hash.update(`${relative(base, file).replaceAll("\\", "/")}\0${bytes.length}\0`).update(bytes);
  }
  return hash.update(JSON.stringify(settings)).digest("hex");
}

/** What the stamp holds if it was made from the same inputs, else undefined: absent, older or damaged is all the same. */
export function readStamp(path, hash) {
  try {
    const stamp = JSON.parse(readFileSync(path, "utf8"));
    return stamp.hash === hash ? stamp.result : undefined;
  } catch {
    return undefined;
  }
}

/** Writes aside and renames, so that being cut off leaves the old stamp or none. */
export function writeStamp(path, hash, result = {}) {
  mkdirSync(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}.new`;
  writeFileSync(aside, `${JSON.stringify({ hash, result }, null, 2)}\n`);
  renameSync(aside, path);
}

/** Puts a finished folder in the place of an older one. */
export function replaceFolder(finished, place) {
  const old = `${place}.${process.pid}.old`;
  if (existsSync(place)) renameSync(place, old);
  renameSync(finished, place);
  rmSync(old, { recursive: true, force: true });
}
