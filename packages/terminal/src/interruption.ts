// Ctrl-C in two steps: the first asks the work to stop cleanly, the second quits at once. So does a request to end (SIGTERM).

export interface InterruptionOptions {
  /** Said at the first Ctrl-C. */
  message?: string;
  stream?: { write(text: string): unknown };
  /** Ends the process; the tests put their own in. */
  exit?: (code: number) => void;
}

export interface Interruption {
  /** True from the first Ctrl-C on: finish the step in hand, save, and return. */
  readonly requested: boolean;
  /** Aborted together with `requested`, for work that takes a signal. */
  readonly signal: AbortSignal;
  /** What a shell expects of a program that the signal ended; 0 while none came. */
  readonly exitCode: number;
  /** Gives Ctrl-C back to Node's own behaviour. */
  end(): void;
}

/** 128 and the signal's number, as shells have it. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof CODES;

/** Listens for Ctrl-C and for SIGTERM. Signals arrive between turns of the event loop: a loop of pure computation has to await now and then. */
export function interruption({
  message = "Stopping after this step. Ctrl-C again quits at once.",
  stream = process.stderr,
  exit = process.exit,
}: InterruptionOptions = {}): Interruption {
  const controller = new AbortController();
  let exitCode = 0;
  const onSignal = (signal: Signal) => {
    if (controller.signal.aborted) {
      stream.write("\n");
      exit(CODES[signal]);
      return;
    }
    exitCode = CODES[signal];
    stream.write(`\n${message}\n`);
    controller.abort(new Error("Interrupted by Ctrl-C."));
  };
  const signals = Object.keys(CODES) as Signal[];
  for (const signal of signals) process.on(signal, onSignal);
  return {
    get requested() {
      return controller.signal.aborted;
    },
    get exitCode() {
      return exitCode;
    },
    signal: controller.signal,
    end() {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
