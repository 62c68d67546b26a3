// explainBackend in its situations: what it says is what runs.
import { describe, expect, it } from "vitest";
import { expOf, startFresh } from "./fresh.ts";

describe("explainBackend", () => {
  it("fast: relaxed SIMD, all as it should be", async () => {
    const { explainBackend } = await startFresh({ threads: 2 });
    const report = explainBackend();
    expect(report).toMatchObject({ binary: "fast", mode: "fast", threads: 2, memoryBytes: 2 ** 32, turbo: false });
    expect(report.reasons).toEqual([
      "the fast binary: this engine has relaxed SIMD",
      "2 threads, as asked for",
      "at most 4 GiB of memory: all that WebAssembly can address",
      "turbo is off: it was not asked for",
    ]);
    expect(String(report).split("\n")[0]).toBe("Lanewise: fast binary on 2 threads, 4 GiB");
  });

  it("strict: asked for", async () => {
    const report = (await startFresh({ threads: 1, strict: true })).explainBackend();
    expect(report).toMatchObject({ binary: "strict", mode: "strict" });
    expect(report.reasons[0]).toBe("the strict binary: bit-equal results were asked for");
  });

  it("strict: the engine has no relaxed SIMD", async () => {
    const report = (await startFresh({ threads: 1 }, { relaxedSimd: false })).explainBackend();
    expect(report).toMatchObject({ binary: "strict", mode: "fast" });
    expect(report.reasons[0]).toMatch(/no relaxed SIMD/);
    expect(report.advice[0]).toMatch(/Node 22/);
  });

  it("one thread: asked for", async () => {
    const report = (await startFresh({ threads: 1 })).explainBackend();
    expect(report.threads).toBe(1);
    expect(report.reasons[1]).toBe("one thread was asked for");
  });

  it("worker blocked: how many came of how many, why, and what to do", async () => {
    const report = (await startFresh({ threads: 4, workerUrl: new URL("file:///blocked.js") })).explainBackend();
    expect(report.threads).toBe(1);
    expect(report.reasons[1]).toMatch(/^one thread of 4: the others did not start/);
    expect(report.advice.join()).toMatch(/workerUrl/);
  });

  it("less memory than was asked for", async () => {
    class Phone extends WebAssembly.Memory {
      constructor(descriptor: WebAssembly.MemoryDescriptor) {
        if ((descriptor.maximum ?? 0) > 16_384) throw new RangeError("could not allocate memory");
        super(descriptor);
      }
    }
    const report = (await startFresh({ threads: 1 }, { Memory: Phone })).explainBackend();
    expect(report.memoryBytes).toBe(2 ** 30);
    expect(report.reasons[2]).toBe("at most 1 GiB of memory: the engine refused 4 GiB");
  });

  it("a thread that ended by itself: one thread, and which end it was", async () => {
    const fresh = await startFresh({
      threads: 2,
      workerUrl: new URL("../fixtures/leaving-worker.js", import.meta.url),
    });
    expect(fresh.explainBackend().threads).toBe(2);
    await expect.poll(() => fresh.explainBackend().threads, { timeout: 10_000 }).toBe(1);
    expect(String(fresh.explainBackend())).toMatch(/lost one \(Error: it left\), and was given up/);
    expect(expOf(fresh, new Float32Array([0]))).toEqual(new Float32Array([1]));
  });
});
