// The program of the READMEs is a program: it is taken out, shortened to a few batches, and run.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { read, root } from "./sources.ts";

const programOf = (path: string): string | undefined => /```ts\n(import \{ init \}[\s\S]*?)```/.exec(read(path))?.[1];

it("is the same in the published package's README", () => {
  expect(programOf("packages/lanewise/README.md")).toBe(programOf("README.md"));
});

it("trains as it stands", async () => {
  const program = programOf("README.md");
  expect(program, "README.md has a ```ts block that begins with import { init }").toBeDefined();
  const folder = await mkdtemp(join(root, "tests/architecture/.readme-"));
  try {
    // The whole of MNIST may not be here: the sample is, and it is named where the README's reader has the cache.
    const sample = JSON.stringify({ sample: join(root, "apps/mnist-mlp/sample"), download: false });
    const shortened = `${program!.replace("mnist()", `mnist(${sample})`)}\nconsole.log("done");\n`;
    expect(shortened).toContain("sample");
    await writeFile(join(folder, "program.ts"), shortened);
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", join(folder, "program.ts")]);
    expect(stdout).toContain("done");
  } finally {
    await rm(folder, { recursive: true });
  }
});
