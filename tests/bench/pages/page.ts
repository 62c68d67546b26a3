// The bench's page: a library in a worker, asked for one measurement after the other, and trainings watched from here.
import type { Hello, Reply, Request } from "../sides/tasks.ts";
import type { Answered, Asked, Start } from "./answer.ts";
import { watchTraining } from "./watch-training.ts";

export interface BenchPage {
  start(start: Start): Promise<Hello>;
  ask(request: Request): Promise<Reply>;
}

declare global {
  interface Window {
    bench?: BenchPage;
  }
}

const worker = new Worker(new URL("./library.js", import.meta.url), { type: "module" });

function tell<A extends Answered>(asked: Asked): Promise<Exclude<A, { error: string }>> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Answered>) => {
      if ("error" in data) reject(new Error(data.error));
      else resolve(data as Exclude<A, { error: string }>);
    };
    worker.onerror = (event) => reject(new Error(event.message || "the library's script did not load"));
    worker.postMessage(asked);
  });
}

let threads = 1;

window.bench = {
  start: async (start) => {
    threads = start.threads;
    return (await tell<{ hello: Hello }>({ start })).hello;
  },
  ask: async (request) =>
    request.measure === "training"
      ? await watchTraining(request, threads)
      : (await tell<{ reply: Reply }>({ request })).reply,
};
