// The pool with real threads: at work, the same result for every number, started and stopped, blocked, dying.
import { describe, expect, it } from "vitest";
import { expOf, type Fresh, startFresh } from "./fresh.ts";

const values = Float32Array.from({ length: 1 << 20 }, (_, i) => (i / (1 << 20)) * 20 - 10);
/** So many that a thread is at work nearly all the time. */
const many = 1 << 22;

/**
 * Works on until the threads are lost, which happens after 1.5 s. All of them may end between two jobs, which costs
 * no operation: then once more with others.
 */
async function loseThreads(workerUrl: URL, attempt = 1) {
  const fresh = await startFresh({ threads: 3, workerUrl });
  expect(fresh.explainBackend().threads).toBe(3);
  const k = fresh.kernels();
  const [x, y] = [k.alloc(4 * many), k.alloc(4 * many)];
  fresh.writeBuffer(x, new Float32Array(many));
  const start = performance.now();
  while (performance.now() - start < 2_500) {
    const began = performance.now();
    try {
      k.exp_forward(many, x, y);
    } catch (error) {
      return { fresh, k, x, y, error: String(error), tookMs: performance.now() - began };
    }
  }
  if (attempt === 10) throw new Error("the threads ended ten times between two jobs");
  return loseThreads(workerUrl, attempt + 1);
}
const fixture = (name: string) => new URL(`../fixtures/${name}-worker.js`, import.meta.url);

/** Works until a worker has taken a chunk: on a busy machine the first jobs may be over before one wakes. */
function workShared(fresh: Fresh): void {
  const { bindings } = fresh.machine();
  const before = bindings.pool_shared_chunks();
  for (let i = 0; i < 500 && bindings.pool_shared_chunks() === before; i++) expOf(fresh, values);
  expect(bindings.pool_shared_chunks()).not.toBe(before);
}

describe("the pool in Node", () => {
  it("W07: takes all cores by default, and its threads are at work", async () => {
    const fresh = await startFresh();
    expect(fresh.explainBackend().threads).toBe((await import("node:os")).availableParallelism());
    workShared(fresh);
  });

  it("gives the same bits with 1, 2, 3 and 5 threads", async () => {
    const results = [];
    for (const threads of [1, 2, 3, 5]) {
      const fresh = await startFresh({ threads });
      expect(fresh.explainBackend().threads).toBe(threads);
      if (threads > 1) workShared(fresh);
      results.push(expOf(fresh, values));
    }
    for (const result of results) expect(Buffer.from(result.buffer).equals(Buffer.from(results[0]!.buffer))).toBe(true);
    // An independent check: the host's own exp in f64, within three units in the last place.
    const worst = results[0]!.reduce((most, y, i) => Math.max(most, Math.abs(y / Math.exp(values[i]!) - 1)), 0);
    expect(worst).toBeLessThan(3 * 2 ** -23);
  });

  it("W04: starts and stops 200 times on the main thread", { timeout: 120_000 }, async () => {
    const fresh = await startFresh({ threads: 1 });
    const { bindings, granted, module } = fresh.machine();
    const order = { bindings, module, memory: granted.memory, threads: 2, workerUrl: undefined };
    let grown = 0;
    for (let i = 0; i < 200; i++) {
      expect((await fresh.startPool(order)).threads).toBe(2);
      expOf(fresh, values.subarray(0, 1 << 17));
      expect(await fresh.stopPool(bindings)).toBe(true);
      expect(bindings.pool_threads()).toBe(1);
      if (i === 20) grown = granted.memory.buffer.byteLength;
    }
    // Each thread gives its stack back.
    expect(granted.memory.buffer.byteLength).toBe(grown);
  });

  it("W06: a script that is not there leaves one thread within 5 s, and says so", async () => {
    const start = performance.now();
    const fresh = await startFresh({ threads: 3, workerUrl: new URL("file:///nowhere/worker.js") });
    expect(performance.now() - start).toBeLessThan(5_000);
    const report = fresh.explainBackend();
    expect(report.threads).toBe(1);
    expect(String(report)).toMatch(/one thread of 3: the others did not start \(Error: Cannot find module.*worker\.js/);
    expect(String(report)).toMatch(/workerUrl/);
    expect(expOf(fresh, new Float32Array([0, 0]))).toEqual(new Float32Array([1, 1]));
  });

  it("W06: a script that never answers leaves one thread within 5 s, and says so", async () => {
    const start = performance.now();
    const silent = new URL("data:text/javascript,setInterval(()=>{},1000)");
    const fresh = await startFresh({ threads: 2, workerUrl: silent });
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(fresh.explainBackend().threads).toBe(1);
    expect(String(fresh.explainBackend())).toMatch(/did not answer within 2 s/);
  });

  it.each([
    ["threads that fail at work and say so", "failing", 0],
    ["threads that hang", "hanging", 4_900],
  ])("%s cost one operation, then one thread goes on", { timeout: 60_000 }, async (_, name, atLeastMs) => {
    const lost = await loseThreads(fixture(name));
    const { fresh, k, x, y } = lost;
    expect(lost.error).toMatch(/thread pool stopped answering.*result is lost/);
    expect(lost.tookMs).toBeGreaterThan(atLeastMs);
    expect(lost.tookMs).toBeLessThan(atLeastMs + 4_000);
    const report = fresh.explainBackend();
    expect(report.threads).toBe(1);
    expect(String(report)).toMatch(/pool of 3 threads stopped answering/);
    expect(expOf(fresh, new Float32Array([0, 0]))).toEqual(new Float32Array([1, 1]));
    // The lost operation's buffers can be released.
    k.free(x);
    k.free(y);
    expect(k.live_buffers()).toBe(0);
  });

  it("does not keep the process alive", async () => {
    const { execFileSync } = await import("node:child_process");
    const index = new URL("./index.ts", import.meta.url).href;
    const program = `const { init, explainBackend } = await import(${JSON.stringify(index)}); await init({ threads: 3 });
      console.log(explainBackend().threads);`;
    const args = ["--import", "tsx", "--input-type=module", "--eval", program];
    const out = execFileSync(process.execPath, args, { timeout: 20_000, encoding: "utf8" });
    expect(out.trim()).toBe("3");
  });
});
