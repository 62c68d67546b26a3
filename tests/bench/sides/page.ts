// A library in a worker of a real, cross-origin isolated page: a browser of its own, kept open and asked in turn.
//
//     page.ts --browser chromium --library lanewise --threads 2 [--profile]
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type BrowserName, browserNamed, closeBrowsers } from "../../runtimes/browser.ts";
import { serve as serveFolder } from "../../runtimes/server.ts";
import { bundlePage, type LibraryName } from "../pages/bundle.ts";
import { peerVersion } from "../peers.ts";
import { type Hello, serveAnswers } from "./serve.ts";

const { values: given } = parseArgs({
  options: {
    browser: { type: "string" },
    library: { type: "string" },
    threads: { type: "string" },
    profile: { type: "boolean" },
  },
});
const library = given.library as LibraryName;
const server = await serveFolder(await bundlePage(library));
const browser = await browserNamed(given.browser as BrowserName);
const page = await browser.newPage();
const heard: string[] = [];
page.on("console", (message) => heard.push(`${message.type()}: ${message.text()}`));
page.on("pageerror", (error) => heard.push(String(error)));

const ATTEMPTS = 3;
/** Ten times what a library needs to load, in milliseconds. */
const PATIENCE = 60_000;

/** In Firefox the threads of a worker sometimes never come; another page's do. Not every library says so: some just wait. */
async function begin(attempt = 1): Promise<Hello> {
  const start = { threads: Number(given.threads), profile: given.profile === true };
  try {
    await page.goto(`${server.origin}/isolated/`, { waitUntil: "load" });
    const hello = page.evaluate((start) => window.bench!.start(start), start);
    return await asked(Promise.race([hello, silence()]));
  } catch (error) {
    if (attempt === ATTEMPTS) throw error;
    return begin(attempt + 1);
  }
}

async function silence(): Promise<never> {
  await setTimeout(PATIENCE, undefined, { ref: false });
  throw new Error(`${library} did not begin within ${PATIENCE / 1000} s in ${given.browser}`);
}

/** What the page says to an order; what it complained of is told with its errors. */
async function asked<R>(order: Promise<R>): Promise<R> {
  try {
    return await order;
  } catch (error) {
    throw new Error([error instanceof Error ? error.message : String(error), ...heard.splice(0)].join("\n"));
  }
}

const hello = await begin();
await serveAnswers(
  { ...hello, version: versionOf(library), settings: `${await browser.version()}, isolated page; ${hello.settings}` },
  (request) => asked(page.evaluate((request) => window.bench!.ask(request), request)),
  async () => {
    await closeBrowsers();
    await server.close();
  },
);

function versionOf(name: LibraryName): string {
  if (name === "tfjs") return peerVersion("@tensorflow/tfjs-backend-wasm");
  if (name === "onnxruntime") return peerVersion("onnxruntime-web");
  const manifest = readFileSync(join(import.meta.dirname, "../../../packages/lanewise/package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
