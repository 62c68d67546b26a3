// Problem 3 at the terminal.
import { fixed, table } from "@lanewise/terminal";
import type { BackpropAnswer } from "./answer.ts";

const right = (title: string) => ({ title, align: "right" as const });

export function backpropTables({ trials, worst }: BackpropAnswer): string {
  const formulas = table(
    ["by", "gradient", "shape"],
    [
      ["f2", "o − y", "1×K"],
      ["W2", "aᵀ (o − y)", "M×K"],
      ["b2", "o − y", "1×K"],
      ["a", "(o − y) W2ᵀ", "1×M"],
      ["f1", "((o − y) W2ᵀ) ⊙ a ⊙ (1 − a)", "1×M"],
      ["W1", "xᵀ ∂E/∂f1", "N×M"],
      ["b1", "∂E/∂f1", "1×M"],
      ["x", "(((o − y) W2ᵀ) ⊙ a ⊙ (1 − a)) W1ᵀ", "1×N"],
    ],
  );
  const names = trials[0]!.comparisons.map(({ of }) => of);
  const differences = (title: string, pick: "tape" | "differences") =>
    `${title}\n${table(
      [right("N"), right("M"), right("K"), right("E"), ...names.map((name) => right(`∂E/∂${name}`))],
      trials.map(({ sizes, loss, comparisons }) => [
        sizes.inputs,
        sizes.hidden,
        sizes.classes,
        fixed(loss, 6),
        ...comparisons.map((comparison) => comparison[pick].toExponential(1)),
      ]),
    )}`;
  return [
    "x 1×N, f1 = x W1 + b1, a = σ(f1), f2 = a W2 + b2, o = softmax(f2), E = −Σ y ln o",
    formulas,
    differences("The formulas in f64 beside Lanewise's tape in f32: the largest difference of an element", "tape"),
    differences("The same beside central differences of E in f64, h = 10⁻⁵", "differences"),
    `At most ${worst.tape.toExponential(1)} from the tape (f32 rounds at 6e-8 of a number) and ${worst.differences.toExponential(1)} from the ` +
      "differences (whose own error is some 1e-11 for each unit of E).",
  ].join("\n\n");
}
