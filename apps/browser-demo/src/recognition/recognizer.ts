// The page's side of the worker that recognizes; one for all pages, made when it is first needed.
import type { PixelImage } from "lanewise/data";
import type { NetworkName, Order, Outcome, Ready, Reply } from "./messages.ts";

type Answer = Exclude<Outcome, Ready>;

interface Pending {
  resolve(outcome: Outcome): void;
  reject(error: Error): void;
}

let worker: Worker | undefined;
let orders = 0;
const pending = new Map<number, Pending>();

/** Loads a network; what it is and what it tells. */
export function prepareNetwork(network: NetworkName): Promise<Ready> {
  return ask(network, null) as Promise<Ready>;
}

/** What a network makes of an image. */
export function recognize(network: NetworkName, image: PixelImage): Promise<Answer> {
  return ask(network, image) as Promise<Answer>;
}

function ask(network: NetworkName, image: PixelImage | null): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    worker ??= startWorker();
    const order: Order = { id: ++orders, network, image };
    pending.set(order.id, { resolve, reject });
    worker.postMessage(order, image === null ? [] : [image.data.buffer]);
  });
}

function startWorker(): Worker {
  if (typeof WebAssembly === "undefined") {
    throw new Error("This browser has no WebAssembly, or it is switched off; networks run on it here.");
  }
  const made = new Worker(new URL("./recognition-worker.ts", import.meta.url), { type: "module" });
  made.onmessage = ({ data }: MessageEvent<Reply>) => {
    const waiting = pending.get(data.id);
    pending.delete(data.id);
    if ("error" in data) waiting?.reject(new Error(data.error));
    else waiting?.resolve(data.outcome);
  };
  made.onerror = (event) => {
    event.preventDefault();
    // Whoever asks next starts anew.
    worker = undefined;
    const error = new Error(`The worker that recognizes failed: ${event.message || "its script did not load"}.`);
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  };
  return made;
}
