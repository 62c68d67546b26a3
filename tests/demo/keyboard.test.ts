// By keyboard alone through the frame and each page; the board of the Draw page is in draw.test.ts.
import { afterAll, describe, expect, it } from "vitest";
import { closeBrowsers, installedBrowsers } from "../runtimes/browser.ts";
import { focusedName, tabTo, write } from "./keyboard.ts";
import { HOLD, STATUS } from "./training.ts";
import { untilText, visit } from "./visit.ts";

afterAll(closeBrowsers);

describe.each(installedBrowsers)("%s", (browser) => {
  it("the frame: past the navigation, to another page whose heading has the focus then, to other colours", async () => {
    await visit({ browser, page: "backend" }, async ({ page }) => {
      await page.keyboard.press("Tab");
      expect(await focusedName(page)).toBe("Skip to the page");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.closest("main > section")?.className)).toMatch(
        /backend/,
      );
      await page.evaluate(() => (document.activeElement as HTMLElement).blur());
      await tabTo(page, "Photo");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.activeElement?.textContent === "Show it a photo");
      expect(await page.title()).toBe("Show it a photo · Lanewise");
      expect(await page.$eval(".pages [aria-current=page]", (link) => link.textContent)).toBe("Photo");
      await page.reload();
      await tabTo(page, "As the system");
      await page.keyboard.press("ArrowRight");
      expect(await focusedName(page)).toBe("Light");
      await page.keyboard.press("ArrowRight");
      expect(await page.evaluate(() => document.documentElement.dataset.colours)).toBe("dark");
    });
  });

  it("Photo: a test image is looked at", async () => {
    await visit({ browser, page: "photo" }, async ({ page }) => {
      await page.waitForSelector(".photo .gallery button");
      await tabTo(page, "Choose a photo");
      await tabTo(page, /^Test image: /);
      await page.keyboard.press("Enter");
      await untilText(page, ".photo .thing", /./);
    });
  });

  it("Train: settings, words for a bad one, start, pause, go on, stop, the table, a file", async () => {
    await visit({ browser, page: "train" }, async ({ page }) => {
      await tabTo(page, "MLP");
      await page.keyboard.press("ArrowRight");
      expect(await focusedName(page)).toBe("CNN");
      await tabTo(page, "Channels of the two convolutions");
      await write(page, "2, 2");
      await tabTo(page, "Epochs");
      await write(page, "1000");
      await page.keyboard.press("Enter");
      await untilText(page, "#train-epochs-problem", /'1000' came/);
      expect(await focusedName(page)).toBe("Epochs");
      await write(page, "100");
      await page.keyboard.press("Enter");
      await untilText(page, STATUS, /^Training, CNN of 2 and 2 channels/);
      expect(await focusedName(page)).toBe("Pause");
      await page.keyboard.press(" " as "Space");
      await untilText(page, HOLD, /^Resume$/);
      await page.keyboard.press(" " as "Space");
      await untilText(page, HOLD, /^Pause$/);
      await page.waitForSelector(".train tbody tr");
      await tabTo(page, "Stop");
      await page.keyboard.press("Enter");
      await untilText(page, STATUS, /^Stopped/);
      expect(await focusedName(page)).toBe("Start training");
      await tabTo(page, "Figures as a table");
      await page.keyboard.press(" " as "Space");
      await tabTo(page, "Figures by epoch");
      await page.evaluate(() => {
        const { createObjectURL } = URL;
        URL.createObjectURL = (blob) => {
          document.body.dataset.taken = String((blob as Blob).size);
          return createObjectURL(blob);
        };
      });
      await tabTo(page, "Download .npz");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => Number(document.body.dataset.taken) > 1000);
    });
  });

  // In Firefox a worker that starts threads hangs about once in a hundred times.
  it("Backend: the benchmark is run", { retry: browser === "firefox" ? 2 : 0 }, async () => {
    await visit({ browser, page: "backend" }, async ({ page }) => {
      await tabTo(page, "Measure");
      await page.keyboard.press("Enter");
      await untilText(page, ".backend [role=status]", /^Done\.$/);
      const rows = await page.$$eval(".benchmark tbody tr", (all) => all.map((row) => row.lastChild?.textContent));
      expect(rows).toHaveLength(5);
      for (const figure of rows) expect(figure).toMatch(/^[\d,.]+ (GFLOP\/s|images\/s)$/);
      expect(await focusedName(page)).toBe("Measure again");
    });
  });
});
