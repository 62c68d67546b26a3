// Whether the machine was quiet: what others calculated while no side did, and whether the same loop took the same time.
import { cpus, loadavg } from "node:os";
import { setTimeout as pause } from "node:timers/promises";

export interface Look {
  /** Processors kept busy by others while this bench slept. */
  readonly busy: number;
  /** Seconds of the calibration loop. */
  readonly seconds: number;
}

const sleepMs = 100;

export class Watch {
  readonly loadBefore = loadavg()[0]!;
  readonly looks: Look[] = [];

  /** To be called while no side is working. */
  async look(): Promise<void> {
    const before = busySeconds();
    const begin = performance.now();
    await pause(sleepMs);
    const busy = Math.max(0, (busySeconds() - before) / ((performance.now() - begin) / 1000));
    this.looks.push({ busy, seconds: calibrationLoop() });
  }

  warnings(): string[] {
    return warningsOf(this.loadBefore, this.looks);
  }
}

/** What is to be said of a machine that was not quiet. */
export function warningsOf(loadBefore: number, looks: readonly Look[]): string[] {
  const warnings: string[] = [];
  if (loadBefore > 0.5) {
    warnings.push(`the load average was ${loadBefore.toFixed(2)} before the bench began; expected below 0.5`);
  }
  if (looks.length === 0) return warnings;
  const busy = looks.reduce((sum, look) => sum + look.busy, 0) / looks.length;
  if (busy > 0.15) {
    warnings.push(
      `other programs kept ${busy.toFixed(2)} processors busy between the measurements; expected below 0.15`,
    );
  }
  const times = looks.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const slower = times[Math.floor(times.length / 2)]! / times[0]! - 1;
  if (slower > 0.1) {
    warnings.push(
      `the calibration loop took ${Math.round(slower * 100)} % longer in the middle of its looks than in the best one`,
    );
  }
  const [first, last] = [looks[0]!.seconds, looks.at(-1)!.seconds];
  if (Math.abs(last / first - 1) > 0.1) {
    warnings.push(`the calibration loop took ${ms(first)} before and ${ms(last)} after: the machine's speed changed`);
  }
  return warnings;
}

const ms = (seconds: number): string => `${(seconds * 1000).toFixed(1)} ms`;

/** Of all processors, since they were started. */
function busySeconds(): number {
  return cpus().reduce((sum, { times }) => sum + (times.user + times.nice + times.sys + times.irq) / 1000, 0);
}

/** A chain in which every step waits for the one before: nothing but clock rate and interruptions change its time. */
function calibrationLoop(): number {
  let best = Number.POSITIVE_INFINITY;
  for (let repetition = 0; repetition < 3; repetition++) {
    const begin = performance.now();
    let x = 1;
    for (let i = 0; i < 2_000_000; i++) x = x * 0.999_999 + 1e-6;
    if (x > 2) throw new Error("The calibration loop miscounts."); // and is not optimized away
    best = Math.min(best, (performance.now() - begin) / 1000);
  }
  return best;
}
