// Compiles the examples: what must not compile does not, for a reason that names both sizes, and types stay cheap.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const tsc = join(dirname(createRequire(join(root, "package.json")).resolve("typescript/package.json")), "bin/tsc");

/** Compiles one file with the project's settings; gives all that the compiler prints. */
async function compile(source: string, flags: readonly string[] = []): Promise<string> {
  const folder = await mkdtemp(join(here, ".compile-"));
  try {
    await writeFile(join(folder, "example.ts"), source);
    await writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: join(root, "tsconfig.base.json"),
        files: ["example.ts", join(root, "packages/kernels/src/embedded.d.ts")],
      }),
    );
    return await new Promise((resolve) =>
      execFile(
        process.execPath,
        [tsc, "-p", folder, "--pretty", "false", ...flags],
        { maxBuffer: 2 ** 26 },
        (_, out, err) => resolve(out + err),
      ),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

const DIRECTIVE = /^\/\/ @ts-expect-error (.*)$/;
const source = await readFile(join(here, "shapes.ts"), "utf8");
const lines = source.split("\n");
const refusals = lines.flatMap((line, index) => {
  const reason = DIRECTIVE.exec(line)?.[1];
  return reason === undefined ? [] : [{ reason, line: index + 2 }];
});

describe("shapes", () => {
  let errors: string;
  beforeAll(async () => {
    errors = await compile(lines.map((line) => (DIRECTIVE.test(line) ? "//" : line)).join("\n"));
  });

  it("compile as they stand", async () => {
    expect(await compile(source)).toBe("");
  });

  it.each(refusals)("line $line is refused: $reason", ({ line }) => {
    expect(errors).toMatch(new RegExp(`example\\.ts\\(${line},\\d+\\): error`));
  });

  it("nothing else is refused", () => {
    const refused = [...errors.matchAll(/^\S*example\.ts\((\d+),/gm)].map((match) => Number(match[1]));
    expect([...new Set(refused)]).toEqual(refusals.map(({ line }) => line));
  });

  it("the message names what was expected and what came", () => {
    expect(errors).toContain('Mismatch<"inner sizes must be equal", 784, 128>');
    expect(errors).toContain("Mismatch<\"the input's last size must be the layer's\", 128, 256>");
    expect(errors).toContain("Mismatch<\"the input's last size must be the layer's\", 784, 700>");
    expect(errors).toContain('Mismatch<"the images must have the weight\'s channels", 3, 16>');
  });
});

/** Instantiations that a program costs beyond one that makes a single layer. */
async function cost(file: string): Promise<number> {
  const count = async (text: string): Promise<number> =>
    Number(/Instantiations:\s+(\d+)/.exec(await compile(text, ["--extendedDiagnostics"]))?.[1]);
  const deep = await count(await readFile(join(here, file), "utf8"));
  const bare = await count('import { Linear } from "@lanewise/nn";\nexport const layer = new Linear(8, 5);\n');
  expect(bare).toBeGreaterThan(0);
  return deep - bare;
}

it.each(["deep.ts", "deep-conv.ts"])("a network of 20 layers costs few instantiations: %s", async (file) => {
  expect(await cost(file)).toBeLessThan(20_000);
});
