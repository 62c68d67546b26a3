// Where the time of a training step, or of an inference, goes: by kernel, how far each is from what this machine can do, and what is left to
// JavaScript.
import { table } from "@lanewise/terminal";
import type { Family, Profiled } from "./families/index.ts";
import type { Subject } from "./measurements.ts";
import { commandOf, labelOf, lanewise } from "./roster.ts";
import { Side } from "./side.ts";
import { streamElements } from "./sides/inputs.ts";
import type { KernelReport } from "./sides/kernel-times.ts";

const sidesInNode = [lanewise(1, "profile"), lanewise(2, "profile"), lanewise(2, "turbo", "profile")];
const sidesOf = ({ profiled }: Family): readonly string[] =>
  profiled === undefined ? [] : (profiled.sides ?? sidesInNode);
const secondsATurn = 0.1;

/** What a side can do at best: a large product, and a pass over memory that no cache holds. */
export interface Ceilings {
  readonly flopPerSecond: number;
  readonly bytesPerSecond: number;
}

export async function profile(families: readonly Family[]): Promise<void> {
  for (const id of new Set(families.flatMap(sidesOf))) {
    const side = await Side.start(commandOf(id, undefined)!);
    try {
      const ceilings = await measureCeilings(side);
      console.log(
        `\n${labelOf(id)}: at best ${(ceilings.flopPerSecond / 1e9).toFixed(1)} GFLOP/s (a product of 1024 x 1024 ` +
          `matrices) and ${(ceilings.bytesPerSecond / 1e9).toFixed(1)} GB/s (one pass over 128 MiB). Operations are counted as ` +
          "the definition has them; the ceiling of what Winograd computes is a quarter of them.",
      );
      for (const { profiled, column } of families.filter((family) => sidesOf(family).includes(id))) {
        for (const subject of profiled!.subjects) await profileOne(side, profiled!, subject, column(subject), ceilings);
      }
    } finally {
      await side.end();
    }
  }
}

async function profileOne(
  side: Side,
  { what, steps, turns }: Profiled,
  subject: Subject,
  column: string,
  ceilings: Ceilings,
) {
  let best: StepReport | undefined;
  for (let turn = 0; turn < turns; turn++) {
    const { details } = await side.ask({ ...subject, seconds: secondsATurn });
    const report = details as StepReport;
    if (best === undefined || report.seconds < best.seconds) best = report;
  }
  console.log(`\n${labelOf(side.id)}, ${what}, ${column}: ${micro(best!.seconds / steps)} µs each`);
  console.log(profileTable(best!, steps, ceilings));
  if (best!.savedBytes !== undefined) console.log(memoryLine(best!, best!.savedBytes));
}

/** Of a task that tells so: what a forward pass has saved for its gradients. */
type StepReport = KernelReport & { readonly savedBytes?: number };

async function measureCeilings(side: Side): Promise<Ceilings> {
  const product = await side.ask({ measure: "matmul", size: 1024, seconds: 1 });
  const stream = await side.ask({ measure: "stream", seconds: 1 });
  return { flopPerSecond: (2 * 1024 ** 3) / product.seconds, bytesPerSecond: (8 * streamElements) / stream.seconds };
}

const micro = (seconds: number): string => (seconds * 1e6).toFixed(1);
const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Kernels by their share of the time of `steps` steps; each against the ceiling that it is nearer to. */
export function profileTable({ seconds, kernels }: KernelReport, steps: number, ceilings: Ceilings): string {
  const inKernels = kernels.reduce((sum, kernel) => sum + kernel.seconds, 0);
  const row = (name: string, calls: string, spent: number, speeds: readonly string[]): string[] => [
    name,
    calls,
    micro(spent / steps),
    `${((100 * spent) / seconds).toFixed(1)} %`,
    ...speeds,
  ];
  return table(
    ["kernel", "calls a step", "µs a step", "share", "GFLOP/s", "GB/s", "of the ceiling"],
    [
      ...[...kernels]
        .sort((a, b) => b.seconds - a.seconds)
        .map(({ kernel, calls, seconds: spent, flop, leastFlop, bytes }) => {
          const least = Math.max(leastFlop / ceilings.flopPerSecond, bytes / ceilings.bytesPerSecond);
          const reached = least / spent;
          // A clock of a browser may see nothing of a short call.
          const unseen = spent === 0;
          return row(kernel, (calls / steps).toFixed(0), spent, [
            flop === 0 || unseen ? "" : (flop / spent / 1e9).toFixed(1),
            bytes === 0 || unseen ? "" : (bytes / spent / 1e9).toFixed(1),
            flop + bytes === 0 || unseen ? "" : `${(100 * reached).toFixed(0)} %`,
          ]);
        }),
      row("(outside the kernels)", "", seconds - inKernels, ["", "", ""]),
    ],
    { width: 160 },
  );
}

/** The most memory of a step against what it cannot do without. */
function memoryLine({ peakBytes, bytesAtFirst }: StepReport, savedBytes: number): string {
  const needed = bytesAtFirst + savedBytes;
  return (
    `Memory: ${mega(bytesAtFirst)} before the step (parameters, optimizer state, data), ${mega(savedBytes)} saved by the ` +
    `forward pass, at most ${mega(peakBytes)}: ${(peakBytes / needed).toFixed(2)} x the two together`
  );
}
