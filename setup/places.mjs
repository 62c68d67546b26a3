// Where things lie: the work tree, the cache outside it that outlives a clone, the logs.
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** The folder for what is built once and shared by every clone: tools, a toolchain, stamps about both. */
export function cacheFolder(env = process.env, home = homedir()) {
  if (env.LANEWISE_CACHE) return resolve(env.LANEWISE_CACHE);
  if (env.XDG_CACHE_HOME) return resolve(env.XDG_CACHE_HOME, "lanewise");
  return join(home, ".cache", "lanewise");
}

export const cache = cacheFolder();
export const logs = join(root, "out", "logs");

/** A path as a reader in the work tree would type it. */
export const shown = (path) => (path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path);
