// The programs of the README are programs: they are taken out, shortened to the sample and one epoch, and run.
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { read, root } from "./sources.ts";

const programOf = (path: string): string | undefined => /```ts\n(import \{ init \}[\s\S]*?)```/.exec(read(path))?.[1];

it("is the same in the published package's README", () => {
  expect(programOf("packages/lanewise/README.md")).toBe(programOf("README.md"));
});

/** All of them: each goes on with what those before it have made. */
const allPrograms = (): string =>
  [...read("README.md").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text]) => text).join("\n");

it("train, save and load as they stand, one after the other", async () => {
  const folder = await mkdtemp(join(root, "tests/architecture/.readme-"));
  try {
    // The whole of MNIST may not be here: the sample is, and it is named where the README's reader has the cache.
    const sample = JSON.stringify({ sample: join(root, "apps/mnist-mlp/sample"), download: false });
    const shortened = allPrograms().replace("mnist()", `mnist(${sample})`).replace("epochs: 10", "epochs: 1");
    expect(shortened).toContain("sample");
    expect(shortened).toContain("epochs: 1,");
    await writeFile(
      join(folder, "program.ts"),
      `${shortened}\nconsole.log(wrong < digits.test.length / 10 ? "learned" : wrong);\n`,
    );
    const run = ["--import", import.meta.resolve("tsx"), join(folder, "program.ts")];
    const { stdout } = await promisify(execFile)(process.execPath, run, { cwd: folder });
    expect(stdout).toContain("learned");
    expect((await readdir(folder)).toSorted()).toEqual(["model.pt", "program.ts", "run.npz"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
