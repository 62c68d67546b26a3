// Chromium and Firefox for the tests, each with a profile of its own and without network chatter.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, launch } from "puppeteer-core";

export type BrowserName = "chromium" | "firefox";

const programs: { readonly [B in BrowserName]: string } = {
  chromium: process.env.LANEWISE_CHROMIUM ?? "/usr/bin/chromium",
  firefox: process.env.LANEWISE_FIREFOX ?? "/usr/bin/firefox-esr",
};

const chromiumFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Firefox's own: nothing is fetched, nothing is asked, and a page without a window in front gets no less time for that. */
const firefoxPreferences = {
  // The panel of downloads takes the focus from the page.
  "browser.download.alwaysOpenPanel": false,
  "app.update.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.ipc.processPriorityManager.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
};

const browsers = Object.keys(programs) as BrowserName[];
/** The browsers that are installed here, and those that are not. */
export const installedBrowsers = browsers.filter((name) => existsSync(programs[name]));
export const missingBrowsers = browsers.filter((name) => !existsSync(programs[name]));

const running = new Map<BrowserName, Promise<Browser>>();
const profiles: string[] = [];

/** The browser, started at the first call. */
export function browserNamed(name: BrowserName): Promise<Browser> {
  const known = running.get(name) ?? start(name);
  running.set(name, known);
  // One that did not start is tried again at the next call.
  known.catch(() => running.delete(name));
  return known;
}

function start(name: BrowserName): Promise<Browser> {
  const userDataDir = mkdtempSync(join(tmpdir(), `lanewise-${name}-`));
  profiles.push(userDataDir);
  return launch({
    browser: name === "chromium" ? "chrome" : "firefox",
    executablePath: programs[name],
    headless: true,
    userDataDir,
    args: name === "chromium" ? chromiumFlags : [],
    ...(name === "firefox" ? { extraPrefsFirefox: firefoxPreferences } : {}),
    // A start or a suite's call may take minutes on a busy machine; the tests have their own limits.
    timeout: 180_000,
    protocolTimeout: 600_000,
  });
}

/** Ends every browser that was started, and removes the profiles. */
export async function closeBrowsers(): Promise<void> {
  for (const browser of running.values()) await (await browser).close();
  running.clear();
  for (const profile of profiles.splice(0)) rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}
