// Training from many random starts at once: how many networks of so few hidden units learn a gate. An illustration of the
// proof, and none itself.
import { Generator, keep, linear, mul, reshape, scope, sigmoid, softplus, sum, tensor } from "lanewise";
import { SGD } from "lanewise/optim";
import { type Gate, rowsOf } from "./gate.ts";

export interface Search {
  readonly hiddenUnits: number;
  readonly starts: number;
  readonly steps: number;
  /** How many networks have so many rows right, by the number of rows from 0 on. */
  readonly rowsRight: readonly number[];
}

const STEPS = 250;
const RATE = 0.3;

/** Trains `starts` networks inputs-hidden-1 side by side: one tensor holds the weights of all. */
export function search(gate: Gate, hiddenUnits: number, starts: number, seed: number): Search {
  const generator = new Generator(seed, hiddenUnits);
  const rows = rowsOf(gate);
  const draw = (...shape: number[]) => {
    const drawn = keep(generator.normal(shape, 0, 2));
    drawn.requiresGrad = true;
    return drawn as never;
  };
  const x = keep(tensor(rows.map((row) => [...row])));
  const signs = keep(tensor(gate.outputs.map((output) => [output === 1 ? -1 : 1])));
  const [w, b, v, c] = [
    draw(gate.inputs, starts * hiddenUnits),
    draw(starts * hiddenUnits),
    draw(starts, hiddenUnits),
    draw(starts),
  ];
  const outputs = () => {
    const hidden = reshape(sigmoid(linear(x, w, b)), [rows.length, starts, hiddenUnits]);
    return sum(mul(hidden, v), { axis: 2 }).add(c);
  };
  const optimizer = new SGD([w, b, v, c], { lr: RATE, momentum: 0.9 });
  for (let step = 0; step < STEPS; step++) {
    // The logistic loss of each row, ln(1 + e^(−s z)); networks share no weight, so the sum trains each by itself.
    scope(() => sum(softplus(mul(outputs(), signs))).backward());
    optimizer.step();
    optimizer.zeroGrad();
  }
  const z = scope(() => outputs().data());
  const rowsRight = new Array<number>(rows.length + 1).fill(0);
  for (let start = 0; start < starts; start++) {
    const right = gate.outputs.filter((output, row) => (z[row * starts + start]! >= 0 ? 1 : 0) === output).length;
    rowsRight[right]!++;
  }
  for (const each of [x, signs, w, b, v, c] as { release(): void }[]) each.release();
  return { hiddenUnits, starts, steps: STEPS, rowsRight };
}
