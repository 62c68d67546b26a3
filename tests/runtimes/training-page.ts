// A page that has a worker train, holds it, stops it, and has another worker go on from its checkpoint.
import type { EpochRecord, StepEvent } from "@lanewise/train";
import { privateFile, RemoteTraining } from "@lanewise/train/page";
import { type Answers, hashOf, type Settings } from "./training-run.ts";

export interface Told {
  readonly backend: string;
  /** Steps that were made while it was held. */
  readonly madeInPause: number;
  readonly stoppedAt: number;
  readonly resumedFrom: number;
  readonly history: readonly EpochRecord[];
  readonly weights: string;
  /** Turns of the page's own event loop, one every 10 ms at most, during the second part, and how long that took. */
  readonly turns: number;
  readonly milliseconds: number;
  /** What becomes of a worker without a script, and of a file that was removed. */
  readonly missing: string;
  readonly removed: boolean;
}

const newTraining = (script = "./training-worker.js") =>
  new RemoteTraining<Answers>(() => new Worker(new URL(script, import.meta.url), { type: "module" }));

export async function trainInWorker(): Promise<Told> {
  const first = newTraining();
  let last: StepEvent | undefined;
  let heard: () => void = () => {};
  const began = first.start({ resume: false } satisfies Settings, {
    onStep: (event) => {
      last = event;
      if (event.epoch >= 2) heard();
    },
  });
  await Promise.race([began, new Promise<void>((resolve) => (heard = resolve))]);
  await first.pause();
  const held = await hashOf(await first.ask("model"));
  const before = last!.step;
  await new Promise((resolve) => setTimeout(resolve, 200));
  const same = held === (await hashOf(await first.ask("model")));
  const madeInPause = same ? last!.step - before : Number.NaN;
  await first.resume();
  await first.abort();
  const stopped = await began;

  const second = newTraining();
  let from: number | undefined;
  let turns = 0;
  const clock = setInterval(() => turns++, 10);
  const start = performance.now();
  const { history } = await second.start({ resume: true } satisfies Settings, {
    onStep: ({ step }) => (from ??= step),
  });
  clearInterval(clock);
  const milliseconds = performance.now() - start;
  const weights = await hashOf(await second.ask("model"));
  const backend = await second.ask("backend");
  second.close();
  // Not before: nothing of its end falls into the start of the second one's threads.
  first.close();

  const missing = await newTraining("./no-such-script.js")
    .start({})
    .catch((error: Error) => error.message);
  const file = privateFile("tests/checkpoint.npz");
  const there = (await file.read()) !== null;
  await file.remove();
  await file.remove();
  const removed = there && (await file.read()) === null;
  const told = { backend, madeInPause, stoppedAt: stopped.step, resumedFrom: from!, history, weights };
  return { ...told, turns, milliseconds, missing: String(missing), removed };
}
