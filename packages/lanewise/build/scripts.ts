// The scripts of the published package, by esbuild: once for Node, once for pages, the kernels beside both.
import { join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { writeKernels } from "./kernels.ts";
import { entries, isForNode, workerSubpath } from "./manifest.ts";
import { kernelsFolder } from "./places.ts";

const binaries = ["strict", "fast"] as const;

/** The embedded bytes are shared by both builds: `packages/kernels/wasm/strict/embedded.js` is `wasm/strict.js`. */
const kernelsBeside: Plugin = {
  name: "kernels-beside",
  setup({ onResolve }) {
    onResolve({ filter: /\/wasm\/(strict|fast)\/embedded\.js$/ }, ({ path }) => {
      const [, binary] = /(strict|fast)\/embedded\.js$/.exec(path)!;
      return { path: `../wasm/${binary}.js`, external: true };
    });
  },
};

const published: BuildOptions = {
  bundle: true,
  format: "esm",
  target: "es2023",
  minifySyntax: true,
  minifyWhitespace: true,
  // The third parties' licences lie beside the scripts.
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
};

/** Builds everything below `folder`; gives the paths of the sources that went in, relative to `workingFolder`. */
export async function buildScripts(folder: string, workingFolder: string): Promise<string[]> {
  const forHost = (host: "node" | "page", options: BuildOptions) => {
    const fitting = entries.filter(
      (entry) => entry.subpath !== workerSubpath && (host === "node" || !isForNode(entry)),
    );
    return [
      build({
        ...published,
        ...options,
        absWorkingDir: workingFolder,
        entryPoints: Object.fromEntries(fitting.map(({ name, source }) => [name, source])),
        outdir: join(folder, host),
        // Beside the entries, for the worker's address is relative to the script that names it.
        chunkNames: "[name]-[hash]",
        splitting: true,
        plugins: [kernelsBeside],
      }),
      build({
        ...published,
        ...options,
        absWorkingDir: workingFolder,
        entryPoints: [join(kernelsFolder, "src/host", host, "lanewise-worker.js")],
        outdir: join(folder, host),
      }),
    ];
  };
  const builds = await Promise.all([
    ...forHost("node", { platform: "node" }),
    ...forHost("page", { platform: "browser" }),
  ]);
  for (const binary of binaries) writeKernels(binary, join(folder, "wasm"));
  return builds.flatMap(({ metafile }) => Object.keys(metafile!.inputs));
}
