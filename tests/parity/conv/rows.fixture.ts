// Small convolutions that other tools got wrong, each with the value that is right; confirmed by confirm_rows.py.
import { conv2d, type Tensor, tensor } from "@lanewise/tensor";
import type { Row } from "../rows.fixture.ts";

const counting = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at);

/** One row of pixels, 1 to 6, through [1, 1, 1] at stride 2. */
const everyOther = (padding: "same-tf" | readonly [number, number]): number[] => {
  const x = tensor(counting(1, 6), { shape: [1, 1, 6, 1] });
  return [...conv2d(x, tensor([1, 1, 1], { shape: [1, 3, 1, 1] }), null, { stride: 2, padding }).data()];
};

/** Near 1e9 with both signs, as f32: sums cancel to a hundredth. */
const large = Float32Array.from(
  { length: 5 * 5 * 16 },
  (_, at) => (at % 2 === 0 ? 1e9 : -1e9) * (1 + (at % 13) / 1000),
);
const eighths = Float32Array.from({ length: 3 * 3 * 16 }, (_, at) => 1 + (at % 5) / 8);

/** The products that a 3x3 window at each place sums, in f64. */
function products(): number[][] {
  const places = [0, 1, 2].flatMap((row) => [0, 1, 2].map((col) => [row, col] as const));
  return places.map(([row, col]) =>
    places.flatMap(([i, j]) =>
      counting(0, 16).map((c) => large[((row + i) * 5 + col + j) * 16 + c]! * eighths[(i * 3 + j) * 16 + c]!),
    ),
  );
}

const total = (terms: readonly number[]): number => terms.reduce((sum, term) => sum + term, 0);

export const convRows: readonly Row[] = [
  { name: "C01 TensorFlow's same at stride 2", expected: [6, 12, 11], run: () => everyOther("same-tf") },
  { name: "C01 one zero on each side at stride 2", expected: [3, 9, 15], run: () => everyOther([0, 1]) },
  {
    name: "C04 1x1 at stride 2 takes every other pixel",
    expected: [0, 2, 8, 10],
    run: () => {
      const x = tensor(counting(0, 16), { shape: [1, 4, 4, 1] });
      return [...conv2d(x, tensor([1], { shape: [1, 1, 1, 1] }), null, { stride: 2 }).data()];
    },
  },
  {
    name: "C06 large numbers that cancel",
    expected: products().map(total),
    within: 1e-6,
    scale: Math.min(...products().map((terms) => total(terms.map(Math.abs)))),
    run: () => {
      const x = tensor(large, { shape: [1, 5, 5, 16] });
      const weight = tensor(eighths, { shape: [3, 3, 16, 1] });
      return [...(conv2d(x, weight, null, { algorithm: "direct" }) as Tensor).data()];
    },
  },
];
