// What CIFAR-10 is: the names of its files, where it is published, and the hashes that prove it.
// A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.

export type Part = "train" | "test";
export const PARTS: readonly Part[] = ["train", "test"];

export interface PartFiles {
  /** Without `.gz`, which a copy may have or not. */
  files: readonly string[];
  /** The sample's one file. */
  sample: string;
  /** Of the whole, in any order: see `fingerprint`. */
  fingerprint: string;
  sampleFingerprint: string;
}

/** A data set laid out as CIFAR-10: what there is, where it is published, and what proves a copy. */
export interface Catalog {
  files: Record<Part, PartFiles>;
  archive: { name: string; sha256: string; maxBytes: number };
  /** Addresses that the archive lies below, tried in this order. */
  mirrors: readonly string[];
}

export const CIFAR10: Catalog = {
  files: {
    train: {
      files: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
      sample: "train_sample.bin",
      fingerprint: "9dc9b8bd7af47c5c1dc0d527fb96554977fef7ebad482738ef1cc89bfd15a993",
      sampleFingerprint: "660340323cf482ef53a8248ed3b63758b2b04b8fbdefa0db0de529f9946d0398",
    },
    test: {
      files: ["test_batch.bin"],
      sample: "test_sample.bin",
      fingerprint: "8e8c1b0e322ea70c8f30023ab54cb643c93fae3bbb410aae4b0cc655910cc62d",
      sampleFingerprint: "ddef0dba0df34e843764f65808a01dd83fc73e2ce0e49eb991117ee76a99ed9b",
    },
  },
  archive: {
    name: "cifar-10-binary.tar.gz",
    sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    maxBytes: 200_000_000,
  },
  mirrors: ["https://www.cs.toronto.edu/~kriz/"], // linked from https://www.cs.toronto.edu/~kriz/cifar.html
};

/** By label, as the archive's batches.meta.txt has them. */
export const CLASS_NAMES = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
] as const;

export const SIDE = 32;
export const CHANNELS = 3;
export const IMAGE_BYTES = SIDE * SIDE * CHANNELS;
/** The label, then the red, the green and the blue plane. */
export const RECORD_BYTES = 1 + IMAGE_BYTES;
/** No file of CIFAR-10 is larger, unzipped. */
export const MAX_FILE_BYTES = 32_000_000;
