// What the tests do on the Train page: fill the form, start, wait, take files away and bring them.
import { writeFileSync } from "node:fs";
import type { ElementHandle, Page } from "puppeteer-core";
import { untilText } from "./visit.ts";

/** Where the training's state stands in words. */
export const STATUS = ".train .progress h2";
export const START = ".train .controls .main";
export const HOLD = ".train .controls button:nth-child(2)";
export const STOP = ".train .controls button:nth-child(3)";
export const PROBLEM = ".train .problems [role=alert]";

export async function fill(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  await page.evaluate((all) => {
    for (const [name, value] of Object.entries(all)) {
      const field = document.querySelector<HTMLInputElement | HTMLSelectElement>(`#train-${name}`)!;
      field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }, values);
}

export async function chooseNetwork(page: Page, network: "mlp" | "cnn"): Promise<void> {
  await page.evaluate(
    (value) => document.querySelector<HTMLInputElement>(`.train input[value=${value}]`)!.click(),
    network,
  );
}

export async function trainToTheEnd(page: Page): Promise<void> {
  await page.click(START);
  await untilText(page, STATUS, /Finished: .* test error/);
}

/** The bytes of the file that a button downloads. */
export async function downloaded(page: Page, name: string): Promise<Buffer> {
  const base64 = await page.evaluate(async (text) => {
    const { createObjectURL } = URL;
    const made = new Promise<Blob>((resolve) => {
      URL.createObjectURL = (blob) => {
        resolve(blob as Blob);
        return createObjectURL(blob);
      };
    });
    const buttons = [...document.querySelectorAll<HTMLButtonElement>(".train .model button")];
    buttons.find(({ textContent }) => textContent === text)!.click();
    const bytes = new Uint8Array(await (await made).arrayBuffer());
    URL.createObjectURL = createObjectURL;
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  }, name);
  return Buffer.from(base64, "base64");
}

/** Brings a file as its chooser does. */
export async function bring(page: Page, path: string, bytes: Uint8Array): Promise<void> {
  writeFileSync(path, bytes);
  const input = (await page.$("#train-file")) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(path);
}
