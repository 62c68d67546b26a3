// The training that workers of pages run, and Node for comparison: a network on noise, in strict mode.
import { DataLoader, Dataset } from "@lanewise/data";
import { hashArrays } from "@lanewise/io";
import { Linear, ReLU, Sequential, type StateArray } from "@lanewise/nn";
import { Adam } from "@lanewise/optim";
import { explainBackend, Generator, init, manualSeed } from "@lanewise/tensor";
import { type CheckpointStore, classifierStep, readCheckpoint } from "@lanewise/train";

export interface Settings {
  readonly resume: boolean;
}

/** Twenty epochs of 63 steps: longer than a page needs to say stop. */
export const EPOCHS = 20;
const EXAMPLES = 2000;

function noise(): Dataset<readonly [784]> {
  const numbers = new Generator(5).permutation(EXAMPLES * 784);
  return new Dataset({
    shape: [784] as const,
    raw: Uint8Array.from(numbers, (value) => value % 256),
    labels: Int32Array.from({ length: EXAMPLES }, (_, at) => at % 10),
    divisor: 255,
    source: "noise",
    sha256: "",
  });
}

/** What `serveTraining` and `train` are given. */
export async function training(store: CheckpointStore, { resume }: Settings) {
  await init({ strict: true });
  manualSeed(1);
  const model = new Sequential(new Linear(784, 64), new ReLU(), new Linear(64, 10));
  const optimizer = new Adam(model.parameters(), { lr: 1e-3 });
  return {
    loader: new DataLoader(noise(), { batchSize: 32, shuffle: true, seed: 3 }),
    epochs: EPOCHS,
    step: classifierStep({ model, optimizer }),
    checkpoint: {
      store,
      checkpointed: { model, optimizer },
      settings: { seed: 1 },
      resume: resume ? await readCheckpoint(store) : null,
    },
    answers: {
      model: (): ReadonlyMap<string, StateArray> => model.stateDict(),
      backend: () => `${explainBackend().binary}, ${explainBackend().threads} threads`,
    },
  };
}

export type Answers = Awaited<ReturnType<typeof training>>["answers"];

/** SHA-256 over a model's state. */
export function hashOf(state: ReadonlyMap<string, StateArray>): Promise<string> {
  return hashArrays(new Map([...state].map(([name, array]) => [name, { ...array, shape: [...array.shape] }])));
}
