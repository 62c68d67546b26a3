// The Train page in both browsers: it trains, holds, stops, goes on after a reload, and says what is wrong in words.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { npz } from "@lanewise/io";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeBrowsers, installedBrowsers } from "../runtimes/browser.ts";
import { violations } from "./axe.ts";
import { bring, chooseNetwork, fill, HOLD, PROBLEM, START, STATUS, STOP, trainToTheEnd } from "./training.ts";
import { ready, textAt, untilText, visit } from "./visit.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lanewise-demo-"));
});
afterAll(async () => {
  await closeBrowsers();
  rmSync(folder, { recursive: true, force: true });
});

const rows = ".train tbody tr";
const steps = async (page: Parameters<typeof textAt>[0]): Promise<number> =>
  page.$eval(".train progress", (bar) => (bar as HTMLProgressElement).value);

describe.each(installedBrowsers)("%s", (browser) => {
  it("W10: trains on a plain page, tells figures and curves, and axe finds nothing in all of it", async () => {
    await visit({ browser, page: "train", isolated: false }, async ({ page }) => {
      // A page hears of some thirty steps a second: on a fast machine eight epochs may be over after three of them.
      await fill(page, { hidden: "16", epochs: "30", batchSize: "100" });
      await trainToTheEnd(page);
      expect(await page.$$eval(rows, (all) => all.length)).toBe(30);
      expect(await textAt(page, ".train .tiles")).toMatch(/Epoch30 of 30.*Time leftnone.*Held-out error\d/);
      const curves = await page.$$eval(".train .curve", (all) =>
        all.map((each) => each.getAttribute("d")!.split("L").length),
      );
      // Two charts of two curves: training, and a point an epoch of what is held out.
      expect(curves).toEqual([expect.any(Number), 30, expect.any(Number), 30]);
      expect(Math.min(curves[0]!, curves[2]!)).toBeGreaterThan(4);
      expect(await page.$eval(".train .chart", (chart) => chart.getAttribute("aria-label"))).toMatch(
        /^Loss by epoch: training from \d.* to \d.*; held out from \d.* to \d/,
      );
      expect(await textAt(page, ".train [role=status]")).toMatch(/^Finished: .* test error\.$/);
      expect(await textAt(page, ".train .model")).toMatch(
        /MLP 784–16–10, 12,730 weights and biases; \d+ of 2,000 test/,
      );
      await page.evaluate(() => {
        for (const each of document.querySelectorAll(".train details")) (each as HTMLDetailsElement).open = true;
      });
      await untilText(page, ".train pre", /nn\.Linear\(784, 16\)/);
      expect(await violations(page)).toEqual([]);
    });
  });

  it("pauses, goes on, stops; after a reload it goes on from where it was", async () => {
    await visit({ browser, page: "train" }, async ({ page }) => {
      await chooseNetwork(page, "cnn");
      await fill(page, { channels: "2, 3", epochs: "100", optimizer: "adam" });
      await page.click(START);
      await untilText(page, STATUS, /^Training, CNN of 2 and 3 channels/);
      await page.waitForSelector(rows);
      await page.click(HOLD);
      await untilText(page, STATUS, /^Paused/);
      await page.waitForFunction((where) => document.querySelector(where)?.textContent === "Resume", {}, HOLD);
      const held = await steps(page);
      await page.click(HOLD);
      await page.waitForFunction(
        (before) => document.querySelector<HTMLProgressElement>(".train progress")!.value > before,
        {},
        held,
      );
      await page.click(STOP);
      await untilText(page, STATUS, /^Stopped/);
      const stopped = await steps(page);
      expect(stopped).toBeGreaterThan(held);
      await page.reload({ waitUntil: "load" });
      await ready(page);
      await untilText(page, ".train .kept p", /kept in this browser: CNN of 2 and 3 channels, \d+ % of 100 epochs/);
      expect(await violations(page)).toEqual([]);
      await page.click(".train .kept button");
      await page.waitForFunction(
        (before) => document.querySelector<HTMLProgressElement>(".train progress")!.value > before,
        {},
        stopped,
      );
      // What ran before stands in the table again.
      expect(await page.$$eval(rows, (all) => all[0]!.textContent)).toMatch(/^1\d/);
      expect(await page.$eval("#train-channels", (field) => (field as HTMLInputElement).value)).toBe("2, 3");
      await page.click(STOP);
      await untilText(page, STATUS, /^Stopped/);
    });
  });

  it("answers bad settings and bad files in words, and trains on from a good file", async () => {
    await visit({ browser, page: "train" }, async ({ page }) => {
      await fill(page, { hidden: "8", epochs: "many", lr: "-1" });
      await page.click(START);
      expect(await textAt(page, "#train-epochs-problem")).toMatch(/'many' came/);
      expect(await textAt(page, "#train-lr-problem")).toMatch(/-1 came/);
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("train-lr");
      expect(await violations(page)).toEqual([]);
      await fill(page, { hidden: "8", epochs: "1", lr: "0.1" });

      await bring(page, join(folder, "holiday.npz"), new TextEncoder().encode("no archive"));
      await untilText(page, PROBLEM, /holiday\.npz is neither \.npy, \.npz nor \.pt/);
      const odd = { dtype: "f32", shape: [2], data: Float32Array.of(1, 2) } as const;
      await bring(page, join(folder, "other.npz"), npz.write(new Map([["weights", odd]])));
      await untilText(page, PROBLEM, /other\.npz holds weights\. Expected a network of this page/);
      const array = (...shape: number[]) => {
        const size = shape.reduce((product, length) => product * length, 1);
        return { dtype: "f32", shape, data: new Float32Array(size).fill(0.01) } as const;
      };
      const small = new Map([
        ["0.weight", array(4, 784)],
        ["0.bias", array(4)],
        ["2.weight", array(10, 4)],
      ]);
      await bring(page, join(folder, "part.npz"), npz.write(small));
      await untilText(page, PROBLEM, /part\.npz: the state does not fit this Sequential; missing: 2\.bias/);
      await bring(page, join(folder, "small.npz"), npz.write(small.set("2.bias", array(10))));
      // Ten equal outputs are a 0, whatever comes: 175 of the 2,000 test images are one.
      await untilText(page, ".train .model p", /small\.npz: MLP 784–4–10, 3,190 weights and biases; 1,825 of 2,000/);
      expect(await page.$(PROBLEM)).toBeNull();
      expect(await page.$eval("#train-hidden", (field) => (field as HTMLInputElement).value)).toBe("4");
      expect(await textAt(page, START)).toBe("Train the loaded model");
      await trainToTheEnd(page);
    });
  });
});
