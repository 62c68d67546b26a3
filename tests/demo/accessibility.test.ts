// Every page as axe sees it: by day and by night, on a desk and on a phone, in both browsers.
import { afterAll, describe, expect, it } from "vitest";
import { closeBrowsers, installedBrowsers } from "../runtimes/browser.ts";
import { violations } from "./axe.ts";
import { chooseColours, NARROW, PAGES, visit, WIDE } from "./visit.ts";

afterAll(closeBrowsers);

describe.each(installedBrowsers)("%s", (browser) => {
  it.each(PAGES)("%s: axe finds nothing", async (id) => {
    const found = await visit({ browser, page: id }, async ({ page }) => {
      const all: string[] = [];
      for (const width of [WIDE, NARROW]) {
        await page.setViewport({ width, height: 900 });
        for (const colours of ["light", "dark"] as const) {
          await chooseColours(page, colours);
          all.push(...(await violations(page)).map((each) => `${width} ${colours}: ${each}`));
        }
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (overflow > 0) all.push(`${width}: the page is ${overflow} pixels wider than its window`);
      }
      return all;
    });
    expect(found).toEqual([]);
  });
});
