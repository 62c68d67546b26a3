// The static build: pages and workers bundled by esbuild under names that carry their content's hash, all addresses relative.
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { Emitter } from "./emitter.ts";
import { writeServiceWorker } from "./offline.ts";

const SOURCES = fileURLToPath(new URL("../", import.meta.url));

export interface Built {
  readonly files: number;
  readonly bytes: number;
}

/** Builds the demo into `folder`, which is emptied before. */
export async function buildDemo(folder: string): Promise<Built> {
  await rm(folder, { recursive: true, force: true });
  const assets = join(folder, "assets");
  await mkdir(assets, { recursive: true });
  const settings: BuildOptions = {
    outdir: assets,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: ["es2022", "chrome114", "firefox115", "safari16.4"],
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    metafile: true,
    logLevel: "warning",
    legalComments: "none",
  };
  const emitter = new Emitter(assets, settings);
  // Together, so that what several workers load, the kernels above all, is one file.
  await emitter.addScripts((await sourcesBelow(SOURCES)).filter((path) => /worker\.ts$/.test(path)));
  const names = await outputs(emitter, settings);
  const html = await readFile(join(SOURCES, "index.html"), "utf8");
  const page = html.replace(/"(?:\.\/)?(main\.ts|theme\.ts|style\.css)"/g, (_, source: string) => {
    return `"./assets/${names.get(source)!}"`;
  });
  await writeFile(join(folder, "index.html"), page);
  await writeServiceWorker(folder, SOURCES, settings);
  return measured(folder);
}

/** The page's own files by their source's name. */
async function outputs(emitter: Emitter, settings: BuildOptions): Promise<Map<string, string>> {
  const entries = ["main.ts", "style.css"].map((name) => join(SOURCES, name));
  const module = await build({ ...settings, entryPoints: entries, plugins: [emitter.plugin] });
  // Before the first paint, hence no module: the choice of colours must not flash.
  const classic: BuildOptions = { ...settings, splitting: false, format: "iife" };
  const theme = await build({ ...classic, entryPoints: [join(SOURCES, "shell/theme.ts")] });
  const named = [module, theme].flatMap(({ metafile }) =>
    Object.entries(metafile!.outputs).flatMap(([output, { entryPoint }]) =>
      entryPoint === undefined ? [] : [[basename(entryPoint), basename(output)] as const],
    ),
  );
  return new Map(named);
}

const basename = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Every file below a folder, as absolute paths in order. */
export async function sourcesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => resolve(entry.parentPath, entry.name))
    .sort();
}

async function measured(folder: string): Promise<Built> {
  const files = await sourcesBelow(folder);
  const sizes = await Promise.all(files.map(async (path) => (await stat(path)).size));
  return { files: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
