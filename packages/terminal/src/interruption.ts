// Ctrl-C in two steps: the first asks the work to stop cleanly, the second quits at once.

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
  /** Gives Ctrl-C back to Node's own behaviour. */
  end(): void;
}

/** 128 + 2, a shell's code for a process ended by SIGINT. */
const QUIT = 130;

/** Listens for Ctrl-C. Signals arrive between turns of the event loop: a loop of pure computation has to await now and then. */
export function interruption({
  message = "Stopping after this step. Ctrl-C again quits at once.",
  stream = process.stderr,
  exit = process.exit,
}: InterruptionOptions = {}): Interruption {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) {
      stream.write("\n");
      exit(QUIT);
      return;
    }
    stream.write(`\n${message}\n`);
    controller.abort(new Error("Interrupted by Ctrl-C."));
  };
  process.on("SIGINT", onSignal);
  return {
    get requested() {
      return controller.signal.aborted;
    },
    signal: controller.signal,
    end: () => void process.off("SIGINT", onSignal),
  };
}
