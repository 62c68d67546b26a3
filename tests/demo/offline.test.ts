// The demo without a connection: a copy is kept when it is asked for, isolates the page, and goes when it is told to.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { closeBrowsers, installedBrowsers } from "../runtimes/browser.ts";
import { DIST } from "./built.ts";
import { digitRead, draw } from "./drawing.ts";
import { strokesOf } from "./strokes.ts";
import { ready, textAt, untilText, visit } from "./visit.ts";

afterAll(closeBrowsers);

const FOOT = ".bottom .offline";

describe.each(installedBrowsers)("%s", (browser) => {
  it("W10: on a plain host a copy brings isolation and works without a connection, from below a path; then it is removed", async () => {
    const options = { browser, page: "draw", isolated: false, query: "?sw=on" } as const;
    await visit(options, async ({ page, disconnect }) => {
      await untilText(page, FOOT, /^Works offline\./);
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
      await page.reload({ waitUntil: "load" });
      await ready(page);
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
      await disconnect();
      await page.reload({ waitUntil: "load" });
      await ready(page);
      await draw(page, strokesOf[4]!, { left: 0.2, top: 0.2, size: 0.6 });
      expect(await digitRead(page)).toBe("4");
      await untilText(page, FOOT, /^Works offline\..*Remove$/);
      await page.$$eval(`${FOOT} button`, (buttons) => (buttons.at(-1) as HTMLButtonElement).click());
      await untilText(page, FOOT, /^The copy is removed\./);
      const left = await page.evaluate(async () => [
        (await navigator.serviceWorker.getRegistrations()).length,
        (await caches.keys()).length,
      ]);
      expect(left).toEqual([0, 0]);
    });
  });

  it("on one's own machine no copy is made unasked", async () => {
    await visit({ browser, page: "draw" }, async ({ page }) => {
      expect(await textAt(page, FOOT)).toBe("");
      expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
    });
  });
});

describe.runIf(installedBrowsers.includes("chromium"))("what is loaded", () => {
  it("the first digit needs less than 1.2 MB compressed", async () => {
    const loaded = await visit({ browser: "chromium", page: "draw" }, async ({ page }) => {
      const names: string[] = [];
      page.on("request", (request) => names.push(new URL(request.url()).pathname.split("/").at(-1)!));
      await page.setCacheEnabled(false);
      await page.reload({ waitUntil: "load" });
      await ready(page);
      await draw(page, strokesOf[3]!, { left: 0.2, top: 0.2, size: 0.6 });
      expect(await digitRead(page)).toBe("3");
      return names;
    });
    const files = readdirSync(DIST, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const sizes = new Map(
      files.map(({ name, parentPath }) => [name, gzipSync(readFileSync(join(parentPath, name))).length]),
    );
    // What the worker asks for is among it: the network, and the kernels in a part of their own.
    for (const beginning of ["recognition-worker", "small-seed-1", "part-", "main", "style", "theme"]) {
      expect(loaded.filter((name) => name.startsWith(beginning))).not.toEqual([]);
    }
    const bytes = [...new Set(loaded)].reduce((sum, name) => sum + sizes.get(name === "" ? "index.html" : name)!, 0);
    expect(bytes).toBeLessThan(1_200_000);
  });
});
