// The package.json of the published package, from the one of development: subpaths lead to what was built.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "./places.ts";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string>>;
}

/** A way into the package: its subpath, its source, and the name of what is built of it. */
export interface Entry {
  readonly subpath: string;
  readonly source: string;
  readonly name: string;
}

const manifest = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as Manifest;

/** The worker's script is built apart: it must be one file, beside the others, under the name that they ask for. */
export const workerSubpath = "./worker";

export const entries: readonly Entry[] = Object.entries(manifest.exports).map(([subpath, source]) => ({
  subpath,
  source: join(packageFolder, source),
  name: source.replace(/^\.\/src\/(.*)\.ts$/, "$1"),
}));

/** Subpaths that read and write files are for Node alone. */
export const isForNode = ({ subpath }: Entry): boolean => subpath.endsWith("/node");

export function publishedManifest(): object {
  const { name, version, description, license } = manifest;
  return {
    name,
    version,
    description,
    keywords: ["neural network", "deep learning", "training", "autograd", "tensor", "webassembly", "simd", "pytorch"],
    license,
    type: "module",
    engines: { node: ">=22" },
    exports: {
      ...Object.fromEntries(entries.map((entry) => [entry.subpath, targets(entry)])),
      "./strict.wasm": "./wasm/strict.wasm",
      "./fast.wasm": "./wasm/fast.wasm",
      "./package.json": "./package.json",
    },
  };
}

function targets(entry: Entry): Readonly<Record<string, string>> {
  const types = `./types/lanewise/${entry.name}.d.ts`;
  const script = entry.subpath === workerSubpath ? "lanewise-worker" : entry.name;
  const node = `./node/${script}.js`;
  return isForNode(entry) ? { types, default: node } : { types, node, default: `./page/${script}.js` };
}
