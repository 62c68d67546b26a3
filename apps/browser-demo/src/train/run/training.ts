// One training as the worker runs it: data, network, optimizer, checkpoint, and what the page may ask for.
import { type BackendReport, explainBackend, init, manualSeed } from "lanewise";
import { DataLoader, mnistInput } from "lanewise/data";
import { torchModule, torchState } from "lanewise/interop";
import { npz, type PlainArray, type PtMetadata, readArrays } from "lanewise/io";
import { Adam, AdamW, type Optimizer, SGD } from "lanewise/optim";
import { type CheckpointStore, classifierStep, readCheckpoint } from "lanewise/train";
import { TRAINING_IMAGES, type TrainingSettings } from "../settings.ts";
import { digitsFor } from "./digits.ts";
import { type Evaluation, evaluate } from "./evaluation.ts";
import { keepingStore } from "./keeping.ts";
import { buildNetwork, type Network, type NetworkShape, recognizeNetwork } from "./network.ts";

/** A model's file, as somebody chose it. */
export interface ModelFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface TrainingOrder {
  /** Null: those of the checkpoint, from which the run goes on. */
  readonly settings: TrainingSettings | null;
  /** What the run begins with, instead of fresh weights. */
  readonly model?: ModelFile | undefined;
  /** Loads the model and trains nothing. */
  readonly onlyLoad?: boolean | undefined;
}

export const FORMATS = ["npz", "pt"] as const;
export type Format = (typeof FORMATS)[number];

/** No network of this page comes near. */
const MOST_FILE_BYTES = 2 ** 26;

/** What `serveTraining` is given; `store` is null where nothing can be kept. */
export async function prepareTraining(order: TrainingOrder, store: CheckpointStore | null) {
  await init();
  const checkpoint = order.settings === null && store !== null ? await readCheckpoint(store) : null;
  const settings = order.settings ?? (checkpoint?.settings as TrainingSettings | undefined);
  if (settings === undefined) throw new Error("No training is kept in this browser any more; start a new one.");
  const found = order.model === undefined ? undefined : recognize(order.model);
  const shape: NetworkShape = found ?? settings;
  manualSeed(settings.seed);
  const network = buildNetwork(shape);
  if (found !== undefined) load(network, found, order.model!.name);
  const optimizer = optimizerOf(network, settings);
  const { train, heldOut, test } = await digitsFor(shape.network);
  const keeping = store === null || order.onlyLoad === true ? null : keepingStore(store);
  return {
    loader: new DataLoader(train, { batchSize: settings.batchSize, shuffle: true, seed: settings.seed }),
    epochs: order.onlyLoad === true ? 0 : settings.epochs,
    step: classifierStep({ model: network, optimizer }),
    evaluate: () => {
      const { loss, wrong, images } = evaluate(network, heldOut);
      return { heldOutLoss: loss, heldOutError: wrong / images };
    },
    ...(keeping === null
      ? {}
      : {
          checkpoint: {
            store: keeping,
            checkpointed: { network, optimizer },
            settings: { ...settings },
            data: { sha256: train.sha256 },
            resume: checkpoint,
          },
        }),
    answers: {
      shape: (): NetworkShape => ({ network: shape.network, widths: shape.widths }),
      file: (format: Format): Uint8Array<ArrayBuffer> => fileOf(network, shape, format),
      python: (): string =>
        torchModule(network, { className: "Digits", input: shape.network === "cnn" ? "images" : "rows" }),
      test: (): Evaluation => evaluate(network, test),
      backend: (): BackendReport => plain(explainBackend()),
      /** Why checkpoints are not kept; null where they are. */
      keepingProblem: (): string | null =>
        keeping === null ? "This browser gives the page no private file system." : keeping.problem,
    },
  };
}

export type TrainingAnswers = Awaited<ReturnType<typeof prepareTraining>>["answers"];

function optimizerOf(network: Network, { optimizer, lr, momentum }: TrainingSettings): Optimizer<object> {
  const parameters = network.parameters();
  if (optimizer === "sgd") return new SGD(parameters, { lr, momentum }) as unknown as Optimizer<object>;
  const kind = optimizer === "adam" ? Adam : AdamW;
  return new kind(parameters, { lr }) as unknown as Optimizer<object>;
}

function recognize({ name, bytes }: ModelFile) {
  return recognizeNetwork(readArrays(bytes, { label: name, maxBytes: MOST_FILE_BYTES }), name);
}

function load(network: Network, { state }: ReturnType<typeof recognizeNetwork>, name: string): void {
  try {
    network.loadStateDict(state);
  } catch (cause) {
    throw new Error(`${name}: ${(cause as Error).message.replace(/^loadStateDict: /, "")}.`, { cause });
  }
}

function fileOf(network: Network, shape: NetworkShape, format: Format): Uint8Array<ArrayBuffer> {
  if (format === "npz") return npz.write(new Map<string, PlainArray>(network.stateDict()));
  return torchState(network, { metadata: cardOf(shape) });
}

/** What a .pt says beside the weights: all that is needed to use them. */
function cardOf({ network, widths }: NetworkShape): PtMetadata {
  return {
    network: network === "cnn" ? { kind: "cnn", widths } : { kind: "mlp", sizes: [784, ...widths, 10] },
    input: mnistInput,
    classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
    about: `Trained in a page on ${TRAINING_IMAGES.toLocaleString("en")} digits of the MNIST sample.`,
  };
}

/** What a message can carry: the report's own text is a method. */
function plain({ binary, mode, threads, memoryBytes, turbo, reasons, advice }: BackendReport): BackendReport {
  return { binary, mode, threads, memoryBytes, turbo, reasons, advice };
}
