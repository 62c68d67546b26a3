// Runs exported functions of a module in a real page, on its main thread or in a worker, and gives their JSON back.
import { type BrowserName, browserNamed } from "./browser.ts";
import { bundleForPages, type Scripts } from "./bundle.ts";
import type { Call, Outcome } from "./pages/call.ts";
import { serve } from "./server.ts";

export interface PagePlace {
  readonly browser: BrowserName;
  /** Whether the page is cross-origin isolated. */
  readonly isolated: boolean;
  /** The path of the module, a source file. */
  readonly module: string;
  /** Scripts that are served beside the page, by name. */
  readonly scripts?: Scripts;
  /** Headers that every file is served with, a Content-Security-Policy for instance. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PageCall {
  /** Whether the function runs in a worker of the page: a new one each time. */
  readonly worker: boolean;
  /** The exported function's name, and what it is called with. */
  readonly call: string;
  readonly values?: readonly unknown[];
}

export interface OpenPage {
  run<R>(call: PageCall): Promise<R>;
  close(): Promise<void>;
}

type PageWindow = { runTest?: (order: Call, inWorker: boolean) => Promise<Outcome> };

/** Opens a page that has loaded the module, in a context of its own. */
export async function openPage(place: PagePlace): Promise<OpenPage> {
  const server = await serve(await bundleForPages(place.module, place.scripts), place.headers);
  const browser = await browserNamed(place.browser);
  const context = await browser.createBrowserContext();
  const heard: string[] = [];
  const close = async (): Promise<void> => {
    await context.close();
    await server.close();
  };
  const failed = (cause: unknown, where: string): Error => {
    const title = `${place.browser}, ${place.isolated ? "isolated" : "plain"} page, ${where}`;
    return new Error([`${title}: ${cause instanceof Error ? cause.message : cause}`, ...heard].join("\n"), { cause });
  };
  try {
    const page = await context.newPage();
    page.on("console", (message) => {
      heard.push(`${message.type()}: ${message.text()}`);
      if (/^warn/.test(message.type())) console.warn(`${place.browser}: ${message.text()}`);
    });
    page.on("pageerror", (error) => heard.push(String(error)));
    await page.goto(`${server.origin}/${place.isolated ? "isolated" : "plain"}/`, { waitUntil: "load" });
    const run = async <R>({ call, values = [], worker }: PageCall): Promise<R> => {
      try {
        const order: Call = { name: call, values };
        const outcome = await page.evaluate(
          (order, inWorker) => {
            const run = (window as PageWindow).runTest;
            return run === undefined ? { error: "the page's script did not load" } : run(order, inWorker);
          },
          order,
          worker,
        );
        if ("error" in outcome) throw new Error(outcome.error);
        return JSON.parse(outcome.json) as R;
      } catch (cause) {
        throw failed(cause, worker ? "worker" : "main thread");
      }
    };
    return { run, close };
  } catch (cause) {
    await close();
    throw failed(cause, "at its opening");
  }
}

/** One call in a page of its own. */
export async function runInPage<R>(run: PagePlace & PageCall): Promise<R> {
  const page = await openPage(run);
  try {
    return await page.run<R>(run);
  } finally {
    await page.close();
  }
}
