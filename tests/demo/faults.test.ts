// What the demo says where something it needs is not there: in words, and with a way on.
import { cpSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { closeBrowsers, installedBrowsers } from "../runtimes/browser.ts";
import { DIST } from "./built.ts";
import { digitRead, draw, press } from "./drawing.ts";
import { strokesOf } from "./strokes.ts";
import { ready, untilText, visit } from "./visit.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lanewise-faults-"));
  cpSync(DIST, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(closeBrowsers);

/** Takes a file of the build away; what comes back puts it in its place again. */
function take(beginning: string): () => void {
  const assets = join(folder, "assets");
  const name = readdirSync(assets).find((each) => each.startsWith(beginning))!;
  renameSync(join(assets, name), join(folder, "taken"));
  return () => renameSync(join(folder, "taken"), join(assets, name));
}

const four = async (page: Parameters<typeof draw>[0]): Promise<string> => {
  await draw(page, strokesOf[4]!, { left: 0.2, top: 0.2, size: 0.6 });
  return digitRead(page);
};

/** The browser's own words for a file that is missing. */
const expected = /404|Failed to load|was blocked because of a disallowed MIME type/i;

describe.each(installedBrowsers)("%s", (browser) => {
  it.each([
    { what: "the worker's script", file: "recognition-worker", words: /worker that recognizes failed/ },
    { what: "the network's file", file: "small-seed-1", words: /small-seed-1.*\.pt answered 404/ },
  ])("$what is missing: it is said, and tried again on demand", async ({ file, words }) => {
    const putBack = take(file);
    await visit({ browser, page: "draw", folder, expected }, async ({ page }) => {
      await untilText(page, ".draw [role=alert]", words);
      putBack();
      await press(page, "Try again");
      expect(await four(page)).toBe("4");
      expect(await page.$(".draw [role=alert]")).toBeNull();
    });
  });

  it("a browser without WebAssembly is told so", async () => {
    await visit({ browser, page: "draw" }, async ({ page }) => {
      await page.evaluateOnNewDocument(() => {
        Reflect.deleteProperty(window, "WebAssembly");
      });
      await page.reload({ waitUntil: "load" });
      await ready(page);
      await untilText(page, ".draw [role=alert]", /This browser has no WebAssembly/);
    });
  });

  it("a strict Content-Security-Policy of the host's lets all of it run", async () => {
    const policy =
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; " +
      "img-src 'self' blob: data:; base-uri 'none'; frame-ancestors 'none'";
    const headers = { "Content-Security-Policy": policy };
    await visit({ browser, page: "draw", headers }, async ({ page }) => expect(await four(page)).toBe("4"));
  });
});
