// Progress: the live line at several widths, the kept lines, and silence without a terminal.
import { describe, expect, it } from "vitest";
import { trainingProgress } from "./progress.ts";

function screen(options: { isTTY: boolean; columns?: number }) {
  let written = "";
  const stream = {
    ...options,
    write: (text: string) => {
      written += text;
    },
  };
  return { stream, written: () => written, live: () => written.split("\u001b[2K").at(-1)! };
}

describe("trainingProgress", () => {
  it("draws epoch, bar, loss, error, time left and rate", () => {
    let clock = 0;
    const { stream, live } = screen({ isTTY: true, columns: 120 });
    const progress = trainingProgress({ epochs: 10, perEpoch: 1000, stream, now: () => clock });
    clock = 2000;
    progress.step({ epoch: 1, seen: 500, loss: 0.25, error: 0.071 });
    // 5 % of the run took 2 s: 38 s are left; 500 images in 2 s are 250 a second; 5 % of 20 cells is one.
    expect(live()).toBe("epoch 1/10  █···················  5 %  loss 0.2500  error 7.10 %  38 s left  250 images/s");
  });

  it.each([10, 20, 30, 40, 50, 60, 79, 80, 200])("never fills %i columns", (columns) => {
    let clock = 0;
    const { stream, live } = screen({ isTTY: true, columns });
    const progress = trainingProgress({ epochs: 100, perEpoch: 60_000, stream, now: () => clock });
    clock = 90_000;
    progress.step({ epoch: 12, seen: 59_968, loss: 1.5e-7, error: 0.1234 });
    expect(live().length).toBeLessThan(columns);
    expect(live()).toContain("epoch");
  });

  it("redraws at most ten times a second", () => {
    let clock = 1000;
    const { stream, written } = screen({ isTTY: true });
    const progress = trainingProgress({ epochs: 1, perEpoch: 100, stream, now: () => clock });
    for (let i = 1; i <= 100; i++) {
      clock += 10;
      progress.step({ epoch: 1, seen: i, loss: 1, error: 0.5 });
    }
    expect(written().split("\u001b[2K").length - 1).toBe(10);
  });

  it("writes one plain line an epoch without a terminal", () => {
    let clock = 0;
    const { stream, written } = screen({ isTTY: false });
    const progress = trainingProgress({ epochs: 10, perEpoch: 1000, stream, now: () => clock });
    clock = 500;
    progress.step({ epoch: 1, seen: 1000, loss: 0.3, error: 0.1 });
    clock = 800; // testing: not in the rate
    progress.epoch({ epoch: 1, trainLoss: 0.31, trainError: 0.1012, testLoss: 0.2, testError: 0.05 });
    clock = 1800;
    progress.step({ epoch: 2, seen: 1000, loss: 0.3, error: 0.1 });
    progress.epoch({ epoch: 2, trainLoss: 0.15, trainError: 0.05 });
    progress.note("Saved.");
    progress.end();
    expect(written()).toBe(
      "epoch  1/10  loss 0.3100, test 0.2000  error 10.12 %, test  5.00 %  2,000 images/s\n" +
        "epoch  2/10  loss 0.1500  error  5.00 %  1,000 images/s\n" +
        "Saved.\n",
    );
  });

  it("a run that goes on counts the time left by its own steps, and says the rates that it is told", () => {
    let clock = 0;
    const { stream, live, written } = screen({ isTTY: true, columns: 120 });
    const progress = trainingProgress({ epochs: 10, perEpoch: 1000, done: 4500, stream, now: () => clock });
    clock = 2000;
    progress.step({ epoch: 5, seen: 1000, loss: 0.25, error: 0.071, perSecond: 240 });
    // 5 % of the run took 2 s: the other 50 % take 20 s.
    expect(live()).toBe("epoch 5/10  ██████████··········  50 %  loss 0.2500  error 7.10 %  20 s left  240 images/s");
    progress.epoch({ epoch: 5, trainLoss: 0.25, trainError: 0.071, perSecond: 230 });
    expect(written()).toContain("epoch  5/10  loss 0.2500  error  7.10 %  230 images/s\n");
  });

  it("takes the live line away before a kept one", () => {
    let clock = 0;
    const { stream, live } = screen({ isTTY: true });
    const progress = trainingProgress({ epochs: 1, perEpoch: 10, stream, now: () => clock });
    clock = 1000;
    progress.step({ epoch: 1, seen: 10, loss: 1, error: 0.5 });
    progress.epoch({ epoch: 1, trainLoss: 1, trainError: 0.5 });
    progress.end();
    expect(live()).toBe("epoch 1/1  loss 1.0000  error 50.00 %  10 images/s\n");
  });
});
