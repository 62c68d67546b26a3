// MNIST out of a folder (or an address): four IDX files or two CSV files, under any of their usual names.
import { type ByteSource, sha256 } from "../bytes.ts";
import { readCsv } from "../csv.ts";
import { Dataset } from "../dataset.ts";
import { describeExamples } from "../find/find-data.ts";
import { classLabels, readIdx } from "../idx.ts";
import type { Place } from "../platform/platform.ts";
import { type Catalog, MAX_CSV_BYTES, MAX_IDX_BYTES, PARTS, type Part, type PartFiles, PIXELS, SIDE } from "./files.ts";

export type MnistFormat = "idx" | "csv";

export interface MnistParts {
  train: Dataset<readonly [784]>;
  test: Dataset<readonly [784]>;
}

/** Pixels and labels as any of the formats gives them. */
interface Examples {
  raw: Uint8Array<ArrayBuffer>;
  labels: Int32Array<ArrayBuffer>;
}

/**
 * Reads MNIST at `place`; undefined where there is none of its files. Some of them without the others is an error, and so
 * is a file that is there and damaged: nothing else is taken in its stead.
 */
export async function readMnist(
  place: Place,
  origin: string,
  catalog: Catalog,
  format?: MnistFormat,
): Promise<MnistParts | undefined> {
  const formats: readonly MnistFormat[] = format === undefined ? ["idx", "csv"] : [format];
  for (const candidate of formats) {
    const files = await openFiles(place, catalog, candidate);
    if (files === undefined) continue;
    const [train, test] = await Promise.all(
      PARTS.map(async (part) => {
        const names = catalog.files[part];
        const examples = await (candidate === "idx" ? readIdxPart(names, files) : readCsvPart(names, files));
        return toDataset(part, names, examples, `${candidate.toUpperCase()} ${origin}`);
      }),
    );
    return { train: train!, test: test! };
  }
  return undefined;
}

/** Reads one CSV file of MNIST: the label first, then 784 pixels from 0 to 255. */
export async function readMnistCsv(source: ByteSource, name: string): Promise<Examples> {
  const options = { label: 0, dtype: "u8", columns: PIXELS + 1, maxBytes: MAX_CSV_BYTES, name } as const;
  const { values, labels } = await readCsv(source, options);
  return { raw: values, labels: labels! };
}

/** SHA-256 of raw pixels followed by labels as little-endian i32: the same for every format of the same data. */
export async function hashExamples({ raw, labels }: Examples): Promise<string> {
  const all = new Uint8Array(raw.length + labels.byteLength);
  all.set(raw);
  all.set(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength), raw.length);
  return sha256(all);
}

type OpenFiles = Map<string, { path: string; source: ByteSource }>;

async function openFiles(place: Place, catalog: Catalog, format: MnistFormat): Promise<OpenFiles | undefined> {
  const wanted = PARTS.flatMap((part) => {
    const { images, labels, csv } = catalog.files[part];
    return format === "idx" ? [images, labels] : [csv];
  });
  const found: OpenFiles = new Map();
  for (const name of wanted) {
    for (const file of usualNames(name)) {
      const source = await place.read(file);
      if (source === undefined) continue;
      found.set(name, { path: `${place.name}: ${file}`, source });
      break;
    }
  }
  if (found.size === 0) return undefined;
  const missing = wanted.filter((name) => !found.has(name));
  if (missing.length > 0) {
    throw new Error(`${place.name} has only a part of MNIST; missing: ${missing.join(", ")} (or the same with .gz)`);
  }
  return found;
}

function usualNames(name: string): string[] {
  const names = name.includes("-idx") ? [name, name.replace("-idx", ".idx")] : [name];
  return names.flatMap((each) => [each, `${each}.gz`]);
}

async function readIdxPart(names: PartFiles, files: OpenFiles): Promise<Examples> {
  const [images, labels] = await Promise.all(
    [names.images, names.labels].map((name) => {
      const { path, source } = files.get(name)!;
      return readIdx(source, { maxBytes: MAX_IDX_BYTES, label: path });
    }),
  );
  const { path } = files.get(names.images)!;
  const [count, ...size] = images!.shape;
  if (images!.dtype !== "u8" || size.length !== 2 || size[0] !== SIDE || size[1] !== SIDE) {
    throw new Error(`${path} holds ${images!.dtype} [${images!.shape}]; expected u8 [count, ${SIDE}, ${SIDE}]`);
  }
  const classes = classLabels(labels!, count!, files.get(names.labels)!.path);
  checkClasses(classes, files.get(names.labels)!.path);
  return { raw: images!.data, labels: classes };
}

async function readCsvPart(names: PartFiles, files: OpenFiles): Promise<Examples> {
  const { path, source } = files.get(names.csv)!;
  const examples = await readMnistCsv(source, path);
  checkClasses(examples.labels, path);
  return examples;
}

function checkClasses(labels: Int32Array, path: string): void {
  const index = labels.findIndex((label) => label < 0 || label > 9);
  if (index >= 0) throw new Error(`${path}: label ${labels[index]} of example ${index} is no digit from 0 to 9`);
}

/** Compares the hash with the pinned ones, so that a source never claims to be what it is not. */
async function toDataset(
  part: Part,
  names: PartFiles,
  examples: Examples,
  origin: string,
): Promise<Dataset<readonly [784]>> {
  const { sha256: official, sampleSha256 } = names;
  const hash = await hashExamples(examples);
  const isSample = hash === sampleSha256;
  const proved = isSample ? "sample" : hash === official ? "whole" : "neither";
  const what = describeExamples("MNIST", part, examples.labels.length, proved);
  return new Dataset({
    ...examples,
    shape: [PIXELS],
    divisor: 255,
    source: `${what}, ${origin}`,
    sha256: hash,
    isSample,
  });
}
