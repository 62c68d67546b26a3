// The worker's end of the line protocol: one JSON request a line on stdin, one JSON reply a line on stdout.
//
// A thread count, a flag of V8 and a binary hold for a whole process, so each side of a comparison is a process of its own,
// kept alive and asked in turn. The first line says who answers.
import { createInterface } from "node:readline";

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
const warmUpSeconds = 0.3;

/** Answers until stdin ends. What the library prints goes to stderr: stdout belongs to the protocol. */
export async function serve(hello: Hello, tasks: Tasks): Promise<void> {
  console.log = console.info = console.error;
  const send = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);
  const prepared = new Map<string, Prepared>();
  send(hello);
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      const request = JSON.parse(line) as Request;
      const key = JSON.stringify({ ...request, seconds: 0 });
      const ready = prepared.get(key) ?? (await prepare(request, tasks));
      prepared.set(key, ready);
      const seconds = await least(ready.task, ready.calls, request.seconds);
      send({ seconds, value: ready.value, details: ready.task.details?.() } satisfies Reply);
    } catch (error) {
      console.error(error);
      send({ error: error instanceof Error ? error.message : String(error) });
    }
  }
  process.exit(0);
}

async function prepare(request: Request, tasks: Tasks): Promise<Prepared> {
  const make = tasks[request.measure];
  if (make === undefined) {
    throw new Error(`No measure is called ${request.measure}; this side knows ${Object.keys(tasks).join(", ")}.`);
  }
  const task = await make(request);
  const value = await task.value();
  const one = await least(task, task.calls ?? 1, warmUpSeconds);
  return { task, calls: task.calls ?? Math.max(1, Math.ceil(repetitionSeconds / one)), value };
}

/** Seconds of one call, least of the repetitions that begin within `seconds`; at least one. */
async function least(task: Task, calls: number, seconds: number): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let best = Number.POSITIVE_INFINITY;
  do {
    task.reset?.();
    const begin = performance.now();
    for (let call = 0; call < calls; call++) {
      // A synchronous library must not pay for a promise.
      const pending = task.run();
      if (pending !== undefined) await pending;
    }
    best = Math.min(best, (performance.now() - begin) / calls / 1000);
  } while (performance.now() < end);
  return best;
}
