// The demo under hosts that are strict or lack something: a policy, a worker's script that is missing or forbidden.
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeBrowsers, installedBrowsers } from "../runtimes/browser.ts";
import { DIST } from "./built.ts";
import { fill, PROBLEM, START, STATUS, trainToTheEnd } from "./training.ts";
import { goTo, PAGES, textAt, untilText, visit } from "./visit.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lanewise-demo-"));
});
afterAll(async () => {
  await closeBrowsers();
  rmSync(folder, { recursive: true, force: true });
});

/** A copy of the build without the scripts whose names begin so. */
function without(name: string): string {
  const copy = join(folder, `without-${name}`);
  cpSync(DIST, copy, { recursive: true });
  const gone = readdirSync(join(copy, "assets")).filter((file) => file.startsWith(name));
  expect(gone.length).toBeGreaterThan(0);
  for (const file of gone) rmSync(join(copy, "assets", file));
  return copy;
}

const policy = (workers: string): Readonly<Record<string, string>> => ({
  "Content-Security-Policy":
    `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src ${workers}; connect-src 'self'; ` +
    "style-src 'self'; img-src 'self' blob: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
});

const tiny = { hidden: "4", epochs: "1", batchSize: "250" };

describe.each(installedBrowsers)("%s", (browser) => {
  it("a strict policy: every page works, and nothing is refused", async () => {
    await visit({ browser, page: "draw", headers: policy("'self'") }, async ({ page }) => {
      for (const id of PAGES) await goTo(page, id);
      await untilText(page, ".backend table", /Threads\d+\d+Memory/);
      expect(await textAt(page, ".backend")).not.toMatch(/could not be loaded/);
      await goTo(page, "train");
      await fill(page, tiny);
      await trainToTheEnd(page);
    });
  });

  it("W06: without the threads' script it trains on one thread, and the Backend page says why", async () => {
    const options = { browser, folder: without("lanewise-worker"), expected: /404|lanewise-worker/ };
    await visit({ ...options, page: "train" }, async ({ page }) => {
      await fill(page, tiny);
      await trainToTheEnd(page);
      await untilText(page, ".train .progress", /kernels on one thread/);
      await goTo(page, "backend");
      await untilText(page, ".backend", /[Oo]ne thread of \d+: .*script could not be loaded.*To get more.*workerUrl/);
    });
  });

  it("a training whose worker's script is missing says so, and can be started again", async () => {
    const options = { browser, folder: without("train-worker"), expected: /404|train-worker/ };
    await visit({ ...options, page: "train" }, async ({ page }) => {
      await page.click(START);
      await untilText(page, PROBLEM, /The training worker failed: .*must be allowed and reachable/);
      await untilText(page, STATUS, /^Could not train$/);
      expect(await page.$eval(START, (button) => (button as HTMLButtonElement).disabled)).toBe(false);
      await page.click(START);
      await untilText(page, PROBLEM, /The training worker failed/);
    });
  });

  it("W06: where the policy forbids workers, pages say so and none hangs", async () => {
    const options = {
      browser,
      headers: policy("'none'"),
      expected: /Content.Security.Policy|worker|The operation is insecure/i,
    };
    await visit({ ...options, page: "backend" }, async ({ page }) => {
      await untilText(page, ".backend .problems", /./);
      await untilText(page, ".backend table", /Threadsnot running1/);
      await goTo(page, "train");
      await page.click(START);
      await untilText(page, PROBLEM, /worker/i);
    });
  });
});
