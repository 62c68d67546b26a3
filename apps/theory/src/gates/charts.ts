// The four rows of a gate as points: in the plane of the inputs, and in that of the hidden units.
import { lineChart, type Series } from "@lanewise/report";
import type { GateSolution, Row } from "./answer.ts";

const size = { width: 205, height: 200 };
const range = [-0.3, 1.3] as const;

function points(rows: readonly Row[], of: (row: Row) => readonly number[]): Series[] {
  return ([1, 0] as const).map((wanted) => {
    const chosen = rows.filter((row) => row.wanted === wanted).map(of);
    return {
      name: String(wanted),
      x: chosen.map(([x]) => x!),
      y: chosen.map(([, y]) => y!),
      style: "points",
      color: wanted === 1 ? 0 : 1,
    };
  });
}

export function inInputSpace({ rows }: GateSolution): Promise<string> {
  return lineChart({
    ...size,
    x: { label: "x₁", range },
    y: { label: "x₂", range },
    series: points(rows, ({ inputs }) => inputs),
  });
}

export function inHiddenSpace({ rows, network }: GateSolution): Promise<string> {
  const { weights, biases } = network.layers.at(-1)!;
  const [[v1], [v2], bias] = [weights[0]!, weights[1]!, biases[0]!] as [[number], [number], number];
  const ends = [-0.3, 1.8];
  return lineChart({
    ...size,
    x: { label: "h₁", range },
    y: { label: "h₂", range },
    series: [
      ...points(rows, ({ hidden }) => hidden),
      { name: "z = 0", x: ends, y: ends.map((h1) => -(bias + v1 * h1) / v2), color: 6, dashed: true },
    ],
  });
}
