// A visit of the demo in a real browser, from a profile that knows nothing of it; what the page complains of is an error.

import type { Page } from "puppeteer-core";
import { type BrowserName, browserNamed } from "../runtimes/browser.ts";
import { serve } from "../runtimes/server.ts";
import { DIST } from "./built.ts";

export type PageId = "draw" | "photo" | "train" | "backend";
export const PAGES: readonly PageId[] = ["draw", "photo", "train", "backend"];

export interface VisitOptions {
  readonly browser: BrowserName;
  /** The page that is opened. */
  readonly page: PageId;
  /** Whether the server isolates it (default true); it serves from a path below its root either way. */
  readonly isolated?: boolean;
  /** Another folder than the build. */
  readonly folder?: string;
  /** After the address, "?sw=on" for instance. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly width?: number;
  /** Complaints that the visit is about. */
  readonly expected?: RegExp;
}

export interface Visited {
  readonly page: Page;
  /** Ends the server, as a connection that is lost. */
  disconnect(): Promise<void>;
}

export const WIDE = 1280;
export const NARROW = 390;

export async function visit<R>(options: VisitOptions, use: (visited: Visited) => Promise<R>): Promise<R> {
  const { isolated = true, query = "", width = WIDE } = options;
  const server = await serve(options.folder ?? DIST, options.headers);
  const browser = await browserNamed(options.browser);
  const context = await browser.createBrowserContext();
  const complaints: string[] = [];
  let connected = true;
  const disconnect = async (): Promise<void> => {
    if (connected) await server.close();
    connected = false;
  };
  try {
    const page = await context.newPage();
    page.on("console", (message) => {
      if (["error", "warn"].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    // A busy machine is no failure; what never comes is.
    page.setDefaultTimeout(90_000);
    await page.setViewport({ width, height: 900 });
    await page.goto(`${server.origin}/${isolated ? "isolated" : "plain"}/${query}#${options.page}`, {
      waitUntil: "load",
    });
    await ready(page);
    const result = await use({ page, disconnect });
    const unexpected = complaints.filter((each) => options.expected?.test(each) !== true);
    if (unexpected.length > 0) throw new Error("the page complained");
    return result;
  } catch (cause) {
    const place = `${options.browser}, ${options.page}, ${isolated ? "isolated" : "plain"}`;
    throw new Error([`${place}: ${cause instanceof Error ? cause.message : cause}`, ...complaints].join("\n"), {
      cause,
    });
  } finally {
    await context.close();
    await disconnect();
  }
}

/** Waits until the page that is shown has its content. */
export async function ready(page: Page): Promise<void> {
  await page.waitForSelector("main section:not([hidden]) .body > *");
  await page.waitForFunction(() => document.querySelector("main section:not([hidden]) [aria-busy]") === null);
}

/** Goes to another page of the demo as its navigation does. */
export async function goTo(page: Page, id: PageId): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, id);
  await page.waitForSelector(`main section.${id}:not([hidden])`);
  await ready(page);
}

export async function chooseColours(page: Page, colours: "light" | "dark"): Promise<void> {
  await page.evaluate(
    (value) => document.querySelector<HTMLInputElement>(`.colours input[value=${value}]`)!.click(),
    colours,
  );
  await settled(page);
}

/** Waits for what moves: colours on their way are of neither scheme. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    await Promise.all(document.getAnimations().map((each) => each.finished.catch(() => undefined)));
  });
}

/** The text of the one element that `selector` names. */
export const textAt = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (found) => found.textContent ?? "");

/** Waits until that text matches. */
export async function untilText(page: Page, selector: string, pattern: RegExp): Promise<void> {
  const matches = (where: string, source: string): boolean =>
    new RegExp(source).test(document.querySelector(where)?.textContent ?? "");
  try {
    await page.waitForFunction(matches, {}, selector, pattern.source);
  } catch (cause) {
    const text = await page.evaluate((where) => document.querySelector(where)?.textContent ?? "nothing", selector);
    throw new Error(`${selector} did not come to ${pattern}; it says: ${text}`, { cause });
  }
}
