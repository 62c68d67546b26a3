// Problem 2 at the terminal.
import { fixed, table } from "@lanewise/terminal";
import { type GateSolution, type GatesAnswer, type Row, shownFraction } from "./answer.ts";
import type { Network } from "./network.ts";

const minus = (text: string) => text.replaceAll("-", "−");
const named = (row: Row) => row.inputs.map((input, at) => `x${at + 1} = ${input}`).join(", ");

/** The units as formulas: `h1 = σ(20·x1 + 20·x2 − 10)`, `z = 20·h1 + 20·h2 − 30`. */
export function unitLines({ layers }: Network): string[] {
  return layers.flatMap(({ weights, biases }, layer) => {
    const last = layer === layers.length - 1;
    const from = layer === 0 ? "x" : "h";
    return biases.map((bias, unit) => {
      const terms = weights.map((row, at) => ({ factor: row[unit]!, name: `${from}${at + 1}` }));
      const sum = sumText([...terms.filter(({ factor }) => factor !== 0), { factor: bias, name: "" }]);
      return last ? `z = ${sum}` : `h${unit + 1} = σ(${sum})`;
    });
  });
}

function sumText(terms: readonly { factor: number; name: string }[]): string {
  const shown = terms.filter(({ factor, name }, at) => factor !== 0 || (name === "" && at === 0 && terms.length === 1));
  return shown
    .map(({ factor, name }, at) => {
      const size = Math.abs(factor);
      const text = name === "" ? String(size) : size === 1 ? name : `${size}·${name}`;
      return at === 0 ? (factor < 0 ? `−${text}` : text) : `${factor < 0 ? "−" : "+"} ${text}`;
    })
    .join(" ");
}

/** Why no fewer units do, in a line. */
function reason({ gate, units, certificate }: GateSolution): string {
  if (certificate === null) return "One unit does it, and no network has fewer.";
  const shares = certificate.multipliers.map((share, row) => `${gate.outputs[row] === 1 ? "+" : "−"} ${share}·z${row}`);
  return (
    `No line separates: ${shares.join(" ").replace(/^\+ /, "")} = 0 for all weights (sums over the rows, exact: ` +
    `${certificate.sums.map(shownFraction).join(", ")}), but right outputs would make it positive.\n` +
    `One hidden unit only bends that line's values without changing their order: ${units} neurons are the fewest.`
  );
}

function solutionText(solution: GateSolution): string {
  const { gate, network, sizes, units, rows } = solution;
  const layers = network.layers.length;
  return [
    `${gate.name}: ${layers} ${layers === 1 ? "layer" : "layers"}, ${units} ${units === 1 ? "neuron" : "neurons"} (${sizes.join("-")})\n  ${unitLines(network).join("   ")}`,
    table(
      ["x1", "x2"]
        .slice(0, gate.inputs)
        .concat("wanted", "z by Lanewise", "z in f64", "σ(z)", "reads as")
        .map((title) => ({ title, align: "right" as const })),
      rows.map((row) => [
        ...row.inputs,
        row.wanted,
        ...[row.float32, row.z].map((z) => minus(fixed(z, 4))),
        fixed(row.activation, 6),
        row.output,
      ]),
    ),
    reason(solution),
  ].join("\n");
}

export function gatesTables(answer: GatesAnswer): string {
  const { solutions, handout, searches, searched } = answer;
  const parts = [
    "Every unit is a sigmoid of its sum; the output is read on the last unit's sum z: 1 where z ≥ 0, 0 where z < 0.",
    ...solutions.map(solutionText),
  ];
  if (solutions.some(({ gate }) => gate.name === "NOT")) {
    const sums = handout.rows.map((row) => `z = ${minus(String(row.z))} for ${named(row)}`).join(", ");
    parts.push(
      `The handout's NOT (weight ${minus(String(handout.weight))}, bias ${minus(String(handout.bias))}) gives ${sums}: below 0 both times, so it reads ` +
        "as 0 for both.\nWith weight −1 any bias from 0 to below 1 works; +0.5 lies in the middle.",
    );
  }
  if (searches.length > 0) {
    parts.push(
      `${searched} trained from ${searches[0]!.starts} random starts (an illustration, not the proof); networks with so many rows right:\n` +
        table(
          ["hidden units", ...searches[0]!.rowsRight.map((_, rows) => `${rows} of 4`)].map((title) => ({
            title,
            align: "right" as const,
          })),
          searches.map(({ hiddenUnits, rowsRight }) => [hiddenUnits, ...rowsRight]),
        ),
    );
  }
  return parts.join("\n\n");
}
