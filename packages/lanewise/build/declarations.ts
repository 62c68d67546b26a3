// The declarations of the published package: what tsc says of the sources, with addresses that hold without the repository.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { promisify } from "node:util";
import { entries } from "./manifest.ts";
import { kernelsFolder, packages, root } from "./places.ts";

type Exports = Readonly<Record<string, string | { readonly default: string }>>;

/** Our packages by the names that imports have for them: @lanewise/io/node is packages/io/src/node.ts. */
const sourceOf: ReadonlyMap<string, string> = new Map(
  readdirSync(packages).flatMap((name) => {
    const { exports } = JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8")) as { exports: Exports };
    return Object.entries(exports).map(([subpath, target]): [string, string] => [
      `@lanewise/${name}${subpath.slice(1)}`,
      join(packages, name, typeof target === "string" ? target : target.default),
    ]);
  }),
);

/** Writes into `folder` the declarations that the entries reach, one folder for each package. */
export async function buildDeclarations(folder: string): Promise<void> {
  const emitted = mkdtempSync(join(root, "out", "declarations-"));
  try {
    await emit(emitted);
    const waiting = entries.map(({ source }) => declarationOf(source, emitted));
    const done = new Set<string>();
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (done.has(path)) continue;
      done.add(path);
      const { text, named } = readdressed(textOf(path, emitted), path, emitted);
      const target = join(folder, flat(relative(emitted, path)));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, withLibraries(text));
      waiting.push(...named);
    }
  } finally {
    rmSync(emitted, { recursive: true, force: true });
  }
}

async function emit(outDir: string): Promise<void> {
  const config = {
    extends: join(root, "tsconfig.base.json"),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: packages,
      outDir,
      // Found by way of node_modules, they would be taken for others' packages, and left out.
      paths: Object.fromEntries([...sourceOf].map(([name, source]) => [name, [source]])),
    },
    files: [...entries.map(({ source }) => source), join(kernelsFolder, "src/embedded.d.ts")],
  };
  const file = join(outDir, "tsconfig.json");
  writeFileSync(file, JSON.stringify(config));
  const typescript = dirname(createRequire(join(root, "package.json")).resolve("typescript/package.json"));
  const { bin } = JSON.parse(readFileSync(join(typescript, "package.json"), "utf8")) as { bin: { tsc: string } };
  await promisify(execFile)(process.execPath, [join(typescript, bin.tsc), "-p", file], { cwd: root }).catch((error) => {
    throw new Error(`tsc made no declarations:\n${error.stdout}`, { cause: error });
  });
}

/** tsc emits nothing for what already is a declaration: the bindings', by wasm-bindgen, and those of plain JavaScript. */
function textOf(path: string, emitted: string): string {
  return readFileSync(existsSync(path) ? path : join(packages, relative(emitted, path)), "utf8");
}

const declarationOf = (source: string, emitted: string): string =>
  join(emitted, relative(packages, source)).replace(/(\.d)?\.[jt]s$/, ".d.ts");

/** What a project of an older language level does not know by itself. */
const withLibraries = (text: string): string =>
  text.includes("[Symbol.dispose]") ? `/// <reference lib="esnext.disposable" />\n${text}` : text;

const flat = (path: string): string => path.replaceAll(sep, "/").replace(/^([^/]+)\/src\//, "$1/");

/** The text with every address of ours made relative and ending in .js, and the files that it names. */
function readdressed(text: string, path: string, emitted: string): { text: string; named: string[] } {
  const named: string[] = [];
  const here = dirname(flat(relative(emitted, path)));
  const address = (specifier: string): string => {
    const found = ours(specifier, path, emitted);
    if (found === undefined) return specifier;
    named.push(found);
    const to = relative(here, flat(relative(emitted, found)))
      .replaceAll(sep, "/")
      .replace(/\.d\.ts$/, ".js");
    return to.startsWith(".") ? to : `./${to}`;
  };
  const pattern = /(\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|\bdeclare module\s+)"([^"\n]+)"/g;
  return { text: text.replace(pattern, (_, before, specifier) => `${before}"${address(specifier)}"`), named };
}

/** The emitted declaration that an address means, if it is one of ours. */
function ours(specifier: string, path: string, emitted: string): string | undefined {
  if (specifier.startsWith(".")) return resolve(dirname(path), specifier).replace(/\.[jt]s$/, ".d.ts");
  const source = sourceOf.get(specifier);
  return source && declarationOf(source, emitted);
}
