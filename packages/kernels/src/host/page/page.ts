// Pages and their workers: Worker, where the page is cross-origin isolated; a page's main thread may not wait.
import type { Host } from "../host.ts";

const isolationAdvice =
  "Serve the page and its scripts with the headers Cross-Origin-Opener-Policy: same-origin and " +
  "Cross-Origin-Embedder-Policy: require-corp (or credentialless) to use more threads.";

const named = (url: string | URL | undefined): string => (url === undefined ? "" : ` ${url}`);

/** Hears whether the page's policy blocks a worker, for as long as the start of one may take. */
function hearPolicy() {
  let directive: string | undefined;
  const hear = (event: Event): void => {
    const { effectiveDirective } = event as SecurityPolicyViolationEvent;
    if (/^(worker|child|script)-src/.test(effectiveDirective)) directive = effectiveDirective;
  };
  globalThis.addEventListener("securitypolicyviolation", hear);
  setTimeout(() => globalThis.removeEventListener("securitypolicyviolation", hear), 10_000);
  return { blocked: () => directive && `the page's Content-Security-Policy blocks its script by ${directive}` };
}

export const host: Host = {
  place: "page",
  defaultThreads: () => Math.max(2, (navigator.hardwareConcurrency || 1) - 1),

  noThreads() {
    // A SharedArrayBuffer can be had through a shared memory on any page, yet not be sent: only this property tells.
    if (globalThis.crossOriginIsolated !== true)
      return { reason: "the page is not cross-origin isolated", advice: isolationAdvice };
    if (typeof Worker === "undefined") {
      return {
        reason: "this kind of worker cannot start workers",
        advice: "Call init in the page or in a plain worker.",
      };
    }
    return undefined;
  },

  mayWait: () => typeof document === "undefined",

  startWorker(order, url, failed) {
    const worker =
      url === undefined
        ? new Worker(new URL("./lanewise-worker.js", import.meta.url), { type: "module" })
        : new Worker(url, { type: "module" });
    const policy = hearPolicy();
    worker.onerror = (event) => {
      event.preventDefault();
      // An event without a word is all that comes of a script that is missing, foreign or blocked; a policy tells beside it.
      setTimeout(() => failed(event.message || policy.blocked() || `its script${named(url)} could not be loaded`));
    };
    worker.onmessageerror = () => failed("it could not receive the shared memory");
    worker.postMessage(order);
    return worker;
  },

  workerAdvice:
    "The threads' script, lanewise/worker, must be served as lanewise-worker.js beside the program's own script: a bundler " +
    "that does not put it there (esbuild, Rollup) takes it as a second entry point, and Vite before 8 serves it while " +
    'developing with optimizeDeps: { exclude: ["lanewise"] }. Or name its address by init({ workerUrl }). It must be of ' +
    "the page's own origin, have Cross-Origin-Embedder-Policy like the page itself, and be allowed by the " +
    "Content-Security-Policy (worker-src).",

  read: (address) => fetch(address),

  setTurbo: () => "a page cannot set V8's flags",
  turboAdvice: () => undefined,
};
