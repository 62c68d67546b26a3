// The service worker's script: it lies beside index.html, for its scope, and knows the files of its build.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { sourcesBelow } from "./build.ts";

/** Writes sw.js into the built folder; its version is the hash of all that it may keep. */
export async function writeServiceWorker(folder: string, sources: string, settings: BuildOptions): Promise<void> {
  const paths = await sourcesBelow(folder);
  const hash = createHash("sha256");
  for (const path of paths) hash.update(relative(folder, path)).update(await readFile(path));
  const files = paths
    .map((path) => relative(folder, path).replaceAll("\\", "/"))
    .filter((file) => file !== "index.html");
  await build({
    ...settings,
    entryPoints: { sw: join(sources, "offline/sw.ts") },
    outdir: folder,
    entryNames: "[name]",
    splitting: false,
    format: "iife",
    define: {
      BUILD_VERSION: JSON.stringify(hash.digest("hex").slice(0, 12)),
      BUILD_FILES: JSON.stringify(files),
    },
  });
}
