// The Draw page: digits wherever, however large, thick and coloured they are drawn; nothing where nothing is; by keys alone.
import type { KeyInput, Page } from "puppeteer-core";
import { afterAll, describe, expect, it } from "vitest";
import { closeBrowsers, installedBrowsers } from "../runtimes/browser.ts";
import { choose, digitRead, draw, press } from "./drawing.ts";
import { strokesOf } from "./strokes.ts";
import { textAt, untilText, visit } from "./visit.ts";

afterAll(closeBrowsers);

const PENS = 3;
const PAPERS = 4;
const sizes = [0.42, 0.7];
const thirds = [0, 1, 2];
/** Nine positions in two sizes: from edge to edge, where the thickest pen still fits. */
const places = sizes.flatMap((size) =>
  thirds.flatMap((row) =>
    thirds.map((column) => {
      const [left, top] = [column, row].map((third) => 0.07 + (third / 2) * (0.86 - size));
      return { left: left!, top: top!, size };
    }),
  ),
);

/** The digits that were read as others than were drawn; pens and papers take turns, so that each meets each. */
async function misread(page: Page, digits: readonly number[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const digit of digits) {
    for (const [at, place] of places.entries()) {
      // Neighbours in the digits' order share the places.
      if (at % 2 !== digit % 2) continue;
      const [pen, paper] = [(at + digit) % PENS, Math.floor(at / 2 + digit) % PAPERS];
      await choose(page, "pen", pen);
      await choose(page, "paper", paper);
      await draw(page, strokesOf[digit]!, place);
      const read = await digitRead(page);
      if (read !== String(digit))
        wrong.push(`${digit} at ${JSON.stringify(place)}, pen ${pen}, paper ${paper}: ${read}`);
      await press(page, "Clear");
    }
  }
  return wrong;
}

describe.each(installedBrowsers)("%s", (browser) => {
  const digits = browser === "chromium" ? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] : [3, 4];

  it("U03: digits are read at nine positions, in two sizes, by three pens, in four pairs of colours", async () => {
    const wrong = await visit({ browser, page: "draw" }, ({ page }) => misread(page, digits));
    expect(wrong).toEqual([]);
    // Two thousand moves of the mouse, each of which the browser confirms.
  }, 600_000);

  it("U04: an empty board is nothing drawn, at first, after Undo and after Clear, on every paper", async () => {
    await visit({ browser, page: "draw", isolated: false }, async ({ page }) => {
      const nothing = async () => [await digitRead(page), await textAt(page, ".draw .verdict")];
      for (let paper = 0; paper < PAPERS; paper++) {
        await choose(page, "paper", paper);
        expect(await nothing()).toEqual(["", "Nothing drawn"]);
      }
      for (const word of ["Undo", "Clear"]) {
        await draw(page, strokesOf[1]!, { left: 0.3, top: 0.2, size: 0.6 });
        expect(await digitRead(page)).toBe("1");
        await press(page, word);
        expect(await nothing()).toEqual(["", "Nothing drawn"]);
      }
    });
  });

  it("a digit is drawn by keys alone, and a screen reader hears of the pen and of the digit", async () => {
    await visit({ browser, page: "draw" }, async ({ page }) => {
      await page.keyboard.press("Tab");
      for (let presses = 0; presses < 30; presses++) {
        if (await page.evaluate(() => document.activeElement?.matches(".board"))) break;
        await page.keyboard.press("Tab");
      }
      expect(await page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("application");
      const keys = async (key: KeyInput, times: number) => {
        for (let at = 0; at < times; at++) await page.keyboard.press(key);
      };
      // A 7: to the right along the top, then down and to the left.
      await keys("ArrowLeft", 4);
      await keys(" ", 1);
      expect(await textAt(page, ".easel [role=status]")).toBe("row 4, column 4, pen down");
      await keys("ArrowRight", 6);
      await keys("ArrowDown", 2);
      for (let at = 0; at < 2; at++) {
        await keys("End", 1);
        await keys("ArrowDown", 2);
      }
      await keys(" ", 1);
      expect(await digitRead(page)).toBe("7");
      await untilText(page, ".reading [role=status]", /^It reads a 7, .* sure$/);
      await keys("Delete", 1);
      expect(await digitRead(page)).toBe("");
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.matches(".board"))).toBe(false);
    });
  });
});
