// Pages without a bundler, and with esbuild: another origin, a strict policy, wrong addresses, blocked workers.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { closeBrowsers, installedBrowsers } from "../runtimes/browser.ts";
import { type StaticServer, serve } from "../runtimes/server.ts";
import { byEsbuild, byEsbuildAsOneScript } from "./bundlers.ts";
import expected from "./fixtures/losses.json" with { type: "json" };
import { trainInPage } from "./in-page.ts";
import { expectLosses, newPage } from "./projects.ts";

const threadsOfPage = Math.max(2, availableParallelism() - 1);
const installed = join(inject("project"), "node_modules", "lanewise");

const servers: StaticServer[] = [];
async function served(folder: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const server = await serve(folder, headers);
  servers.push(server);
  return server.origin;
}

afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await closeBrowsers();
});

/** The page without any build: in place of the library's names, the program has addresses of another origin. */
function plainPage(library: string): string {
  const folder = newPage();
  const program = join(folder, "program.js");
  const named = readFileSync(program, "utf8");
  const addressed = named.replace(
    / from "lanewise(?:\/(\w+))?"/g,
    (_, name = "index") => ` from "${library}${name}.js"`,
  );
  writeFileSync(program, addressed);
  return folder;
}

/** The page bundled by esbuild, with the kernels as a file beside it. */
async function bundledPage(threads: boolean): Promise<string> {
  const folder = await byEsbuild(threads)(newPage());
  cpSync(join(installed, "wasm", "fast.wasm"), join(folder, "fast.wasm"));
  return folder;
}

describe.each(installedBrowsers)("%s", (browser) => {
  describe("P03: scripts of another origin, without a bundler", () => {
    let page: string;
    beforeAll(async () => {
      const cdn = await served(installed, {
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
      });
      const folder = plainPage(`${cdn}/plain/page/`);
      cpSync(join(installed, "page", "lanewise-worker.js"), join(folder, "own-worker.js"));
      page = await served(folder);
    });

    it.each([false, true])("a plain page trains on one thread (in a module worker: %s)", async (inWorker) => {
      const told = await trainInPage({ browser, address: `${page}/plain/`, inWorker });
      expectLosses(told.losses, expected);
      expect(told).toMatchObject({ binary: "strict", threads: 1 });
    });

    it("an isolated page has one thread, for the worker's script is not its own; it says so, and what to do", async () => {
      const told = await trainInPage({ browser, address: `${page}/isolated/` });
      expectLosses(told.losses, expected);
      expect(told.threads).toBe(1);
      expect(told.reasons.join()).toMatch(/one thread of \d+: the others did not start/);
      expect(told.advice.join()).toMatch(/init\(\{ workerUrl \}\).*of the page's own origin/);
    });

    it("with workerUrl, all threads", async () => {
      const options = { strict: true, workerUrl: "own-worker.js" };
      const told = await trainInPage({ browser, address: `${page}/isolated/`, options });
      expectLosses(told.losses, expected);
      expect(told.threads, told.reasons.join()).toBe(threadsOfPage);
    });
  });

  describe("P03: bundled by esbuild", () => {
    let withWorker: string;
    let without: string;
    beforeAll(async () => {
      [withWorker, without] = await Promise.all([bundledPage(true), bundledPage(false)]);
    });

    it.each([false, true])(
      "the threads' script is a second entry point: all threads (in a module worker: %s)",
      // In a worker of Firefox 153, one `new Worker` of a hundred never returns: tried again there.
      { timeout: 100_000, retry: browser === "firefox" ? 2 : 0 },
      async (inWorker) => {
        const told = await trainInPage({ browser, address: `${await served(withWorker)}/isolated/`, inWorker });
        expectLosses(told.losses, expected);
        expect(told.threads, told.reasons.join()).toBe(threadsOfPage);
      },
    );

    it("without it one thread, and the advice names it", async () => {
      const told = await trainInPage({ browser, address: `${await served(without)}/isolated/` });
      expectLosses(told.losses, expected);
      expect(told.threads).toBe(1);
      expect(told.advice.join()).toMatch(/lanewise\/worker.*esbuild.*second entry point/);
    });

    it("one classic script: one thread, and the advice names workerUrl, with which all come", async () => {
      const folder = await byEsbuildAsOneScript(newPage());
      cpSync(join(installed, "page", "lanewise-worker.js"), join(folder, "own-worker.js"));
      const address = `${await served(folder)}/isolated/`;
      const told = await trainInPage({ browser, address });
      expectLosses(told.losses, expected);
      expect(told.threads).toBe(1);
      expect(told.advice.join()).toMatch(/init\(\{ workerUrl \}\)/);
      const more = await trainInPage({ browser, address, options: { strict: true, workerUrl: "own-worker.js" } });
      expect(more.threads, more.reasons.join()).toBe(threadsOfPage);
    });

    it("a strict policy, scripts of the own origin and wasm alone: all threads", async () => {
      const headers = {
        "Content-Security-Policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; img-src data:",
      };
      const told = await trainInPage({ browser, address: `${await served(withWorker, headers)}/isolated/` });
      expectLosses(told.losses, expected);
      expect(told.threads, told.reasons.join()).toBe(threadsOfPage);
    });

    it("W06: workers that the policy blocks: one thread, and why", async () => {
      const headers = {
        "Content-Security-Policy":
          "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'; img-src data:",
      };
      const told = await trainInPage({ browser, address: `${await served(withWorker, headers)}/isolated/` });
      expectLosses(told.losses, expected);
      expect(told.threads).toBe(1);
      expect(told.reasons.join()).toMatch(
        /did not start \(the page's Content-Security-Policy blocks its script by worker-src/,
      );
      expect(told.advice.join()).toMatch(/Content-Security-Policy \(worker-src\)/);
    });

    it("W09: a worker's script without the headers of isolation: one thread, and which header it wants", async () => {
      const options = { strict: true, workerUrl: "/plain/lanewise-worker.js" };
      const told = await trainInPage({ browser, address: `${await served(withWorker)}/isolated/`, options });
      expectLosses(told.losses, expected);
      expect(told.threads).toBe(1);
      expect(told.advice.join()).toMatch(/Cross-Origin-Embedder-Policy like the page itself/);
    });

    it("W06: a page of HTML in place of a worker's script: one thread, and which address it was", async () => {
      const options = { strict: true, workerUrl: "index.html" };
      const told = await trainInPage({ browser, address: `${await served(withWorker)}/isolated/`, options });
      expectLosses(told.losses, expected);
      expect(told.threads).toBe(1);
      expect(told.reasons.join()).toMatch(/its script index\.html could not be loaded/);
    });

    it("the kernels from an address of the page", async () => {
      const address = `${await served(withWorker)}/plain/`;
      const told = await trainInPage({ browser, address, options: { wasm: "fast.wasm" } });
      expectLosses(told.losses, expected);
      expect(told.binary).toBe("fast");
    });

    it("P03: a page of HTML in place of the kernels, with and without the honest status", async () => {
      const address = `${await served(withWorker)}/plain/`;
      const answers = (wasm: string) => trainInPage({ browser, address, options: { wasm } });
      await expect(answers("index.html")).rejects.toThrow(/got HTML \("<!doctype html>.*from index\.html.*fast\.wasm/s);
      await expect(answers("nowhere.wasm")).rejects.toThrow(/nowhere\.wasm answered 404.*Is the address right\?/s);
      await expect(answers("http://localhost:1/fast.wasm")).rejects.toThrow(
        /localhost:1\/fast\.wasm could not be read/,
      );
    });
  });
});
