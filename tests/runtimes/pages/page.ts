// The page of the runtimes' tests: runs what it is told on its main thread, or in a worker.
import { type Call, call, type Outcome } from "./call.ts";

declare global {
  interface Window {
    runTest?: (order: Call, inWorker: boolean) => Promise<Outcome>;
  }
}

function callInWorker(order: Call): Promise<Outcome> {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  return new Promise((resolve) => {
    // It stays until the page goes: in Firefox, a worker that ends may keep the next one from starting.
    worker.onmessage = ({ data }: MessageEvent<Outcome>) => resolve(data);
    worker.onerror = (event) => resolve({ error: `the worker failed: ${event.message || "its script did not load"}` });
    worker.postMessage(order);
  });
}

window.runTest = (order, inWorker) => (inWorker ? callInWorker(order) : call(order));
