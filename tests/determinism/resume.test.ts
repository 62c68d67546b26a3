// A run that is saved to a file and goes on elsewhere ends with the bits of one that was never cut.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataLoader, Dataset } from "@lanewise/data";
import type { NamedArrays } from "@lanewise/io";
import { loadArrays, saveArrays } from "@lanewise/io/node";
import { Linear, ReLU, Sequential, type StateArray } from "@lanewise/nn";
import { Adam, type Optimizer, type OptimizerState, SGD } from "@lanewise/optim";
import { crossEntropy, Generator, init, manualSeed, type Tensor } from "@lanewise/tensor";
import { afterAll, beforeAll, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "lanewise-resume-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => init({ strict: true, threads: 2 }));

const optimizers: Readonly<Record<string, (parameters: Tensor[]) => Optimizer<object>>> = {
  SGD: (parameters) => new SGD(parameters, { lr: 0.05, momentum: 0.9, weightDecay: 1e-3 }),
  Adam: (parameters) => new Adam(parameters, { lr: 0.01, weightDecay: 1e-3 }),
};

/** Ten batches of noise with labels: an epoch. */
function noise(): Dataset<readonly [30]> {
  const order = new Generator(5).permutation(80 * 30);
  return new Dataset({
    shape: [30] as const,
    raw: Uint8Array.from(order, (value) => value % 256),
    labels: Int32Array.from({ length: 80 }, (_, at) => at % 4),
    source: "noise",
    sha256: "",
  });
}

function newRun(seed: number, kind: string) {
  manualSeed(seed);
  const model = new Sequential(new Linear(30, 16), new ReLU(), new Linear(16, 4));
  const optimizer = optimizers[kind]!(model.parameters());
  const loader = new DataLoader(noise(), { batchSize: 8, shuffle: true, seed: 1 });
  return {
    model,
    optimizer,
    loader,
    train(steps: number): void {
      let left = steps;
      while (left > 0) {
        for (const { x, y } of loader) {
          optimizer.zeroGrad();
          crossEntropy(model.forward(x), y).backward();
          optimizer.step();
          left -= 1;
          if (left === 0) break;
        }
      }
    },
  };
}

const kinds = Object.keys(optimizers);
it.each(kinds)(
  "R01 R03 %s: train 10 = train 5, save, load in a fresh model, train 5: equal to the bit",
  async (kind) => {
    const whole = newRun(1, kind);
    whole.train(10);

    const path = join(folder, `${kind}.npz`);
    const first = newRun(1, kind);
    first.train(5);
    const state = first.optimizer.state();
    const arrays: NamedArrays = new Map();
    for (const [name, array] of first.model.stateDict()) arrays.set(`model.${name}`, array);
    for (const [name, { shape, data }] of state.arrays) arrays.set(`optimizer.${name}`, { dtype: "f32", shape, data });
    await saveArrays(path, arrays);
    const rest = JSON.stringify({
      kind: state.kind,
      step: state.step,
      groups: state.groups,
      position: { epoch: 0, batch: 5 },
    });

    // Another seed: nothing of the first run is left but the file and the text.
    const second = newRun(2, kind);
    const parts = (prefix: string) =>
      [...loaded]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, array]) => [name.slice(prefix.length), array]);
    const loaded = await loadArrays(path);
    const { position, ...saved } = JSON.parse(rest);
    second.model.loadStateDict(new Map(parts("model.") as [string, StateArray][]));
    second.optimizer.loadState({
      ...saved,
      arrays: new Map(parts("optimizer.") as [string, { shape: readonly number[]; data: Float32Array }][]),
    } satisfies OptimizerState<object>);
    second.loader.state = position;
    second.train(5);

    expect(second.optimizer.steps).toBe(10);
    expect(second.model.stateDict()).toEqual(whole.model.stateDict());
    expect(second.optimizer.state()).toEqual(whole.optimizer.state());
  },
);

it("R03: fresh weights are other weights: the equality above is the file's doing", () => {
  const other = newRun(2, "SGD");
  other.train(10);
  const whole = newRun(1, "SGD");
  whole.train(10);
  expect(other.model.stateDict()).not.toEqual(whole.model.stateDict());
});
