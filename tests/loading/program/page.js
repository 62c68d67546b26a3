// The script of every page of these tests: trains when it is told to, here or in a worker.
import { train } from "./program.js";

globalThis.train = train;

globalThis.trainInWorker = (options) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./in-worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => ("error" in data ? reject(new Error(data.error)) : resolve(data));
    worker.onerror = ({ message }) => reject(new Error(message || "the script of the page's worker did not load"));
    worker.postMessage(options);
  });
