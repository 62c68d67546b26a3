// Node: worker_threads, all cores, waiting allowed on every thread.
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { Host } from "../host.ts";

const hasScheme = (address: string): boolean => /^[a-z][a-z0-9+.-]+:/i.test(address);

const urlOf = (address: string | URL): URL =>
  address instanceof URL ? address : hasScheme(address) ? new URL(address) : pathToFileURL(address);

/** V8 knows its flag since Node 22, on x64 alone; an unknown flag is an error on the terminal that cannot be caught. */
function turboRefusal(): string | undefined {
  if (process.arch !== "x64")
    return `V8 turns 128-bit operations into 256-bit ones on x64 only, this is ${process.arch}`;
  if (Number.parseInt(process.versions.v8 ?? "0", 10) >= 12) return undefined;
  return `it needs Node 22 or newer, this is ${process.version}`;
}

export const host: Host = {
  place: "process",
  defaultThreads: availableParallelism,
  noThreads: () => undefined,
  mayWait: () => true,

  startWorker(order, url, failed) {
    const script = url === undefined ? new URL("./lanewise-worker.js", import.meta.url) : urlOf(url);
    // The loaders of the program (tsx and the like) are not for a plain script; they would slow down its start.
    const worker = new Worker(script, { workerData: order, execArgv: [] });
    worker.on("error", (error) => failed(String(error)));
    worker.on("exit", (code) => {
      if (code !== 0) failed(`its script ended with code ${code}`);
    });
    worker.unref();
    return worker;
  },

  workerAdvice:
    "A program that is bundled needs the threads' script beside it: lanewise/worker as a second entry point, named " +
    "lanewise-worker, or named by init({ workerUrl }). A machine without any time to spare may also be the cause.",

  async read(address) {
    const url = urlOf(address);
    return url.protocol === "file:" ? new Response(await readFile(url)) : fetch(url);
  },

  setTurbo(on) {
    const refusal = turboRefusal();
    if (refusal === undefined) setFlagsFromString(`--${on ? "" : "no-"}experimental-wasm-revectorize`);
    return refusal;
  },

  turboAdvice: () =>
    turboRefusal() === undefined
      ? "Call init({ turbo: true }) for 256-bit arithmetic, by a flag of V8 that holds for the whole process."
      : undefined,
};
