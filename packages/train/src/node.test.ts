// Checkpoints as files: none, one, replaced, removed.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { init } from "@lanewise/tensor";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCheckpoint } from "./index.ts";
import { checkpointFile } from "./node.ts";
import { smallRun } from "./run.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "lanewise-checkpoint-"));
beforeAll(() => init({ strict: true, threads: 1 }));
afterAll(() => rmSync(folder, { recursive: true }));

test("a file is null before it is written, replaced whole, and gone once removed", async () => {
  const store = checkpointFile(join(folder, "run.npz"));
  expect(await readCheckpoint(store)).toBeNull();
  await store.write(Uint8Array.of(1, 2, 3));
  await smallRun(store).train({ stopAfter: 5 });
  expect((await readCheckpoint(store))!.progress.step).toBe(5);
  expect(readdirSync(folder)).toEqual(["run.npz"]);
  await store.remove();
  await store.remove();
  expect(await store.read()).toBeNull();
});

test("what is no file is an error, not a run that begins", async () => {
  await expect(checkpointFile(folder).read()).rejects.toThrow("EISDIR");
  await expect(checkpointFile(join(folder, "no", "run.npz")).write(Uint8Array.of(1))).rejects.toThrow("ENOENT");
});
