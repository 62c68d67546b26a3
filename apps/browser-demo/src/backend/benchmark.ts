// A small benchmark: five things that networks spend their time with, each the best of several runs.
import { conv2d, Generator, keep, matmul, scope, tensor } from "lanewise";
import { SGD } from "lanewise/optim";
import { classifierStep } from "lanewise/train";
import { buildNetwork, type NetworkShape } from "../train/run/network.ts";
import type { Measured } from "./messages.ts";

/** Something to be timed: how much one call does, and in what that is counted. */
interface Case {
  readonly name: string;
  readonly unit: Measured["unit"];
  /** Of one call: multiplications and additions in billions, or images. */
  readonly amount: number;
  run(): void;
}

const SAMPLES = 7;
/** Clocks of pages may tick every millisecond only: a sample is long enough for that. */
const SAMPLE_MS = 25;

/** Names come before figures: whoever watches sees what is being measured. */
export async function runBenchmark(tell: (name: string) => void, give: (row: Measured) => void): Promise<void> {
  for (const make of [() => product(256), () => product(512), convolution, mlpStep, cnnStep]) {
    const each = make();
    tell(each.name);
    // A turn for the message to go out.
    await new Promise((resolve) => setTimeout(resolve));
    give({ name: each.name, unit: each.unit, rate: (each.amount * 1000) / bestOf(each.run) });
  }
}

/** Milliseconds of a call in the fastest sample; the ones before it warm up the engine's compiler. */
function bestOf(run: () => void): number {
  let calls = 1;
  while (timed(run, calls) < SAMPLE_MS) calls *= 2;
  return Math.min(...Array.from({ length: SAMPLES }, () => timed(run, calls) / calls));
}

function timed(run: () => void, calls: number): number {
  const before = performance.now();
  for (let call = 0; call < calls; call++) scope(run);
  return performance.now() - before;
}

const random = new Generator(1);

function product(size: number): Case {
  const [a, b] = [keep(random.normal([size, size])), keep(random.normal([size, size]))];
  const run = (): void => void matmul(a, b);
  return { name: `Matrix product, ${size}\u00a0×\u00a0${size}`, unit: "GFLOP/s", amount: (2 * size ** 3) / 1e9, run };
}

function convolution(): Case {
  const [images, side, channels] = [8, 32, 64];
  const x = keep(random.normal([images, side, side, channels]));
  const weight = keep(random.normal([3, 3, channels, channels]));
  const run = (): void => void conv2d(x, weight, null, { padding: 1 });
  const amount = (2 * images * side ** 2 * 9 * channels ** 2) / 1e9;
  return { name: "Convolution 3\u00a0×\u00a03, 64\u00a0channels, 32\u00a0×\u00a032", unit: "GFLOP/s", amount, run };
}

const mlpStep = (): Case =>
  step("Training step, MLP 784–256–128–10, batch 64", { network: "mlp", widths: [256, 128] }, [64, 784]);

const cnnStep = (): Case =>
  step("Training step, CNN of 16 and 32 channels, batch 64", { network: "cnn", widths: [16, 32] }, [64, 28, 28, 1]);

function step(name: string, shape: NetworkShape, input: readonly [number, ...number[]]): Case {
  const model = buildNetwork(shape);
  const optimizer = new SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
  const train = classifierStep({ model, optimizer, countWrong: false });
  const x = keep(random.uniform(input));
  const y = keep(tensor(Int32Array.from({ length: input[0] }, (_, at) => at % 10)));
  const indices = new Int32Array();
  return { name, unit: "images/s", amount: input[0], run: () => void train({ x: x as never, y, indices }) };
}
