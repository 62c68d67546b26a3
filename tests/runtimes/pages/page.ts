// The page of the runtimes' tests: runs what it is told on its main thread, or in a worker.
import { type Call, call, type Outcome } from "./call.ts";

declare global {
  interface Window {
    runTest?: (order: Call, inWorker: boolean) => Promise<Outcome>;
  }
}

/**
 * In a worker of Firefox 153, about one `new Worker` of a hundred never returns, with scripts of one line too and whether
 * or not other workers have ended: its thread waits for good. So a worker that starts threads is given up after a minute
 * there, and another one tried; the console tells, and with it the test.
 */
const firefoxWorkers = { patienceMs: 60_000, attempts: 3 };
const mayHang = navigator.userAgent.includes("Firefox/") && crossOriginIsolated;

async function callInWorker(order: Call): Promise<Outcome> {
  if (!mayHang) return callInNewWorker(order);
  for (let attempt = 1; ; attempt++) {
    const silence = new Promise<null>((resolve) => setTimeout(() => resolve(null), firefoxWorkers.patienceMs));
    const outcome = await Promise.race([callInNewWorker(order), silence]);
    if (outcome !== null) return outcome;
    console.warn(`a worker did not answer in ${firefoxWorkers.patienceMs / 1000} s, attempt ${attempt}`);
    if (attempt === firefoxWorkers.attempts) return { error: `no worker of ${attempt} has answered` };
  }
}

function callInNewWorker(order: Call): Promise<Outcome> {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  return new Promise((resolve) => {
    // It stays until the page goes: nothing of its end falls into the time of the next one.
    worker.onmessage = ({ data }: MessageEvent<Outcome>) => resolve(data);
    worker.onerror = (event) => resolve({ error: `the worker failed: ${event.message || "its script did not load"}` });
    worker.postMessage(order);
  });
}

window.runTest = (order, inWorker) => (inWorker ? callInWorker(order) : call(order));
