// Small inputs that other tools got wrong, each with the value that is right: computed here, confirmed by confirm_rows.py.
import {
  add,
  broadcastTo,
  cast,
  concat,
  cos,
  crossEntropy,
  cumsum,
  matmul,
  max,
  maximum,
  mean,
  mul,
  pow,
  prod,
  type Shape,
  softmax,
  sqrt,
  square,
  sum,
  sumSquares,
  type Tensor,
  tensor,
  where,
} from "@lanewise/tensor";

export interface Row {
  /** The case's id and what is computed: the key under which the confirmation comes. */
  readonly name: string;
  readonly expected: readonly number[];
  /** Allowed relative error; 0 where not given: the same f32. */
  readonly within?: number;
  /** What that is relative to; the value itself where not given. */
  readonly scale?: number;
  readonly run: () => readonly number[];
}

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

const numbers = (x: Tensor<Shape, "f32" | "i32" | "bool">): number[] => Array.from(x.data());
const labels = (...of: number[]) => tensor(Int32Array.from(of));

/** The value of `f` at `inputs`, then the gradient of each of them, of the sum of the value. */
function withGradients(f: (...inputs: Tensor[]) => Tensor, ...inputs: { data: number[]; shape: Shape }[]): number[] {
  const leaves = inputs.map(({ data, shape }) => tensor(data, { shape, requiresGrad: true }) as Tensor);
  const value = f(...leaves);
  (sum(value) as Tensor).backward();
  const result = [...numbers(value), ...leaves.flatMap((leaf) => numbers(leaf.grad!))];
  for (const leaf of leaves) leaf.zeroGrad();
  return result;
}

const vector = (...data: number[]) => ({ data, shape: [data.length] });
const matrix = (shape: [number, number], ...data: number[]) => ({ data, shape });

/** The loss of one row of logits, and its gradient. */
const lossOf = (logits: number[], target: number): number[] =>
  withGradients(
    (x) => crossEntropy(x as Tensor<[1, number]>, labels(target)) as Tensor,
    matrix([1, logits.length], ...logits),
  );

/** `count` f32 numbers from 0 to 1. */
const linspace = (count: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: count }, (_, at) => at / (count - 1));

/** Every product of two numbers of linspace(count), as f32. */
const outer = (count: number): Row => ({
  name: `T03 outer product at ${count}`,
  expected: [...linspace(count)].flatMap((a) => [...linspace(count)].map((b) => Math.fround(a * b))),
  run: () => {
    const line = tensor(linspace(count));
    return numbers(mul(line.reshape([-1, 1]), line) as Tensor);
  },
});

const counting = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at);

