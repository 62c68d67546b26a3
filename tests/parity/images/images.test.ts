// Pooling, padding and batch norm on random geometries: results and gradients against PyTorch's in f64.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NamedArrays } from "@lanewise/io";
import { loadArrays, saveArrays } from "@lanewise/io/node";
import {
  adaptiveAvgPool2d,
  adaptiveMaxPool2d,
  avgPool2d,
  batchNorm,
  Generator,
  init,
  maxPool2d,
  pad2d,
  type Shape,
  scope,
  type Tensor,
  tensor,
} from "@lanewise/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPython, python, temporaryFolder } from "../python.ts";
import { type Job, jobs } from "./jobs.fixture.ts";

const script = fileURLToPath(new URL("torch_images.py", import.meta.url));
/** Of the largest number of an array: means and variances are sums of some hundred numbers. */
const TOLERANCE = 2e-6;
const all = jobs(11, 40);
const OPS = [...new Set(all.map(({ op }) => op))];

describe.runIf(hasPython("numpy, torch", "pooling, padding and batch norm against PyTorch"))("against PyTorch", () => {
  const { folder, remove } = temporaryFolder();
  let arrays: NamedArrays;

  beforeAll(async () => {
    await init({ threads: 2 });
    const start = startingArrays();
    writeFileSync(join(folder, "jobs.json"), JSON.stringify(all));
    await saveArrays(join(folder, "in.npz"), start);
    const run = "import runpy, sys; runpy.run_path(sys.argv.pop(1), run_name='__main__')";
    python(run, folder, [script, "jobs.json", "in.npz", "out.npz"]);
    arrays = new Map([...start, ...(await loadArrays(join(folder, "out.npz")))]);
  }, 120_000);
  afterAll(remove);

  test.each(OPS)("%s: results and gradients on 40 geometries", (op) => {
    const wrong = all.flatMap((job, index) => {
      if (job.op !== op) return [];
      const results = scope(() => compute(job, `${index}.`, arrays));
      return Object.entries(results).flatMap(([part, result]) => {
        const problem = difference(result, `${index}.${part}`, arrays);
        return problem === null ? [] : [`${JSON.stringify(job)} ${part}: ${problem}`];
      });
    });
    expect(wrong).toEqual([]);
  });
});

/** Inputs; those of max-pools are of few values, so that several are the largest and the first has to win. */
function startingArrays(): NamedArrays {
  const random = new Generator(11);
  const arrays: NamedArrays = new Map();
  for (const [index, { op, shape }] of all.entries()) {
    const data = scope(() => random.normal(shape).data());
    if (op.endsWith("MaxPool2d") || op === "maxPool2d") for (const [at, x] of data.entries()) data[at] = Math.round(x);
    arrays.set(`${index}.x`, { dtype: "f32", shape, data });
    for (const part of ["weight", "bias"]) {
      arrays.set(`${index}.${part}`, {
        dtype: "f32",
        shape: [shape[3]],
        data: scope(() => random.normal([shape[3]]).data()),
      });
    }
  }
  return arrays;
}

type Result = { readonly shape: Shape; readonly data: Float32Array };

function compute(job: Job, name: string, arrays: NamedArrays): Record<string, Result> {
  const input = (part: string): Tensor =>
    tensor(floats(name + part, arrays), { shape: arrays.get(name + part)!.shape });
  const [x, weight, bias] = [input("x"), input("weight"), input("bias")];
  for (const leaf of [x, weight, bias]) leaf.requiresGrad = true;
  const y = run(job, x, weight, bias);
  y.backward({ gradient: input("dy") });
  const leaves = job.op === "batchNorm" ? { dx: x, dweight: weight, dbias: bias } : { dx: x };
  const gradients = Object.entries(leaves).map(([part, leaf]) => [part, read(leaf.grad as Tensor)] as const);
  for (const leaf of [x, weight, bias]) leaf.zeroGrad();
  return { y: read(y), ...Object.fromEntries(gradients) };
}

const read = (from: Tensor): Result => ({ shape: from.shape, data: from.data() });

function run({ op, options }: Job, x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const { kernel, size, sides, mode, value, eps, activation, ...rest } = options as Record<
    "kernel" | "size" | "sides" | "mode" | "value" | "eps" | "activation",
    never
  >;
  const images = x as never;
  switch (op) {
    case "maxPool2d":
      return maxPool2d(images, kernel, rest) as Tensor;
    case "avgPool2d":
      return avgPool2d(images, kernel, rest) as Tensor;
    case "adaptiveMaxPool2d":
      return adaptiveMaxPool2d(images, size) as Tensor;
    case "adaptiveAvgPool2d":
      return adaptiveAvgPool2d(images, size) as Tensor;
    case "pad2d":
      return pad2d(images, sides, mode === "reflect" ? { mode } : { value }) as Tensor;
    case "batchNorm":
      return batchNorm(x, { affine: { weight, bias } as never, eps, activation }) as Tensor;
  }
}

/** What is wrong with a result, or null. */
function difference({ shape, data }: Result, name: string, arrays: NamedArrays): string | null {
  const want = floats(name, arrays);
  const expected = arrays.get(name)!.shape;
  if (shape.join() !== expected.join()) return `shape [${shape}] came, expected [${expected}]`;
  const largest = want.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const wrong = data.findIndex((value, at) => !(Math.abs(value - want[at]!) <= TOLERANCE * largest));
  return wrong < 0 ? null : `element ${wrong} is ${data[wrong]}, expected ${want[wrong]}, at most ${largest}`;
}

function floats(name: string, arrays: NamedArrays): Float32Array {
  const array = arrays.get(name);
  if (array?.dtype !== "f32") throw new Error(`${name}: ${array?.dtype ?? "nothing"} came, expected f32`);
  return array.data;
}
