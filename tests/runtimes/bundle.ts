// Bundles a module for pages with esbuild: as the page's script, as a worker's, and the pool's script beside them.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
const bundles = new Map<string, Promise<string>>();

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>Lanewise under test</title>
<script type="module" src="page.js"></script>
</html>
`;

/** Scripts more, by the name that they are served under. */
export type Scripts = Readonly<Record<string, string>>;

/** The folder with index.html that holds the bundle of `module`; built once a run. */
export function bundleForPages(module: string, scripts: Scripts = {}): Promise<string> {
  const path = resolve(module);
  const key = JSON.stringify([path, scripts]);
  const known = bundles.get(key) ?? write(path, scripts, key);
  bundles.set(key, known);
  return known;
}

async function write(module: string, scripts: Scripts, key: string): Promise<string> {
  const folder = join(root, "out", "runtimes", createHash("sha256").update(key).digest("hex").slice(0, 12));
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: {
      page: join(root, "tests/runtimes/pages/page.ts"),
      worker: join(root, "tests/runtimes/pages/worker.ts"),
      // The pool asks for it by its address beside its own, which is where these files lie: esbuild does not move it by itself.
      "lanewise-worker": join(root, "packages/kernels/src/host/page/lanewise-worker.js"),
      ...scripts,
    },
    alias: { "tested-module": module },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "warning",
  });
  writeFileSync(join(folder, "index.html"), page);
  return folder;
}
