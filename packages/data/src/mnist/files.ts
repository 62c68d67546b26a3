// What MNIST is, to the byte: the names of its files, where they are published, and the hashes that prove them.
// Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits".

export type Part = "train" | "test";
export const PARTS: readonly Part[] = ["train", "test"];

export interface PartFiles {
  images: string;
  labels: string;
  csv: string;
  /** SHA-256 of the dataset: raw pixels, then labels as little-endian i32. Both file formats must come to it. */
  sha256: string;
  /** The same, of the sample. */
  sampleSha256: string;
}

/** A data set laid out as MNIST: what there is, where it is published, and what proves a copy. */
export interface Catalog {
  files: Record<Part, PartFiles>;
  /** SHA-256 of each IDX file, unzipped. */
  idxSha256: Record<string, string>;
  /** Addresses that the IDX files lie below, as NAME.gz; tried in this order. */
  idxMirrors: readonly string[];
  /** Addresses that the CSV files lie below: ten times the bytes, so they come last. */
  csvMirrors: readonly string[];
}

/** Names as first published; a copy may write a dot for the dash before `idx`, and may or may not end in .gz. */
const FILES: Record<Part, PartFiles> = {
  train: {
    images: "train-images-idx3-ubyte",
    labels: "train-labels-idx1-ubyte",
    csv: "mnist_train.csv",
    sha256: "6a364e333ea1f8ab86e4d641d64a8cf8d8644433f54b0a78e32c2b9e143672d0",
    sampleSha256: "553a3fdd2e1b2cd1a7411cac2c3d50976db762028cc57ee7a437c20f37496f90",
  },
  test: {
    images: "t10k-images-idx3-ubyte",
    labels: "t10k-labels-idx1-ubyte",
    csv: "mnist_test.csv",
    sha256: "45a60edfded3b2bb860a7fd195c83431011e7f04318268b4f2de30030af9444e",
    sampleSha256: "b475d3032ce0c685e8f7ff9235307e21f7476fa50eaebaa4478ec9a77cd28ba9",
  },
};

export const MNIST: Catalog = {
  files: FILES,
  idxSha256: {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  },
  idxMirrors: ["https://storage.googleapis.com/cvdf-datasets/mnist/", "https://ossci-datasets.s3.amazonaws.com/mnist/"],
  csvMirrors: ["https://www.python-course.eu/data/mnist/"], // the coursework's own copy
};

export const PIXELS = 784;
export const SIDE = 28;
/** No file of MNIST is larger, zipped or not. */
export const MAX_IDX_BYTES = 48_000_000;
export const MAX_CSV_BYTES = 256_000_000;
