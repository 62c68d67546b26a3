// Optimizers and averages against the real PyTorch, from the same parameters and gradients: 24 steps, several groups.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NamedArrays } from "@lanewise/io";
import { loadArrays, saveArrays } from "@lanewise/io/node";
import {
  Adam,
  AdamW,
  Lookahead,
  Muon,
  type Optimizer,
  type OptimizerState,
  type ParameterGroup,
  SGD,
  WeightAverage,
} from "@lanewise/optim";
import { Generator, init, keep, type Shape, scope, type Tensor, tensor } from "@lanewise/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPython, python, temporaryFolder } from "./python.ts";

const STEPS = 24;
/** Filters [KH, KW, Cin, Cout], wide and tall ones, a matrix and a vector, in memory's layout. */
const SHAPES: readonly Shape[] = [[3, 3, 4, 8], [1, 1, 4, 16], [24, 10], [10]];
/** In every third step the last parameter has no gradient. */
const hasGradient = (index: number, step: number): boolean => index < SHAPES.length - 1 || step % 3 !== 1;

type AnyOptimizer = Optimizer<object>;
type Groups = readonly { readonly of: readonly number[]; readonly settings: object }[];

interface Case {
  readonly optimizer: "SGD" | "Adam" | "AdamW" | "Muon";
  /** Options of the optimizer; the groups' settings go over them. */
  readonly options: { readonly lr: number };
  readonly groups: Groups;
}

const classes = { SGD, Adam, AdamW, Muon } as unknown as {
  readonly [name: string]: new (groups: ParameterGroup<object>[], options: object) => AnyOptimizer;
};
const two: Groups = [
  { of: [0, 3], settings: {} },
  { of: [1, 2], settings: { lr: 0.02, weightDecay: 0.3 } },
];
const filters: Groups = [
  { of: [0, 2], settings: {} },
  { of: [1], settings: { lr: 0.03, momentum: 0.5, weightDecay: 0.5 } },
];

const cases: Readonly<Record<string, Case>> = {
  "SGD, groups": { optimizer: "SGD", options: { lr: 0.1 }, groups: two },
  "SGD with momentum": { optimizer: "SGD", options: { lr: 0.1, ...{ momentum: 0.85, nesterov: true } }, groups: two },
  "SGD, decoupled decay": {
    optimizer: "SGD",
    options: { lr: 0.1, ...{ momentum: 0.9, weightDecay: 0.1, decoupledWeightDecay: true } },
    groups: two,
  },
  "SGD without momentum, decoupled decay": {
    optimizer: "SGD",
    options: { lr: 0.1, ...{ weightDecay: 0.1, decoupledWeightDecay: true } },
    groups: two,
  },
  Adam: { optimizer: "Adam", options: { lr: 0.01 }, groups: two },
  "Adam, other betas, coupled decay": {
    optimizer: "Adam",
    options: { lr: 0.05, ...{ betas: [0.8, 0.95], eps: 1e-4, weightDecay: 0.1 } },
    groups: two,
  },
  AdamW: { optimizer: "AdamW", options: { lr: 0.01 }, groups: two },
  Muon: { optimizer: "Muon", options: { lr: 0.02 }, groups: filters },
  "Muon without Nesterov's step": {
    optimizer: "Muon",
    options: { lr: 0.02, ...{ nesterov: false, momentum: 0.8, nsSteps: 3, adjustLrFn: "match_rms_adamw" } },
    groups: filters,
  },
  "Muon, unclamped": {
    optimizer: "Muon",
    options: { lr: 0.02, ...{ adjustLrFn: "spectral_unclamped" } },
    groups: filters,
  },
  "Muon as for CIFAR-10": {
    optimizer: "Muon",
    options: {
      lr: 0.24,
      ...{ momentum: 0.6, nsSteps: 3, weightDecay: 0, adjustLrFn: "none", normalizeParameters: true },
    },
    groups: [
      { of: [0, 2], settings: {} },
      { of: [1], settings: { lr: 0.1 } },
    ],
  },
};

function startingArrays(): NamedArrays {
  return scope(() => {
    const random = new Generator(7);
    const arrays: NamedArrays = new Map();
    for (const [index, shape] of SHAPES.entries()) {
      arrays.set(`p${index}`, { dtype: "f32", shape, data: random.normal(shape, 0, 0.3).data() });
      for (let step = 0; step < STEPS; step++) {
        arrays.set(`g${index}.${step}`, { dtype: "f32", shape, data: random.normal(shape, 0, 0.1).data() });
      }
    }
    return arrays;
  });
}

