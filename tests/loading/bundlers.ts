// Builds a project's page as users of each bundler do; gives the folder to serve.
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import * as vite from "vite";
import webpack from "webpack";

export type Bundle = (project: string) => Promise<string>;

/** esbuild and Rollup leave workers alone: each one's script is an entry point, the threads' with `threads`. */
const entryPoints = (threads: boolean): Record<string, string> => ({
  page: "./page.js",
  "in-worker": "./in-worker.js",
  ...(threads ? { "lanewise-worker": "lanewise/worker" } : {}),
});

function emptyFolder(project: string): string {
  const folder = join(project, "served");
  mkdirSync(folder);
  cpSync(join(project, "index.html"), join(folder, "index.html"));
  return folder;
}

export const byEsbuild =
  (threads: boolean): Bundle =>
  async (project) => {
    const outdir = emptyFolder(project);
    await esbuild.build({
      absWorkingDir: project,
      entryPoints: entryPoints(threads),
      bundle: true,
      splitting: true,
      format: "esm",
      minify: true,
      outdir,
      logLevel: "warning",
    });
    return outdir;
  };

/** One script for all, as `<script src>` has it: nothing in it knows where it lies. */
export const byEsbuildAsOneScript: Bundle = async (project) => {
  const outdir = emptyFolder(project);
  await esbuild.build({
    absWorkingDir: project,
    entryPoints: ["./page.js"],
    bundle: true,
    format: "iife",
    minify: true,
    outdir,
    // esbuild warns that import.meta is empty then.
    logLevel: "error",
  });
  return outdir;
};

export const byRollup =
  (threads: boolean): Bundle =>
  async (project) => {
    const folder = emptyFolder(project);
    const input = Object.entries(entryPoints(threads)).map(([name, path]) => [name, path.replace(/^\./, project)]);
    const bundle = await rollup({
      input: Object.fromEntries(input),
      plugins: [nodeResolve({ browser: true, rootDir: project })],
      onwarn(warning) {
        throw new Error(`Rollup warns: ${warning.message}`);
      },
    });
    await bundle.write({ dir: folder, format: "es", entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" });
    await bundle.close();
    return folder;
  };

export const byWebpack: Bundle = async (project) => {
  const folder = join(project, "served");
  const options = {
    context: project,
    mode: "production",
    entry: "./page.js",
    output: { path: folder, filename: "page.js" },
  } as const;
  await new Promise<void>((resolve, reject) => {
    webpack(options, (error, stats) => {
      const problems = error ?? (stats?.hasErrors() || stats?.hasWarnings() ? stats.toString("errors-warnings") : null);
      if (problems === null) resolve();
      else reject(problems instanceof Error ? problems : new Error(problems));
    });
  });
  // Its scripts are no modules.
  writeFileSync(
    join(folder, "index.html"),
    '<!doctype html>\n<meta charset="utf-8">\n<link rel="icon" href="data:,">\n<script defer src="page.js"></script>\n',
  );
  return folder;
};

const viteSettings = (project: string): vite.InlineConfig => ({
  root: project,
  configFile: false,
  logLevel: "error",
  base: "./",
  // The default, iife, can load nothing later; a worker of the page that trains has the kernels to load.
  worker: { format: "es" },
});

export const byVite: Bundle = async (project) => {
  await vite.build({ ...viteSettings(project), build: { outDir: "served" } });
  return join(project, "served");
};

/** Vite's server of development, on a free port, with the headers of isolation. */
export async function serveByVite(project: string): Promise<vite.ViteDevServer> {
  const headers = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
  const server = await vite.createServer({ ...viteSettings(project), base: "/", server: { port: 0, headers } });
  return server.listen();
}
