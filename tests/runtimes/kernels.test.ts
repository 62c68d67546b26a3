// init and the kernels in real pages: isolated and plain, main thread and worker, against Node.
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeBrowsers, installedBrowsers } from "./browser.ts";
import { type Work, work } from "./kernels-work.ts";
import { type PageCall, type PagePlace, runInPage } from "./run-in-page.ts";

const module = fileURLToPath(new URL("./kernels-work.ts", import.meta.url));
const threadsOfPage = Math.max(2, availableParallelism() - 1);

let inNode: Work;
beforeAll(async () => {
  inNode = await work({ strict: true });
});
afterAll(closeBrowsers);

// Long enough for a worker that is given up and another that is tried: see pages/page.ts.
describe.each(installedBrowsers)("%s", { timeout: 200_000 }, (browser) => {
  const run = (place: Partial<PagePlace & PageCall>, options: Record<string, unknown> = {}) =>
    runInPage<Work>({ browser, module, call: "work", isolated: true, worker: false, ...place, values: [options] });

  it.each([false, true])("isolated: threads, and strict results equal to Node's (worker: %s)", async (worker) => {
    const { report, text, hash } = await run({ worker }, { strict: true });
    expect(report, text).toMatchObject({ binary: "strict", mode: "strict", threads: threadsOfPage, turbo: false });
    expect(hash).toBe(inNode.hash);
  });

  it.each([false, true])("W03, plain page: one thread, the same strict results (worker: %s)", async (worker) => {
    const { report, text, hash } = await run({ isolated: false, worker }, { strict: true });
    expect(report, text).toMatchObject({ binary: "strict", threads: 1 });
    expect(report.reasons).toContain("one thread: the page is not cross-origin isolated");
    expect(report.advice.join()).toMatch(/Cross-Origin-Opener-Policy: same-origin/);
    expect(hash).toBe(inNode.hash);
  });

  it("W01: threads asked for on a plain page: the report says 1, and why", async () => {
    const { report } = await run({ isolated: false }, { threads: 8 });
    expect(report.threads).toBe(1);
    expect(report.reasons.join()).toMatch(
      /one thread: the page is not cross-origin isolated \(8 threads were asked for\)/,
    );
  });

  it("takes the fast binary where the engine has relaxed SIMD", async () => {
    const { report } = await run({});
    expect(report.binary).toBe(report.reasons.join().includes("has no relaxed SIMD") ? "strict" : "fast");
  });

  it("turbo: refused with the reason", async () => {
    const { report } = await run({ worker: true }, { turbo: true });
    expect(report.turbo).toBe(false);
    expect(report.reasons.join()).toMatch(/turbo is off: a page cannot set V8's flags/);
  });

  it.each([false, true])("W06: a script that answers 404 leaves one thread within 5 s (worker: %s)", async (worker) => {
    const { report, initMs, hash } = await run({ worker }, { strict: true, threads: 4, workerUrl: "nowhere.js" });
    expect(report.threads).toBe(1);
    expect(report.reasons.join()).toMatch(/one thread of 4: the others did not start/);
    expect(report.advice.join()).toMatch(/workerUrl/);
    expect(initMs).toBeLessThan(5_000);
    expect(hash).toBe(inNode.hash);
  });

  it("W06: a Content-Security-Policy without workers leaves one thread within 5 s", async () => {
    const headers = {
      "Content-Security-Policy": "default-src 'self' data:; script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'",
    };
    const { report, initMs } = await run({ headers }, { threads: 4 });
    expect(report.threads).toBe(1);
    expect(report.reasons.join()).toMatch(/others did not start/);
    expect(initMs).toBeLessThan(5_000);
  });

  it("a strict Content-Security-Policy that allows wasm and own workers costs nothing", async () => {
    const headers = {
      "Content-Security-Policy": "default-src 'self' data:; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'",
    };
    const { report, text } = await run({ headers, worker: true });
    expect(report.threads, text).toBe(threadsOfPage);
  });

  it("P03: HTML in place of the kernels is called HTML", async () => {
    await expect(run({}, { wasm: "index.html" })).rejects.toThrow(/got HTML.*from index\.html/s);
  });
});