describe.runIf(hasPython("numpy, torch", "optimizers against PyTorch"))("PyTorch", () => {
  const { folder, remove } = temporaryFolder();
  let start: NamedArrays;
  let torch: NamedArrays;
  const floats = (from: NamedArrays, name: string): Float32Array => from.get(name)!.data as Float32Array;

  beforeAll(async () => {
    await init({ threads: 2 });
    start = startingArrays();
    await saveArrays(join(folder, "start.npz"), start);
    writeFileSync(join(folder, "cases.json"), JSON.stringify({ cases, steps: STEPS, parameters: SHAPES.length }));
    const script = fileURLToPath(new URL("optim_steps.py", import.meta.url));
    python("import runpy, sys; runpy.run_path(sys.argv.pop(1), run_name='__main__')", folder, [
      script,
      "start.npz",
      "cases.json",
      "out.npz",
    ]);
    torch = await loadArrays(join(folder, "out.npz"));
  });
  afterAll(remove);

  const newParameters = (): Tensor[] =>
    SHAPES.map((shape, index) => keep(tensor(floats(start, `p${index}`), { shape, requiresGrad: true })));

  function newRun({ optimizer: kind, options, groups }: Case) {
    const parameters = newParameters();
    const grouped = groups.map(({ of, settings }) => ({ parameters: of.map((index) => parameters[index]!), settings }));
    const optimizer = new classes[kind]!(grouped, options);
    const used = groups.flatMap(({ of }) => of);
    const run = (from: number, to: number, after?: (step: number) => void): void => {
      for (let step = from; step < to; step++) {
        scope(() => {
          for (const index of used) {
            const shape = SHAPES[index]!;
            parameters[index]!.grad = hasGradient(index, step)
              ? tensor(floats(start, `g${index}.${step}`), { shape })
              : null;
          }
          optimizer.step();
          for (const parameter of parameters) parameter.grad = null;
        });
        after?.(step);
      }
    };
    return { parameters, optimizer, used, run };
  }

  /** Largest difference, relative to the largest number of what is expected. */
  function expectClose(got: Float32Array, name: string, within: number): void {
    const expected = floats(torch, name);
    expect(got.length).toBe(expected.length);
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
    const worst = got.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at]!)), 0);
    expect(worst / largest, name).toBeLessThan(within);
  }

  const names: Readonly<Record<string, string>> = {
    momentumBuffer: "momentum_buffer",
    expAvg: "exp_avg",
    expAvgSq: "exp_avg_sq",
    step: "step",
  };

  test.each(Object.entries(cases))("%s: parameters and state after 24 steps", (name, one) => {
    const { parameters, optimizer, used, run } = newRun(one);
    run(0, STEPS);
    // The iteration multiplies what is small by up to 3.4445 each time, its rounding too.
    const within = one.optimizer === "Muon" ? 2e-5 : 1e-6;
    for (const index of used) expectClose(parameters[index]!.data(), `${name}/p${index}`, within);
    const { arrays } = optimizer.state();
    expect(arrays.size).toBe([...torch.keys()].filter((key) => key.startsWith(`${name}/state`)).length);
    for (const [key, { data }] of arrays) {
      const [position, what] = key.split(".") as [string, string];
      expectClose(data, `${name}/state${used[Number(position)]}.${names[what]}`, 1e-6);
    }
  });

  test.each(Object.entries(cases))("R01 %s: 24 steps = 11, saved, loaded, and 13: equal to the bit", (_, one) => {
    const whole = newRun(one);
    whole.run(0, STEPS);
    const first = newRun(one);
    first.run(0, 11);
    const state = first.optimizer.state();
    const weights = first.parameters.map((parameter) => parameter.data());
    first.run(11, 13);
    // Another rate and a step of its own: all must come from what was saved.
    const second = newRun({ ...one, options: { ...one.options, lr: 1 } });
    second.run(0, 1);
    for (const [index, parameter] of second.parameters.entries()) parameter.assign(weights[index]!);
    const { arrays, ...rest } = state;
    second.optimizer.loadState({ ...JSON.parse(JSON.stringify(rest)), arrays } as OptimizerState<object>);
    second.run(11, STEPS);
    expect(second.parameters.map((parameter) => parameter.data())).toEqual(
      whole.parameters.map((parameter) => parameter.data()),
    );
    expect(second.optimizer.state()).toEqual(whole.optimizer.state());
  });

  const plain: Case = { optimizer: "SGD", options: { lr: 0.1 }, groups: [{ of: [0, 1, 2, 3], settings: {} }] };

  test("Lookahead with a rising decay: fast and slow weights", () => {
    const { parameters, run } = newRun(plain);
    const lookahead = new Lookahead(parameters, { every: 5 });
    run(0, STEPS, (step) => expect(lookahead.step((step + 1) / STEPS)).toBe((step + 1) % 5 === 0));
    const { arrays, steps } = lookahead.state();
    expect(steps).toBe(STEPS);
    for (const [index, parameter] of parameters.entries()) {
      expectClose(parameter.data(), `lookahead/fast${index}`, 1e-6);
      expectClose(arrays.get(`${index}`)!.data, `lookahead/slow${index}`, 1e-6);
    }
    lookahead.finish();
    expect(parameters.map((parameter) => parameter.data())).toEqual([...arrays.values()].map(({ data }) => data));
  });

  test.each([
    ["equal", undefined],
    ["exponential", 0.9],
  ])("WeightAverage, %s: PyTorch's AveragedModel", (name, decay) => {
    const { parameters, run } = newRun(plain);
    const average = new WeightAverage(parameters, decay === undefined ? {} : { decay });
    run(0, STEPS, () => average.update());
    const trained = parameters.map((parameter) => parameter.data());
    average.during(() => {
      for (const [index, parameter] of parameters.entries()) expectClose(parameter.data(), `${name}/p${index}`, 1e-6);
    });
    expect(parameters.map((parameter) => parameter.data())).toEqual(trained);
  });
});
