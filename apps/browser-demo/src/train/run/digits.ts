// The digits that the page trains on: the MNIST sample, fetched when a training first wants it.
import { classLabels, Dataset, readIdx } from "lanewise/data";
import { HELD_OUT_IMAGES, type NetworkKind } from "../settings.ts";

export interface Digits {
  readonly train: Dataset;
  /** Taken from the training images: what curves show. */
  readonly heldOut: Dataset;
  /** Read at the end of a run alone. */
  readonly test: Dataset;
}

/** Written out, each as one expression: the build finds the files by these, and gives each the name that it has there. */
const FILES = {
  trainImages: new URL("../../../../mnist-mlp/sample/train-images-idx3-ubyte.gz", import.meta.url),
  trainLabels: new URL("../../../../mnist-mlp/sample/train-labels-idx1-ubyte.gz", import.meta.url),
  testImages: new URL("../../../../mnist-mlp/sample/t10k-images-idx3-ubyte.gz", import.meta.url),
  testLabels: new URL("../../../../mnist-mlp/sample/t10k-labels-idx1-ubyte.gz", import.meta.url),
};

/** The same split in each run: figures of two runs can be compared. */
const SPLIT_SEED = 0;

let sample: Promise<readonly [train: Dataset, test: Dataset]> | undefined;

/** Rows [N, 784] for an MLP, images [N, 28, 28, 1] for a CNN. */
export async function digitsFor(network: NetworkKind): Promise<Digits> {
  sample ??= fetchSample();
  // A network that failed may be back at the next call.
  sample.catch(() => {
    sample = undefined;
  });
  const [all, test] = await sample;
  const { train, validation } = all.split({ validation: HELD_OUT_IMAGES, seed: SPLIT_SEED, stratify: true });
  const shape = network === "cnn" ? [28, 28, 1] : [784];
  return { train: train.reshape(shape), heldOut: validation.reshape(shape), test: test.reshape(shape) };
}

const fetchSample = (): NonNullable<typeof sample> =>
  Promise.all([
    fetchDigits("training", FILES.trainImages, FILES.trainLabels),
    fetchDigits("test", FILES.testImages, FILES.testLabels),
  ]);

async function fetchDigits(part: string, imagesAt: URL, labelsAt: URL): Promise<Dataset> {
  const [images, labels] = await Promise.all([fetchBytes(imagesAt), fetchBytes(labelsAt)]);
  const { shape, data } = await readIdx(images, { label: `the ${part} images` });
  const [count = 0] = shape;
  return new Dataset({
    shape: [784],
    raw: data as Uint8Array,
    labels: classLabels(await readIdx(labels, { label: `the ${part} labels` }), count),
    divisor: 255,
    source: `SAMPLE of MNIST (${count.toLocaleString("en")} of its ${part} images only)`,
    // A part's name is what tells it from the other here; the files' names carry their content's hash.
    sha256: imagesAt.pathname.split("/").at(-1)!,
    isSample: true,
  });
}

async function fetchBytes(address: URL): Promise<Uint8Array<ArrayBuffer>> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch (cause) {
    throw new Error("The digits could not be fetched: no connection. They are kept once a visit has fetched them.", {
      cause,
    });
  }
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  throw new Error(`The digits could not be fetched: ${address.pathname} answered ${response.status}.`);
}
