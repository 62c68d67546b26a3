// Progress of a training run: one live line on a terminal, one kept line an epoch everywhere.
import { cut, duration, fixed, percent, rate } from "./phrases.ts";

export interface ProgressOptions {
  epochs: number;
  /** Things seen in one epoch: training images, for example. */
  perEpoch: number;
  /** What they are called, in the plural. */
  things?: string;
  /** Those seen before: a run that goes on begins in its middle. */
  done?: number;
  stream?: { write(text: string): unknown; isTTY?: boolean; columns?: number };
  /** Milliseconds, monotonic; the tests put their own clock in. */
  now?: () => number;
}

export interface Progress {
  /**
   * After each step: the epoch (from 1), things seen in it so far, and the running loss and error (a fraction). Things a
   * second are counted here where they do not come.
   */
  step(state: StepLine): void;
  /** After each epoch: writes its kept line, the figures in the order given. */
  epoch(line: EpochLine): void;
  /** A line of text above the live one. */
  note(text: string): void;
  /** Removes the live line; the kept ones stay. */
  end(): void;
}

export interface StepLine {
  epoch: number;
  seen: number;
  loss: number;
  error: number;
  perSecond?: number;
}

export interface EpochLine {
  epoch: number;
  perSecond?: number;
  trainLoss: number;
  trainError: number;
  testLoss?: number;
  testError?: number;
}

const REDRAW_MS = 100;
const BAR_CELLS = 20;
const MIN_BAR_CELLS = 6;
const ERASE_LINE = "\r\u001b[2K";

/** Follows a training run. Without a terminal nothing but the line an epoch is written. */
export function trainingProgress({
  epochs,
  perEpoch,
  things = "images",
  done: before = 0,
  stream = process.stderr,
  now = () => performance.now(),
}: ProgressOptions): Progress {
  const live = stream.isTTY === true;
  const started = now();
  // The rate of an epoch ends with its last step: testing, which follows, is left out. The time left counts both.
  let epochStarted = started;
  let lastStep = started;
  let lastDraw = Number.NEGATIVE_INFINITY;
  let current: StepLine = { epoch: 1, seen: 0, loss: Number.NaN, error: Number.NaN };
  let drawn = false;

  const erase = () => {
    if (drawn) stream.write(ERASE_LINE);
    drawn = false;
  };
  const draw = () => {
    const done = (current.epoch - 1) * perEpoch + current.seen;
    const share = Math.min(1, done / (epochs * perEpoch));
    const perSecond = current.perSecond ?? (current.seen * 1000) / (lastStep - epochStarted);
    const made = share - before / (epochs * perEpoch);
    const left = made > 0 ? ((now() - started) * (1 - share)) / made / 1000 : Number.NaN;
    // A terminal wraps a full last column: one is left empty.
    const width = Math.max(1, (stream.columns ?? 80) - 1);
    stream.write(ERASE_LINE + liveLine({ ...current, epochs, share, perSecond, left, things }, width));
    drawn = true;
    lastDraw = now();
  };

  return {
    step(state) {
      current = state;
      lastStep = now();
      if (live && lastStep - lastDraw >= REDRAW_MS) draw();
    },
    epoch(line) {
      erase();
      const seconds = (lastStep - epochStarted) / 1000;
      const width = live ? (stream.columns ?? 80) : Number.POSITIVE_INFINITY;
      stream.write(`${epochLine(line, epochs, line.perSecond ?? perEpoch / seconds, things, width)}\n`);
      epochStarted = now();
      lastStep = epochStarted;
      current = { epoch: line.epoch + 1, seen: 0, loss: Number.NaN, error: Number.NaN };
    },
    note(text) {
      erase();
      stream.write(`${text}\n`);
      if (live && current.seen > 0) draw();
    },
    end: erase,
  };
}

interface LiveState {
  epoch: number;
  epochs: number;
  loss: number;
  error: number;
  share: number;
  perSecond: number;
  left: number;
  things: string;
}

/** The live line: what fits, the least wanted dropped first. */
function liveLine(state: LiveState, width: number): string {
  const epoch = `epoch ${state.epoch}/${state.epochs}`;
  const share = `${Math.floor(state.share * 100)} %`;
  const wanted = [
    `loss ${fixed(state.loss)}`,
    `error ${percent(state.error)}`,
    `${duration(state.left)} left`,
    rate(state.perSecond, state.things),
  ];
  for (let kept = wanted.length; kept >= 0; kept--) {
    const texts = [epoch, share, ...wanted.slice(0, kept)].join("  ");
    const cells = Math.min(BAR_CELLS, width - texts.length - 2);
    if (cells >= MIN_BAR_CELLS) {
      const [, ...rest] = [epoch, share, ...wanted.slice(0, kept)];
      return [epoch, bar(state.share, cells), ...rest].join("  ");
    }
    if (kept <= 2 && texts.length <= width) return texts;
  }
  return cut(epoch, width);
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

function bar(share: number, cells: number): string {
  const eighths = Math.round(share * cells * 8);
  const filled = "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
  return filled + "·".repeat(cells - filled.length);
}

function epochLine(line: EpochLine, epochs: number, perSecond: number, things: string, width: number): string {
  const tested = line.testLoss !== undefined && line.testError !== undefined;
  const parts = [
    `epoch ${String(line.epoch).padStart(String(epochs).length)}/${epochs}`,
    `loss ${fixed(line.trainLoss)}${tested ? `, test ${fixed(line.testLoss!)}` : ""}`,
    `error ${percent(line.trainError).padStart(7)}${tested ? `, test ${percent(line.testError!).padStart(7)}` : ""}`,
  ];
  const whole = Number.isFinite(perSecond) ? [...parts, rate(perSecond, things)].join("  ") : parts.join("  ");
  return whole.length <= width ? whole : parts.join("  ");
}
