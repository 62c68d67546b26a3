// The Photo page: test images as the data set has them, photos of any size, and what is no picture.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Page } from "puppeteer-core";
import { afterAll, describe, expect, it } from "vitest";
import { closeBrowsers, installedBrowsers } from "../runtimes/browser.ts";
import { textAt, untilText, visit } from "./visit.ts";

afterAll(closeBrowsers);

const NAMES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
const PIXELS = 32 * 32;

/** The first two test images of each class in the sample, as [row, column, channel]. */
function testImages(): number[][] {
  const file = new URL("../../apps/cifar-cnn/sample/test_sample.bin.gz", import.meta.url);
  const records = gunzipSync(readFileSync(file));
  const byClass: number[][][] = NAMES.map(() => []);
  for (let at = 0; at < records.length; at += 1 + 3 * PIXELS) {
    const planes = records.subarray(at + 1, at + 1 + 3 * PIXELS);
    byClass[records[at]!]!.push(Array.from(planes, (_, i) => planes[(i % 3) * PIXELS + Math.floor(i / 3)]!));
  }
  return byClass.flatMap((images) => images.slice(0, 2));
}

/** The red, green and blue that the page shows as what the network sees. */
const seen = (page: Page): Promise<number[]> =>
  page.$eval(".photo .seen", (canvas) => {
    const { data } = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, 32, 32);
    return [...data].filter((_, at) => at % 4 !== 3);
  });

async function told(page: Page): Promise<string> {
  await page.waitForFunction(() => document.querySelector(".photo .reading[aria-busy]") === null);
  return textAt(page, ".photo .thing");
}

describe.each(installedBrowsers)("%s", (browser) => {
  it("U06: the network sees test images as the data set has them, and tells most", async () => {
    // It is the test that reads what is shown again and again.
    const expected = /willReadFrequently/;
    await visit({ browser, page: "photo", isolated: false, expected }, async ({ page }) => {
      await page.waitForSelector(".gallery li:nth-child(20) button");
      let right = 0;
      for (const [at, pixels] of testImages().entries()) {
        await page.$eval(`.gallery li:nth-child(${at + 1}) button`, (button) => (button as HTMLButtonElement).click());
        const thing = await told(page);
        // The first two of each class were taken, whatever the network tells; nine of ten test images it tells right.
        if (thing.endsWith(NAMES[Math.floor(at / 2)]!)) right++;
        expect(await seen(page)).toEqual(pixels);
      }
      expect(right).toBeGreaterThanOrEqual(16);
      expect(await textAt(page, ".photo .figures")).toMatch(/^\d+\.\d ms an image on one thread/);
    });
  });

  it("takes a photo that is dropped: its middle, made small; warns of one colour; says what is no picture", async () => {
    await visit({ browser, page: "photo" }, async ({ page }) => {
      // Red on the left and green on the right, 300 x 200: the middle 200 are shown, half of each.
      await drop(page, 300, 200, ["#ff0000", "#00ff00"]);
      await told(page);
      const halves = Array.from({ length: PIXELS }, (_, at) => (at % 32 < 16 ? [255, 0, 0] : [0, 255, 0])).flat();
      expect(await seen(page)).toEqual(halves);
      expect(await page.$eval(".photo .preview", (canvas) => (canvas as HTMLCanvasElement).width)).toBe(200);
      await drop(page, 64, 64, ["#808080"]);
      await untilText(page, ".photo .chances", /Mind: all 3072 values of the input are 128/);
      await page.evaluate(() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(["no picture"], "notes.txt", { type: "text/plain" }));
        document.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, cancelable: true }));
      });
      await untilText(page, ".photo [role=alert]", /notes\.txt could not be read as a picture \(text\/plain\)/);
    });
  });
});

/** Drops a picture of vertical bands. */
async function drop(page: Page, width: number, height: number, colours: readonly string[]): Promise<void> {
  await page.evaluate(
    async (width, height, colours) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [width, height];
      const context = canvas.getContext("2d")!;
      for (const [at, colour] of colours.entries()) {
        context.fillStyle = colour;
        context.fillRect((at * width) / colours.length, 0, width, height);
      }
      const blob = await new Promise<Blob>((resolve) => canvas.toBlob((made) => resolve(made!)));
      const transfer = new DataTransfer();
      transfer.items.add(new File([blob], "bands.png", { type: "image/png" }));
      document.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, cancelable: true }));
    },
    width,
    height,
    [...colours],
  );
  await page.waitForFunction(() => !document.querySelector<HTMLElement>(".photo .preview")!.hidden);
  await page.waitForFunction(
    (label) => document.querySelector(".photo .preview")!.getAttribute("aria-label") === label,
    {},
    "bands.png",
  );
}
