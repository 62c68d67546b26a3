// One seed, one result: strict mode to the bit on every runtime and number of threads, fast mode within a tolerance.
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeBrowsers, installedBrowsers } from "../runtimes/browser.ts";
import { runInPage } from "../runtimes/run-in-page.ts";
import { outcomeInNode } from "./in-node.ts";
import type { Outcome } from "./training-work.ts";

const module = fileURLToPath(new URL("./training-work.ts", import.meta.url));
const cells: [where: string, outcome: Outcome][] = [];

/** Runs a cell of the table. */
async function cell(where: string, run: Promise<Outcome>): Promise<Outcome> {
  const outcome = await run;
  cells.push([where, outcome]);
  return outcome;
}

/** All that must be equal to the bit. */
function bits({ weights, coursework, images, optimizers, ops }: Outcome) {
  return { weights, coursework, images, optimizers, ops };
}

let reference: Outcome;
beforeAll(async () => {
  reference = await cell("Node, 1 thread", outcomeInNode({ strict: true, threads: 1 }));
});
afterAll(async () => {
  await closeBrowsers();
  console.log(
    cells
      .map(([where, { binary, threads, weights, images, ops }]) => {
        const differing = Object.keys(ops).filter((op) => ops[op] !== reference.ops[op]);
        return `${where.padEnd(40)} ${binary.padEnd(6)} ${threads} thr.  weights ${weights.slice(0, 16)}  images ${images.slice(0, 16)}  ops ${differing.length === 0 ? "equal" : `differ: ${differing.join(", ")}`}`;
      })
      .join("\n"),
  );
});

it("the run learns something: the loss is below that of a guess, ln 10", () => {
  expect(reference.loss).toBeGreaterThan(0);
  expect(reference.loss).toBeLessThan(6);
  // Four directions of brightness in noise: a guess is ln 4, the smoothed labels' own entropy is 0.35.
  expect(reference.imagesLoss).toBeLessThan(0.6);
  expect(reference.sample.some((weight) => weight !== reference.sample[0])).toBe(true);
});

it.each([2, 3])("W13: strict, Node, %i threads: the same weights and ops to the bit", async (threads) => {
  const outcome = await cell(`Node, ${threads} threads`, outcomeInNode({ strict: true, threads }));
  expect([outcome.binary, outcome.threads]).toEqual(["strict", threads]);
  expect(bits(outcome)).toEqual(bits(reference));
});

it("R04: strict, a second run: the same; the fast binary agrees within a tolerance", async () => {
  const again = await cell("Node, 2 threads, again", outcomeInNode({ strict: true, threads: 2 }));
  expect(bits(again)).toEqual(bits(reference));
  const fast = await cell("Node, fast", outcomeInNode({ threads: 2 }));
  expect(fast.binary).toBe("fast");
  // Rounding differences grow with the steps; weights are of order 0.03.
  for (const [index, weight] of fast.sample.entries())
    expect(Math.abs(weight - reference.sample[index]!)).toBeLessThan(1e-4);
});

it("the fast binary, too, does not depend on the number of threads", async () => {
  const [one, three] = await Promise.all([outcomeInNode({ threads: 1 }), outcomeInNode({ threads: 3 })]);
  expect(bits(three)).toEqual(bits(one));
});

describe.each(installedBrowsers)("strict, %s", (browser) => {
  const places = [
    { isolated: true, worker: true },
    { isolated: true, worker: false },
    { isolated: false, worker: true },
    { isolated: false, worker: false },
  ];
  it.each(places)(
    "W10 W13: isolated: $isolated, in a worker: $worker: the same weights and ops to the bit",
    async (place) => {
      const where = `${browser}, ${place.isolated ? "isolated" : "plain"}, ${place.worker ? "worker" : "main thread"}`;
      const outcome = await cell(
        where,
        runInPage<Outcome>({ browser, module, call: "outcome", values: [{ strict: true }], ...place }),
      );
      expect(outcome.binary).toBe("strict");
      expect(bits(outcome)).toEqual(bits(reference));
    },
  );
});
