// The options of the program: the inputs of each problem, each with its explanation; the defaults are the coursework's.
import {
  flag,
  integer,
  integers,
  number,
  type OptionSpec,
  type OptionValues,
  type Program,
  text,
  UsageError,
} from "@lanewise/terminal";
import { gateList } from "./gates/option.ts";

const descent = { group: "1 Gradient descent on GELU" } as const;
const gates = { group: "2 Gates as networks" } as const;
const backprop = { group: "3 Back-propagation" } as const;
const convolution = { group: "4 Convolution by hand" } as const;
const results = { group: "What is answered, and where to" } as const;
/** Far beyond any use, and near enough for f32 to follow. */
const far = { min: -1e4, max: 1e4 } as const;
const rates = { above: 0, max: 1e4 } as const;

const NUMBERS = ["1", "2", "3", "4"];

/** Some of the four problems, in their order: `2` or `1,3`. */
function problemList(said: { short: string; group: string }): OptionSpec<readonly number[]> {
  const read = (text: string) => {
    const parts = text.split(",").map((part) => part.trim());
    if (!parts.every((part) => NUMBERS.includes(part))) {
      throw new UsageError(`--problem: '${text}' came; expected some of ${NUMBERS.join(", ")}, with commas between.`);
    }
    return [...new Set(parts)].toSorted().map(Number);
  };
  return {
    kind: { placeholder: "n,n,...", read, show: (numbers) => numbers.join(",") },
    explanation: "Which problems to answer.",
    fallback: NUMBERS.map(Number),
    ...said,
  };
}

const options = {
  problem: problemList({ short: "p", ...results }),
  json: flag(
    "Print the answers as JSON instead of tables. npm prints two lines of its own before them unless told --silent (-s).",
    results,
  ),
  out: text("Folder for theory.json and theory.pdf; made if it is not there.", {
    placeholder: "folder",
    default: "out/theory",
    short: "o",
    ...results,
  }),
  withoutReport: flag("Write no theory.pdf.", results),
  coefficient: number("c of GELU(x) = x·σ(cx).", { default: 1.702, min: 0.01, max: 100, ...descent }),
  alpha: number("α of ELU, drawn beside it.", { default: 1, min: 0, max: 1e4, ...descent }),
  start: number("x0 of (a) and (b).", { default: 0, ...far, ...descent }),
  rate: number("η of (a).", { default: 0.1, ...rates, ...descent }),
  secondRate: number("η of (b).", { default: 1, ...rates, ...descent }),
  plateauStart: number("x0 of (c).", { default: -3, ...far, ...descent }),
  beta: number("β of (c): the share of the last velocity that is kept.", {
    default: 0.9,
    min: 0,
    below: 1,
    ...descent,
  }),
  compareAt: integers("After how many steps the methods are compared.", {
    default: [3, 100, 10_000],
    min: 1,
    max: 100_000,
    ...descent,
  }),
  gates: gateList(gates),
  searchStarts: integer("Random starts of the search for an XOR network with too few units.", {
    default: 256,
    min: 1,
    max: 100_000,
    ...gates,
  }),
  inputs: integer("N, the values of x; drawn at random for each trial where not given.", {
    min: 1,
    max: 64,
    ...backprop,
  }),
  hidden: integer("M, the hidden units; likewise.", { min: 1, max: 64, ...backprop }),
  classes: integer("K, the classes; likewise.", { min: 2, max: 64, ...backprop }),
  trials: integer("Random networks to check the gradients on.", { default: 5, min: 1, max: 100, ...backprop }),
  seed: integer("What random numbers of problems 2, 3 and 4 are drawn from.", { default: 1, min: 0, ...backprop }),
  maps: text(
    'JSON with the feature map and the filters: {"featureMap": [[1, 2], [3, 4]], "filters": [[[1]], [[2]]]}. It may also ' +
      "hold padding, pool, poolStride and cell.",
    { placeholder: "file", ...convolution },
  ),
  padding: integer("Padding for the second filter; 1 where neither this nor the file says.", {
    min: 0,
    max: 1000,
    ...convolution,
  }),
  pool: integer("Size of the average pooling's window; 2 where neither says.", { min: 1, max: 256, ...convolution }),
  poolStride: integer("Stride of the average pooling; 2 where neither says.", { min: 1, max: 256, ...convolution }),
  cell: integers("Row and column, from 0, of the cell that is written out; near the middle where neither says.", {
    default: [],
    min: 0,
    max: 1000,
    ...convolution,
  }),
  channels: integers("Numbers of channels on which pooling is compared with its convolution on the kernels.", {
    default: [1, 2, 3, 8, 17],
    min: 1,
    max: 512,
    ...convolution,
  }),
} as const;

export const program = {
  name: "theory",
  description:
    "Answers four theory exercises on neural networks: gradient descent on GELU, logic gates as smallest networks, " +
    "back-propagation through two layers, convolution by hand.",
  options,
  epilogue:
    "Results: the answers at the terminal, theory.json, and theory.pdf with derivations, proofs and plots.\n\n" +
    "Examples:\n" +
    "  npm run theory\n" +
    "  npm run theory -- --problem 2\n" +
    "  npm run theory -- --problem 1 --start 1 --rate 0.5\n" +
    "  npm run theory -- --problem 2 --gates and,implies=1101\n" +
    "  npm run theory -- --problem 4 --maps my-maps.json\n" +
    "  npm run -s theory -- --json --problem 3 | jq .problem3.worst",
} satisfies Program<typeof options>;

export type GivenOptions = OptionValues<typeof options>;
