// The installed package in Node: import, require, a worker of Node, and the compiler of an empty TypeScript project.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { describe, expect, inject, it } from "vitest";
import expected from "./fixtures/losses.json" with { type: "json" };
import { expectLosses, newProject, type Told } from "./projects.ts";

const run = promisify(execFile);
const tell = "train({ strict: true }).then((told) => console.log(JSON.stringify(told)))";

async function told(files: Readonly<Record<string, string>>, start: string): Promise<Told> {
  const { stdout } = await run(process.execPath, [start], { cwd: newProject(files) });
  return JSON.parse(stdout) as Told;
}

/** Every subpath but the worker's script, which is no module to import, and files that are none. */
const subpaths = Object.keys(
  (
    JSON.parse(readFileSync(join(inject("project"), "node_modules/lanewise/package.json"), "utf8")) as {
      exports: object;
    }
  ).exports,
).filter((subpath) => !/worker$|\.wasm$|\.json$/.test(subpath));

describe("P04, P01: one package in Node", () => {
  it("import: trains on all cores, as NumPy calculates", async () => {
    const result = await told({ "start.js": `import { train } from "./program.js";\n${tell};\n` }, "start.js");
    expectLosses(result.losses, expected);
    expect(result).toMatchObject({ binary: "strict", threads: availableParallelism() });
  });

  it("require: the same losses, to the bit", async () => {
    const lines = ['const { train } = require("./program.js");', `${tell};`];
    const [imported, required] = await Promise.all([
      told({ "start.js": `import { train } from "./program.js";\n${tell};\n` }, "start.js"),
      told({ "start.cjs": lines.join("\n") }, "start.cjs"),
    ]);
    expect(required.losses).toEqual(imported.losses);
    expect(required.threads).toBe(availableParallelism());
  });

  it("require gives what import gives, by every subpath", async () => {
    const source = `
      const names = ${JSON.stringify(subpaths.map((subpath) => subpath.replace(".", "lanewise")))};
      const load = async (name) => [name, Object.keys(await import(name)).length, require(name) === (await import(name))];
      Promise.all(names.map(load)).then((found) => console.log(JSON.stringify(found)));
    `;
    const found = (await told({ "start.cjs": source }, "start.cjs")) as unknown as [string, number, boolean][];
    expect(found).toHaveLength(subpaths.length);
    expect(found.filter(([, exports, same]) => exports === 0 || !same)).toEqual([]);
  });

  it("a worker of Node", async () => {
    const files = {
      "start.js": `
        import { Worker } from "node:worker_threads";
        new Worker(new URL("./worker.js", import.meta.url)).on("message", (told) => console.log(JSON.stringify(told)));
      `,
      "worker.js": `
        import { parentPort } from "node:worker_threads";
        import { train } from "./program.js";
        parentPort.postMessage(await train({ strict: true, threads: 2 }));
      `,
    };
    const result = await told(files, "start.js");
    expectLosses(result.losses, expected);
    expect(result.threads).toBe(2);
  });

  it("the kernels as files: strict.wasm and fast.wasm", async () => {
    const source = `
      import { train } from "./program.js";
      const file = (binary) => new URL(import.meta.resolve(\`lanewise/\${binary}.wasm\`));
      const wasm = { strict: file("strict"), fast: file("fast") };
      console.log(JSON.stringify(await train({ threads: 1, wasm })));
    `;
    const result = await told({ "start.js": source }, "start.js");
    expectLosses(result.losses, expected);
    expect(result.binary).toBe("fast");
  });
});

describe("bundled by esbuild for Node", () => {
  async function bundledTold(format: "esm" | "cjs", threads: boolean): Promise<Told> {
    const project = newProject({ "start.js": `import { train } from "./program.js";\n${tell};\n` });
    const outdir = join(project, "bundled");
    await build({
      absWorkingDir: project,
      entryPoints: { start: "./start.js", ...(threads ? { "lanewise-worker": "lanewise/worker" } : {}) },
      bundle: true,
      splitting: format === "esm",
      format,
      platform: "node",
      outdir,
      outExtension: { ".js": format === "esm" ? ".js" : ".cjs" },
      // esbuild warns that import.meta is empty in cjs.
      logLevel: "error",
    });
    const { stdout } = await run(process.execPath, [join(outdir, format === "esm" ? "start.js" : "start.cjs")]);
    return JSON.parse(stdout) as Told;
  }

  it("the threads' script is a second entry point: all cores", async () => {
    const result = await bundledTold("esm", true);
    expectLosses(result.losses, expected);
    expect(result.threads, result.reasons.join()).toBe(availableParallelism());
  });

  it.each(["esm", "cjs"] as const)("without it (%s) one thread, and the advice names it", async (format) => {
    const result = await bundledTold(format, false);
    expectLosses(result.losses, expected);
    expect(result.threads).toBe(1);
    expect(result.advice.join()).toMatch(/lanewise\/worker as a second entry point.*workerUrl/);
  });
});

describe("an empty TypeScript project", () => {
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  const readme = readFileSync(join(inject("project"), "node_modules/lanewise/README.md"), "utf8");
  const example = /```ts\n(import \{ init \}[\s\S]*?)```/.exec(readme)![1]!;
  const wrong = `
    import { Linear, Sequential } from "lanewise/nn";
    export const model = new Sequential(new Linear(784, 256), new Linear(128, 10));
  `;
  const chained = `
    import { tensor } from "lanewise";
    export const eleven: number = tensor([[1, 2]]).matmul(tensor([[3], [4]])).sum().item();
  `;
  const all = subpaths
    .map((subpath, i) => `import * as m${i} from "${subpath.replace(".", "lanewise")}"; export { m${i} };`)
    .join("\n");

  it.each(["nodenext", "bundler"])(
    "is checked with the library's own declarations (moduleResolution %s)",
    async (how) => {
      const compilerOptions = {
        module: how === "bundler" ? "esnext" : how,
        moduleResolution: how,
        target: "es2022",
        strict: true,
        noEmit: true,
        skipLibCheck: false,
        types: [],
      };
      const files = {
        "tsconfig.json": JSON.stringify({ compilerOptions, include: ["*.ts"] }),
        "readme.ts": example,
        "all.ts": all,
        "chained.ts": chained,
        "wrong.ts": wrong,
      };
      const compiled = await run(process.execPath, [tsc, "-p", "."], { cwd: newProject(files) }).then(
        ({ stdout }) => stdout,
        ({ stdout }: { stdout: string }) => stdout,
      );
      const errors = compiled.split("\n").filter((line) => /^\S/.test(line));
      expect(errors.filter((line) => !line.startsWith("wrong.ts"))).toEqual([]);
      // The shapes are in the types: what does not fit does not compile.
      expect(errors.filter((line) => line.startsWith("wrong.ts")).length).toBeGreaterThan(0);
    },
  );
});
