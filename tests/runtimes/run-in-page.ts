// Runs an exported function of a module in a real page, on its main thread or in a worker, and gives its JSON back.
import { type BrowserName, browserNamed } from "./browser.ts";
import { bundleForPages, type Scripts } from "./bundle.ts";
import type { Call, Outcome } from "./pages/call.ts";
import { serve } from "./server.ts";

export interface PageRun {
  readonly browser: BrowserName;
  /** Whether the page is cross-origin isolated. */
  readonly isolated: boolean;
  /** Whether the function runs in a worker of the page. */
  readonly worker: boolean;
  /** The path of the module, a source file. */
  readonly module: string;
  /** The exported function's name, and what it is called with. */
  readonly call: string;
  readonly values?: readonly unknown[];
  /** Scripts that are served beside the page, by name. */
  readonly scripts?: Scripts;
  /** Headers that every file is served with, a Content-Security-Policy for instance. */
  readonly headers?: Readonly<Record<string, string>>;
}

type PageWindow = { runTest?: (order: Call, inWorker: boolean) => Promise<Outcome> };

export async function runInPage<R>(run: PageRun): Promise<R> {
  const server = await serve(await bundleForPages(run.module, run.scripts), run.headers);
  const browser = await browserNamed(run.browser);
  const context = await browser.createBrowserContext();
  const heard: string[] = [];
  try {
    const page = await context.newPage();
    page.on("console", (message) => heard.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => heard.push(String(error)));
    await page.goto(`${server.origin}/${run.isolated ? "isolated" : "plain"}/`, { waitUntil: "load" });
    const order: Call = { name: run.call, values: run.values ?? [] };
    const outcome = await page.evaluate(
      (order, inWorker) => {
        const run = (window as PageWindow).runTest;
        return run === undefined ? { error: "the page's script did not load" } : run(order, inWorker);
      },
      order,
      run.worker,
    );
    if ("error" in outcome) throw new Error(outcome.error);
    return JSON.parse(outcome.json) as R;
  } catch (cause) {
    const place = `${run.browser}, ${run.isolated ? "isolated" : "plain"} page, ${run.worker ? "worker" : "main thread"}`;
    throw new Error([`${place}: ${cause instanceof Error ? cause.message : cause}`, ...heard].join("\n"), { cause });
  } finally {
    await context.close();
    await server.close();
  }
}
