// Muon: a step by hand, weights of a given norm, temporaries that end, what is refused.

import { init, keep, memoryReport, scope, type Tensor, tensor } from "@lanewise/tensor";
import { beforeAll, expect, test } from "vitest";
import { Muon, type MuonOptions } from "./index.ts";

beforeAll(() => init({ strict: true, threads: 1 }));

function step(options: MuonOptions, weights: number[][], gradient: number[][]): Tensor {
  const p = keep(tensor(weights, { requiresGrad: true })) as unknown as Tensor;
  p.grad = keep(tensor(gradient)) as unknown as Tensor;
  new Muon([p], options).step();
  return p;
}

test("one iteration on a diagonal by hand", () => {
  // d / ‖d‖ = diag(0.6, 0.8); 3.4445 s − 4.775 s³ + 2.0315 s⁵ is 1.193269 and 0.976482 (to six places).
  const p = step(
    { lr: 1, momentum: 0, nesterov: false, weightDecay: 0, nsSteps: 1 },
    [
      [0, 0],
      [0, 0],
    ],
    [
      [3, 0],
      [0, 4],
    ],
  );
  const [a, b, c, d] = p.data() as unknown as [number, number, number, number];
  expect(a).toBeCloseTo(-1.193269, 5);
  expect(d).toBeCloseTo(-0.976482, 5);
  expect([Math.abs(b), Math.abs(c)]).toEqual([0, 0]);
});

test("weights are brought to the norm √out before the step", () => {
  // Norm 5, two outputs: times √2 / 5. A gradient of 0 moves nothing.
  const p = step(
    { normalizeParameters: true },
    [
      [3, 0],
      [0, 4],
    ],
    [
      [0, 0],
      [0, 0],
    ],
  );
  expect(Math.hypot(...p.data())).toBeCloseTo(Math.SQRT2, 6);
});

test("five iterations bring the singular values of noise near 1", () => {
  const wave = (row: number, col: number): number => Math.sin(12.9898 * row + 78.233 * col + row * col);
  const gradient = Array.from({ length: 6 }, (_, row) => Array.from({ length: 4 }, (_, col) => wave(row, col)));
  const o = step(
    { lr: 1, weightDecay: 0, adjustLrFn: "none" },
    gradient.map((row) => row.map(() => 0)),
    gradient,
  ).data();
  // The trace of oᵀ o is the sum of the squares of its four singular values, each within 0.7 to 1.2 after five iterations.
  const trace = o.reduce((sum, value) => sum + value * value, 0);
  expect(trace).toBeGreaterThan(4 * 0.7 ** 2);
  expect(trace).toBeLessThan(4 * 1.2 ** 2);
});

test("a step leaves no buffer behind but the momentum", () => {
  const p = keep(tensor(new Float32Array(9 * 8 * 16).fill(0.1), { shape: [3, 3, 8, 16], requiresGrad: true }));
  const optimizer = new Muon([p as unknown as Tensor]);
  const gradient = keep(
    tensor(
      new Float32Array(9 * 8 * 16).map((_, at) => Math.cos(at)),
      { shape: [3, 3, 8, 16] },
    ),
  );
  (p as unknown as Tensor).grad = gradient as unknown as Tensor;
  scope(() => optimizer.step());
  const { liveBuffers, liveBytes } = memoryReport();
  for (let more = 0; more < 3; more++) scope(() => optimizer.step());
  expect([memoryReport().liveBuffers, memoryReport().liveBytes]).toEqual([liveBuffers, liveBytes]);
});

test("vectors and settings out of range are refused", () => {
  const vector = keep(tensor([1, 2], { requiresGrad: true })) as unknown as Tensor;
  const matrix = keep(tensor([[1], [2]], { requiresGrad: true })) as unknown as Tensor;
  expect(() => new Muon([vector])).toThrow("a parameter of shape [2] came, expected two axes or more; give it to SGD");
  expect(() => new Muon([matrix], { nsSteps: 2.5 })).toThrow("nsSteps 2.5 came, expected a whole number from 0 to 99");
  expect(() => new Muon([matrix], { momentum: 1 })).toThrow("momentum 1 came, expected a number from 0 to below 1");
  expect(() => new Muon([matrix], { adjustLrFn: "other" as "none" })).toThrow(
    "adjustLrFn 'other' came, expected one of",
  );
});
