// Convolution on random geometries: every result and gradient against PyTorch's in f64, in one of the binaries.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NamedArrays } from "@lanewise/io";
import { loadArrays, saveArrays } from "@lanewise/io/node";
import { conv2d, conv2dMaxPool, Generator, init, type Shape, scope, type Tensor, tensor } from "@lanewise/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPython, python, temporaryFolder } from "../python.ts";
import { type Geometry, geometries } from "./geometries.fixture.ts";

const script = fileURLToPath(new URL("torch_conv.py", import.meta.url));

/** By how much results may be off, in units of Σ|a·b|, the sum of their terms' magnitudes. */
const TOLERANCE = {
  /** Of each result's own sum: what is promised for "direct". */
  direct: 5e-6,
  /** Of the largest sum of an array: Winograd rounds a tile of results together. */
  auto: 1e-5,
} as const;
type Algorithm = keyof typeof TOLERANCE;

type Images = Tensor<[number, number, number, number]>;
interface Result {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** Compares `count` geometries of each kind. */
export function againstTorch(strict: boolean, seed: number, count: number): void {
  const kinds = geometries(seed, count);
  const all = [...kinds.values()].flat();
  const title = `${strict ? "strict" : "fast"}, ${all.length} geometries`;

  describe.runIf(hasPython("numpy, torch", "convolutions against PyTorch"))(title, () => {
    const { folder, remove } = temporaryFolder();
    let arrays: NamedArrays;

    beforeAll(async () => {
      await init({ threads: 2, strict });
      const start = startingArrays(all, seed);
      arrays = new Map([...start, ...(await torchResults(folder, all, start))]);
    }, 300_000);
    afterAll(remove);

    const tests = [...kinds].flatMap(([kind, members]) =>
      (["direct", "auto"] as const).map((algorithm) => ({ kind, members, algorithm })),
    );
    test.each(tests)("$kind, $algorithm: result and gradients", ({ members, algorithm }) => {
      const wrong = members.flatMap((geometry) => {
        const name = `${all.indexOf(geometry)}.`;
        const results = scope(() => compute(geometry, algorithm, name, arrays));
        return Object.entries(results).flatMap(([part, result]) => {
          const problem = difference(result, algorithm, name + part, arrays);
          return problem === null ? [] : [`${JSON.stringify(geometry)} ${part}: ${problem}`];
        });
      });
      expect(wrong).toEqual([]);
    });
  });
}

/** Inputs, filters and biases of all geometries. */
function startingArrays(all: readonly Geometry[], seed: number): NamedArrays {
  const random = new Generator(seed);
  const arrays: NamedArrays = new Map();
  const put = (name: string, shape: Shape): void =>
    scope(() => void arrays.set(name, { dtype: "f32", shape, data: random.normal(shape).data() }));
  for (const [index, { batch, size, channels, filters, kernel, groups }] of all.entries()) {
    put(`${index}.x`, [batch, ...size, channels]);
    put(`${index}.weight`, [...kernel, channels / groups, filters]);
    put(`${index}.bias`, [filters]);
  }
  return arrays;
}

/** All that PyTorch makes of them, in one process. */
async function torchResults(folder: string, all: readonly Geometry[], start: NamedArrays): Promise<NamedArrays> {
  writeFileSync(join(folder, "geometries.json"), JSON.stringify(all));
  await saveArrays(join(folder, "in.npz"), start);
  const run = "import runpy, sys; runpy.run_path(sys.argv.pop(1), run_name='__main__')";
  python(run, folder, [script, "geometries.json", "in.npz", "out.npz"]);
  return await loadArrays(join(folder, "out.npz"));
}

function compute(geometry: Geometry, algorithm: Algorithm, name: string, arrays: NamedArrays): Record<string, Result> {
  const input = (part: string): Tensor => {
    const { shape } = arrays.get(name + part)!;
    return tensor(floats(name + part, arrays), { shape: shape as Shape });
  };
  const [x, weight, bias] = [input("x") as Images, input("weight") as Images, input("bias") as Tensor<[number]>];
  for (const leaf of [x, weight, bias]) leaf.requiresGrad = true;
  const { stride, dilation, groups, padding, pooled } = geometry;
  const run = pooled ? conv2dMaxPool : conv2d;
  const y = run(x, weight, bias, { stride, dilation, groups, padding, algorithm }) as Tensor;
  y.backward({ gradient: input("dy") });
  const read = (from: Tensor): Result => ({ shape: from.shape, data: from.data() });
  const [dx, dweight, dbias] = [x, weight, bias].map((leaf) => read(leaf.grad as Tensor)) as [Result, Result, Result];
  for (const leaf of [x, weight, bias]) leaf.zeroGrad();
  return { y: read(y), dx, dweight, dbias };
}

/** What is wrong with a result, or null. */
function difference({ shape, data }: Result, algorithm: Algorithm, name: string, arrays: NamedArrays): string | null {
  const [want, terms] = [floats(name, arrays), floats(`${name}.terms`, arrays)];
  const expected = arrays.get(name)!.shape;
  if (shape.join() !== expected.join()) return `shape [${shape}] came, expected [${expected}]`;
  const largest = terms.reduce((most, term) => Math.max(most, term), 0);
  const wrong = data.findIndex((value, at) => {
    const allowed = TOLERANCE[algorithm] * (algorithm === "direct" ? terms[at]! : largest);
    return !(Math.abs(value - want[at]!) <= allowed);
  });
  if (wrong < 0) return null;
  return `element ${wrong} is ${data[wrong]}, expected ${want[wrong]}; its terms sum to ${terms[wrong]}, at most ${largest}`;
}

function floats(name: string, arrays: NamedArrays): Float32Array {
  const array = arrays.get(name);
  if (array?.dtype !== "f32") throw new Error(`${name}: ${array?.dtype ?? "nothing"} came, expected f32`);
  return array.data;
}
