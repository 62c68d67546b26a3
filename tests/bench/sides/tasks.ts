// What a side measures, and how: tasks by name, each made once, repeated for a while, the least time kept. In Node and in
// pages alike.

export interface Hello {
  readonly name: string;
  readonly version: string;
  readonly threads: number;
  readonly settings: string;
}

/** What is measured: `measure` names the task, the rest are its settings; `seconds` is how long to go on repeating. */
export interface Request {
  readonly measure: string;
  readonly seconds: number;
  readonly [setting: string]: number | string;
}

export interface Reply {
  /** Of one call: the least of all repetitions in this turn. */
  readonly seconds: number;
  /** A number that all sides must agree on, from the first call. */
  readonly value: number;
  readonly details?: unknown;
}

export interface Task {
  /** Calls in one repetition; without it as many as take a few milliseconds. */
  readonly calls?: number;
  /** Before each repetition, outside the clock. */
  reset?(): void;
  run(): void | Promise<void>;
  /** Asked once, before anything is timed. */
  value(): number | Promise<number>;
  /** Asked after each turn. */
  details?(): unknown;
}

export type Tasks = { readonly [measure: string]: (request: Request) => Task | Promise<Task> };

interface Prepared {
  readonly task: Task;
  readonly calls: number;
  readonly value: number;
}

/** Short enough to slip between two interruptions, long enough for the clock. */
const repetitionSeconds = 0.004;
const usualWarmUpSeconds = 0.3;

/** Answers requests about `tasks`: what is asked for the first time is made and warmed up before. */
export function answering(tasks: Tasks, warmUpSeconds = usualWarmUpSeconds): (request: Request) => Promise<Reply> {
  const prepared = new Map<string, Prepared>();
  return async (request) => {
    const key = JSON.stringify({ ...request, seconds: 0 });
    const ready = prepared.get(key) ?? (await prepare(request, tasks, warmUpSeconds));
    prepared.set(key, ready);
    const seconds = await least(ready.task, ready.calls, request.seconds);
    return { seconds, value: ready.value, details: ready.task.details?.() };
  };
}

async function prepare(request: Request, tasks: Tasks, warmUpSeconds: number): Promise<Prepared> {
  const make = tasks[request.measure];
  if (make === undefined) {
    throw new Error(`No measure is called ${request.measure}; this side knows ${Object.keys(tasks).join(", ")}.`);
  }
  const task = await make(request);
  const value = await task.value();
  await least(task, task.calls ?? 1, warmUpSeconds);
  return { task, calls: task.calls ?? (await callsOfARepetition(task)), value };
}

/** Doubled until they take long enough: a browser's clock may not see a single call at all. */
async function callsOfARepetition(task: Task): Promise<number> {
  let calls = 1;
  while ((await repetition(task, calls)) < repetitionSeconds) calls *= 2;
  return calls;
}

/** Seconds of one call, least of the repetitions that begin within `seconds`; at least one. */
async function least(task: Task, calls: number, seconds: number): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let best = Number.POSITIVE_INFINITY;
  do {
    best = Math.min(best, (await repetition(task, calls)) / calls);
  } while (performance.now() < end);
  return best;
}

/** Seconds of so many calls. */
async function repetition(task: Task, calls: number): Promise<number> {
  task.reset?.();
  const begin = performance.now();
  for (let call = 0; call < calls; call++) {
    // A synchronous library must not pay for a promise.
    const pending = task.run();
    if (pending !== undefined) await pending;
  }
  return (performance.now() - begin) / 1000;
}
