// The safety net: what nobody holds any more is given back by the garbage collector, in a process where it can be called.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const index = new URL("./index.ts", import.meta.url).href;

/** Runs a program that has the library as `lanewise` and `report(label)`, which waits for the collector and prints. */
async function run(program: string): Promise<Record<string, { liveBuffers: number; liveBytes: number }>> {
  const preamble = `
    const lanewise = await import(${JSON.stringify(index)});
    const { tensor, init, memoryReport, setUnscopedTensorLimit, square, sum, keep, scope } = lanewise;
    await init({ threads: 1 });
    setUnscopedTensorLimit(1e9);
    const reports = {};
    const note = (label) => { reports[label] = memoryReport(); };
    const collect = async (until) => {
      for (let count = 0; count < 100 && !until(memoryReport()); count++) {
        globalThis.gc();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    note("before");`;
  const source = `${preamble}\n${program}\nconsole.log(JSON.stringify(reports));`;
  const args = ["--expose-gc", "--import", "tsx", "--input-type=module", "--eval", source];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
  return JSON.parse(stdout);
}

test("M04: ten thousand tensors are dropped, the collector runs, their bytes return", { timeout: 90_000 }, async () => {
  const { before, held, after } = await run(`
    (() => {
      const all = [];
      for (let count = 0; count < 10_000; count++) all.push(tensor([count, count]));
      note("held");
    })();
    await collect(({ liveBuffers }) => liveBuffers === reports.before.liveBuffers);
    note("after");`);
  expect(held!.liveBuffers - before!.liveBuffers).toBe(10_000);
  expect(held!.liveBytes - before!.liveBytes).toBeGreaterThanOrEqual(80_000);
  expect(after).toMatchObject({ liveBuffers: before!.liveBuffers, liveBytes: before!.liveBytes });
});

test("M04: a graph goes with its result, and what is held stays", { timeout: 90_000 }, async () => {
  const { before, held, after } = await run(`
    const kept = scope(() => keep(tensor([1, 2])));
    kept.requiresGrad = true;
    (() => {
      const results = [];
      for (let count = 0; count < 100; count++) results.push(sum(square(kept)));
      note("held");
    })();
    await collect(({ liveBuffers }) => liveBuffers === reports.before.liveBuffers + 1);
    note("after");
    if (kept.data()[1] !== 2) throw new Error("what was kept has changed");`);
  expect(held!.liveBuffers - before!.liveBuffers).toBeGreaterThan(100);
  expect(after!.liveBuffers - before!.liveBuffers).toBe(1);
});
