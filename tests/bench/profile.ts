// Where the time of a training step of the MLP goes: by kernel, with the speed of the products, and what is left to
// JavaScript.
import { table } from "@lanewise/terminal";
import { commandOf, labelOf, lanewise } from "./roster.ts";
import { Side } from "./side.ts";
import { stepsInARepetition } from "./sides/inputs.ts";
import type { KernelTime } from "./sides/kernel-times.ts";

const batches = [32, 64, 128, 512];
const sides = [lanewise(1, "profile"), lanewise(2, "profile"), lanewise(2, "turbo", "profile")];
const turns = 10;
const secondsATurn = 0.1;

export async function profile(): Promise<void> {
  for (const id of sides) {
    const side = await Side.start(commandOf(id, undefined)!);
    try {
      for (const batch of batches) {
        const replies = [];
        for (let turn = 0; turn < turns; turn++) {
          replies.push(await side.ask({ measure: "mlp", batch, seconds: secondsATurn }));
        }
        const times = replies.map(({ details }) => details as { seconds: number; kernels: KernelTime[] });
        const best = times.reduce((a, b) => (b.seconds < a.seconds ? b : a));
        console.log(`\n${labelOf(id)}, batch ${batch}: ${micro(best.seconds / stepsInARepetition)} µs a step`);
        console.log(profileTable(best.seconds, best.kernels, stepsInARepetition));
      }
    } finally {
      await side.end();
    }
  }
}

const micro = (seconds: number): string => (seconds * 1e6).toFixed(1);

/** Kernels by their share of `seconds`, which `steps` steps took. */
export function profileTable(seconds: number, kernels: readonly KernelTime[], steps: number): string {
  const inKernels = kernels.reduce((sum, kernel) => sum + kernel.seconds, 0);
  const row = (name: string, calls: string, spent: number, speed: string): string[] => [
    name,
    calls,
    micro(spent / steps),
    `${((100 * spent) / seconds).toFixed(1)} %`,
    speed,
  ];
  return table(
    ["kernel", "calls a step", "µs a step", "share", "GFLOP/s"],
    [
      ...[...kernels]
        .sort((a, b) => b.seconds - a.seconds)
        .map(({ kernel, calls, seconds: spent, flop }) =>
          row(kernel, (calls / steps).toFixed(0), spent, flop === 0 ? "" : (flop / spent / 1e9).toFixed(1)),
        ),
      row("(outside the kernels)", "", seconds - inKernels, ""),
    ],
  );
}
