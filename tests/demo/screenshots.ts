// Pictures of each page in use, for people to look at: both browsers, on a desk and on a phone, by day and by night.
//
//     node --import tsx tests/demo/screenshots.ts [chromium|firefox]    writes out/demo/screenshots/
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "puppeteer-core";
import { closeBrowsers, installedBrowsers } from "../runtimes/browser.ts";
import setup from "./built.ts";
import { digitRead, draw } from "./drawing.ts";
import { strokesOf } from "./strokes.ts";
import { fill, trainToTheEnd } from "./training.ts";
import { chooseColours, NARROW, PAGES, type PageId, settled, untilText, visit, WIDE } from "./visit.ts";

const FOLDER = fileURLToPath(new URL("../../out/demo/screenshots", import.meta.url));

/** What makes a page look as it does in use. */
const used: { readonly [P in PageId]: (page: Page) => Promise<void> } = {
  async draw(page) {
    await draw(page, strokesOf[3]!, { left: 0.2, top: 0.15, size: 0.65 });
    await digitRead(page);
  },
  async photo(page) {
    await page.waitForSelector(".photo .gallery button");
    await page.click(".photo .gallery li:nth-child(9) button");
    await untilText(page, ".photo .thing", /./);
  },
  async train(page) {
    await fill(page, { hidden: "32", epochs: "4" });
    await trainToTheEnd(page);
    await fill(page, { momentum: "2" });
  },
  async backend(page) {
    await page.click(".backend .benchmark .main");
    await untilText(page, ".backend .benchmark [role=status]", /^Done/);
  },
};

mkdirSync(FOLDER, { recursive: true });
await setup();
for (const browser of installedBrowsers.filter((name) => (process.argv[2] ?? name) === name)) {
  for (const id of PAGES) {
    await visit({ browser, page: id }, async ({ page }) => {
      await used[id](page);
      for (const [place, width] of [["wide", WIDE] as const, ["narrow", NARROW] as const]) {
        await page.setViewport({ width, height: 900 });
        for (const colours of ["light", "dark"] as const) {
          await chooseColours(page, colours);
          await settled(page);
          await page.screenshot({ path: `${FOLDER}/${id}-${place}-${colours}-${browser}.png`, fullPage: true });
        }
      }
    });
    console.log(`${browser}, ${id}: four pictures in ${FOLDER}`);
  }
}
await closeBrowsers();
