// What modules refer to by its address lies in the build under a name of its content, and examples in comments do not count.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Emitter } from "./emitter.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lanewise-emitter-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Bundles main.ts of these files; what lies in the build, and the bundle's text. */
async function built(files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const out = join(folder, "out");
  const settings = { outdir: out, bundle: true, format: "esm", metafile: true, entryNames: "[name]-[hash]" } as const;
  const emitter = new Emitter(out, settings);
  mkdirSync(out);
  await build({ ...settings, logLevel: "silent", entryPoints: [join(folder, "main.ts")], plugins: [emitter.plugin] });
  const names = readdirSync(out).sort();
  return { names, main: readFileSync(join(out, names.find((name) => name.startsWith("main"))!), "utf8") };
}

test("a worker is bundled, a file copied, a folder copied whole; each reference names what came of it", async () => {
  const { names, main } = await built({
    "main.ts": [
      'export const worker = new URL("./worker.ts", import.meta.url);',
      'export const file = new URL("./data.bin", import.meta.url);',
      'export const files = new URL("./sample/", import.meta.url);',
    ].join("\n"),
    "worker.ts": 'import { told } from "./told.ts"; postMessage(told);',
    "told.ts": "export const told: number = 41 + 1;",
    "data.bin": "bytes",
    "sample/one.gz": "1",
    "sample/two.gz": "2",
  });
  const [data, , sample, worker] = names;
  expect(names).toEqual([
    expect.stringMatching(/^data-[0-9A-F]{8}\.bin$/),
    expect.stringMatching(/^main-/),
    expect.stringMatching(/^sample-[0-9A-F]{8}$/),
    expect.stringMatching(/^worker-[0-9A-Z]+\.js$/),
  ]);
  for (const reference of [data, `${sample}/`, worker])
    expect(main).toContain(`new URL("./${reference}", import.meta.url)`);
  expect(readFileSync(join(folder, "out", worker!), "utf8")).toContain("told = 41 + 1");
  expect(readdirSync(join(folder, "out", sample!))).toEqual(["one.gz", "two.gz"]);
});

test("an example in a comment is no reference", async () => {
  const { names } = await built({
    "main.ts": '/**\n * new Worker(new URL("./absent.js", import.meta.url))\n */\nexport const one = 1;\n',
  });
  expect(names).toHaveLength(1);
});

test("a reference to what is not there stops the build, and both are named", async () => {
  const files = { "main.ts": 'export const absent = new URL("./absent.bin", import.meta.url);\n' };
  await expect(built(files)).rejects.toThrow(/main\.ts refers to \.\/absent\.bin/);
});