export const rows: readonly Row[] = [
  {
    name: "N01 softmax of logits whose exponential overflows",
    expected: [0, 0, 0, 1, 0],
    run: () => numbers(softmax(tensor([-249.87, -424.13, -460.29, 378.1, -292.61]))),
  },
  {
    name: "N03 loss and gradient where the probability is 0",
    expected: [1000, 1, -1],
    run: () => lossOf([1000, 0], 1),
  },
  {
    name: "N04 probabilities taken for logits: a finite loss and gradient",
    expected: [1.3132616875, -0.7310585786, 0.7310585786],
    within: 1e-6,
    run: () => lossOf([0, 1], 0),
  },
  {
    name: "N04 the logarithm of a probability of 0: an infinite loss, a finite gradient",
    expected: [inf, -1, 1],
    run: () => lossOf([-inf, 0], 0),
  },
  { name: "N06 a loss past 23", expected: [100, 1, -1], run: () => lossOf([100, 0], 1) },
  {
    name: "N07 the exact mean of the f32 inputs, ties to even",
    expected: [605222016],
    run: () =>
      numbers(
        mean(
          tensor([
            2132166414.0524406, 1061001875.3433719, -1378280739.4604993, 580317280.6221428, 189636615.92772198,
            1046490414.9768481,
          ]),
        ),
      ),
  },
  {
    name: "N09 the cosine of a huge angle",
    expected: [-0.9764837826773591],
    within: 1e-6,
    run: () => numbers(cos(tensor([222031363]))),
  },
  {
    name: "N12 NaN wins in max and maximum",
    expected: [nan, nan, nan],
    run: () => [...numbers(max(tensor([1, nan]), 0)), ...numbers(maximum(tensor([nan, 1]), tensor([1, nan])))],
  },
  {
    name: "N13 five numbers with NaN second, then last",
    expected: [1, nan, 3, 4, 5, 1, 2, 3, 4, nan, nan, nan],
    run: () => {
      const lines = [tensor([1, nan, 3, 4, 5]), tensor([1, 2, 3, 4, nan])];
      return [
        ...lines.flatMap((line) => numbers(maximum(line, tensor([0, 0, 0, 0, 0])))),
        ...lines.flatMap((line) => numbers(max(line, 0))),
      ];
    },
  },
  {
    name: "N18 f32 to i32",
    expected: [0, 2147483647, -2147483648, 2147483647, -1],
    run: () => numbers(cast(tensor([nan, inf, -inf, 3e9, -1.9]), "i32")),
  },
  {
    name: "N19 softmax and loss of [1000, 0]",
    expected: [1, 0, 1000],
    run: () => [...numbers(softmax(tensor([1000, 0]))), lossOf([1000, 0], 1)[0]!],
  },
  {
    name: "A01 a column plus a row",
    expected: [11, 21, 31, 12, 22, 32, 3, 3, 2, 2, 2],
    run: () => withGradients((a, b) => add(a, b) as Tensor, matrix([2, 1], 1, 2), matrix([1, 3], 10, 20, 30)),
  },
  {
    name: "A03 a product with one zero, and with two",
    expected: [0, 6, 0, 0, 0, 0, 0, 0],
    run: () => [vector(0, 2, 3), vector(0, 0, 3)].flatMap((x) => withGradients((each) => prod(each, 0) as Tensor, x)),
  },
  {
    name: "A04 a mean over the first axis, then a product",
    expected: [30, 5, 5, 5, 5, 5, 5],
    run: () => withGradients(meanThenProduct, matrix([2, 3], 1, 1, 1, 1, 1, 1)),
  },
  {
    name: "A06 the gradient of a maximum of equals sums to 1",
    expected: [1, 1, 1, 0.5, 0.5],
    run: () => {
      const [value, ...gradient] = withGradients((x) => max(x, 0) as Tensor, vector(1, 1, 1, 1));
      const sides = withGradients((a, b) => maximum(a, b) as Tensor, vector(1), vector(1));
      return [value!, gradient.reduce((total, each) => total + each, 0), ...sides];
    },
  },
  {
    name: "A07 powers of 0 and of a negative base",
    expected: [0, 0, 0, 4, -4],
    run: () => [
      ...withGradients((x, p) => pow(x, p) as Tensor, vector(0), vector(2)),
      ...withGradients((x) => pow(x, tensor([2])) as Tensor, vector(-2)),
    ],
  },
  {
    name: "A09 the sum of squares at 0, and the square of the norm",
    expected: [0, 0, 0, 0, nan, nan],
    run: () => [
      ...withGradients((x) => sumSquares(x) as Tensor, vector(0, 0)),
      ...withGradients((x) => square(sqrt(sum(square(x)) as Tensor)) as Tensor, vector(0, 0)),
    ],
  },
  {
    name: "A10 the maximum of masked rows, one masked wholly",
    expected: [3, -inf, 1, 0, 0, 0],
    run: () => {
      const mask = tensor([true, false, false, false], { shape: [2, 2] });
      const least = tensor(-inf);
      return withGradients((x) => max(where(mask, x, least) as Tensor, 1) as Tensor, matrix([2, 2], 3, 9, 5, 7));
    },
  },
  {
    name: "T01 concat with what has no rows",
    expected: [1, 7, 8],
    run: () => [
      ...numbers(concat([tensor([[1]]) as Tensor, tensor([], { shape: [0, 1] }) as Tensor])),
      ...numbers(concat([tensor([], { shape: [0, 2] }) as Tensor, tensor([[7, 8]]) as Tensor])),
    ],
  },
  {
    name: "T03 concat of twice 8192",
    expected: counting(0, 16384),
    run: () => numbers(concat([tensor(counting(0, 8192)) as Tensor, tensor(counting(8192, 8192)) as Tensor])),
  },
  outer(159),
  outer(160),
  outer(161),
  {
    name: "T07 running sums of a broadcast",
    expected: [1, 2, 3, 2, 4, 6],
    run: () => numbers(cumsum(broadcastTo(tensor([[1], [2]]) as Tensor, [2, 3]), 1)),
  },
];

/** mean over the rows, kept, times a column of tens: [1, 3] and [3, 1] give one number. */
function meanThenProduct(x: Tensor): Tensor {
  const rows = mean(x, { axis: 0, keepDim: true }) as unknown as Tensor<[number, number]>;
  return matmul(rows, tensor([[10], [10], [10]])) as Tensor;
}
