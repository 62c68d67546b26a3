// The tests of a resumed network with convolutions, for either binary: what init is told holds for a whole process.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explainBackend, type InitOptions, init } from "@lanewise/tensor";
import { readCheckpoint, type TrainingResult } from "@lanewise/train";
import { checkpointFile } from "@lanewise/train/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cnnRun, STEPS_AN_EPOCH } from "./cnn-run.fixture.ts";

export function testResumedCnn(options: InitOptions, binary: "strict" | "fast"): void {
  const folder = mkdtempSync(join(tmpdir(), "lanewise-cnn-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const store = (name: string) => checkpointFile(join(folder, `${name}.npz`));

  let everything: unknown;
  let result: TrainingResult;
  beforeAll(async () => {
    await init(options);
    const whole = cnnRun(store("whole"), { seed: 1, resume: false });
    result = await whole.train();
    everything = whole.everything();
  });

  test("the run learns: its loss falls", () => {
    expect(explainBackend().binary).toBe(binary);
    const [first, , last] = result.history;
    expect(result).toMatchObject({ step: 13, steps: 13, stopped: false });
    expect(last!.loss).toBeLessThan(first!.loss);
  });

  test.each([
    ["within an epoch", [2]],
    ["at an epoch's end", [STEPS_AN_EPOCH]],
    ["in the last, half epoch, and twice before", [1, STEPS_AN_EPOCH + 4, 2 * STEPS_AN_EPOCH + 1]],
  ])("R01 R03: convolutions and batch norms, stopped %s and gone on with: equal to the bit", async (name, stops) => {
    // Each part begins with other weights: nothing but the file is left of the one before.
    for (const [part, stopAfter] of stops.entries()) {
      const run = cnnRun(store(name), { seed: 1 + part, resume: part > 0 });
      expect(await run.train(stopAfter)).toMatchObject({ step: stopAfter, stopped: true });
    }
    const last = cnnRun(store(name), { seed: 8, resume: true });
    const { history } = await last.train();
    expect(last.everything()).toEqual(everything);
    expect(history.map(({ loss, error }) => [loss, error])).toEqual(
      result.history.map(({ loss, error }) => [loss, error]),
    );
    const [a, b] = await Promise.all([readCheckpoint(store(name)), readCheckpoint(store("whole"))]);
    expect(a!.parts).toEqual(b!.parts);
  });
}
