// The installed package under each bundler, as users set it up, in Chromium.
import { availableParallelism } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeBrowsers, installedBrowsers } from "../runtimes/browser.ts";
import { type StaticServer, serve } from "../runtimes/server.ts";
import { byRollup, byVite, byWebpack, serveByVite } from "./bundlers.ts";
import expected from "./fixtures/losses.json" with { type: "json" };
import { trainInPage } from "./in-page.ts";
import { expectLosses, newPage } from "./projects.ts";

const threadsOfPage = Math.max(2, availableParallelism() - 1);
const browser = "chromium";

afterAll(closeBrowsers);

describe.runIf(installedBrowsers.includes(browser))("P03: one import and nothing else", () => {
  describe.each([
    ["Vite", byVite],
    ["webpack", byWebpack],
    ["Rollup, the threads' script as a second entry point", byRollup(true)],
  ])("%s", (_, bundle) => {
    let server: StaticServer;
    beforeAll(async () => {
      server = await serve(await bundle(newPage()));
    });
    afterAll(() => server?.close());

    it.each([false, true])("isolated: all threads (in a module worker: %s)", async (inWorker) => {
      const told = await trainInPage({ browser, address: `${server.origin}/isolated/`, inWorker });
      expectLosses(told.losses, expected);
      expect(told.threads, told.reasons.join()).toBe(threadsOfPage);
    });

    it("a plain page: one thread", async () => {
      const told = await trainInPage({ browser, address: `${server.origin}/plain/` });
      expectLosses(told.losses, expected);
      expect(told.threads).toBe(1);
    });
  });

  it("Rollup without the threads' script: one thread, and the advice names it", async () => {
    const server = await serve(await byRollup(false)(newPage()));
    const told = await trainInPage({ browser, address: `${server.origin}/isolated/` });
    await server.close();
    expectLosses(told.losses, expected);
    expect(told.threads).toBe(1);
    expect(told.advice.join()).toMatch(/lanewise\/worker.*Rollup.*second entry point/);
  });

  describe("Vite's server of development", () => {
    let server: Awaited<ReturnType<typeof serveByVite>>;
    beforeAll(async () => {
      server = await serveByVite(newPage());
    });
    afterAll(() => server?.close());

    it.each([false, true])("isolated: all threads (in a module worker: %s)", async (inWorker) => {
      const told = await trainInPage({ browser, address: server.resolvedUrls!.local[0]!, inWorker });
      expectLosses(told.losses, expected);
      expect(told.threads, told.reasons.join()).toBe(threadsOfPage);
    });
  });
});
