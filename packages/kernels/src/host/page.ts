// Pages and their workers: Worker, where the page is cross-origin isolated; a page's main thread may not wait.
import type { Host } from "./host.ts";

const isolationAdvice =
  "Serve the page and its scripts with the headers Cross-Origin-Opener-Policy: same-origin and " +
  "Cross-Origin-Embedder-Policy: require-corp (or credentialless) to use all cores.";

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
        ? new Worker(new URL("./page-worker.js", import.meta.url), { type: "module" })
        : new Worker(url, { type: "module" });
    worker.onerror = (event) => {
      event.preventDefault();
      failed(event.message || "its script could not be loaded");
    };
    worker.onmessageerror = () => failed("it could not receive the shared memory");
    worker.postMessage(order);
    return worker;
  },

  workerAdvice:
    "Serve the script of the threads from the page's own origin, with Cross-Origin-Embedder-Policy like the page itself, " +
    "name it by init({ workerUrl }), and allow it in the Content-Security-Policy (worker-src).",

  async read(address) {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address} answered ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  },

  setTurbo: () => "a page cannot set V8's flags",
  turboAdvice: () => undefined,
};
