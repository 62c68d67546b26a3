// How long the page's own thread is ever kept from answering while a worker trains: its event loop's longest gap.
import { RemoteTraining } from "lanewise/train/page";
import type { Reply, Request } from "../sides/tasks.ts";
import type { TrainingSettings } from "./training-worker.ts";

/** What was seen beside the longest gap. */
export interface Watched {
  readonly steps: number;
  readonly imagesPerSecond: number;
  /** By the browser's own record of tasks above 50 ms; undefined where it keeps none. */
  readonly longTasks: readonly number[] | undefined;
}

/** The first steps, in which engines still compile, are part of what is watched. */
export async function watchTraining({ network, seconds }: Request, threads: number): Promise<Reply> {
  const training = new RemoteTraining(new Worker(new URL("./training-worker.js", import.meta.url), { type: "module" }));
  const gaps = watchGaps();
  const tasks = watchLongTasks();
  const line = document.body.appendChild(document.createElement("p"));
  const settings: TrainingSettings = { network: String(network), threads };
  let firstLoss = Number.NaN;
  let heard = { step: 0, examplesPerSecond: Number.NaN };
  const ended = training.start(settings, {
    onStep: (event) => {
      if (Number.isNaN(firstLoss)) {
        firstLoss = event.batchLoss;
        setTimeout(() => void training.abort(), 1000 * seconds);
      }
      heard = event;
      line.textContent = `Step ${event.step}: loss ${event.loss.toFixed(3)}, ${event.examplesPerSecond.toFixed(0)} images/s`;
    },
  });
  await ended;
  const longest = gaps.stop();
  line.remove();
  training.close();
  const details: Watched = {
    steps: heard.step,
    imagesPerSecond: heard.examplesPerSecond,
    longTasks: tasks.stop(),
  };
  return { seconds: longest, value: firstLoss, details };
}

/** Turns of the event loop, each asked for by the one before. No task lasts longer than the longest time between two. */
function watchGaps(): { stop(): number } {
  let last = performance.now();
  let longest = 0;
  let stopped = false;
  const turn = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!stopped) setTimeout(turn, 0);
  };
  turn();
  return {
    stop: () => {
      stopped = true;
      return longest / 1000;
    },
  };
}

function watchLongTasks(): { stop(): readonly number[] | undefined } {
  if (!PerformanceObserver.supportedEntryTypes.includes("longtask")) return { stop: () => undefined };
  const seen: number[] = [];
  const observer = new PerformanceObserver((list) => seen.push(...list.getEntries().map(({ duration }) => duration)));
  observer.observe({ type: "longtask" });
  return {
    stop: () => {
      seen.push(...observer.takeRecords().map(({ duration }) => duration));
      observer.disconnect();
      return seen;
    },
  };
}
