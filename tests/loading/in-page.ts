// Opens a page in a real browser, has it train, and hears what it asked the servers for.
import type { InitOptions } from "lanewise";
import type { Page } from "puppeteer-core";
import { type BrowserName, browserNamed } from "../runtimes/browser.ts";
import type { Told } from "./projects.ts";

/** Options that reach the page as JSON. */
export type PageOptions = Omit<InitOptions, "wasm" | "workerUrl"> & {
  readonly wasm?: string;
  readonly workerUrl?: string;
};

export interface Visit {
  readonly browser: BrowserName;
  readonly address: string;
  readonly options?: PageOptions;
  /** Whether a module worker of the page trains. */
  readonly inWorker?: boolean;
}

/** An answer that the page got: its address, status and body. */
export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly body: Buffer;
}

type Trains = Readonly<Record<"train" | "trainInWorker", (options: PageOptions) => Promise<Told>>>;

export async function trainInPage({
  browser,
  address,
  options = { strict: true },
  inWorker = false,
}: Visit): Promise<Told> {
  return visit(browser, address, (page) => trainHere(page, options, inWorker));
}

/** Trains in the page and gives every answer that it got meanwhile, in Chromium. */
export async function answersOf(address: string, options: PageOptions): Promise<Answer[]> {
  const answers: Promise<Answer>[] = [];
  await visit("chromium", address, async (page) => {
    page.on("response", (response) => {
      const [url, status] = [response.url(), response.status()];
      if (!url.startsWith("data:"))
        answers.push(response.buffer().then((body) => ({ url, status, body: Buffer.from(body) })));
    });
    await page.reload({ waitUntil: "load" });
    await trainHere(page, options, false);
    await Promise.all(answers);
  });
  return Promise.all(answers);
}

function trainHere(page: Page, options: PageOptions, inWorker: boolean): Promise<Told> {
  const run = (options: PageOptions, inWorker: boolean) => {
    const { train, trainInWorker } = globalThis as unknown as Partial<Trains>;
    if (train === undefined || trainInWorker === undefined) throw new Error("the page's script did not load");
    return inWorker ? trainInWorker(options) : train(options);
  };
  return page.evaluate(run, options, inWorker);
}

async function visit<T>(name: BrowserName, address: string, act: (page: Page) => Promise<T>): Promise<T> {
  const context = await (await browserNamed(name)).createBrowserContext();
  const heard: string[] = [];
  try {
    const page = await context.newPage();
    page.on("console", (message) => heard.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => heard.push(String(error)));
    page.on("requestfailed", (request) => heard.push(`no answer: ${request.url()}`));
    await page.goto(address, { waitUntil: "load" });
    return await act(page);
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new Error([`${name}, ${address}: ${what}`, ...heard].join("\n"), { cause });
  } finally {
    await context.close();
  }
}
