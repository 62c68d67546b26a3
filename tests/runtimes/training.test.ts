// Training in workers of real pages: held, stopped, gone on with by another worker, and equal to Node's to the bit.
import { fileURLToPath } from "node:url";
import { type CheckpointStore, type TrainingResult, train } from "@lanewise/train";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeBrowsers, installedBrowsers } from "./browser.ts";
import { runInPage } from "./run-in-page.ts";
import type { Told } from "./training-page.ts";
import { EPOCHS, hashOf, training } from "./training-run.ts";

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const module = file("./training-page.ts");
const scripts = { "training-worker": file("./training-worker.ts") };

const nowhere: CheckpointStore = {
  label: "nowhere",
  read: async () => null,
  write: async () => {},
  remove: async () => {},
};

let inNode: TrainingResult;
let weights: string;
beforeAll(async () => {
  const { answers, ...run } = await training(nowhere, { resume: false });
  inNode = await train(run);
  weights = await hashOf(answers.model());
});
afterAll(closeBrowsers);

const figures = ({ history }: Pick<TrainingResult, "history">) => history.map(({ loss, error }) => [loss, error]);

describe.each(installedBrowsers)("%s", (browser) => {
  it.each([true, false])(
    "R01 R03 W10: isolated: %s: a worker trains, another goes on from the private file: Node's weights to the bit",
    // Tried again where a worker's threads may never start: see pages/page.ts.
    { timeout: 120_000, retry: browser === "firefox" ? 2 : 0 },
    async (isolated) => {
      const page = { browser, isolated, worker: false, module, scripts, call: "trainInWorker" };
      const told = await runInPage<Told>(page);
      expect(told.backend).toMatch(isolated ? /^strict, [2-9]\d* threads/ : /^strict, 1 threads/);
      expect(told.madeInPause).toBe(0);
      expect(told.stoppedAt).toBeGreaterThanOrEqual(63);
      expect(told.stoppedAt).toBeLessThan(63 * EPOCHS);
      expect(told.resumedFrom).toBe(told.stoppedAt + 1);
      expect(told.weights).toBe(weights);
      expect(figures(told)).toEqual(figures(inNode));
      // The page's own thread is free meanwhile: its clock ticks. A page that trains itself would tick once a step at best.
      expect(told.turns).toBeGreaterThan(told.milliseconds / 100);
      expect(told.missing).toMatch(/the training worker failed/);
      expect(told.removed).toBe(true);
    },
  );
});
