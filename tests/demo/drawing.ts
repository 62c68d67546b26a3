// Draws on the Draw page as a hand does, by the mouse that the browser knows, and waits for what is read.
import type { Page } from "puppeteer-core";
import type { Points } from "./strokes.ts";

/** A square on the board, in units of its side. */
export interface Place {
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

export async function draw(page: Page, strokes: readonly Points[], { left, top, size }: Place): Promise<void> {
  const canvas = await page.waitForSelector(".draw .board canvas");
  const board = (await canvas!.boundingBox())!;
  const at = ([x, y]: readonly [number, number]) =>
    [board.x + (left + x * size) * board.width, board.y + (top + y * size) * board.height] as const;
  for (const stroke of strokes) {
    await page.mouse.move(...at(stroke[0]!));
    await page.mouse.down();
    // One after the other, without waiting for each: a hand does not wait either.
    await Promise.all(stroke.slice(1).map((point) => page.mouse.move(...at(point))));
    await page.mouse.up();
  }
}

/** The digit that is shown once the network has read the drawing as it is; empty where nothing is drawn. */
export async function digitRead(page: Page): Promise<string> {
  await page.waitForSelector(".draw .reading[data-reading=abreast]");
  return page.$eval(".draw .digit", (digit) => digit.textContent ?? "");
}

/** Presses a button of the page by its words. */
export async function press(page: Page, words: string): Promise<void> {
  await page.evaluate((name) => {
    const buttons = [...document.querySelectorAll<HTMLButtonElement>("main section:not([hidden]) button")];
    buttons.find(({ textContent }) => textContent === name)!.click();
  }, words);
}

/** Chooses among radio buttons by the name of the group and the place of the choice. */
export async function choose(page: Page, group: string, place: number): Promise<void> {
  await page.evaluate(
    (name, at) => document.querySelectorAll<HTMLInputElement>(`.draw input[name=${name}]`)[at]!.click(),
    group,
    place,
  );
}
