// Keeps a run among the results: node --import tsx apps/mnist-mlp/src/keep-run.ts FOLDER NAME "MACHINE"
// Writes results/NAME.json, the run's figures, and results/NAME.pt, its network with 16-bit weights and what it takes.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeModel } from "@lanewise/models";
import { percent, thousands } from "@lanewise/terminal";
import { mnistInput } from "lanewise/data";
import { type NamedArrays, npz, type PlainArray, takeArray } from "lanewise/io";
import { writeAside } from "lanewise/io/node";
import type { Metrics } from "./outputs/metrics.ts";
import type { ModelConfig } from "./outputs/model-file.ts";

const RESULTS = fileURLToPath(new URL("../results/", import.meta.url));

async function keepRun(folder: string, name: string, machine: string): Promise<void> {
  const arrays = npz.read(await readFile(join(folder, "p1_model.npz")));
  const config: ModelConfig = JSON.parse(new TextDecoder().decode(takeArray(arrays, "config", { dtype: "u8" }).data));
  if (config.activation !== "relu") throw new Error(`${folder}: activation ${config.activation}; relu alone is kept`);
  const metrics: Metrics = JSON.parse(await readFile(join(folder, "metrics.json"), "utf8"));
  const sizes = [config.inputSize, ...config.hidden, config.outputSize];
  const right = percent(1 - metrics.testError);
  const { trainImages, testImages } = metrics.data;
  const about = `Trained on ${thousands(trainImages)} digits of MNIST; it reads ${right} of its ${thousands(testImages)} test images right.`;
  const classes = Array.from({ length: config.outputSize }, (_, digit) => String(digit));
  const card = { network: { kind: "mlp", sizes }, input: mnistInput, classes, about } as const;
  await writeAside(join(RESULTS, `${name}.pt`), writeModel(stateOf(arrays, sizes.length - 1), card));
  // Where the files lay is nobody else's.
  const [source] = metrics.data.source.split(", ");
  const kept = { ...metrics, data: { ...metrics.data, source }, settings: { ...config, data: undefined }, machine };
  await writeAside(join(RESULTS, `${name}.json`), `${JSON.stringify(kept, null, 2)}\n`);
}

/** As a Sequential of Linear and ReLU names it, in PyTorch's layout [out, in]; the run's own weights are [in, out]. */
function stateOf(arrays: NamedArrays, layers: number): NamedArrays {
  const state = Array.from({ length: layers }, (_, layer): [string, PlainArray][] => [
    [`${2 * layer}.weight`, transposed(takeArray(arrays, `W${layer + 1}`, { dtype: "f32", shape: [-1, -1] }))],
    [`${2 * layer}.bias`, takeArray(arrays, `b${layer + 1}`, { dtype: "f32", shape: [-1] })],
  ]);
  return new Map(state.flat());
}

function transposed({ shape, data }: PlainArray<"f32">): PlainArray<"f32"> {
  const [rows, columns] = shape as readonly [number, number];
  const turned = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j]!;
  return { dtype: "f32", shape: [columns, rows], data: turned };
}

const [folder, name, machine = ""] = process.argv.slice(2);
if (folder === undefined || name === undefined) throw new Error("expected the run's folder and a name for it");
await keepRun(folder, name, machine);
