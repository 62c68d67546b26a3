// What modules refer to by `new URL("./x", import.meta.url)`: workers' scripts, models, pictures. Each becomes a file beside
// the bundles, with its content's hash in its name, and the reference names that file; esbuild itself leaves them alone.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";

/** On a line of code: one that begins as comments do is an example in a documentation. */
const REFERENCE = /(?<=^(?!\s*(?:\*|\/\/)).*)new URL\(\s*"(\.{1,2}\/[^"]*)",\s*import\.meta\.url,?\s*\)/gm;

export class Emitter {
  readonly #folder: string;
  readonly #settings: BuildOptions;
  readonly #emitted = new Map<string, Promise<string>>();

  /** @param folder where files go, which is where the bundles lie too */
  constructor(folder: string, settings: BuildOptions) {
    this.#folder = folder;
    this.#settings = settings;
  }

  /** Bundles scripts that others refer to, in one build. */
  async addScripts(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return;
    const { metafile } = await build({ ...this.#settings, entryPoints: [...paths], plugins: [this.plugin] });
    for (const [output, { entryPoint }] of Object.entries(metafile!.outputs)) {
      if (entryPoint !== undefined) this.#emitted.set(resolve(entryPoint), Promise.resolve(basename(output)));
    }
  }

  readonly plugin: Plugin = {
    name: "emitter",
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.[jt]s$/ }, async ({ path }) => {
        const text = await readFile(path, "utf8");
        const references = [...text.matchAll(REFERENCE)];
        if (references.length === 0) return undefined;
        const names = await Promise.all(references.map(([, to]) => this.#emit(path, to!)));
        const contents = text.replace(REFERENCE, () => `new URL("./${names.shift()}", import.meta.url)`);
        return { contents, loader: extname(path) === ".ts" ? "ts" : "js" };
      });
    },
  };

  /** The name that what `to` means in the file `from` has in the build. */
  #emit(from: string, to: string): Promise<string> {
    const path = resolve(dirname(from), to);
    const known = this.#emitted.get(path) ?? this.#make(path, to.endsWith("/"));
    this.#emitted.set(path, known);
    return known.catch((cause) => {
      throw new Error(`${from} refers to ${to}: ${cause}`, { cause });
    });
  }

  async #make(path: string, folder: boolean): Promise<string> {
    if (folder) return `${await this.#copyFolder(path)}/`;
    return /\.[jt]s$/.test(path) ? this.#bundle(path) : this.#copy(path);
  }

  async #bundle(path: string): Promise<string> {
    const { metafile } = await build({ ...this.#settings, entryPoints: [path], plugins: [this.plugin] });
    const [output] = Object.entries(metafile!.outputs).find(([, made]) => made.entryPoint !== undefined)!;
    return basename(output);
  }

  async #copy(path: string): Promise<string> {
    const name = hashedName(path, await readFile(path));
    await copyFile(path, join(this.#folder, name));
    return name;
  }

  /** A folder's own files keep their names: whoever looks into it knows them. */
  async #copyFolder(path: string): Promise<string> {
    const files: string[] = [];
    for (const name of (await readdir(path)).sort()) if ((await stat(join(path, name))).isFile()) files.push(name);
    const contents = await Promise.all(files.map((name) => readFile(join(path, name))));
    const folder = hashedName(path, Buffer.concat(contents));
    await mkdir(join(this.#folder, folder), { recursive: true });
    await Promise.all(files.map((name) => copyFile(join(path, name), join(this.#folder, folder, name))));
    return folder;
  }
}

function hashedName(path: string, content: Uint8Array): string {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const end = extname(path);
  return `${basename(path, end)}-${hash}${end}`;
}
