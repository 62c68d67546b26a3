// The folder that the bench's page is served from: its script, a library's worker, and the files that the library loads.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { peersFolder } from "../peers.ts";

export const libraries = ["lanewise", "tfjs", "onnxruntime"] as const;
export type LibraryName = (typeof libraries)[number];

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>Bench</title>
<body>
<script type="module" src="page.js"></script>
</html>
`;

/** Binaries and scripts that a peer fetches by itself, below a folder of its name. */
const ownFiles: Readonly<Record<LibraryName, readonly string[]>> = {
  lanewise: [],
  tfjs: ["tfjs-backend-wasm", "tfjs-backend-wasm-simd", "tfjs-backend-wasm-threaded-simd"].map(
    (name) => `@tensorflow/tfjs-backend-wasm/dist/${name}.wasm`,
  ),
  onnxruntime: ["mjs", "wasm"].map((ending) => `onnxruntime-web/dist/ort-wasm-simd-threaded.${ending}`),
};

export async function bundlePage(library: LibraryName): Promise<string> {
  const tests = join(import.meta.dirname, "../..");
  const folder = join(tests, "../out/bench-pages", library);
  const packages = join(peersFolder, "node_modules");
  await build({
    absWorkingDir: tests,
    entryPoints: {
      page: join(import.meta.dirname, "page.ts"),
      library: join(import.meta.dirname, `${library}.ts`),
      "training-worker": join(import.meta.dirname, "training-worker.ts"),
      // The threads' script, named to init.
      "lanewise-worker": "@lanewise/kernels/worker",
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    nodePaths: [packages],
    // ONNX Runtime's engine beside the bundle, where its threads find it.
    conditions: ["onnxruntime-web-use-extern-wasm"],
    logLevel: "error",
  });
  writeFileSync(join(folder, "index.html"), page);
  mkdirSync(join(folder, library), { recursive: true });
  for (const file of ownFiles[library])
    copyFileSync(join(packages, file), join(folder, library, file.split("/").at(-1)!));
  return folder;
}
