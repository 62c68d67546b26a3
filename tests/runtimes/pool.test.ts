// The pool in real pages: started and stopped on the main thread and in a worker, at work, and lost.
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { closeBrowsers, installedBrowsers } from "./browser.ts";
import { runInPage } from "./run-in-page.ts";

const file = (path: string) => fileURLToPath(new URL(`../../packages/kernels/${path}`, import.meta.url));
const module = file("src/pool-trials.ts");
const scripts = { "page-hanging-worker": file("fixtures/page-hanging-worker.js") };

interface Loss {
  readonly threads: number;
  readonly error: string;
  readonly tookMs: number;
  readonly threadsAfter: number;
  readonly report: string;
  readonly one: number;
  readonly mayWait: boolean;
}

afterAll(closeBrowsers);

describe.each(installedBrowsers)("%s", (browser) => {
  describe.each([false, true])("in a worker: %s", (worker) => {
    it("W04: the pool starts and stops 200 times, and its threads are at work", { timeout: 240_000 }, async (test) => {
      test.skip(
        browser === "firefox" && worker,
        "in a worker of Firefox about one `new Worker` of a hundred never returns; init starts the pool once, not 200 times",
      );
      const page = { browser, isolated: true, worker, module, call: "restart", values: [200] };
      const { came, sharedChunks } = await runInPage<{ came: number; sharedChunks: number }>(page);
      expect(came).toBe(200);
      expect(sharedChunks).toBeGreaterThan(0);
    });

    it("threads that hang cost 5 s and one operation; then one thread goes on", { timeout: 120_000 }, async (test) => {
      test.skip(
        browser === "firefox",
        "Firefox ends a worker only when that may be: none can be made to hang at work from outside",
      );
      const page = {
        browser,
        isolated: true,
        worker,
        module,
        scripts,
        call: "loseWorker",
        values: ["page-hanging-worker.js"],
      };
      const loss = await runInPage<Loss>(page);
      expect(loss).toMatchObject({ threads: 3, threadsAfter: 1, one: 1, mayWait: worker });
      expect(loss.error).toMatch(/thread pool stopped answering.*result is lost/);
      expect(loss.tookMs).toBeGreaterThan(4_900);
      expect(loss.tookMs).toBeLessThan(9_000);
      expect(loss.report).toMatch(/pool of 3 threads stopped answering/);
    });
  });
});
