// The keyboard alone: on to the control of a name by Tab, with the focus in sight all the way.
import type { Page } from "puppeteer-core";

/** More stops than any page has. */
const MOST_STOPS = 90;

/** What a screen reader calls the focused element, as far as these pages need it. */
const focused = (page: Page): Promise<{ readonly name: string; readonly visible: boolean }> =>
  page.evaluate(() => {
    const active = document.activeElement as HTMLInputElement;
    if (active === document.body) return { name: "", visible: true };
    const labels = [...(active.labels ?? [])].map(({ textContent }) => textContent?.trim());
    const name =
      active.getAttribute("aria-label") ?? (labels.length > 0 ? labels.join(" ") : active.textContent?.trim());
    // Radio buttons and choosers of files lie under what is seen in their place: their labels.
    const shown = ["radio", "file"].includes(active.type) ? active.labels![0]! : active;
    const { outlineStyle, outlineWidth } = getComputedStyle(shown);
    const { width, height } = shown.getBoundingClientRect();
    const visible = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1 && width > 1 && height > 1;
    return { name: name ?? "", visible };
  });

/** Presses Tab until the control of that name has the focus; each stop on the way must show it. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const passed: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    if (at.name !== "" && !at.visible) throw new Error(`the focus on '${at.name}' cannot be seen`);
    if (typeof name === "string" ? at.name === name : name.test(at.name)) return;
    passed.push(at.name);
  }
  throw new Error(`no Tab came to '${name}'; it passed ${passed.join(", ")}`);
}

export const focusedName = async (page: Page): Promise<string> => (await focused(page)).name;

/** Writes into the focused field, in place of what stands there. */
export async function write(page: Page, text: string): Promise<void> {
  await page.keyboard.down("Control");
  await page.keyboard.press("a");
  await page.keyboard.up("Control");
  await page.keyboard.type(text);
}
